"""`netspec weights`: look into a weights file, or make one for a network out of weights of other places."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netspec.cli.opening import open_network
from netspec.cli.options import InputOption, LimitOption, PluginOption, SetOption, VariantOption
from netspec.emit.records import to_json
from netspec.errors import UsageError
from netspec.files import write_file
from netspec.weights.inspecting import inspect_file
from netspec.weights.libraries import library_source, names_library
from netspec.weights.refusing import SUFFIX, is_weights

if TYPE_CHECKING:
    from netspec.weights.report import Report

EXAMPLES = (
    "Examples: `netspec weights net.safetensors` · "
    "`netspec weights net.yaml --from other.safetensors -o net.safetensors` · "
    "`netspec weights resnet.yaml --variant resnet18 --from torchvision:resnet18 -o resnet18.safetensors` · "
    "`netspec weights net.yaml --from old.safetensors --partial --write-key-map map.yaml`"
)


class Pairing(StrEnum):
    """How weights are paired."""

    NAME = "name"
    ORDER = "order"


class ReportFormat(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"


def run(
    spec: Annotated[
        str,
        typer.Argument(metavar="SPEC|FILE", help="A spec, or a .safetensors file to look into."),
    ],
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="A .safetensors file, torchvision:MODEL or timm:MODEL; without it the weights are new.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.safetensors", help="Write the weights here."),
    ] = None,
    by: Annotated[
        Pairing | None,
        typer.Option("--by", help="Pair by name (files), or as layers run (modules of a library)."),
    ] = None,
    key_map: Annotated[
        Path | None, typer.Option("--key-map", metavar="FILE.yaml", help="Pair as this file says.")
    ] = None,
    write_key_map: Annotated[
        Path | None,
        typer.Option("--write-key-map", metavar="FILE.yaml", help="Write the pairs as a key map."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Load what fits, and report the rest.")
    ] = False,
    prefix: Annotated[
        str,
        typer.Option("--prefix", metavar="TEXT", help="What every key of the source begins with."),
    ] = "",
    heads: Annotated[
        bool, typer.Option("--heads/--no-heads", help="With the heads that exist only in training.")
    ] = True,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="For weights that are new.")
    ] = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="How the report is written.")
    ] = ReportFormat.TEXT,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Look into a weights file, or load weights into a network. From a file or a library."""
    if is_weights(spec):
        _inspect(spec, from_, output, form)
        return
    _check_output(output, from_)
    network = open_network(spec, set_, input_, variant, limit, plugin)
    model = network.compile(seed=seed, init=from_ is None or partial, heads=heads)
    if from_ is not None:
        is_library = names_library(from_)
        report = network.load_weights(
            model,
            library_source(from_) if is_library else from_,
            by="order" if by is Pairing.ORDER or (by is None and is_library) else "name",
            key_map=key_map,
            partial=partial,
            prefix=prefix,
        )
        _tell(report, form)
        if write_key_map is not None:
            write_file(write_key_map, report.key_map(), inputs=network.files)
            typer.echo(f"wrote {write_key_map}", err=form is ReportFormat.JSON)
    if output is not None:
        network.save_weights(model, output)
        typer.echo(f"wrote {output}", err=form is ReportFormat.JSON)


def _inspect(file: str, from_: str | None, output: Path | None, form: ReportFormat) -> None:
    if from_ is not None or output is not None:
        raise UsageError(
            "NS506",
            f"`{file}` is a weights file and no spec",
            help=f"to load it, write netspec weights SPEC --from {file}",
        )
    found = inspect_file(Path(file))
    typer.echo(to_json(found.data()) if form is ReportFormat.JSON else str(found))


def _tell(report: Report, form: ReportFormat) -> None:
    typer.echo(to_json(report.record()) if form is ReportFormat.JSON else str(report))


def _check_output(output: Path | None, source: str | None) -> None:
    """That there is something to do, and that it overwrites no input.

    Raises:
        UsageError: it is not so (NS505, NS506).
    """
    if output is None:
        if source is None:
            raise UsageError(
                "NS506", "there is nothing to do", help="give --from SOURCE, or -o FILE.safetensors"
            )
        return
    if output.suffix != SUFFIX:
        raise UsageError("NS506", f"`{output}` does not end in {SUFFIX}")
    if source is not None and output.exists() and output.resolve() == Path(source).resolve():
        raise UsageError(
            "NS505", f"`{output}` is the source itself", help="give -o another file name"
        )
