"""`netspec check`: whether specs are right."""

from __future__ import annotations

import sys

import typer

from netspec.checking import Checked, check
from netspec.cli.boundary import SPEC_ERROR, USAGE_ERROR, print_diagnostics, print_usage_error
from netspec.cli.opening import given_by, limits_of, open_document, project_of
from netspec.cli.options import (
    ErrorFormat,
    ErrorFormatOption,
    InputOption,
    LimitOption,
    SetOption,
    SpecsArgument,
    VariantOption,
)
from netspec.diagnostics import Diagnostic, Severity
from netspec.errors import SpecError, UsageError
from netspec.messages import words

NAME = "check"
EXAMPLES = (
    "Examples: `netspec check specs/*.yaml` · `netspec check net.yaml --error-format concise`"
)


def run(
    specs: SpecsArgument,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    error_format: ErrorFormatOption = ErrorFormat.FULL,
) -> None:
    """Check specs and all their variants: names, fields, shapes, expectations. Needs no torch."""
    limits = limits_of(limit)
    found: list[Diagnostic] = []
    code = 0
    for spec in specs:
        try:
            read = open_document(spec, limits)
            checked = check(
                read, given_by(set_, input_, variant, limits), limits, project_of(spec, limits)
            )
        except SpecError as error:
            found += error.diagnostics
            code = max(code, SPEC_ERROR)
            continue
        except UsageError as error:
            print_usage_error(error)
            code = USAGE_ERROR
            continue
        found += checked.diagnostics
        if any(one.severity is Severity.ERROR for one in checked.diagnostics):
            code = max(code, SPEC_ERROR)
        elif error_format is not ErrorFormat.JSON:
            typer.echo(f"{spec}: ok{_size(checked)}")
        for note in checked.notes:
            typer.echo(f"note: {note}", err=True)
    if found or error_format is ErrorFormat.JSON:
        print_diagnostics(found, error_format)
    sys.exit(code)


def _size(checked: Checked) -> str:
    """What a file holds besides one network."""
    if checked.blocks:
        return f" ({words.count(checked.blocks, 'block')})"
    return f" ({words.count(checked.variants, 'variant')})" if checked.variants > 1 else ""
