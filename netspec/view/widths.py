"""The table of a frame that stands for the same block with several widths, as in a paper's Table 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netspec.graph import Node, Scope
from netspec.ops import Category
from netspec.view.labels import count, size
from netspec.view.parts import Group, Part, Unit


@dataclass(frozen=True)
class Widths:
    """`rows` begin with the head. `columns` maps a box to the column that has its channels."""

    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[Unit, str]


NO_WIDTHS = Widths((), {})


def widths(group: Group) -> Widths:
    """One row per scope of the run; one column per box whose channels differ; none when all are equal."""
    runs = [list(scope.nodes()) for scope in group.run]
    if len(runs) < 2:
        return NO_WIDTHS
    place = {node: at for at, node in enumerate(runs[0])}
    columns: dict[Unit, str] = {}
    found: list[tuple[str, ...]] = []
    for unit in _chosen(group.parts):
        at = place[unit.nodes[-1]]
        channels = tuple(str(nodes[at].outputs[0].channels) for nodes in runs)
        if len(set(channels)) > 1:
            last = at == len(runs[0]) - 1
            columns[unit] = "out" if last else unit.path.removeprefix(f"{group.scope.path}.")
            found.append((columns[unit], *channels))
    sizes = tuple(size(nodes[-1].outputs[0].shape) for nodes in runs)
    if len(set(sizes)) > 1:
        found.append(("size", *sizes))
    if not found:
        return NO_WIDTHS
    names = ("", *_names(group.run))
    return Widths(tuple(zip(names, *found, ("params", *map(_params, runs)), strict=True)), columns)


def _chosen(parts: Sequence[Part]) -> Iterator[Unit]:
    """The boxes whose channels are a choice or a sum: of a pool they are those of its input."""
    for part in parts:
        if isinstance(part, Group):
            yield from _chosen(part.parts)
        elif isinstance(part, Unit) and any(
            node.op.parameter_count or node.op.drawn_as() is Category.MERGE for node in part.nodes
        ):
            yield part


def _names(run: Sequence[Scope]) -> tuple[str, ...]:
    """`inception_3a`; copies of one layer with its name: `layer1.0`."""
    return tuple(
        ".".join(scope.path.split(".")[-2:]) if scope.name.isdigit() else scope.name
        for scope in run
    )


def _params(nodes: Sequence[Node]) -> str:
    return count(sum(node.op.parameter_count for node in nodes))
