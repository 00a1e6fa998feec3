"""`netspec build`: check, infer, compile, verify on meta, and write everything."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from netspec.cli.boundary import (
    USAGE_ERROR,
    as_errors,
    print_diagnostics,
    print_usage_error,
    told_as,
)
from netspec.cli.opening import open_network
from netspec.cli.options import (
    DepthOption,
    ErrorFormat,
    ErrorFormatOption,
    InputOption,
    LimitOption,
    PluginOption,
    SetOption,
    SpecArgument,
    StrictOption,
    VariantOption,
)
from netspec.emit.records import graph_record, to_json
from netspec.errors import SpecError, UsageError
from netspec.files import folder_in, slug, write_file
from netspec.network import Network, locate
from netspec.pages import WIDTH
from netspec.pictures import FORMS

EXAMPLES = (
    "Examples: `netspec build specs/googlenet.yaml` · `netspec build net.yaml --set num_classes=10` "
    "· `netspec build net.yaml --input 3x96x96 -o out`"
)


class More(StrEnum):
    """Forms of the picture beside the two that are always written."""

    HTML = "html"
    MMD = "mmd"
    PDF = "pdf"
    PNG = "png"


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
    picture: Annotated[
        list[More] | None,
        typer.Option(
            "--picture",
            metavar="FORM",
            help=f"Also write the picture as {', '.join(More)}; repeatable.",
        ),
    ] = None,
    depth: DepthOption = None,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
    error_format: ErrorFormatOption = ErrorFormat.FULL,
    strict: StrictOption = False,
) -> None:
    """Write source, table and picture of a spec, and verify the module. It runs once on meta."""
    clock = Clock()
    with told_as(error_format), clock.stage("check"):
        network = open_network(spec, set_, input_, variant, limit, plugin)
        if strict and network.warnings:
            raise SpecError(as_errors(network.warnings))
    say = partial(typer.echo, err=error_format.for_programs)
    folder = folder_in(output, network.name)
    table = network.summary()
    files = _files(network, table, picture or ())
    written, failed = _write(files, folder, network.files, clock)
    say(network.summary(depth=depth) if depth is not None else table)
    if network.warnings or error_format.for_programs:
        print_diagnostics(network.warnings, error_format)
    for note in network.notes:
        typer.echo(f"note: {note}", err=True)
    failed += _verify(network, clock, say)
    say(f"wrote    {folder}/: {', '.join(written)}")
    say("\n".join(textwrap.wrap(f"times    {clock}", WIDTH, subsequent_indent=" " * 9)))
    for each in failed:
        print_usage_error(each)
    if failed:
        raise typer.Exit(USAGE_ERROR)


def _files(
    network: Network, table: str, more: Iterable[More]
) -> dict[str, Callable[[], str | bytes]]:
    """File name -> what makes its content."""
    name = slug(network.name)
    drawing = network.draw()
    return {
        f"{name}.py": network.source,
        f"{name}.svg": network.to_svg,
        f"{name}.gv": network.to_gv,
        "summary.txt": lambda: table,
        "graph.json": lambda: to_json(graph_record(network.graph, locate)),
        **{f"{name}.{form}": partial(FORMS[f".{form}"], drawing) for form in more},
    }


def _write(
    files: Mapping[str, Callable[[], str | bytes]],
    folder: Path,
    inputs: Sequence[Path],
    clock: Clock,
) -> tuple[list[str], list[UsageError]]:
    """Write what can be: the names, and the errors of what only Graphviz could have painted."""
    written, failed = [], []
    for name, make in files.items():
        try:
            with clock.stage(name.rpartition(".")[2] if name != "summary.txt" else "table"):
                write_file(folder / name, make(), inputs=inputs)
        except UsageError as error:
            if error.code != "NS504":
                raise
            failed.append(error)
        else:
            written.append(name)
    return written, failed


def _verify(network: Network, clock: Clock, say: Callable[[str], None]) -> Sequence[UsageError]:
    """Compile and run once on meta; an error when torch is missing."""
    from netspec.emit.torch_module import check_on_meta

    try:
        with clock.stage("module"):
            mismatches = check_on_meta(network.graph)
    except UsageError as error:
        return [error]
    if mismatches:
        raise AssertionError(f"the module disagrees with the inferred shapes: {mismatches}")
    scopes = sum(1 for _ in network.graph.root.scopes())
    say(f"verified {scopes} scopes: the module's shapes on meta equal the inferred ones")
    return ()


def _milliseconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
