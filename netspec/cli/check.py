"""`netspec check`: whether specs are right."""

from __future__ import annotations

import sys

import typer

from netspec.cli.boundary import SPEC_ERROR, USAGE_ERROR, print_diagnostics, print_usage_error
from netspec.cli.opening import open_network
from netspec.cli.options import (
    ErrorFormat,
    ErrorFormatOption,
    InputOption,
    SetOption,
    SpecsArgument,
)
from netspec.diagnostics import Diagnostic
from netspec.errors import SpecError, UsageError

NAME = "check"
EXAMPLES = (
    "Examples: `netspec check specs/*.yaml` · `netspec check net.yaml --error-format concise`"
)


def run(
    specs: SpecsArgument,
    set_: SetOption = None,
    input_: InputOption = None,
    error_format: ErrorFormatOption = ErrorFormat.FULL,
) -> None:
    """Check specs: names, fields, shapes, expectations. Prints every error; needs no torch."""
    found: list[Diagnostic] = []
    code = 0
    for spec in specs:
        try:
            network = open_network(spec, set_, input_)
        except SpecError as error:
            found += error.diagnostics
            code = max(code, SPEC_ERROR)
        except UsageError as error:
            print_usage_error(error)
            code = USAGE_ERROR
        else:
            found += network.warnings
            if error_format is not ErrorFormat.JSON:
                typer.echo(f"{spec}: ok")
            for note in network.notes:
                typer.echo(f"note: {note}", err=True)
    if found or error_format is ErrorFormat.JSON:
        print_diagnostics(found, error_format)
    sys.exit(code)
