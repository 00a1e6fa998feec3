"""`netspec list`: the variants of a spec."""

from __future__ import annotations

import typer

from netspec.checking import Checked, check
from netspec.cli.opening import check_once, given_by, limits_of, open_document, project_of
from netspec.cli.options import InputOption, LimitOption, PluginOption, SetOption, SpecsArgument
from netspec.diagnostics import Severity
from netspec.errors import SpecError
from netspec.messages import words
from netspec.network import Network
from netspec.plugins import enable

EXAMPLES = "Examples: `netspec list specs/resnet.yaml` · `netspec list specs/*.yaml`"
DEFAULTS = "(defaults)"


def run(
    specs: SpecsArgument,
    set_: SetOption = None,
    input_: InputOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """List the variants of specs, with the size of each. Needs no torch."""
    check_once(specs)
    limits = limits_of(limit)
    registry = enable(plugin or ())
    for number, spec in enumerate(specs):
        read = open_document(spec, limits)
        given = given_by(set_, input_, None, limits)
        checked = check(read, given, limits, project_of(spec, limits), registry)
        if any(found.severity is Severity.ERROR for found in checked.diagnostics):
            raise SpecError(checked.diagnostics)
        typer.echo(("\n" * bool(number)) + f"{spec}")
        for line in _lines(checked):
            typer.echo(line)


def _lines(checked: Checked) -> list[str]:
    """A line for each network, in columns."""
    if not checked.networks:
        return [f"  {words.count(checked.blocks, 'block')}, and no network"]
    rows = [_row(net) for net in checked.networks]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"  {name:<{widths[0]}}  {params:>{widths[1]}} parameters  {macs:>{widths[2]}} MACs"
        for name, params, macs in rows
    ]


def _row(net: Network) -> tuple[str, str, str]:
    return (net.variant or DEFAULTS, f"{net.graph.parameter_count:,}", f"{net.graph.macs:,}")
