"""`netspec blocks`: what a spec can say."""

from __future__ import annotations

from typing import Annotated

import typer

from netspec.blocks import BLOCKS
from netspec.errors import UsageError
from netspec.messages.suggest import suggest
from netspec.pages import block_page, overview, text_page

NAME = "blocks"
EXAMPLES = "Examples: `netspec blocks` · `netspec blocks conv`"


def run(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One block.")] = None,
) -> None:
    """List the blocks, or show one: fields, defaults, shape rule, example, source."""
    if name is None:
        typer.echo(overview(), nl=False)
        return
    if name not in BLOCKS:
        near = suggest(name, tuple(BLOCKS))
        hint = f"did you mean {' or '.join(near)}?" if near else "netspec blocks lists them"
        raise UsageError("NS506", f"there is no block `{name}`", help=hint)
    typer.echo(text_page(block_page(name)), nl=False)
