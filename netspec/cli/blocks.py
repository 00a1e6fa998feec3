"""`netspec blocks`: what a spec can say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from netspec.cli.opening import open_library
from netspec.cli.options import LimitOption, PluginOption
from netspec.cli.strays import SPECS
from netspec.elaborate import Library
from netspec.errors import UsageError
from netspec.messages.suggest import suggest
from netspec.own_pages import own_names, own_overview, own_page
from netspec.pages import installed_overview, overview, text_page
from netspec.plugins import enable

EXAMPLES = (
    "Examples: `netspec blocks` · `netspec blocks conv` · `netspec blocks basic resnet.yaml` "
    "· `netspec blocks --plugin netspec-mobile`"
)


def run(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One block; or FILE, to list its own.")
    ] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A spec or file of blocks that has it.")
    ] = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
    plugins: Annotated[
        bool, typer.Option("--installed", help="List the installed plug-ins and their blocks.")
    ] = False,
) -> None:
    """List the blocks, or show one. Its fields, defaults, shape rule, example and source."""
    if plugins:
        typer.echo(installed_overview(), nl=False)
        return
    if name is None:
        typer.echo(overview(enable(plugin or ())), nl=False)
        return
    if file is None and name.endswith(SPECS):
        typer.echo(own_overview(open_library(name, limit, plugin)), nl=False)
        return
    if file is not None and name.endswith(SPECS) and not file.endswith(SPECS):
        hint = f"the block comes first: netspec blocks {file} {name}"
        raise UsageError("NS506", f"there is no block `{name}`", help=hint)
    library = open_library(file, limit, plugin)
    known = (*own_names(library), *library.registry.blocks)
    if name not in known:
        raise UsageError("NS506", f"there is no block `{name}`", help=_hint(name, library, known))
    typer.echo(text_page(own_page(name, library)), nl=False)


def _hint(name: str, library: Library, known: Sequence[str]) -> str:
    """What was meant, or which plug-in has it."""
    offered = library.registry.offered.get(name, ())
    if offered:
        return f"an installed plug-in has it: --plugin {' or --plugin '.join(offered)}"
    near = suggest(name, known)
    return f"did you mean {' or '.join(near)}?" if near else "netspec blocks lists them"
