"""What to do with a stretch that is not series-parallel: which of its wires are to run beside it.

A wire that passes an item on the spine is a lane, and both ends of a lane are on the spine. So one item on
the spine brings others with it: the ends of all wires that pass it, the ends of those that pass these, and so
on. The smallest such set that is not empty is the same wherever one begins with a wire that nothing spans;
only its wires become lanes, and what is between two of its items is a smaller stretch.

Rejected: trying out which wires to take (the number of choices grows with every branch), and the wire that
spans most first (two that cross each other are both lanes or neither).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from netspec.layout.reduction import Stretch

Ranked: TypeAlias = Sequence[tuple[int, int, int]]


def cut(whole: Stretch) -> Iterator[Stretch]:
    """From cut to cut: an item is a cut when no wire passes it."""
    leaving: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for edge in whole.edges:
        leaving[edge[0]].append(edge)
    start = reach = whole.start
    for at in range(whole.start, whole.stop + 1):
        if at > start and reach <= at:
            yield Stretch(
                start, at, [edge for place in range(start, at) for edge in leaving[place]]
            )
            start = at
        reach = max([reach, *(target for _, target, _ in leaving[at])])


def side_by_side(stretch: Stretch) -> list[Ranked]:
    """The wires of each part that touches the others at the two ends alone, in the order of the merge.

    A wire from end to end is a part of its own.
    """
    near: dict[int, int] = {at: at for at in range(stretch.start + 1, stretch.stop)}

    def root(at: int) -> int:
        while near[at] != at:
            near[at] = near[near[at]]
            at = near[at]
        return at

    for source, target, _ in stretch.edges:
        if source in near and target in near:
            near[root(target)] = root(source)
    parts: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for source, target, rank in stretch.edges:
        if source in near or target in near:
            parts[root(source if source in near else target)].append((source, target, rank))
        else:
            parts[-1 - rank].append((source, target, rank))

    def order(part: Ranked) -> tuple[bool, int]:
        merging = [rank for _, target, rank in part if target == stretch.stop]
        return not merging, min(merging or [rank for *_, rank in part])

    return sorted(parts.values(), key=order)


def pulled_apart(stretch: Stretch) -> tuple[Ranked, list[Stretch]]:
    """The outermost lanes of a stretch without a cut, and what is left between their ends."""
    spine = _spine(stretch)
    lanes = [edge for edge in stretch.edges if _passes(edge, spine)]
    parts: list[list[tuple[int, int, int]]] = [[] for _ in spine[1:]]
    for edge in stretch.edges:
        if not _passes(edge, spine):
            parts[bisect_right(spine, edge[0]) - 1].append(edge)
    return lanes, [
        Stretch(start, stop, edges)
        for (start, stop), edges in zip(pairwise(spine), parts, strict=True)
    ]


def every_item_alone(stretch: Stretch) -> tuple[Ranked, list[Stretch]]:
    """All items below each other: every wire that passes one is a lane."""
    lanes = [edge for edge in stretch.edges if edge[1] > edge[0] + 1]
    parts = {at: Stretch(at, at + 1, []) for at in range(stretch.start, stretch.stop)}
    for source, target, rank in stretch.edges:
        if target == source + 1:
            parts[source] = Stretch(source, target, [(source, target, rank)])
    return lanes, list(parts.values())


def _spine(stretch: Stretch) -> list[int]:
    """The ends of the stretch, and every item that is on the spine when the outermost lanes are."""
    start, stop = stretch.start, stretch.stop
    first = [target for source, target, _ in stretch.edges if source == start and target < stop]
    spine = [start, max(first, default=start + 1), stop]
    edges = sorted(stretch.edges)
    known = 0
    while known != len(spine):  # wires in a staircase are all found in one pass
        known = len(spine)
        for edge in edges:
            if _passes(edge, spine):
                for end in edge[:2]:
                    if spine[bisect_right(spine, end) - 1] != end:
                        insort(spine, end)
    return spine


def _passes(edge: tuple[int, int, int], spine: Sequence[int]) -> bool:
    """Whether an item of the spine is strictly between the ends of a wire."""
    source, target, _ = edge
    return spine[bisect_right(spine, source)] < target
