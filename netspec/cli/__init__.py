"""The command line: parse arguments, call the API, print. One file per command, no logic.

A command is imported when it is the one that runs: all of them take longer than a check.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import typer

from netspec.cli.boundary import guarded
from netspec.cli.options import version_option
from netspec.cli.strays import Command, Group

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "build": "build",
        "check": "check",
        "list": "listing",
        "summary": "summary",
        "draw": "draw",
        "diff": "diff",
        "emit": "emit",
        "expand": "expand",
        "new": "new",
        "blocks": "blocks",
        "weights": "weights",
        "explain": "explain",
        "schema": "schema",
    }
)
"""Command -> its module in this package, in the order of `netspec --help`."""


def application(*names: str) -> typer.Typer:
    """The command line with these commands; all of them without names."""
    app = typer.Typer(
        name="netspec",
        cls=Group,
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,  # one boundary of our own decides what a user sees
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in names or COMMANDS:
        module = import_module(f"netspec.cli.{COMMANDS[name]}")
        brief, *_ = str(module.run.__doc__).split(". ")  # one line of `netspec --help`
        lines = module.EXAMPLES.replace(" · ", "\n\n")
        app.command(name, cls=Command, short_help=f"{brief}.", epilog=lines)(module.run)
    return app


def _root(version: version_option = False) -> None:
    """The compiler for neural-network architectures: YAML specs to PyTorch modules and diagrams.

    Start with `netspec build specs/googlenet.yaml`, or see `netspec blocks` for what a spec can say.
    """


def main() -> None:
    """The entry point `netspec`. A command that is named first is the only one that is loaded.

    The process ends with the command, so that nothing is collected, by the interpreter's last pass either.
    """
    gc.disable()
    try:
        guarded(application(*(name for name in sys.argv[1:2] if name in COMMANDS)))
    finally:
        gc.freeze()
