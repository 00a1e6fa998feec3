"""Lines that edges share are drawn once."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from hypothesis import given

from netspec.emit.strokes import ARROW, RADIUS, Stroke, strokes
from netspec.graph import Graph
from netspec.layout import layout
from netspec.layout.boxes import Edge, PlacedEdge
from netspec.view import view
from tests import graphs
from tests.random_graphs import graphs as random_graphs


def placed(source: str, target: str, *points: tuple[float, float]) -> PlacedEdge:
    return PlacedEdge(Edge(source, target), points)


def test_a_fork_is_drawn_from_where_it_parts() -> None:
    one = placed("a", "b", (0, 0), (0, 20), (-30, 20), (-30, 40))
    other = placed("a", "c", (0, 0), (0, 20), (30, 20), (30, 40))
    first, second = strokes([one, other])
    assert first.points == one.points
    assert second.points == ((0, 14), (0, 20), (30, 20), (30, 40))
    assert first.arrow
    assert second.arrow


def test_a_merge_has_one_arrow() -> None:
    one = placed("b", "d", (-30, 0), (-30, 20), (0, 20), (0, 40))
    other = placed("c", "d", (30, 0), (30, 20), (0, 20), (0, 40))
    first, second = strokes([one, other])
    assert first.arrow
    assert not second.arrow
    assert second.points == ((30, 0), (30, 20), (0, 20), (0, 26))


def test_a_solid_line_is_not_left_to_a_dashed_one() -> None:
    dashed = PlacedEdge(Edge("a", "b", dashed=True), ((0, 0), (0, 20), (-30, 20), (-30, 40)))
    solid = placed("a", "c", (0, 0), (0, 40))
    first, second = strokes([dashed, solid])
    assert first == Stroke(solid, solid.points, arrow=True)
    assert second.points[0] == (0, 14)


def test_what_is_drawn_again_and_what_is_drawn_once_have_corners_alike() -> None:
    one = placed("a", "b", (0, 0), (0, 10), (-30, 10), (-30, 26))
    other = placed("a", "c", (0, 0), (0, 10), (30, 10), (30, 26))
    begins = [[(abs(x), y) for x, y in next(stroke.corners())] for stroke in strokes([one, other])]
    assert begins[0] == begins[1] == [(0, 10 - RADIUS), (0, 10), (RADIUS, 10)]


def test_a_line_is_straight_behind_the_head_of_its_arrow() -> None:
    (stroke,) = strokes([placed("a", "b", (0, 0), (0, 20), (30, 20), (30, 32))])
    *_, (_, corner, end) = stroke.corners()
    assert end[1] - corner[1] == 32 - 20 - ARROW


def test_two_edges_on_one_line_are_one_stroke() -> None:
    one = placed("a", "b", (0, 0), (0, 40))
    assert len(list(strokes([one, one]))) == 1


def drawn(lines: list[tuple[tuple[float, float], ...]]) -> dict[tuple[str, float], float]:
    """The length that is covered on each horizontal or vertical line of the plane."""
    spans: dict[tuple[str, float], list[tuple[float, float]]] = defaultdict(list)
    for points in lines:
        for (x, y), (u, v) in pairwise(points):
            if x == u:
                spans["x", x].append((min(y, v), max(y, v)))
            else:
                spans["y", y].append((min(x, u), max(x, u)))
    covered = {}
    for line, found in spans.items():
        length, end = 0.0, float("-inf")
        for start, stop in sorted(found):
            length += max(0.0, stop - max(start, end))
            end = max(end, stop)
        covered[line] = round(length, 6)
    return covered


def covers_all_once(graph: Graph) -> None:
    edges = layout(view(graph)).edges
    pens = list(strokes(edges))
    assert drawn([pen.points for pen in pens]) == drawn([edge.points for edge in edges])
    targets = {edge.edge.target for edge in edges}
    assert {pen.edge.edge.target for pen in pens if pen.arrow} == targets


def test_strokes_cover_what_the_edges_cover() -> None:
    covers_all_once(graphs.googlenet())


@given(random_graphs())
def test_strokes_of_random_graphs_cover_what_the_edges_cover(graph: Graph) -> None:
    covers_all_once(graph)
