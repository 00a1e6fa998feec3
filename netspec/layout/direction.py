"""Which way the stream flows. The layout is made in flow coordinates, x across the stream and y along it.

Only sizes know the direction before everything is placed; one transposition at the end turns the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netspec.layout.boxes import Point


class Direction(StrEnum):
    """The way of the stream."""

    TB = "TB"  # top to bottom
    LR = "LR"  # left to right


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: top left corner and size."""

    x: float
    y: float
    width: float
    height: float

    def turned(self, direction: Direction) -> Rect:
        """From flow coordinates to those of the picture."""
        if direction is Direction.TB:
            return self
        return Rect(self.y, self.x, self.height, self.width)


def turned(point: Point, direction: Direction) -> Point:
    """From flow coordinates to those of the picture."""
    return point if direction is Direction.TB else (point[1], point[0])
