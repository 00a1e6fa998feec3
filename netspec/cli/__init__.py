"""The command line: parse arguments, call the API, print. One file per command, no logic."""

from __future__ import annotations

import typer

from netspec.cli import (
    blocks,
    build,
    check,
    diff,
    draw,
    emit,
    expand,
    explain,
    listing,
    new,
    schema,
    summary,
    weights,
)
from netspec.cli.boundary import guarded
from netspec.cli.options import version_option
from netspec.cli.strays import Command, Group

app = typer.Typer(
    name="netspec",
    cls=Group,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # one boundary of our own decides what a user sees
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(version: version_option = False) -> None:
    """The compiler for neural-network architectures: YAML specs to PyTorch modules and diagrams.

    Start with `netspec build specs/googlenet.yaml`, or see `netspec blocks` for what a spec can say.
    """


for module in (
    build,
    check,
    listing,
    summary,
    draw,
    diff,
    emit,
    expand,
    new,
    blocks,
    weights,
    explain,
    schema,
):
    brief, *_ = str(module.run.__doc__).split(". ")  # one line of `netspec --help`
    lines = module.EXAMPLES.replace(" · ", "\n\n")
    app.command(module.NAME, cls=Command, short_help=f"{brief}.", epilog=lines)(module.run)


def main() -> None:
    """The entry point `netspec`."""
    guarded(app)
