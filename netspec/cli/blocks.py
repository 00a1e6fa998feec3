"""`netspec blocks`: what a spec can say."""

from __future__ import annotations

from typing import Annotated

import typer

from netspec.blocks import BLOCKS
from netspec.cli.opening import open_library
from netspec.cli.options import LimitOption
from netspec.elaborate import Library
from netspec.errors import UsageError
from netspec.messages.suggest import suggest
from netspec.own_pages import own_names, own_overview, own_page
from netspec.pages import overview, text_page

NAME = "blocks"
EXAMPLES = "Examples: `netspec blocks` · `netspec blocks conv` · `netspec blocks basic resnet.yaml`"


def run(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One block; or FILE, to list its own.")
    ] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A spec or file of blocks that has it.")
    ] = None,
    limit: LimitOption = None,
) -> None:
    """List the blocks, or show one: fields, defaults, shape rule, example, source."""
    if name is None:
        typer.echo(overview(), nl=False)
        return
    if file is None and name.endswith((".yaml", ".yml")):
        typer.echo(own_overview(open_library(name, limit)), nl=False)
        return
    library = open_library(file, limit) if file is not None else Library()
    known = (*own_names(library), *BLOCKS)
    if name not in known:
        near = suggest(name, known)
        hint = f"did you mean {' or '.join(near)}?" if near else "netspec blocks lists them"
        raise UsageError("NS506", f"there is no block `{name}`", help=hint)
    typer.echo(text_page(own_page(name, library)), nl=False)
