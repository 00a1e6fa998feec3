"""One source line with what is marked on it: underlines, connectors and labels.

A line is laid out in terminal columns, not characters: tabs are four columns, wide letters two, escaped
characters as many as their escape. Everything is placed on a `Canvas` by column, so that marks and labels
cannot overlap. Rejected: a terminal library, whose output depends on the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from netspec.diagnostics.printable import columns, printable, printable_character

_TAB = "    "
_CUT = "..."
_CONTEXT = 12  # columns that stay visible before a mark in a line that is cut


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` up to `end` of one line, from 0; `text` is the label under them."""

    start: int
    end: int
    primary: bool
    text: str = ""

    @property
    def sign(self) -> str:
        """What underlines it."""
        return "^" if self.primary else "-"

    @property
    def style(self) -> str:
        """How it is coloured."""
        return "primary" if self.primary else "secondary"


@dataclass(slots=True)
class Canvas:
    """One row of output, written by column; later writing wins. Styles are kept beside the text."""

    cells: list[tuple[str, str]] = field(default_factory=list)

    def write(self, column: int, text: str, style: str = "") -> None:
        """Put `text` at `column`; a wide letter takes two cells, the second of them empty."""
        position = column
        for character in text:
            width = columns(character)
            if width == 0 and position > 0:  # an accent belongs to the letter before it
                before, old = self.cells[position - 1]
                self.cells[position - 1] = (before + character, old)
                continue
            width = max(width, 1)
            self.cells += [(" ", "")] * (position + width - len(self.cells))
            self.cells[position : position + width] = [(character, style), ("", style)][:width]
            position += width

    def shift(self, by: int) -> None:
        """Move everything `by` columns to the right."""
        self.cells[:0] = [(" ", "")] * by

    def runs(self) -> Iterator[tuple[str, str]]:
        """(text, style) from left to right, without trailing spaces."""
        end = len(self.cells)
        while end and self.cells[end - 1][0] == " ":
            end -= 1
        text, style = "", ""
        for character, own in self.cells[:end]:
            if own != style:
                if text:
                    yield text, style
                text, style = "", own
            text += character
        if text:
            yield text, style

    def __str__(self) -> str:
        return "".join(text for text, _ in self.runs())


Placed = tuple[int, int, Mark]


@dataclass(frozen=True, slots=True)
class Layout:
    """A source line as printed: `text` fits the width, and characters have columns in it."""

    text: str
    offsets: tuple[int, ...]
    shift: int
    last: int

    @classmethod
    def of(cls, source: str, marks: Sequence[Mark], width: int) -> Layout:
        """Lay out a line; when it is too long, the part around its primary mark."""
        parts = [_TAB if part == "\t" else printable_character(part) for part in source]
        text = "".join(parts)
        offsets = tuple(accumulate(map(columns, parts), initial=0))
        total = offsets[-1]
        whole = cls(text, offsets, 0, total + 1)
        if total <= width:
            return whole
        start, end = min(
            (whole.place(mark) for mark in marks if mark.primary),
            default=min(map(whole.place, marks), default=(0, 0)),
        )
        shift = 0
        if end > width - _CONTEXT:
            shift = max(min(start - _CONTEXT, total - width // 2), 0)
        visible = _slice(text, shift, shift + width)
        if shift:
            visible = _CUT + _slice(visible, len(_CUT), width)
        if shift + width < total:
            visible = _slice(visible, 0, width - len(_CUT)) + _CUT
        return cls(visible, whole.offsets, shift, width)

    def place(self, mark: Mark) -> tuple[int, int]:
        """The columns of a mark: at least one, also behind the end of the line, never outside."""
        most = len(self.offsets) - 1
        start = self.offsets[min(mark.start, most)]
        end = max(self.offsets[min(mark.end, most)], start + 1)
        start = min(max(start - self.shift, 0), self.last - 1)
        return start, max(min(end - self.shift, self.last), start + 1)


def marked_line(source: str, marks: Sequence[Mark], width: int) -> list[Canvas]:
    """A line, then the rows under it, `width` columns wide where the labels allow it.

    >>> print(*marked_line("- conv: 0", [Mark(8, 9, True, "zero")], 80), sep="|")
    - conv: 0|        ^ zero
    """
    layout = Layout.of(source, marks, width)
    line = Canvas()
    line.write(0, layout.text)
    if not marks:
        return [line]
    return [line, *_under([(*layout.place(mark), mark) for mark in marks], width)]


def _slice(text: str, start: int, end: int) -> str:
    """The columns from `start` up to `end`; a wide letter that is cut in half becomes a space."""
    result: list[str] = []
    position = 0
    for character in text:
        width = columns(character)
        if position >= start and position + width <= end:
            result.append(character)
        elif width == 2 and start - 1 <= position < end:
            result.append(" ")
        position += width
    return "".join(result)


def _under(placed: Sequence[Placed], width: int) -> list[Canvas]:
    """The row of underlines, then the labels that do not fit beside them, rightmost first."""
    underline = Canvas()
    for start, end, mark in sorted(placed, key=lambda entry: entry[2].primary):
        underline.write(start, mark.sign * (end - start), mark.style)
    labelled = sorted(
        (entry for entry in placed if entry[2].text),
        key=lambda entry: (entry[0], entry[2].primary),
        reverse=True,
    )
    last = max(end for _, end, _ in placed)
    if labelled and _stands_beside(labelled[0], last, width):
        _, _, mark = labelled.pop(0)
        underline.write(last + 1, printable(mark.text), mark.style)
    return [underline, *_hanging(labelled, width)]


def _stands_beside(rightmost: Placed, last: int, width: int) -> bool:
    """Whether the label of the rightmost mark stands on the row of underlines."""
    _, end, mark = rightmost
    return end == last and last + 1 + columns(printable(mark.text)) <= width


def _hanging(labelled: Sequence[Placed], width: int) -> list[Canvas]:
    """A row of connectors, then one label a row, each at its mark's first column or further left."""
    if not labelled:
        return []
    first = Canvas()
    for start, _, mark in reversed(labelled):
        first.write(start, "|", mark.style)
    result = [first]
    for number, (start, _, mark) in enumerate(labelled):
        row = Canvas()
        text = printable(mark.text)
        begin = max(min(start, width - columns(text)), 0)
        for other, _, left in reversed(labelled[number + 1 :]):
            if other < begin:
                row.write(other, "|", left.style)
        row.write(begin, text, mark.style)
        result.append(row)
    return result
