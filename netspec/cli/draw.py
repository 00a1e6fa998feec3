"""`netspec draw`: the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import InputOption, LimitOption, SetOption, SpecArgument, VariantOption
from netspec.emit.palette import Theme
from netspec.errors import UsageError
from netspec.files import is_fresh, write_file
from netspec.layout import Direction
from netspec.pictures import Drawing
from netspec.view import Annotate, Level

NAME = "draw"
EXAMPLES = (
    "Examples: `netspec draw net.yaml -o net.svg` · `netspec draw net.yaml -o net.gv` "
    "· `netspec draw net.yaml --only inception_3a -o module.svg` "
    "· `netspec draw net.yaml --check docs/net.svg`"
)

WRITERS: Mapping[str, Callable[[Drawing], str]] = MappingProxyType(
    {".svg": Drawing.svg, ".gv": Drawing.gv}
)
"""The end of a file's name -> what makes its text."""


def run(
    spec: SpecArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=f"A file that ends in {' or '.join(WRITERS)}."
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check", metavar="FILE", help="Write nothing; end with 1 when FILE is not up to date."
        ),
    ] = None,
    level: Annotated[Level, typer.Option("--level", help="How much is shown.")] = Level.BLOCKS,
    only: Annotated[
        str | None, typer.Option("--only", metavar="PATH", help="One layer as the whole picture.")
    ] = None,
    expand: Annotated[
        list[str] | None,
        typer.Option(
            "--expand",
            metavar="PATTERN",
            help="Show layers one level deeper, such as 'inception_3*'; repeatable.",
        ),
    ] = None,
    fold: Annotated[
        bool,
        typer.Option("--fold", help="One frame, with a table, for neighbours with other widths."),
    ] = False,
    annotate: Annotated[
        Annotate, typer.Option("--annotate", help="The numbers on boxes and frames.")
    ] = Annotate.DEFAULT,
    direction: Annotated[
        Direction, typer.Option("--direction", help="Top to bottom, or left to right.")
    ] = Direction.TB,
    wrap: Annotated[
        bool, typer.Option("--wrap", help="Break a long trunk into columns at its stages.")
    ] = False,
    theme: Annotated[Theme, typer.Option("--theme", help="The colours.")] = Theme.LIGHT,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
) -> None:
    """Draw the network: SVG, or a Graphviz document with positions. Needs neither torch nor Graphviz."""
    file = _file(output, check)
    drawing = open_network(spec, set_, input_, variant, limit).draw(
        level=level,
        only=only,
        expand=expand or (),
        fold=fold,
        annotate=annotate,
        direction=direction,
        wrap=wrap,
        theme=theme,
    )
    text = WRITERS[file.suffix](drawing)
    for note in drawing.notes:
        typer.echo(f"note: {note}", err=True)
    if check is None:
        write_file(file, text, inputs=[spec])
        typer.echo(f"wrote {file}")
    elif is_fresh(file, text):
        typer.echo(f"{file} is up to date")
    else:
        typer.echo(f"{file} is not up to date: draw it anew with `-o {file}`", err=True)
        raise typer.Exit(1)


def _file(output: Path | None, check: Path | None) -> Path:
    """The one file that is written or checked."""
    if output is not None and check is not None:
        raise UsageError("NS506", "`--output` and `--check` do not go together", help="give one")
    file = output or check
    if file is None:
        raise UsageError(
            "NS506",
            "nothing to draw to: no `--output` is given",
            help="give a file: `-o net.svg`, or `--check net.svg`",
        )
    if file.suffix not in WRITERS:
        raise UsageError(
            "NS506",
            f"`{file}` does not end in {' or '.join(WRITERS)}",
            help="the end of the name decides what is drawn",
        )
    return file
