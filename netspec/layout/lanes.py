"""Interval colouring: which of several lines beside the boxes may share a column.

Two intervals that touch get different columns. In each cluster of overlapping intervals the one that
starts first gets the outermost column, so nested lines do not cross.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

Interval = tuple[float, float]


def columns(intervals: Sequence[Interval]) -> list[int]:
    """For each interval its column, 0 being the innermost. n intervals take O(n log n)."""
    found = [0] * len(intervals)
    for cluster in _clusters(intervals):
        colours = _coloured([intervals[place] for place in cluster])
        outermost = max(colours)
        for place, colour in zip(cluster, colours, strict=True):
            found[place] = outermost - colour
    return found


def _clusters(intervals: Sequence[Interval]) -> list[tuple[int, ...]]:
    clusters: list[list[int]] = []
    reach = float("-inf")
    for place in sorted(range(len(intervals)), key=lambda place: (intervals[place][0], place)):
        start, stop = intervals[place]
        if start > reach:
            clusters.append([])
        clusters[-1].append(place)
        reach = max(reach, stop)
    return [tuple(cluster) for cluster in clusters]


def _coloured(intervals: Sequence[Interval]) -> list[int]:
    """The lowest free colour for each, in order of their starts."""
    free: list[int] = []
    busy: list[tuple[float, int]] = []
    colours = []
    for start, stop in intervals:
        while busy and busy[0][0] < start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        colour = heapq.heappop(free) if free else len(busy)
        heapq.heappush(busy, (stop, colour))
        colours.append(colour)
    return colours
