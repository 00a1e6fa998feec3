"""`netspec expand`: the flat spec."""

from __future__ import annotations

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

EXAMPLES = "Examples: `netspec expand net.yaml` · `netspec expand resnet.yaml --variant resnet18`"


def run(
    spec: SpecArgument,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Print the plainest spec that builds the same network. It has no parameters, defaults or own blocks."""
    typer.echo(open_network(spec, set_, input_, variant, limit, plugin).expand(), nl=False)
