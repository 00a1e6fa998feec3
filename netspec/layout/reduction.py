"""Series-parallel reduction of a stretch between two cuts, in linear time.

Two rules until nothing changes: an item with one wire in and one out joins them into one wire that carries
it; wires with the same two ends become one bundle. A stretch is series-parallel when one bundle is left.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Link:
    """What joins two neighbours: nothing, a line, or several branches side by side."""

    branches: tuple[Series, ...] = ()
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """Slots from top to bottom, a link before each and after the last, and the lanes beside them.

    A lane is a pair of slots; one of a branch may begin at its fork and end at its merge.
    """

    vertices: tuple[int, ...]
    links: tuple[Link, ...]
    lanes: tuple[tuple[int, int], ...] = ()


LINE = Link()
BREAK = Link(joined=False)


@dataclass(frozen=True)
class Stretch:
    """Wires (source, target, rank) between the cuts `start` and `stop`."""

    start: int
    stop: int
    edges: Sequence[tuple[int, int, int]]


@dataclass
class Strand:
    """A wire that carries items: a series while it grows. `rank` is its place among its neighbours."""

    rank: int
    vertices: list[int] = field(default_factory=list)
    links: list[Strands] = field(default_factory=lambda: [[]])
    depth: int = 0


Strands: TypeAlias = list[Strand]


def reduced(stretch: Stretch, depth: int) -> Strands | None:
    """The strands from `start` to `stop`, or None: not series-parallel, or nested too deep.

    No strands at all mean that nothing joins the two.
    """
    out: dict[int, dict[int, Strands]] = {at: {} for at in range(stretch.start, stretch.stop + 1)}
    into: dict[int, set[int]] = {at: set() for at in out}
    for source, target, rank in stretch.edges:
        out[source].setdefault(target, []).append(Strand(rank))
        into[target].add(source)
    waiting = deque(range(stretch.start + 1, stretch.stop))
    left = len(waiting)
    while waiting:
        at = waiting.popleft()
        if at not in out or len(out[at]) != 1 or len(into[at]) != 1:
            continue
        (source,), ((target, after),) = into[at], out[at].items()
        joined = _joined(out[source].pop(at), at, after)
        del out[at]
        into[target].discard(at)
        into[target].add(source)
        out[source].setdefault(target, []).append(joined)
        left -= 1
        waiting.extend(end for end in (source, target) if stretch.start < end < stretch.stop)
    found = out[stretch.start].get(stretch.stop, [])
    too_deep = any(strand.depth >= depth for strand in found)
    return None if left or too_deep else found


def _joined(before: Strands, at: int, after: Strands) -> Strand:
    """One strand through `at`. It grows at its end: that keeps a long chain linear."""
    first, second = _one(before), _one(after)
    if len(second.vertices) > len(first.vertices):
        vertices = [*first.vertices, at, *second.vertices]
        links = [*first.links, *second.links]
    else:
        vertices, links = first.vertices, first.links
        vertices += [at, *second.vertices]
        links += second.links
    return Strand(second.rank, vertices, links, max(first.depth, second.depth))


def _one(strands: Strands) -> Strand:
    if len(strands) == 1:
        return strands[0]
    rank = min(strand.rank for strand in strands)
    return Strand(rank, [], [strands], 1 + max(strand.depth for strand in strands))


def bundle(strands: Strands, order: Sequence[int]) -> Link:
    """The finished link; places become the slots of `order`, branches stand by rank."""
    if not strands:
        return BREAK
    branches = sorted(strands, key=lambda strand: strand.rank)
    if len(branches) == 1 and not branches[0].vertices and not branches[0].links[0]:
        return LINE
    return Link(tuple(_series(strand, order) for strand in branches))


def _series(strand: Strand, order: Sequence[int]) -> Series:
    links = tuple(bundle(link, order) if link else LINE for link in strand.links)
    return Series(tuple(order[at] for at in strand.vertices), links)
