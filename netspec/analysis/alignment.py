"""Two lists of things -> the pairs that belong together, in the order of both.

The best total score wins (Needleman and Wunsch 1970), so that one insertion shifts nothing. Long lists, for
which that would take too long, are first cut at what is equal in both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

Thing = TypeVar("Thing")
Pair = tuple[int | None, int | None]
"""Places in the first and in the second list; None where there is no partner."""

_MOST_CELLS = 250_000


def align(
    before: Sequence[Thing],
    after: Sequence[Thing],
    key: Callable[[Thing], Hashable],
    score: Callable[[Thing, Thing], float],
) -> list[Pair]:
    """Pairs of places; each place of either list once, what has no partner before the next pair.

    `score` says how well two belong together, 0 that they do not. `key` is equal for things that surely do.
    """
    start = 0
    while start < min(len(before), len(after)) and key(before[start]) == key(after[start]):
        start += 1
    stop = 0
    while stop < min(len(before), len(after)) - start and key(before[-1 - stop]) == key(
        after[-1 - stop]
    ):
        stop += 1
    inner = (start, len(before) - stop, start, len(after) - stop)
    pairs: list[Pair] = [(at, at) for at in range(start)]
    pairs += _between(before, after, key, score, inner)
    pairs += [(len(before) - at, len(after) - at) for at in range(stop, 0, -1)]
    return pairs


def _between(
    before: Sequence[Thing],
    after: Sequence[Thing],
    key: Callable[[Thing], Hashable],
    score: Callable[[Thing, Thing], float],
    inner: tuple[int, int, int, int],
) -> Iterator[Pair]:
    first, last, low, high = inner
    if (last - first) * (high - low) <= _MOST_CELLS:
        yield from _best(before, after, score, inner)
        return
    keys = [key(before[at]) for at in range(first, last)]
    others = [key(after[at]) for at in range(low, high)]
    at, other = first, low
    for block in SequenceMatcher(None, keys, others, autojunk=False).get_matching_blocks():
        gap = (at, first + block.a, other, low + block.b)
        if (gap[1] - gap[0]) * (gap[3] - gap[2]) <= _MOST_CELLS:
            yield from _best(before, after, score, gap)
        else:
            yield from ((place, None) for place in range(gap[0], gap[1]))
            yield from ((None, place) for place in range(gap[2], gap[3]))
        at, other = first + block.a + block.size, low + block.b + block.size
        yield from ((gap[1] + step, gap[3] + step) for step in range(block.size))


def _best(
    before: Sequence[Thing],
    after: Sequence[Thing],
    score: Callable[[Thing, Thing], float],
    inner: tuple[int, int, int, int],
) -> Iterator[Pair]:
    """The pairs of the best total score between two places of each list."""
    first, last, low, high = inner
    scores = [
        [score(before[at], after[other]) for other in range(low, high)] for at in range(first, last)
    ]
    total = [[0.0] * (high - low + 1) for _ in range(last - first + 1)]
    for at in range(last - first - 1, -1, -1):
        for other in range(high - low - 1, -1, -1):
            paired = scores[at][other]
            both = paired + total[at + 1][other + 1] if paired else 0.0
            total[at][other] = max(both, total[at + 1][other], total[at][other + 1])
    at = other = 0
    while at < last - first or other < high - low:
        here = total[at][other]
        inside = at < last - first and other < high - low
        paired = scores[at][other] if inside else 0.0
        if paired and here == paired + total[at + 1][other + 1]:
            yield first + at, low + other
            at, other = at + 1, other + 1
        elif at < last - first and here == total[at + 1][other]:
            yield first + at, None
            at += 1
        else:
            yield None, low + other
            other += 1
