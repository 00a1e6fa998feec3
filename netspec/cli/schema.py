"""`netspec schema`: the JSON Schema, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from netspec.cli.opening import limits_of, open_document, project_of
from netspec.cli.options import LimitOption
from netspec.diagnostics import Severity
from netspec.elaborate import library_of
from netspec.emit.records import to_json
from netspec.errors import SpecError
from netspec.schema import schema

NAME = "schema"
EXAMPLES = "Examples: `netspec schema > netspec.json` · `netspec schema net.yaml`"


def run(
    spec: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A spec or file of blocks.")
    ] = None,
    limit: LimitOption = None,
) -> None:
    """Print the JSON Schema of specs; with FILE, it knows that file's own blocks too."""
    if spec is None:
        typer.echo(to_json(schema()), nl=False)
        return
    limits = limits_of(limit)
    library, told = library_of(open_document(spec, limits), limits, project_of(spec, limits))
    if any(found.severity is Severity.ERROR for found in told):
        raise SpecError(told)
    typer.echo(to_json(schema(library)), nl=False)
