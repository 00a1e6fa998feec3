"""Layout: a tree of boxes with sizes in, coordinates and lines out. Pure geometry.

    boxes, text, spacing    what goes in and out; how wide text is; every distance
    tree, wiring            boxes as numbers; edges as wires inside frames and skips across them
    reduction, series       series and parallel, recovered from the wires of a frame
    tangles                 which wires run beside the rest, where it is not series-parallel
    lanes, gaps, measure    sizes, from the inside out
    wrap                    a long trunk in columns
    place, route            coordinates, from the outside in
    direction, lettering    top to bottom or left to right; where words stand

One straight spine; branches stand side by side in the order of their merge's inputs,
centred on the spine; nothing crosses a title or a box. Linear in the number of boxes and edges.
"""

from __future__ import annotations

from netspec.layout import spacing as sp
from netspec.layout.boxes import Layout, PlacedEdge, View
from netspec.layout.direction import Direction, Rect
from netspec.layout.measure import measure
from netspec.layout.place import place
from netspec.layout.route import route
from netspec.layout.tree import Tree
from netspec.layout.wiring import wire
from netspec.layout.wrap import sheet_height, sheet_width

__all__ = ["Direction", "layout"]


def layout(view: View, direction: Direction = Direction.TB, *, wrap: bool = False) -> Layout:
    """A view -> the same with coordinates, from (0, 0) to (width, height).

    `wrap` breaks a long trunk into columns (rows, when it flows to the right) where a stage begins.
    """
    tree = Tree.of(view.root)
    wiring = wire(tree, view.edges)
    sheet = measure(tree, wiring, direction, view.stages if wrap else frozenset())
    placed = place(tree, sheet, direction)
    lines = route(placed, wiring.paths)
    edges = tuple(PlacedEdge(edge, line) for edge, line in zip(view.edges, lines, strict=True))
    wide, high = sheet_width(sheet) + 2 * sp.MARGIN, sheet_height(sheet) + 2 * sp.MARGIN
    size = Rect(0, 0, wide, high).turned(direction)
    return Layout(view, size.width, size.height, tuple(placed.frames), tuple(placed.boxes), edges)
