"""`netspec draw`: the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from netspec.cli.opening import limits_of, open_network, open_sketch
from netspec.cli.options import (
    InputOption,
    LimitOption,
    PluginOption,
    SetOption,
    SpecArgument,
    VariantOption,
)
from netspec.diagnostics import Diagnostic
from netspec.emit.palette import Theme
from netspec.emit.raster import Engine
from netspec.errors import SpecError, UsageError
from netspec.files import is_fresh, write_file
from netspec.layout import Direction
from netspec.pictures import FORMS, Drawing, form_of, picture
from netspec.view import Annotate, Level

EXAMPLES = (
    "Examples: `netspec draw net.yaml` · `netspec draw net.yaml -o net.svg` "
    "· `netspec draw net.yaml -o net.html` "
    "· `netspec draw net.yaml --only inception_3a -o module.pdf` "
    "· `netspec draw net.yaml --check docs/net.svg`"
)


BY_GRAPHVIZ = frozenset({".png", ".pdf"})
SHOWN, LOOKS = "What is shown", "How it looks"
"""Panels of the help."""


def _option(name: str, panel: str, help_: str, metavar: str | None = None) -> Any:
    """An option of the picture, with its panel."""
    return typer.Option(
        name, metavar=metavar, rich_help_panel=panel, help=help_, show_default=False
    )


def run(
    spec: SpecArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=f"A file that ends in {', '.join(FORMS)}; without one the picture is printed as text.",
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check", metavar="FILE", help="Write nothing; end with 1 when FILE is not up to date."
        ),
    ] = None,
    level: Annotated[
        Level | None,
        _option(
            "--level",
            SHOWN,
            "overview, blocks (the default) or full; without it a .mmd has the overview.",
            "LEVEL",
        ),
    ] = None,
    only: Annotated[
        str | None, _option("--only", SHOWN, "One layer as the whole picture.", "PATH")
    ] = None,
    expand: Annotated[
        list[str] | None,
        _option(
            "--expand",
            SHOWN,
            "Layers one level deeper, such as 'inception_3*'; repeatable.",
            "PATTERN",
        ),
    ] = None,
    fold: Annotated[
        bool, _option("--fold", SHOWN, "One frame, with a table, for neighbours of other widths.")
    ] = False,
    annotate: Annotated[
        Annotate,
        _option(
            "--annotate",
            SHOWN,
            "default, shape, params, macs, all or none: the numbers on boxes and frames.",
            "NUMBERS",
        ),
    ] = Annotate.DEFAULT,
    direction: Annotated[
        Direction,
        _option(
            "--direction", LOOKS, "TB (top to bottom, the default) or LR (left to right).", "WAY"
        ),
    ] = Direction.TB,
    wrap: Annotated[
        bool, _option("--wrap", LOOKS, "Break a long trunk into columns at its stages.")
    ] = False,
    even_if_broken: Annotated[
        bool,
        _option("--even-if-broken", SHOWN, "Draw a spec with errors too; it still ends with 1."),
    ] = False,
    theme: Annotated[
        Theme | None,
        _option(
            "--theme",
            LOOKS,
            "light (the default), dark, auto or mono; without it an .html has auto.",
            "THEME",
        ),
    ] = None,
    engine: Annotated[
        Engine,
        _option(
            "--engine", LOOKS, "netspec (the default), or dot for Graphviz' own layout.", "ENGINE"
        ),
    ] = Engine.NETSPEC,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Draw the network, to a file or to the terminal. Only PNG and PDF need Graphviz."""
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
    _check_files(output, check)
    given = {name: value for name, value in options.items() if value is not None}
    chosen = picture(given, limits_of(limit))
    errors: Sequence[Diagnostic] = ()
    if even_if_broken:
        found = open_sketch(spec, set_, input_, variant, limit, plugin)
        drawing = Drawing(found.shown, chosen, found.broken)
        errors, files = found.errors, found.files
    else:
        network = open_network(spec, set_, input_, variant, limit, plugin)
        drawing, files = Drawing(network.graph, chosen), network.files
    if output is not None:
        _write(output, drawing, files)
    elif check is not None:
        _compare(check, drawing)
    else:
        text = drawing.to_text()
        _tell(drawing)
        typer.echo(text, nl=False)
    if errors:
        raise SpecError(errors)


def _check_files(output: Path | None, check: Path | None) -> None:
    """That what is asked for can be written or compared, before anything is read."""
    if output is not None and check is not None:
        raise UsageError("NS506", "`--output` and `--check` do not go together", help="give one")
    if output is not None:
        form_of(output)
    if check is None:
        return
    form_of(check)
    if check.suffix.lower() in BY_GRAPHVIZ:
        raise UsageError(
            "NS506",
            f"`--check` does not take a {check.suffix}: its bytes depend on the machine's Graphviz",
            help="check an .svg, which has the same bytes everywhere",
        )


def _write(file: Path, drawing: Drawing, inputs: Sequence[Path]) -> None:
    """Write the file; where Graphviz is missing or fails, its document is written instead."""
    try:
        content = form_of(file)(drawing)
    except UsageError as error:
        document = file.with_suffix(".gv")
        by_graphviz = file.suffix.lower() in BY_GRAPHVIZ
        if error.code == "NS504" and by_graphviz and not document.exists():
            own = replace(drawing.picture, engine=Engine.NETSPEC)
            write_file(document, Drawing(drawing.graph, own).to_gv(), inputs=inputs)
            typer.echo(f"wrote {document}")
        raise
    _tell(drawing)
    write_file(file, content, inputs=inputs)
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
