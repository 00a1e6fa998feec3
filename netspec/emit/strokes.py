"""Edges -> strokes of a pen: where edges share a line, it is drawn once, and one arrow ends it.

Lines drawn twice look bolder than the rest, since their soft edges add up. An edge starts where it leaves
what the edges of the same source have drawn, and ends where it joins what those to the same target have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from netspec.layout.boxes import PlacedEdge, Point

RADIUS = 6.0
ARROW = 8.0
"""The length of an arrow's head, over which a line is straight."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """What is left to draw of an edge; `arrow` says whether it reaches its target."""

    edge: PlacedEdge
    points: tuple[Point, ...]
    arrow: bool

    def corners(self) -> Iterator[tuple[Point, Point, Point]]:
        """Its round corners: where each begins, its tip, and where it ends.

        Two corners share the line between them; the first and the last line have one corner each.
        """
        points = self.points
        room = [length(*ends) / 2 for ends in pairwise(points)]
        room[0] *= 2
        room[-1] = length(*points[-2:]) - ARROW * self.arrow if len(room) > 1 else 0.0
        for before, corner, after, left, right in zip(
            points, points[1:], points[2:], room, room[1:], strict=False
        ):
            radius = max(min(RADIUS, left, right), 0.0)
            yield towards(corner, before, radius), corner, towards(corner, after, radius)


def strokes(edges: Sequence[PlacedEdge]) -> Iterator[Stroke]:
    """One per edge that draws something new, solid edges and those of the usual kind first.

    A shared line is drawn again over its last pixels, so that a corner there can be round.
    """
    leaving: defaultdict[str, list[tuple[Point, ...]]] = defaultdict(list)
    arriving: defaultdict[str, list[tuple[Point, ...]]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: (edge.edge.dashed, edge.edge.kind)):
        points = _without_shared(edge.points, leaving[edge.edge.source])
        leaving[edge.edge.source].append(edge.points)
        arrived = arriving[edge.edge.target]
        back = _without_shared(points[::-1], arrived) if len(points) > 1 else points
        arrived.append(edge.points[::-1])
        if len(back) > 1:
            yield Stroke(edge, back[::-1], back[0] == edge.points[-1])


def _without_shared(
    points: tuple[Point, ...], drawn: Sequence[tuple[Point, ...]]
) -> tuple[Point, ...]:
    """`points` from where they leave the last of the `drawn` lines that they follow.

    One point is left of a line that was drawn to its end.
    """
    if points in drawn:
        return points[-1:]
    shared = max((_shared(points, line) for line in drawn), default=0.0)
    return _from(points, shared - RADIUS) if shared > RADIUS else points


def _shared(one: Sequence[Point], other: Sequence[Point]) -> float:
    """How far two lines run together from their common start."""
    distance = 0.0
    if one[0] != other[0]:
        return distance
    for at in range(1, min(len(one), len(other))):
        if one[at] == other[at]:
            distance += length(one[at - 1], one[at])
            continue
        start = one[at - 1]
        (x, y), (u, v) = one[at], other[at]
        if x == u == start[0] and (y > start[1]) == (v > start[1]):
            distance += min(abs(y - start[1]), abs(v - start[1]))
        elif y == v == start[1] and (x > start[0]) == (u > start[0]):
            distance += min(abs(x - start[0]), abs(u - start[0]))
        break
    return distance


def _from(points: Sequence[Point], distance: float) -> tuple[Point, ...]:
    """The rest of a line behind `distance`."""
    for at in range(1, len(points)):
        here = length(points[at - 1], points[at])
        if distance < here:
            return (towards(points[at - 1], points[at], distance), *points[at:])
        distance -= here
    return (points[-1],)


def length(start: Point, stop: Point) -> float:
    """The length of a line that is straight or up and down."""
    return abs(start[0] - stop[0]) + abs(start[1] - stop[1])


def towards(start: Point, goal: Point, distance: float) -> Point:
    """The point `distance` from `start` on the way to `goal`, at most at `goal`."""
    (x, y), (gx, gy) = start, goal
    whole = max(length(start, goal), distance)
    return (x + (gx - x) * distance / whole, y + (gy - y) * distance / whole) if whole else start
