"""Edges between boxes -> wires inside each frame, and skips across them.

The *stream* enters a frame at one place, its top, and leaves at one place, its bottom: the wires of a frame
join its entry, its children and its exit, and an edge is a chain of wires. A frame that reads several
values takes the latest as its stream; a frame that gives several gives the last. Whatever else crosses a
border is a *skip*: it leaves its source, runs beside everything between, and comes back at its target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from netspec.layout.boxes import Box, Edge
from netspec.layout.tree import Tree

IN = -1
"""The entry of a frame, as a slot; its exit is the number of its children."""


@dataclass(frozen=True, slots=True)
class Wire:
    """From slot to slot inside a frame; `nth` tells several wires between the same two apart."""

    frame: int
    source: int
    target: int
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Skip:
    """From item to item past everything between; `frame` holds both, inside `start` and `stop`."""

    frame: int
    source: int
    target: int
    start: int
    stop: int


Path: TypeAlias = tuple[Wire | Skip, ...]


@dataclass
class Inside:
    """What runs inside one frame. `pinned` slots hold an end of a skip: they stay on the spine."""

    wires: list[tuple[int, int]] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    pinned: set[int] = field(default_factory=set)
    leaving: set[int] = field(default_factory=set)
    """Slots from which a skip starts."""
    arriving: set[int] = field(default_factory=set)
    """Slots at which a skip ends."""


@dataclass(frozen=True)
class Wiring:
    """`inside` maps the number of a frame to its wires; `paths` has one entry per edge."""

    inside: Mapping[int, Inside]
    paths: tuple[Path, ...]


def wire(tree: Tree, edges: Sequence[Edge]) -> Wiring:
    """Split every edge into wires and skips."""
    ends = [(tree.leaves[edge.source], tree.leaves[edge.target]) for edge in edges]
    ways = [tree.ways(*pair) for pair in ends]
    exits: dict[int, int] = {}
    entries: dict[int, int] = {}
    for (source, _), (up, down, _) in zip(ends, ways, strict=True):
        for frame in up[1:]:
            exits[frame] = max(exits.get(frame, -1), source)
        for frame in down[:-1]:
            entries[frame] = max(entries.get(frame, -1), source)
    draft = _Draft(tree)
    paths = []
    for (source, _), (up, down, common) in zip(ends, ways, strict=True):
        climbed = 1  # how many items of `up` the stream passes: the box itself, then frames
        while climbed < len(up) and exits[up[climbed]] == source:
            climbed += 1
        sunk = len(down) - 1
        while sunk > 0 and entries[down[sunk - 1]] == source:
            sunk -= 1
        paths.append(draft.path(up, down, common, climbed, sunk))
    draft.begin({target for _, target in ends})
    return Wiring(draft.inside, tuple(paths))


class _Draft:
    """The wires of every frame while they are collected."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.inside: defaultdict[int, Inside] = defaultdict(Inside)
        self._counts: Counter[tuple[int, int, int]] = Counter()

    def path(
        self, up: Sequence[int], down: Sequence[int], common: int, climbed: int, sunk: int
    ) -> Path:
        """The stream leaves `up[:climbed]` and enters `down[sunk:]`; a skip joins what is between."""
        slot = self.tree.slot
        pieces: list[Wire | Skip] = [
            self._wire(frame, slot[inner], len(self.tree.children[frame]), single=True)
            for inner, frame in pairwise(up[:climbed])
        ]
        if climbed == len(up) and sunk == 0:
            single = not isinstance(self.tree.items[down[0]], Box)
            pieces.append(self._wire(common, slot[up[-1]], slot[down[0]], single=single))
        else:
            pieces.append(self._skip(common, up[climbed - 1 :], down[: sunk + 1]))
        for frame, inner in pairwise(down[sunk:]):
            single = not isinstance(self.tree.items[inner], Box)
            pieces.append(self._wire(frame, IN, slot[inner], single=single))
        return tuple(pieces)

    def begin(self, targets: AbstractSet[int]) -> None:
        """Several inputs of the picture stand side by side: wires that no edge takes lead to them."""
        tree = self.tree
        starts = [
            child
            for child in tree.children[0]
            if isinstance(tree.items[child], Box) and child not in targets
        ]
        if len(starts) > 1:
            self.inside[0].wires[:0] = [(IN, tree.slot[child]) for child in starts]

    def _wire(self, frame: int, source: int, target: int, *, single: bool) -> Wire:
        """`single`: all edges from there to here share one wire (they part or met elsewhere)."""
        key = (frame, source, target)
        count = self._counts[key]
        if single and count:
            return Wire(*key)
        self._counts[key] += 1
        self.inside[frame].wires.append((source, target))
        return Wire(*key, count)

    def _skip(self, common: int, up: Sequence[int], down: Sequence[int]) -> Skip:
        tree = self.tree
        for item in (*up, *down):
            self.inside[tree.parent[item]].pinned.add(tree.slot[item])
        source, target = up[0], down[-1]
        self.inside[tree.parent[source]].leaving.add(tree.slot[source])
        self.inside[tree.parent[target]].arriving.add(tree.slot[target])
        skip = Skip(common, source, target, tree.slot[up[-1]], tree.slot[down[0]])
        self.inside[common].skips.append(skip)
        return skip
