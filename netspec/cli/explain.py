"""`netspec explain`: what an error code means."""

from __future__ import annotations

from typing import Annotated

import typer

from netspec.errors import UsageError
from netspec.messages import CODES
from netspec.messages.explain import explain, explain_all
from netspec.messages.suggest import suggest
from netspec.messages.words import join

NAME = "explain"
EXAMPLES = "Examples: `netspec explain NS402` · `netspec explain --all`"


def run(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A code such as NS402.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All pages, as Markdown.")] = False,
) -> None:
    """Explain an error code: the rule, a wrong example and a right one. Works offline."""
    if every:
        typer.echo(explain_all(), nl=False)
        return
    if code is None:
        raise UsageError("NS506", "no code was given", help="netspec explain NS402, or --all")
    known = code.upper()
    if known not in CODES:
        near = suggest(known, tuple(CODES))
        hint = f"did you mean {join(near, 'or')}?" if near else "netspec explain --all lists them"
        raise UsageError("NS506", f"there is no code `{code}`", help=hint)
    typer.echo(explain(known), nl=False)
