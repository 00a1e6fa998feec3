"""Wires and skips -> one line per edge, from its source to its target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netspec.layout.boxes import Point
from netspec.layout.direction import turned
from netspec.layout.place import Placed
from netspec.layout.wiring import Path, Skip, Wire


def route(placed: Placed, paths: Iterable[Path]) -> Iterator[tuple[Point, ...]]:
    """The points of each edge: horizontal and vertical segments, none of length zero."""
    for path in paths:
        points = [point for piece in path for point in _piece(placed, piece)]
        yield _simple([turned(point, placed.direction) for point in points])


def _piece(placed: Placed, piece: Wire | Skip) -> tuple[Point, ...]:
    if isinstance(piece, Wire):
        ways = placed.ways[piece.frame, piece.source, piece.target]
        return ways[min(piece.nth, len(ways) - 1)]
    lane = placed.lanes[piece.frame, piece.source]
    start, stop = placed.leave[piece.source], placed.arrive[piece.target]
    return (*start, (lane, start[-1][1]), (lane, stop[0][1]), *stop)


def _simple(points: list[Point]) -> tuple[Point, ...]:
    """Without repeated points and without points in the middle of a straight segment."""
    kept: list[Point] = []
    for x, y in ((round(x, 1), round(y, 1)) for x, y in points):
        if kept and kept[-1] == (x, y):
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == x or kept[-2][1] == kept[-1][1] == y):
            kept.pop()
        kept.append((x, y))
    return tuple(kept)
