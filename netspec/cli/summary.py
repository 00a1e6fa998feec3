"""`netspec summary`: the table."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import (
    DepthOption,
    InputOption,
    LimitOption,
    PluginOption,
    SetOption,
    SpecArgument,
    VariantOption,
)
from netspec.emit.columns import COLUMNS, DEFAULT, pick
from netspec.emit.records import summary_record, to_json
from netspec.emit.table import csv_table, markdown_table
from netspec.emit.torchsummary import torchsummary_table
from netspec.network import Network, locate

EXAMPLES = (
    "Examples: `netspec summary net.yaml --depth 1` · `netspec summary net.yaml --format json` · "
    "`netspec summary net.yaml --columns output,live,saved,receptive_field`"
)


class TableFormat(StrEnum):
    """How the table is written."""

    TEXT = "text"
    MD = "md"
    CSV = "csv"
    JSON = "json"


class TableStyle(StrEnum):
    """Whose table it is."""

    NETSPEC = "netspec"
    TORCHSUMMARY = "torchsummary"


ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", metavar="A,B", help=f"Any of {', '.join(COLUMNS)}."),
]


def run(
    spec: SpecArgument,
    depth: DepthOption = None,
    columns: ColumnsOption = None,
    form: Annotated[
        TableFormat, typer.Option("--format", help="How it is written.")
    ] = TableFormat.TEXT,
    style: Annotated[
        TableStyle, typer.Option("--style", help="Our table, or the one that torchsummary prints.")
    ] = TableStyle.NETSPEC,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Print the layers with shapes, parameters, MACs and memory. Needs no torch."""
    chosen = pick(DEFAULT if columns is None else [one.strip() for one in columns.split(",")])
    network = open_network(spec, set_, input_, variant, limit, plugin)
    if style is TableStyle.TORCHSUMMARY:
        typer.echo(torchsummary_table(network.graph), nl=False)
    else:
        typer.echo(_table(network, form, depth, chosen), nl=False)
    for note in network.notes:
        typer.echo(f"note: {note}", err=True)


def _table(network: Network, form: TableFormat, depth: int | None, columns: Sequence[str]) -> str:
    if form is TableFormat.JSON:
        return to_json(summary_record(network.rows, locate, depth=depth))
    if form is TableFormat.CSV:
        return csv_table(network.rows, depth=depth)
    if form is TableFormat.MD:
        return markdown_table(network.rows, depth=depth, columns=columns)
    return network.summary(depth=depth, columns=columns)
