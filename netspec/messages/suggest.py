"""Did you mean: candidates near a misspelt word.

The distance is optimal string alignment, in which a transposition is one edit: that is what fingers do.
No guess is better than a silly one, so a candidate must be within a third of the word's length, and
share more with it than it differs: a single letter is near nothing but itself in the other case.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from netspec.messages.lookalikes import latin

_SHORTEST_PART = 3


def suggest(word: str, candidates: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """Candidates near `word`, nearest first: within distance max(len, 3) / 3, less than half of them.

    Case does not count, nor does the width of full-width letters.

    Behind them come names that contain the word as whole words of theirs: `kernel`, `kernel_size`.

    >>> suggest("cnov", ["conv", "concat", "linear"])
    ('conv',)
    """
    from rapidfuzz.distance import OSA  # a right spec has no use for it

    seen = latin(word)
    if seen != word and seen in candidates:
        return (seen,)
    wanted = seen.lower()
    limit = max(len(wanted), 3) // 3
    near: dict[str, int] = {}
    for candidate in candidates:
        if candidate == word:
            continue
        other = candidate.lower()
        longer = max(len(wanted), len(other))
        far = limit + 1
        if abs(len(wanted) - len(other)) <= limit:
            far = OSA.distance(wanted, other, score_cutoff=limit)
        if far <= limit and 2 * far < longer:
            near[candidate] = far
        elif len(wanted) >= _SHORTEST_PART and wanted in other and f"_{wanted}_" in f"_{other}_":
            near[candidate] = limit + 1
    return tuple(nsmallest(most, near, key=lambda candidate: (near[candidate], candidate)))
