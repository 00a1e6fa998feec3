"""The one place where errors become exit codes: 0 fine, 1 spec, 2 usage or environment, 101 our bug."""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import typer

from netspec import __version__
from netspec.cli.strays import in_our_words
from netspec.cli.streams import close, outlive_readers
from netspec.diagnostics import Diagnostic, Severity
from netspec.diagnostics.exchange import render_github, render_sarif
from netspec.diagnostics.render import WIDTH, render_concise, render_full, render_json
from netspec.errors import NetspecError, SpecError, UsageError
from netspec.messages import CODES

SPEC_ERROR, USAGE_ERROR, OUR_BUG = 1, 2, 101

BUG = """netspec {version} has a bug: {kind}: {message}
  at {where}
Please report it with the spec and this command: {command}
(NETSPEC_TRACEBACK=1 prints the whole traceback)
"""


def guarded(app: Callable[..., object]) -> None:
    """Run the app; every error ends in a message and an exit code, never in a bare traceback."""
    outlive_readers()
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        if (found := in_our_words(error)) is not None:  # `netspec` alone has already shown its help
            print_usage_error(found)
        sys.exit(USAGE_ERROR)
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("stopped", err=True)
        sys.exit(USAGE_ERROR)
    except SpecError as error:
        _print_cause(error)
        print_diagnostics(error.diagnostics)
        sys.exit(SPEC_ERROR)
    except UsageError as error:
        _print_cause(error)
        print_usage_error(error)
        sys.exit(USAGE_ERROR)
    except OSError as error:  # reading and writing files have their own errors: this is a stream
        reason = (error.strerror or str(error)).lower()
        print_usage_error(UsageError("NS503", f"cannot write to standard output: {reason}"))
        close(sys.stdout)
        sys.exit(USAGE_ERROR)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever is left is our bug
        _print_bug(error)
        sys.exit(OUR_BUG)
    sys.exit(code if isinstance(code, int) else 0)


def print_usage_error(error: UsageError) -> None:
    """One line, and one of help."""
    typer.echo(f"error[{error.code}]: {error.message}", err=True)
    if error.help:
        typer.echo(f"  = help: {error.help}", err=True)


def print_diagnostics(diagnostics: Sequence[Diagnostic], form: str = "full") -> None:
    """Print diagnostics: for programs to standard output, what people read to standard error."""
    if form == "json":
        typer.echo(render_json(diagnostics), nl=False)
    elif form == "sarif":
        titles = {code: page.title for code, page in CODES.items()}
        typer.echo(render_sarif(diagnostics, version=__version__, titles=titles), nl=False)
    elif form == "github":
        typer.echo(render_github(diagnostics))
    elif form == "concise":
        typer.echo(render_concise(diagnostics), err=True)
    else:
        typer.echo(render_full(diagnostics, color=_colored(), width=_width()), err=True)


@contextmanager
def told_as(form: str) -> Iterator[None]:
    """Print the errors of a spec in another form than the full one, and end with their exit code."""
    try:
        yield
    except SpecError as error:
        print_diagnostics(error.diagnostics, form)
        raise typer.Exit(SPEC_ERROR) from None


def as_errors(warnings: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Warnings under `--strict`."""
    return [replace(warning, severity=Severity.ERROR) for warning in warnings]


def _width() -> int:
    """Columns to keep to: those of a narrower terminal, else a page."""
    if not sys.stderr.isatty():
        return WIDTH
    return min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)


def _colored() -> bool:
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


def _print_cause(error: NetspecError) -> None:
    """The traceback of what a plug-in raised, for those who write one."""
    if os.environ.get("NETSPEC_TRACEBACK") == "1" and error.__cause__ is not None:
        traceback.print_exception(error.__cause__)


def _print_bug(error: Exception) -> None:
    if os.environ.get("NETSPEC_TRACEBACK") == "1":
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    sys.stderr.write(
        BUG.format(
            version=__version__,
            kind=type(error).__name__,
            message=error,
            where=where,
            command=" ".join(["netspec", *sys.argv[1:]]),
        )
    )
