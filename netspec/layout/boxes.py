"""What a layout takes and gives: a tree of boxes with edges in, the same with coordinates out.

Pure geometry: a box has words and a `kind` (a row of the painter's colour table) and nothing here knows
what an op is. Rejected: one mutable node type that gains coordinates (a half-placed picture is no value).

Coordinates are pixels, x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from netspec.layout.text import Style

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node: one bold line, small lines, and what a tooltip says. `id` is unique among boxes.

    `kind` is a row of the painter's colour table.
    """

    id: str
    kind: str
    label: str
    detail: str = ""
    tooltip: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A composite: a title at the left, a note at the right, and its children in order of the flow.

    `copies` above 1 says that it stands for so many in a row, and `table` what differs between them: rows
    of equal length, the head first. `id` is unique among frames.
    """

    id: str
    children: tuple[Box | Frame, ...]
    title: str = ""
    note: str = ""
    tooltip: str = ""
    dashed: bool = False
    copies: int = 1
    table: tuple[tuple[str, ...], ...] = ()
    kind: str = "frame"

    def boxes(self) -> Iterator[Box]:
        """All boxes inside, in order of the flow."""
        for child in self.children:
            if isinstance(child, Frame):
                yield from child.boxes()
            else:
                yield child


@dataclass(frozen=True, slots=True)
class Edge:
    """What flows from one box to another, by their ids. `kind` is a row of the painter's colour table."""

    source: str
    target: str
    dashed: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A picture without coordinates.

    `name` prefixes every id of a document that shows it. The children of every frame stand in an order
    in which no edge points backwards. The edges into a box stand in the order of its inputs. `notes` are
    for who asked for the picture. `stages` are the children of the root that begin a stage, by their places.
    """

    name: str
    title: str
    description: str
    root: Frame
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    stages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: `x` of its anchor (`start`, `middle` or `end`) and `y` of its baseline."""

    text: str
    style: Style
    x: float
    y: float
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box with its top left corner, its size and its text. `parent` is the id of its frame."""

    box: Box
    parent: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A frame with its top left corner, its size and its title. `parent` is the id of its frame."""

    frame: Frame
    parent: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An edge as a line of horizontal and vertical segments, from its source to its target."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture with coordinates; frames stand before what is inside them. The root is not a frame."""

    view: View
    width: float
    height: float
    frames: tuple[PlacedFrame, ...]
    boxes: tuple[PlacedBox, ...]
    edges: tuple[PlacedEdge, ...]
