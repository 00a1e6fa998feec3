"""Layout: a tree of boxes with sizes in, coordinates and lines out. Pure geometry.

    boxes, text, spacing    what goes in and out; how wide text is; every distance
    tree, wiring            boxes as numbers; edges as wires inside frames and skips across them
    reduction, series       series and parallel, recovered from the wires of a frame
    lanes, gaps, measure    sizes, from the inside out
    place, route            coordinates, from the outside in

Top to bottom, one straight spine; branches stand side by side in the order of their merge's inputs,
centred on the spine; nothing crosses a title or a box. Linear in the number of boxes and edges.
"""

from __future__ import annotations

from netspec.layout import spacing as sp
from netspec.layout.boxes import Layout, PlacedEdge, View
from netspec.layout.measure import measure
from netspec.layout.place import place
from netspec.layout.route import route
from netspec.layout.tree import Tree
from netspec.layout.wiring import wire

__all__ = ["layout"]


def layout(view: View) -> Layout:
    """A view -> the same with coordinates, from (0, 0) to (width, height)."""
    tree = Tree.of(view.root)
    wiring = wire(tree, view.edges)
    body = measure(tree, wiring)
    placed = place(tree, body, sp.MARGIN + body.left, sp.MARGIN)
    lines = route(placed, wiring.paths)
    edges = tuple(PlacedEdge(edge, line) for edge, line in zip(view.edges, lines, strict=True))
    return Layout(
        view,
        body.left + body.right + 2 * sp.MARGIN,
        body.run.height + 2 * sp.MARGIN,
        tuple(placed.frames),
        tuple(placed.boxes),
        edges,
    )
