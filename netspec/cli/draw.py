"""`netspec draw`: the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.opening import limits_of, open_network
from netspec.cli.options import (
    InputOption,
    LimitOption,
    PluginOption,
    SetOption,
    SpecArgument,
    VariantOption,
)
from netspec.emit.palette import Theme
from netspec.emit.raster import Engine
from netspec.errors import UsageError
from netspec.files import is_fresh, write_file
from netspec.layout import Direction
from netspec.pictures import FORMS, Drawing, form_of, picture
from netspec.view import Annotate, Level

NAME = "draw"
EXAMPLES = (
    "Examples: `netspec draw net.yaml -o net.svg` · `netspec draw net.yaml -o net.gv` "
    "· `netspec draw net.yaml --only inception_3a -o module.svg` "
    "· `netspec draw net.yaml --check docs/net.svg`"
)


def run(
    spec: SpecArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=f"A file that ends in {', '.join(FORMS)}."
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
    engine: Annotated[
        Engine, typer.Option("--engine", help="Who lays it out; dot is Graphviz' own layout.")
    ] = Engine.NETSPEC,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Draw the network: as SVG, or by Graphviz as PNG or PDF. Needs no torch."""
    options = {
        "level": level,
        "only": only,
        "expand": expand or (),
        "fold": fold,
        "annotate": annotate,
        "direction": direction,
        "wrap": wrap,
        "theme": theme,
        "engine": engine,
    }
    file = _file(output, check)
    network = open_network(spec, set_, input_, variant, limit, plugin)
    drawing = Drawing(network.graph, picture(options, limits_of(limit)))
    if check is None:
        _write(file, drawing, spec)
    else:
        _compare(file, drawing)


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
    form_of(file)
    if check is not None and file.suffix in {".png", ".pdf"}:
        raise UsageError(
            "NS506",
            f"`--check` does not take a {file.suffix}: its bytes depend on the machine's Graphviz",
            help="check an .svg, which has the same bytes everywhere",
        )
    return file


def _write(file: Path, drawing: Drawing, spec: str) -> None:
    """Write the file; where Graphviz is missing or fails, its document is written instead."""
    try:
        content = form_of(file)(drawing)
    except UsageError as error:
        document = file.with_suffix(".gv")
        if error.code == "NS504" and file.suffix in {".png", ".pdf"} and not document.exists():
            write_file(document, drawing.to_gv(), inputs=[spec])
            typer.echo(f"wrote {document}")
        raise
    _tell(drawing)
    write_file(file, content, inputs=[spec])
    typer.echo(f"wrote {file}")


def _compare(file: Path, drawing: Drawing) -> None:
    content = form_of(file)(drawing)
    _tell(drawing)
    if not is_fresh(file, content):
        typer.echo(f"{file} is not up to date: draw it anew with `-o {file}`", err=True)
        raise typer.Exit(1)
    typer.echo(f"{file} is up to date")


def _tell(drawing: Drawing) -> None:
    for note in drawing.notes:
        typer.echo(f"note: {note}", err=True)
