"""`netspec schema`: the JSON Schema, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from netspec.cli.opening import open_library
from netspec.cli.options import LimitOption, PluginOption
from netspec.emit.records import to_json
from netspec.plugins import enable
from netspec.schema import schema

EXAMPLES = "Examples: `netspec schema > netspec.json` · `netspec schema net.yaml`"


def run(
    spec: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A spec or file of blocks.")
    ] = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Print the JSON Schema of specs, for editors. With FILE, it knows that file's own blocks too."""
    if spec is None:
        typer.echo(to_json(schema(registry=enable(plugin or ()))), nl=False)
        return
    typer.echo(to_json(schema(open_library(spec, limit, plugin))), nl=False)
