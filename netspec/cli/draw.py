"""`netspec draw`: the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import InputOption, LimitOption, SetOption, SpecArgument, VariantOption
from netspec.errors import UsageError
from netspec.files import write_file

NAME = "draw"
EXAMPLES = "Examples: `netspec draw net.yaml -o net.svg` · `netspec draw net.yaml -o net.gv`"
SUFFIXES = (".svg", ".gv")

OutputOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="A file that ends in .svg or .gv.")
]


def run(
    spec: SpecArgument,
    output: OutputOption,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
) -> None:
    """Draw the network: SVG, or a Graphviz document with positions. Needs neither torch nor Graphviz."""
    if output.suffix not in SUFFIXES:
        raise UsageError(
            "NS506",
            f"`{output}` does not end in {' or '.join(SUFFIXES)}",
            help="the end of the name decides what is drawn",
        )
    network = open_network(spec, set_, input_, variant, limit)
    text = network.to_svg() if output.suffix == ".svg" else network.to_gv()
    write_file(output, text, inputs=[spec])
    typer.echo(f"wrote {output}")
