"""The audit of pictures finds what it looks for: each fault, planted, is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from netspec.layout import layout
from netspec.layout.boxes import Layout
from netspec.view import view
from tests import graphs
from tests.layout.geometry import audit


@pytest.fixture(scope="module")
def sound() -> Layout:
    return layout(view(graphs.googlenet()))


def moved_box(drawn: Layout) -> Layout:
    """A branch of a module over its neighbour."""
    at = next(i for i, placed in enumerate(drawn.boxes) if placed.box.id.endswith("3a.conv1x1"))
    boxes = list(drawn.boxes)
    boxes[at] = replace(boxes[at], x=boxes[at].x + 40)
    return replace(drawn, boxes=tuple(boxes))


def wide_text(drawn: Layout) -> Layout:
    box = drawn.boxes[0]
    line = replace(box.lines[0], text="a label much too long for its box")
    return replace(drawn, boxes=(replace(box, lines=(line,)), *drawn.boxes[1:]))


def small_frame(drawn: Layout) -> Layout:
    frames = (replace(drawn.frames[0], width=drawn.frames[0].width - 60), *drawn.frames[1:])
    return replace(drawn, frames=frames)


def straight_through(drawn: Layout) -> Layout:
    """The edge to the first branch goes around nothing: over the title and down."""
    at = next(i for i, edge in enumerate(drawn.edges) if edge.edge.target.endswith("3a.conv1x1"))
    edge = drawn.edges[at]
    (x, y), (to_x, to_y) = edge.points[0], edge.points[-1]
    high = drawn.frames[0].y + 13
    points = ((x, y), (x, high), (to_x, high), (to_x, to_y))
    return replace(
        drawn,
        edges=(*drawn.edges[:at], replace(edge, points=points), *drawn.edges[at + 1 :]),
    )


def slanted(drawn: Layout) -> Layout:
    edge = drawn.edges[0]
    points = (edge.points[0], (edge.points[-1][0] + 3, edge.points[-1][1]))
    return replace(drawn, edges=(replace(edge, points=points), *drawn.edges[1:]))


def loose_end(drawn: Layout) -> Layout:
    edge = drawn.edges[0]
    (x, y), (to_x, to_y) = edge.points[0], edge.points[-1]
    cut = replace(edge, points=((x, y), (to_x, to_y - 5)))
    return replace(drawn, edges=(cut, *drawn.edges[1:]))


def lost_edge(drawn: Layout) -> Layout:
    return replace(drawn, edges=drawn.edges[1:])


def shared_bus(drawn: Layout) -> Layout:
    """An edge between two boxes lies on one between two others."""
    one = next(edge for edge in drawn.edges if edge.edge.target.endswith("3a.conv3x3"))
    at = next(i for i, edge in enumerate(drawn.edges) if edge.edge.target.endswith("3a.conv5x5"))
    other = drawn.edges[at]
    (x, y), *_, end = other.points
    (u, _), (_, w) = one.points
    points = ((x, y), (x, y + 3), (u, y + 3), (u, w - 3), (end[0], w - 3), end)
    return replace(
        drawn, edges=(*drawn.edges[:at], replace(other, points=points), *drawn.edges[at + 1 :])
    )


@pytest.mark.parametrize(
    "spoil",
    [
        moved_box,
        wide_text,
        small_frame,
        straight_through,
        slanted,
        loose_end,
        lost_edge,
        shared_bus,
    ],
)
def test_a_planted_fault_is_found(sound: Layout, spoil: Callable[[Layout], Layout]) -> None:
    audit(sound)
    with pytest.raises(AssertionError):
        audit(spoil(sound))
