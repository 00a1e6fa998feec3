"""Did you mean: candidates near a misspelt word."""

from __future__ import annotations

from collections.abc import Sequence


def suggest(word: str, candidates: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Candidates within optimal string alignment distance max(len, 3) / 3, nearest first."""
    limit = max(len(word), 3) / 3
    near = [(distance(word.lower(), other.lower()), other) for other in candidates]
    return tuple(other for far, other in sorted(near) if far <= limit)[:most]


def distance(a: str, b: str) -> int:
    """Optimal string alignment distance: a transposition is one edit."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        two_ago, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, two_ago[j - 2] + 1)
            row.append(best)
    return row[-1]
