"""`netspec diff`: what is different between two networks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.opening import STDIN, limits_of, open_network
from netspec.cli.options import InputOption, LimitOption, PluginOption, SetOption
from netspec.comparing import Comparison
from netspec.emit.palette import Theme
from netspec.emit.records import to_json
from netspec.errors import UsageError
from netspec.files import write_file
from netspec.layout import Direction
from netspec.pictures import FORMS, Drawing, form_of, picture
from netspec.view import Level

EXAMPLES = (
    "Examples: `netspec diff old.yaml new.yaml -o diff.svg` · "
    "`netspec diff specs/resnet.yaml --variant resnet34 --variant resnet50` · "
    "`netspec diff specs/resnet.yaml@resnet34 specs/resnet.yaml@resnet50`"
)


class DiffFormat(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"


def run(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC [SPEC]", help="Two specs, or one with variants; FILE@VARIANT."
        ),
    ],
    variant: Annotated[
        list[str] | None,
        typer.Option("--variant", metavar="NAME", help="A variant; give it twice for one spec."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=f"A picture of both: {', '.join(FORMS)}."
        ),
    ] = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="How it is written.")
    ] = DiffFormat.TEXT,
    everything: Annotated[
        bool, typer.Option("--all", help="List layers too whose numbers merely follow.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 when the two differ, as git diff does.")
    ] = False,
    level: Annotated[Level, typer.Option("--level", help="How much is drawn.")] = Level.OVERVIEW,
    direction: Annotated[
        Direction, typer.Option("--direction", help="Top to bottom, or left to right.")
    ] = Direction.TB,
    wrap: Annotated[
        bool, typer.Option("--wrap", help="Break a long trunk into columns at its stages.")
    ] = False,
    theme: Annotated[Theme, typer.Option("--theme", help="The colours.")] = Theme.LIGHT,
    set_: SetOption = None,
    input_: InputOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Compare two networks layer by layer. What was added, removed and changed; needs no torch.

    Ends with 0 whether or not they differ; with --exit-code it ends with 1 when they do.
    """
    sides = _sides(specs, variant or ())
    paint = form_of(output) if output is not None else None
    before, after = (open_network(spec, set_, input_, name, limit, plugin) for spec, name in sides)
    old, new = (spec if name is None else f"{spec}@{name}" for spec, name in sides)
    found = Comparison(before, after, (old, new))
    if output is not None and paint is not None:
        options = {"level": level, "direction": direction, "wrap": wrap, "theme": theme}
        chosen = picture(options, limits_of(limit))
        drawing = Drawing(after.graph, chosen, difference=found.difference)
        write_file(output, paint(drawing), inputs=(*before.files, *after.files))
        for note in drawing.notes:
            typer.echo(f"note: {note}", err=True)
    if form is DiffFormat.JSON:
        typer.echo(to_json(found.record()), nl=False)
    else:
        typer.echo(found.text(everything=everything), nl=False)
    if output is not None:
        typer.echo(f"wrote {output}", err=form is DiffFormat.JSON)
    if exit_code and not found.is_empty:
        raise typer.Exit(1)


def _sides(
    specs: Sequence[str], variants: Sequence[str]
) -> tuple[tuple[str, str | None], tuple[str, str | None]]:
    """The spec and the variant of either side."""
    sides = [_split(spec) for spec in specs]
    if len(sides) > 2 or len(variants) > 2:
        count, what = (len(sides), "specs") if len(sides) > 2 else (len(variants), "variants")
        is_picture = Path(specs[-1]).suffix.lower() in FORMS
        raise UsageError(
            "NS506",
            f"two networks are compared, and these are {count} {what}",
            help=f"to draw the difference: -o {specs[-1]}" if is_picture else None,
        )
    if len(sides) == 1:
        ((spec, own),) = sides
        chosen = [*([own] if own is not None else []), *variants]
        if not 1 <= len(chosen) <= 2:
            said = "one spec has nothing to be compared with"
            if chosen:
                said = f"two networks are compared, and these are {len(chosen)} variants"
            raise UsageError(
                "NS506", said, help="give a second one, or two of its variants by --variant"
            )
        names = [None, *chosen] if len(chosen) == 1 else chosen
        sides = [(spec, name) for name in names]
    elif variants:
        if any(name is not None for _, name in sides):
            said = "a variant is given both by `@` and by `--variant`"
            raise UsageError("NS506", said, help="give each once")
        names = [variants[0], variants[-1]]
        sides = [(spec, name) for (spec, _), name in zip(sides, names, strict=True)]
    if [spec for spec, _ in sides] == [STDIN, STDIN]:
        raise UsageError("NS506", "standard input can be read only once", help="give a file")
    return sides[0], sides[1]


def _split(spec: str) -> tuple[str, str | None]:
    """`resnet.yaml@resnet50` is a file and a variant, unless a file has that name."""
    file, at, variant = spec.rpartition("@")
    return (spec, None) if not at or not variant or Path(spec).exists() else (file, variant)
