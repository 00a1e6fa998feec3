"""`netspec build`: check, infer, compile, verify on meta, and write everything."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.boundary import USAGE_ERROR, print_usage_error
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
from netspec.emit.records import graph_record, to_json
from netspec.errors import UsageError
from netspec.files import folder_in, slug, write_file
from netspec.network import Network, locate
from netspec.pages import WIDTH

NAME = "build"
EXAMPLES = (
    "Examples: `netspec build specs/googlenet.yaml` · `netspec build net.yaml --set num_classes=10` "
    "· `netspec build net.yaml --input 3x96x96 -o out`"
)


class Clock:
    """How long each stage took, in the order in which they ran."""

    def __init__(self) -> None:
        self._stages: list[tuple[str, float]] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        yield
        self._stages.append((name, time.perf_counter() - start))

    def __str__(self) -> str:
        return " · ".join(f"{name} {_milliseconds(seconds)}" for name, seconds in self._stages)


def run(
    spec: SpecArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where DIR/NAME/ is written.")
    ] = Path("build"),
    depth: DepthOption = None,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Build a spec: table, diagram, Python source and graph, and a run of the module on meta."""
    clock = Clock()
    with clock.stage("check"):
        network = open_network(spec, set_, input_, variant, limit, plugin)
    folder = folder_in(output, network.name)
    table = network.summary()
    for name, make in _files(network, table).items():
        with clock.stage(name.rpartition(".")[2] if name != "summary.txt" else "table"):
            write_file(folder / name, make(), inputs=[spec])
    typer.echo(network.summary(depth=depth) if depth is not None else table)
    for note in network.notes:
        typer.echo(f"note: {note}", err=True)
    missing = _verify(network, clock)
    names = ", ".join(_files(network, table))
    typer.echo(f"wrote    {folder}/: {names}")
    typer.echo("\n".join(textwrap.wrap(f"times    {clock}", WIDTH, subsequent_indent=" " * 9)))
    if missing is not None:
        print_usage_error(missing)
        raise typer.Exit(USAGE_ERROR)


def _files(network: Network, table: str) -> dict[str, Callable[[], str]]:
    """File name -> what makes its text."""
    name = slug(network.name)
    return {
        f"{name}.py": network.source,
        f"{name}.svg": network.to_svg,
        f"{name}.gv": network.to_gv,
        "summary.txt": lambda: table,
        "graph.json": lambda: to_json(graph_record(network.graph, locate)),
    }


def _verify(network: Network, clock: Clock) -> UsageError | None:
    """Compile and run once on meta; the error when torch is missing."""
    from netspec.emit.torch_module import check_on_meta

    try:
        with clock.stage("module"):
            mismatches = check_on_meta(network.graph)
    except UsageError as error:
        return error
    if mismatches:
        raise AssertionError(f"the module disagrees with the inferred shapes: {mismatches}")
    scopes = sum(1 for _ in network.graph.root.scopes())
    typer.echo(f"verified {scopes} scopes: the module's shapes on meta equal the inferred ones")
    return None


def _milliseconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
