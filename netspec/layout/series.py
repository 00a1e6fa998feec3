"""Wires of one frame -> a series-parallel plan: what stands under what, and what beside what.

The items of a frame are cut where every wire passes through one item; between two cuts the wires are
reduced (two wires in series become one, parallel wires become a bundle) until one is left. A stretch that
does not reduce, the only exception, puts its items on the spine in order, and every wire that passes an
item becomes a *lane* beside them. What leads nowhere (an auxiliary head) *hangs* from where it starts.

Rejected: drawing one bad stretch as a reason to give up the whole frame, and layering as Graphviz does it
(the trunk drifts, branches lose their order).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeAlias

from netspec.layout.reduction import BREAK, LINE, Series, Stretch, bundle, reduced
from netspec.layout.wiring import IN

Pairs: TypeAlias = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Plan:
    """A series from the entry to the exit, the lanes beside it, and what hangs from its items.

    `end` is the slot of the exit. `lanes` are pairs of slots. `hangs` maps a slot (or the entry) to the
    plans that hang there.
    """

    series: Series
    end: int
    lanes: tuple[tuple[int, int], ...] = ()
    hangs: Mapping[int, tuple[Plan, ...]] = field(default_factory=dict)


def plan(slots: Sequence[int], wires: Pairs, pinned: AbstractSet[int], depth: int) -> Plan:
    """The plan of a frame whose children are `slots`, in order; its exit is the next number.

    `depth` is how deep bundles inside bundles, and hangs inside hangs, may go.
    """
    end = slots[-1] + 1 if slots else IN + 1
    sources: dict[int, list[int]] = defaultdict(list)
    for source, target in wires:
        sources[target].append(source)
    if not sources[end]:
        sources[end] = [end - 1]
    alive = _leading_to(end, sources)
    kept = {IN, end, *alive}
    hanging: dict[int, list[Plan]] = defaultdict(list)
    for group in _groups([slot for slot in slots if slot not in alive], sources):
        inside = [(source, slot) for slot in sorted(group) for source in sources[slot]]
        taps = {source for source, _ in inside} - group
        if len(taps) == 1 and depth > 0 and not pinned & group:
            (tap,) = taps
            hanging[tap].append(_hang(group, inside, depth))
        else:
            kept |= group
    order = sorted(kept)
    remaining = [(source, slot) for slot in order for source in sources[slot]]
    series, lanes = _series(order, remaining, pinned, depth)
    return Plan(series, end, lanes, {tap: tuple(plans) for tap, plans in hanging.items()})


def _leading_to(end: int, sources: Mapping[int, Sequence[int]]) -> set[int]:
    """The slots from which the exit can be reached."""
    alive: set[int] = set()
    waiting = [end]
    while waiting:
        for source in sources.get(waiting.pop(), ()):
            if source != IN and source not in alive:
                alive.add(source)
                waiting.append(source)
    return alive


def _groups(slots: Sequence[int], sources: Mapping[int, Sequence[int]]) -> list[set[int]]:
    """The connected groups of `slots`, in order."""
    near: dict[int, list[int]] = {slot: [] for slot in slots}
    for slot in slots:
        for source in sources.get(slot, ()):
            if source in near:
                near[slot].append(source)
                near[source].append(slot)
    groups: list[set[int]] = []
    seen: set[int] = set()
    for slot in slots:
        if slot in seen:
            continue
        group, waiting = {slot}, [slot]
        while waiting:
            for other in near[waiting.pop()]:
                if other not in group:
                    group.add(other)
                    waiting.append(other)
        seen |= group
        groups.append(group)
    return groups


def _hang(group: set[int], wires: Pairs, depth: int) -> Plan:
    """What hangs is a small frame of its own, without a border: its tap is its entry."""
    inside = [(source if source in group else IN, target) for source, target in wires]
    return plan(sorted(group), inside, frozenset(), depth - 1)


def _series(
    order: Sequence[int], wires: Pairs, pinned: AbstractSet[int], depth: int
) -> tuple[Series, tuple[tuple[int, int], ...]]:
    """The series over `order`, which begins with the entry and ends with the exit."""
    place = {slot: index for index, slot in enumerate(order)}
    leaving: list[list[tuple[int, int]]] = [[] for _ in order]
    for rank, (source, target) in enumerate(wires):
        leaving[place[source]].append((place[target], rank))
    vertices: list[int] = []
    links = []
    lanes: list[tuple[int, int]] = []
    for start, stop in _stretches(leaving):
        edges = [(at, target, rank) for at in range(start, stop) for target, rank in leaving[at]]
        stretch = Stretch(start, stop, edges)
        free = not any(order[at] in pinned for at in range(start + 1, stop))
        link = reduced(stretch, depth) if free else None
        if link is not None:
            links.append(bundle(link, order))
            vertices.append(order[stop])
            continue
        direct = {(at, target) for at, target, _ in edges if target == at + 1}
        lanes += [(order[at], order[target]) for at, target, _ in edges if target != at + 1]
        for at in range(start, stop):
            links.append(LINE if (at, at + 1) in direct else BREAK)
            vertices.append(order[at + 1])
    return Series(tuple(vertices[:-1]), tuple(links)), tuple(dict.fromkeys(lanes))


def _stretches(leaving: Sequence[Iterable[tuple[int, int]]]) -> Iterable[tuple[int, int]]:
    """From cut to cut: an item is a cut when no wire passes it."""
    start, reach = 0, 0
    for at, wires in enumerate(leaving):
        if at > start and reach <= at:
            yield start, at
            start = at
        reach = max([reach, *(target for target, _ in wires)])
