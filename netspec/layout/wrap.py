"""A long trunk in columns: where it may break, and what each column then holds.

A trunk breaks between two stages where one line and nothing else goes from item to item: no branches, and
no lane beside them. A stage that begins with branches stays with what is before it, up to their merge; a
column that hardly makes the picture lower is none. Rejected: breaking anywhere (a stage is what a reader
looks for), and a number of columns to be given (the shape of a page is what it is about).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from netspec.layout import spacing as sp
from netspec.layout.measured import Body, Sheet
from netspec.layout.reduction import BREAK, LINE, Series
from netspec.layout.series import Plan
from netspec.layout.wiring import IN, Inside

_MOST_COLUMNS = 8
_NOWHERE = IN - 1
_NONE: tuple[float, float, tuple[int, ...]] = (float("inf"), float("inf"), ())
_LOWER = 0.9
"""What the height of a picture with one more column is at most, as a part of what it was."""


@dataclass(frozen=True)
class Part:
    """What one column holds; `outer` are the slots before and after it, of which a break is none."""

    plan: Plan
    inside: Inside
    outer: tuple[int, int]


def wraps(
    whole: Body, plan: Plan, inside: Inside, stages: AbstractSet[int]
) -> Iterator[tuple[int, ...]]:
    """For each number of columns the places of `plan.series` at which a new one begins."""
    places = _places(plan, inside, stages)
    tops = whole.run.tops
    for count in range(2, min(_MOST_COLUMNS, len(places) + 1) + 1):
        yield _evenly([tops[at] for at in places], whole.run.height, places, count)


def _places(plan: Plan, inside: Inside, stages: AbstractSet[int]) -> list[int]:
    vertices, links = plan.series.vertices, plan.series.links
    at = {slot: place for place, slot in enumerate(vertices)}
    beside = [(at.get(source, -1), at.get(target, len(at))) for source, target in plan.series.lanes]
    beside += [(at[skip.start], at[skip.stop]) for skip in inside.skips]
    found = []
    for place, (before, slot) in enumerate(pairwise(vertices), 1):
        if any(each in stages for each in range(before + 1, slot + 1)):
            begins = place + 1 if links[place].branches else place
            lone = begins < len(vertices) and links[begins] == LINE
            if lone and not any(first < begins <= last for first, last in beside):
                found.append(begins)
    return list(dict.fromkeys(found))


def _evenly(
    tops: Sequence[float], height: float, places: Sequence[int], count: int
) -> tuple[int, ...]:
    """The `count - 1` places that make the longest column shortest, and the others alike."""
    ends = [*tops, height]
    # best[i]: the longest column, the sum of squares and the breaks when the columns so far end at ends[i].
    best: list[tuple[float, float, tuple[int, ...]]] = [(end, end**2, ()) for end in ends]
    for _ in range(count - 1):
        best = [
            min((_longer(best[j], ends[i] - ends[j], places[j]) for j in range(i)), default=_NONE)
            for i in range(len(ends))
        ]
    return best[-1][2]


def _longer(
    before: tuple[float, float, tuple[int, ...]], length: float, place: int
) -> tuple[float, float, tuple[int, ...]]:
    longest, squares, breaks = before
    return max(longest, length), squares + length**2, (*breaks, place)


def split(plan: Plan, inside: Inside, breaks: Sequence[int]) -> Iterator[Part]:
    """The parts of a plan between `breaks`."""
    vertices, links = plan.series.vertices, plan.series.links
    starts, stops = [0, *breaks], [*breaks, len(vertices)]
    for start, stop in zip(starts, stops, strict=True):
        first, last = start == 0, stop == len(vertices)
        slots = {*vertices[start:stop], *([IN] if first else ()), *([plan.end] if last else ())}
        inner = (*links[start:stop], links[stop] if last else BREAK)
        part = replace(
            plan,
            series=Series(
                vertices[start:stop],
                inner,
                tuple(lane for lane in plan.series.lanes if lane[0] in slots),
            ),
            hangs={slot: hung for slot, hung in plan.hangs.items() if slot in slots},
        )
        skips = [skip for skip in inside.skips if skip.start in slots]
        outer = (IN if first else _NOWHERE, plan.end if last else _NOWHERE)
        yield Part(part, replace(inside, skips=skips), outer)


def better(best: Sheet, sheet: Sheet) -> Sheet:
    """The rounder of two, unless the second has more columns and is hardly lower."""
    if sheet_height(sheet) > _LOWER * sheet_height(best):
        return best
    return min(best, sheet, key=_roundness)


def _roundness(sheet: Sheet) -> float:
    """How far a picture is from a square; 0 is one."""
    return abs(log(sheet_width(sheet) / sheet_height(sheet)))


def sheet_width(sheet: Sheet) -> float:
    """All columns and the gaps between them."""
    return sum(body.left + body.right for body in sheet) + sp.WRAP_GAP * (len(sheet) - 1)


def sheet_height(sheet: Sheet) -> float:
    """The longest column, from the bus above it to the bus below it."""
    first, *others = sheet
    heights = [first.run.height, *(sp.MERGE + body.run.height for body in others)]
    heights += [bus_below(body) + (sp.MERGE if at else 0.0) for at, body in enumerate(sheet[:-1])]
    return max(heights)


def bus_below(body: Body) -> float:
    """How far below the top of a column the stream leaves it: what hangs there shares its bus."""
    gap = body.run.gaps[-1]
    return gap.start + sp.WRAP_LEAD if gap.fork is None else gap.fork
