"""`netspec emit`: the Python source of the module."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import (
    InputOption,
    LimitOption,
    PluginOption,
    SetOption,
    SpecArgument,
    VariantOption,
)
from netspec.files import write_file

EXAMPLES = "Examples: `netspec emit net.yaml` · `netspec emit net.yaml -o net.py`"


def run(
    spec: SpecArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE.py", help="Write it here, not to the terminal."
        ),
    ] = None,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Write the network as plain PyTorch source. It imports only torch; to write it needs no torch."""
    network = open_network(spec, set_, input_, variant, limit, plugin)
    source = network.source()
    if output is None:
        typer.echo(source, nl=False)
        return
    write_file(output, source, inputs=network.files)
    typer.echo(f"wrote {output}")
