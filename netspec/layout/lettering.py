"""Where words stand in boxes and frames, and how much room they need. In the coordinates of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from netspec.layout import spacing as sp
from netspec.layout.boxes import Box, Frame, Line
from netspec.layout.direction import Direction, Rect
from netspec.layout.text import CELL, DETAIL, HEAD, LABEL, NOTE, TITLE, Style, width

_BASELINE = 0.36
"""From the middle of a line of text down to its baseline, in ems: Helvetica's capitals are 0.72 high."""


def even(length: float) -> float:
    """Up to an even number of pixels, so that halves stay whole."""
    return 2.0 * ceil(length / 2)


def box_width(box: Box) -> float:
    """The width that a box needs for its words."""
    text = max(width(box.label, LABEL), *(width(line, DETAIL) for line in box.detail.split("\n")))
    return even(max(sp.BOX_WIDTH, text + 2 * sp.BOX_PADDING))


def box_height(lines: int) -> float:
    """The height of boxes with at most so many small lines."""
    return sp.BOX_HEIGHT + sp.LINE * max(0, lines - 1)


def title_width(frame: Frame) -> float:
    """The width that the title and the note of a frame need in one row."""
    words = width(frame.title, TITLE) + width(frame.note, NOTE)
    return even(words + 2 * sp.TITLE_INDENT + 2 * sp.TITLE_GAP)


def table_size(frame: Frame) -> tuple[float, float]:
    """Width and height of the table of a frame, 0 without one."""
    if not frame.table:
        return 0.0, 0.0
    columns = _column_widths(frame)
    wide = sum(columns) + sp.CELL_GAP * (len(columns) - 1)
    return even(wide), sp.ROW * len(frame.table)


def _column_widths(frame: Frame) -> list[float]:
    head, *rows = frame.table
    return [
        max(width(head[at], HEAD), *(width(row[at], CELL) for row in rows))
        for at in range(len(head))
    ]


def box_lines(box: Box, rect: Rect) -> tuple[Line, ...]:
    """The bold line and the small ones, centred."""
    x, middle = rect.x + rect.width / 2, rect.y + rect.height / 2
    small = box.detail.split("\n") if box.detail else []
    top = middle - sp.LINES_APART * len(small) / 2
    lines = [Line(box.label, LABEL, x, _baseline(top, LABEL))]
    for number, words in enumerate(small):
        y = top + sp.LINES_APART + sp.LINE * number
        lines.append(Line(words, DETAIL, x, _baseline(y, DETAIL)))
    return tuple(lines)


def frame_lines(frame: Frame, rect: Rect, direction: Direction) -> tuple[Line, ...]:
    """Title at the left, note at the right, and the table if there is one."""
    y = _baseline(rect.y + sp.TITLE_HEIGHT / 2, TITLE)
    left, right = rect.x + sp.TITLE_INDENT, rect.x + rect.width - sp.TITLE_INDENT
    return (
        Line(frame.title, TITLE, left, y, "start"),
        Line(frame.note, NOTE, right, y, "end"),
        *_table_lines(frame, rect, direction),
    )


def _table_lines(frame: Frame, rect: Rect, direction: Direction) -> Iterator[Line]:
    """At the right of a frame, in the middle; at the bottom when the stream flows to the right."""
    if not frame.table:
        return
    wide, high = table_size(frame)
    if direction is Direction.TB:
        left = rect.x + rect.width - sp.FRAME_PADDING - wide
        top = rect.y + sp.TITLE_HEIGHT + (rect.height - sp.TITLE_HEIGHT - high) / 2
    else:
        left = rect.x + sp.FRAME_PADDING
        top = rect.y + rect.height - sp.TABLE_GAP - high
    columns = _column_widths(frame)
    for number, row in enumerate(frame.table):
        style = CELL if number else HEAD
        y = _baseline(top + sp.ROW * (number + 0.5), style)
        x = left
        for at, (cell, room) in enumerate(zip(row, columns, strict=True)):
            if at:
                yield Line(cell, style, x + room, y, "end")
            else:
                yield Line(cell, HEAD, x, y, "start")
            x += room + sp.CELL_GAP


def _baseline(middle: float, style: Style) -> float:
    return middle + style.size * _BASELINE
