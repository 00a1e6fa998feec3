"""Edges -> strokes of a pen: where edges share a line, it is drawn once, and one arrow ends it.

Lines drawn twice look bolder than the rest, since their soft edges add up. An edge starts where it leaves
what the edges of the same source have drawn, and ends where it joins what those to the same target have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.layout.boxes import PlacedEdge, Point


@dataclass(frozen=True, slots=True)
class Stroke:
    """What is left to draw of an edge; `arrow` says whether it reaches its target."""

    edge: PlacedEdge
    points: tuple[Point, ...]
    arrow: bool


def strokes(edges: Sequence[PlacedEdge], lead: float) -> Iterator[Stroke]:
    """One per edge that draws something new, solid edges and those of the usual kind first.

    A shared line is drawn again over its last `lead` pixels, so that a corner there can be round.
    """
    leaving: defaultdict[str, list[tuple[Point, ...]]] = defaultdict(list)
    arriving: defaultdict[str, list[tuple[Point, ...]]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: (edge.edge.dashed, edge.edge.kind)):
        points = _without_shared(edge.points, leaving[edge.edge.source], lead)
        leaving[edge.edge.source].append(edge.points)
        arrived = arriving[edge.edge.target]
        back = _without_shared(points[::-1], arrived, lead) if len(points) > 1 else points
        arrived.append(edge.points[::-1])
        if len(back) > 1:
            yield Stroke(edge, back[::-1], back[0] == edge.points[-1])


def _without_shared(
    points: tuple[Point, ...], drawn: Sequence[tuple[Point, ...]], lead: float
) -> tuple[Point, ...]:
    """`points` from where they leave the last of the `drawn` lines that they follow.

    One point is left of a line that was drawn to its end.
    """
    if points in drawn:
        return points[-1:]
    shared = max((_shared(points, line) for line in drawn), default=0.0)
    return _from(points, shared - lead) if shared > lead else points


def _shared(one: Sequence[Point], other: Sequence[Point]) -> float:
    """How far two lines run together from their common start."""
    length = 0.0
    if one[0] != other[0]:
        return length
    for at in range(1, min(len(one), len(other))):
        if one[at] == other[at]:
            length += _length(one[at - 1], one[at])
            continue
        start = one[at - 1]
        (x, y), (u, v) = one[at], other[at]
        if x == u == start[0] and (y > start[1]) == (v > start[1]):
            length += min(abs(y - start[1]), abs(v - start[1]))
        elif y == v == start[1] and (x > start[0]) == (u > start[0]):
            length += min(abs(x - start[0]), abs(u - start[0]))
        break
    return length


def _from(points: Sequence[Point], distance: float) -> tuple[Point, ...]:
    """The rest of a line behind `distance`."""
    for at in range(1, len(points)):
        length = _length(points[at - 1], points[at])
        if distance < length:
            (x, y), (u, v) = points[at - 1], points[at]
            share = distance / length
            return ((x + (u - x) * share, y + (v - y) * share), *points[at:])
        distance -= length
    return (points[-1],)


def _length(start: Point, stop: Point) -> float:
    return abs(start[0] - stop[0]) + abs(start[1] - stop[1])
