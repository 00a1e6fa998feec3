"""`netspec summary`: the table."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import (
    DepthOption,
    InputOption,
    LimitOption,
    SetOption,
    SpecArgument,
    VariantOption,
)
from netspec.emit.records import summary_record, to_json
from netspec.emit.table import csv_table, markdown_table
from netspec.network import Network, locate

NAME = "summary"
EXAMPLES = (
    "Examples: `netspec summary net.yaml --depth 1` · `netspec summary net.yaml --format json`"
)


class TableFormat(StrEnum):
    """How the table is written."""

    TEXT = "text"
    MD = "md"
    CSV = "csv"
    JSON = "json"


def run(
    spec: SpecArgument,
    depth: DepthOption = None,
    form: Annotated[
        TableFormat, typer.Option("--format", help="How it is written.")
    ] = TableFormat.TEXT,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
) -> None:
    """Print every layer with its shape, parameters and MACs. Needs no torch."""
    network = open_network(spec, set_, input_, variant, limit)
    typer.echo(_table(network, form, depth), nl=False)
    for note in network.notes:
        typer.echo(f"note: {note}", err=True)


def _table(network: Network, form: TableFormat, depth: int | None) -> str:
    if form is TableFormat.JSON:
        return to_json(summary_record(network.rows, locate, depth=depth))
    if form is TableFormat.CSV:
        return csv_table(network.rows, depth=depth)
    if form is TableFormat.MD:
        return markdown_table(network.rows, depth=depth)
    return network.summary(depth=depth)
