"""The table of a frame that stands for several widths, as lines for where every character is as wide."""

from __future__ import annotations

from netspec.layout.boxes import Frame


def width_lines(frame: Frame) -> list[str]:
    """One line per row: names flush left, numbers flush right."""
    rooms = [max(map(len, column)) for column in zip(*frame.table, strict=True)]
    return [
        "  ".join(
            (
                f"{row[0]:{rooms[0]}}",
                *(f"{cell:>{room}}" for cell, room in zip(row[1:], rooms[1:], strict=True)),
            )
        )
        for row in frame.table
    ]
