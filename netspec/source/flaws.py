"""A flaw: a broken rule with its offsets, and the text with the sure fixes applied.

A flow trap (a comma inside `$(...)`) makes libyaml misread everything behind it. Guessing which later
errors are consequences was rejected: it hides real ones. Instead a flaw whose fix is sure is mended in
the text, the text is read again, and what is still wrong then is wrong by itself; `Revision` keeps the
mended text and leads its offsets back to the text as written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flaw:
    """A broken rule from offset `start` up to `end`; `secondary` are other stretches that explain it.

    When `values` has a `replacement`, that text in place of the stretch is a sure fix.
    """

    rule: str
    start: int
    end: int
    values: dict[str, object] = field(default_factory=dict)
    secondary: tuple[tuple[int, int], ...] = ()

    @property
    def replacement(self) -> str | None:
        """What to write instead, when that is sure."""
        found = self.values.get("replacement")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One replacement, in offsets of the text as written."""

    start: int
    end: int
    replacement: str


class Revision:
    """A text with edits applied, and the way back from its offsets to those of the text."""

    def __init__(self, text: str, edits: Sequence[Edit] = ()) -> None:
        self._edits = sorted(edits)
        parts: list[str] = []
        self._starts: list[int] = []  # where each edit begins in the revised text
        position = length = 0
        for edit in self._edits:
            parts += (text[position : edit.start], edit.replacement)
            length += edit.start - position
            self._starts.append(length)
            length += len(edit.replacement)
            position = edit.end
        self.text = "".join((*parts, text[position:])) if parts else text

    def original(self, offset: int) -> int:
        """The offset in the text as written of `offset` in the revised text."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        edit = self._edits[index]
        inside = offset - self._starts[index]
        if inside < len(edit.replacement):
            return min(edit.start + inside, edit.end)
        return edit.end + inside - len(edit.replacement)

    def edit(self, flaw: Flaw) -> Edit | None:
        """The edit that mends `flaw`, unless it has no sure fix or touches what is mended already."""
        if flaw.replacement is None:
            return None
        new = Edit(self.original(flaw.start), self.original(flaw.end), flaw.replacement)
        clash = any(new.start < old.end and old.start < new.end for old in self._edits)
        return None if clash or new in self._edits else new
