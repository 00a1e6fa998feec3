"""Layout -> plain data: the boxes of a picture, its frames and edges, with their places.

For programs that paint, check or lay out pictures of their own. Keys are promised and only ever added to;
the version counts up when one changes its meaning.
"""

from __future__ import annotations

from netspec.emit.records import plain
from netspec.layout.boxes import Layout, PlacedBox, PlacedEdge, PlacedFrame

DRAWING_VERSION = 1
"""The version of `drawing_record`, under the key `netspec_drawing`."""


def drawing_record(layout: Layout) -> dict[str, object]:
    """The whole picture.

    Coordinates are pixels, x to the right and y down, from the top left corner of the picture or box.
    Edges name boxes by their ids; an edge is a line through its points, each [x, y]. The `frame` of a box
    or frame is the id of what it stands in, or null. A frame stands before what is inside it.
    """
    view = layout.view
    return {
        "netspec_drawing": DRAWING_VERSION,
        "name": view.name,
        "title": view.title,
        "description": view.description,
        "notes": list(view.notes),
        "width": _number(layout.width),
        "height": _number(layout.height),
        "frames": [_frame(placed, view.root.id) for placed in layout.frames],
        "boxes": [_box(placed, view.root.id) for placed in layout.boxes],
        "edges": [_edge(placed) for placed in layout.edges],
    }


def _box(placed: PlacedBox, root: str) -> dict[str, object]:
    box = placed.box
    return {
        "id": box.id,
        "frame": None if placed.parent == root else placed.parent,
        "kind": box.kind,
        "label": box.label,
        "detail": box.detail,
        "tooltip": box.tooltip,
        "dashed": box.dashed,
        **_place(placed),
    }


def _frame(placed: PlacedFrame, root: str) -> dict[str, object]:
    frame = placed.frame
    return {
        "id": frame.id,
        "frame": None if placed.parent == root else placed.parent,
        "title": frame.title,
        "note": frame.note,
        "tooltip": frame.tooltip,
        "dashed": frame.dashed,
        "copies": frame.copies,
        "table": plain(frame.table),
        **_place(placed),
    }


def _edge(placed: PlacedEdge) -> dict[str, object]:
    edge = placed.edge
    return {
        "source": edge.source,
        "target": edge.target,
        "dashed": edge.dashed,
        "points": [[_number(x), _number(y)] for x, y in placed.points],
    }


def _place(placed: PlacedBox | PlacedFrame) -> dict[str, object]:
    return {
        "x": _number(placed.x),
        "y": _number(placed.y),
        "width": _number(placed.width),
        "height": _number(placed.height),
    }


def _number(value: float) -> float | int:
    """Rounded to a tenth of a pixel, whole where it is whole: the same text everywhere."""
    rounded = round(value, 1)
    return int(rounded) if rounded.is_integer() else rounded
