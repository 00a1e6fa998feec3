"""Wires of one frame -> a series-parallel plan: what stands under what, and what beside what.

The items of a frame are cut where every wire passes through one item; between two cuts the wires are
reduced (two wires in series become one, parallel wires become a bundle) until one is left. A stretch that
does not reduce is first taken for branches side by side, each on its own; then the wires that tangle it
become *lanes* beside it, and what is left between their ends is reduced again. What leads nowhere (an
auxiliary head) *hangs* from where it starts.

Rejected: drawing one bad stretch as a reason to give up the whole frame, or to put all its items below each
other (branches that a skip passes would seem to follow each other), and layering as Graphviz does it (the
trunk drifts, branches lose their order).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TypeAlias

from netspec.layout.reduction import Link, Series, Stretch, bundle, reduced
from netspec.layout.tangles import cut, every_item_alone, pulled_apart, side_by_side
from netspec.layout.wiring import IN

Pairs: TypeAlias = Sequence[tuple[int, int]]
Ranked: TypeAlias = Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class Plan:
    """A series from the entry to the exit, and what hangs from its items.

    `end` is the slot of the exit. `hangs` maps a slot (or the entry) to the plans that hang there.
    """

    series: Series
    end: int
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
    wires_left = [(*pair, rank) for rank, pair in enumerate(remaining)]
    series = _series(order, wires_left, pinned, depth)
    return Plan(series, end, {tap: tuple(plans) for tap, plans in hanging.items()})


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


def _series(order: Sequence[int], wires: Ranked, pinned: AbstractSet[int], depth: int) -> Series:
    """The series over `order`, which begins with the entry and ends with the exit."""
    place = {slot: at for at, slot in enumerate(order)}
    edges = [(place[source], place[target], rank) for source, target, rank in wires]
    draft = _Draft(order, pinned, depth)
    draft.lay(Stretch(0, len(order) - 1, edges), depth)
    return Series(tuple(draft.vertices[:-1]), tuple(draft.links), tuple(dict.fromkeys(draft.lanes)))


@dataclass
class _Draft:
    """A series while it grows: places in `order` become slots."""

    order: Sequence[int]
    pinned: AbstractSet[int]
    depth: int
    vertices: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    lanes: list[tuple[int, int]] = field(default_factory=list)

    def lay(self, whole: Stretch, times: int) -> None:
        """From cut to cut; what does not reduce loses its outermost lanes, `times` times at most."""
        for stretch in cut(whole):
            link = self._link(stretch)
            if link is not None:
                self.links.append(link)
                self.vertices.append(self.order[stretch.stop])
                continue
            lanes, parts = pulled_apart(stretch) if times > 0 else every_item_alone(stretch)
            self.lanes += [(self.order[source], self.order[target]) for source, target, _ in lanes]
            for part in parts:
                self.lay(part, times - 1)

    def _link(self, stretch: Stretch) -> Link | None:
        """What joins the two ends of a stretch, if it is no more than branches side by side."""
        if any(self.order[at] in self.pinned for at in range(stretch.start + 1, stretch.stop)):
            return None
        strands = reduced(stretch, self.depth)
        if strands is not None:
            return bundle(strands, self.order)
        beside = side_by_side(stretch) if self.depth > 1 else []
        if len(beside) < 2:
            return None
        return Link(tuple(self._branch(stretch, edges) for edges in beside))

    def _branch(self, stretch: Stretch, edges: Sequence[tuple[int, int, int]]) -> Series:
        """A branch with lanes of its own."""
        ends = {stretch.start, stretch.stop}
        places = sorted(ends.union(*((source, target) for source, target, _ in edges)))
        order = [self.order[at] for at in places]
        wires = [(self.order[source], self.order[target], rank) for source, target, rank in edges]
        return _series(order, wires, frozenset(), self.depth - 1)
