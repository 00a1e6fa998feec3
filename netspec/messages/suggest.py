"""Did you mean: candidates near a misspelt word.

The distance is optimal string alignment, in which a transposition is one edit: that is what fingers do.
No guess is better than a silly one, so a candidate must be within a third of the word's length, and
share more with it than it differs: a single letter is near nothing but itself in the other case.
"""

from __future__ import annotations

from collections.abc import Sequence

_SHORTEST_PART = 3


def suggest(word: str, candidates: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Candidates near `word`, nearest first: within distance max(len, 3) / 3, less than half of them.

    Case does not count.

    Behind them come names that contain the word as whole words of theirs: `kernel`, `kernel_size`.

    >>> suggest("cnov", ["conv", "concat", "linear"])
    ('conv',)
    """
    wanted = word.lower()
    limit = max(len(word), 3) / 3
    near: dict[str, float] = {}
    for candidate in candidates:
        other = candidate.lower()
        if candidate == word:
            continue
        far = distance(wanted, other) if abs(len(other) - len(wanted)) <= limit else limit + 1
        if far <= limit and 2 * far < max(len(wanted), len(other)):
            near[candidate] = far
        elif len(wanted) >= _SHORTEST_PART and f"_{wanted}_" in f"_{other}_":
            near[candidate] = limit + 1
    return tuple(sorted(near, key=lambda candidate: (near[candidate], candidate)))[:most]


def distance(a: str, b: str) -> int:
    """Edits from `a` to `b`: insertion, deletion, replacement, and swapping two neighbours.

    >>> distance("cnov", "conv"), distance("relu", "relu6")
    (1, 1)
    """
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
