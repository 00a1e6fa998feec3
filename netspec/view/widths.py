"""What differs in a frame that stands for the same block with several widths.

Either a table, as in a paper's Table 1, or in each box the first and the last number: `64 … 224`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netspec.graph import Node, Scope
from netspec.ops import Category
from netspec.view.labels import channels_of, count, size
from netspec.view.parts import Group, Part, Unit


@dataclass(frozen=True)
class Widths:
    """`rows` of a table begin with the head.

    `channels` maps a box to what stands for its channels: the column that has them, or how they grow.
    `varied` are the boxes that do not cost the same in each copy.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    channels: Mapping[Unit, str] = field(default_factory=dict)
    varied: frozenset[Unit] = frozenset()

    @property
    def differ(self) -> bool:
        """Whether the frame stands for layers that are not equal."""
        return bool(self.channels or self.rows)


def widths(group: Group, *, table: bool) -> Widths:
    """What differs between the scopes of a run; nothing when they are equal."""
    runs = [list(scope.nodes()) for scope in group.run]
    if len(runs) < 2:
        return Widths()
    place = {node: at for at, node in enumerate(runs[0])}
    channels: dict[Unit, str] = {}
    found: list[tuple[str, ...]] = []
    varied = set()
    for unit in _units(group.parts):
        places = [place[node] for node in unit.nodes]
        if len({_costs(nodes, places) for nodes in runs}) > 1:
            varied.add(unit)
        counts = tuple(channels_of(nodes[places[-1]].outputs[0]) for nodes in runs)
        if len(set(counts)) == 1 or (table and not _chosen(unit)):
            continue
        channels[unit] = f"{counts[0]} … {counts[-1]}"
        if table:
            last = places[-1] == len(runs[0]) - 1
            channels[unit] = "out" if last else unit.path.removeprefix(f"{group.scope.path}.")
            found.append((channels[unit], *counts))
    if not table:
        return Widths((), channels, frozenset(varied))
    sizes = tuple(size(nodes[-1].outputs[0]) for nodes in runs)
    if len(set(sizes)) > 1:
        found.append(("size", *sizes))
    if not found:
        return Widths()
    names = ("", *_names(group.run))
    rows = tuple(zip(names, *found, ("params", *map(_params, runs)), strict=True))
    return Widths(rows, channels, frozenset(varied))


def _units(parts: Sequence[Part]) -> Iterator[Unit]:
    for part in parts:
        if isinstance(part, Group):
            yield from _units(part.parts)
        elif isinstance(part, Unit):
            yield part


def _chosen(unit: Unit) -> bool:
    """Whether the channels of a box are a choice or a sum: of a pool they are those of its input."""
    return any(
        node.op.parameter_count or node.op.drawn_as() is Category.MERGE for node in unit.nodes
    )


def _costs(nodes: Sequence[Node], places: Sequence[int]) -> tuple[int, int]:
    """Parameters and multiply-accumulates of the box whose ops have these places."""
    own = [nodes[at] for at in places]
    return sum(node.op.parameter_count for node in own), sum(node.macs for node in own)


def _names(run: Sequence[Scope]) -> tuple[str, ...]:
    """`inception_3a`; copies of one layer with its name: `layer1.0`."""
    return tuple(
        ".".join(scope.path.split(".")[-2:]) if scope.name.isdigit() else scope.name
        for scope in run
    )


def _params(nodes: Sequence[Node]) -> str:
    return count(sum(node.op.parameter_count for node in nodes))
