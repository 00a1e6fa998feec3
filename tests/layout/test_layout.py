"""The layout: one straight spine, branches in the order of the spec, merges on the spine, heads at the left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given

import netspec
from netspec.graph import Graph
from netspec.layout import layout
from netspec.layout.boxes import Box, Edge, Frame, Layout, PlacedBox, View
from netspec.view import Detail, view
from tests import graphs
from tests.layout.geometry import audit
from tests.random_graphs import graphs as random_graphs
from tests.view import networks

SPECS = Path(__file__).parent.parent.parent / "specs"


def middle(placed: PlacedBox) -> float:
    return placed.x + placed.width / 2


def boxes(drawn: Layout) -> dict[str, PlacedBox]:
    return {placed.box.id: placed for placed in drawn.boxes}


def flow(frame: Frame) -> Iterator[str]:
    """The boxes of a frame in the order of the flow."""
    for child in frame.children:
        if isinstance(child, Frame):
            yield from flow(child)
        else:
            yield child.id


def trunk(drawn: Layout) -> list[str]:
    """The boxes through which every way from the input to the last result leads."""
    order = {box: at for at, box in enumerate(flow(drawn.view.root))}
    readers: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for edge in drawn.view.edges:
        readers[edge.source].add(edge.target)
        sources[edge.target].add(edge.source)
    last = list(order)[-1]
    alive, waiting = {last}, [last]
    while waiting:
        for source in sources[waiting.pop()]:
            if source not in alive:
                alive.add(source)
                waiting.append(source)
    found, reach = [], 0
    for box in sorted(alive, key=order.__getitem__):
        if reach <= order[box]:
            found.append(box)
        reach = max([reach, *(order[reader] for reader in readers[box] & alive)])
    return found


def test_the_trunk_of_googlenet_is_straight() -> None:
    drawn = layout(view(graphs.googlenet()))
    on_trunk = [boxes(drawn)[box] for box in trunk(drawn)]
    assert len(on_trunk) > 20
    assert len({middle(placed) for placed in on_trunk}) == 1
    assert any(placed.box.kind == "merge" for placed in on_trunk)


@given(random_graphs())
def test_every_trunk_is_straight(graph: Graph) -> None:
    drawn = layout(view(graph))
    assert len({middle(boxes(drawn)[box]) for box in trunk(drawn)}) == 1


@pytest.mark.parametrize("graph", [graphs.googlenet(), graphs.resnet50(), networks.inception_c()])
def test_branches_stand_in_the_order_of_their_merge(graph: Graph) -> None:
    """The last way down before the merge is further right for each later input."""
    drawn = layout(view(graph))
    arriving: dict[str, list[float]] = defaultdict(list)
    for edge in drawn.edges:
        downs = [x for (x, y), (u, v) in zip(edge.points, edge.points[1:], strict=False) if x == u]
        arriving[edge.edge.target].append(downs[-2] if len(downs) > 1 else downs[-1])
    merges = [found for found in arriving.values() if len(found) > 1]
    assert merges
    assert all(found == sorted(found) for found in merges)


def test_branches_are_centred_and_the_merge_is_on_the_spine() -> None:
    drawn = boxes(layout(view(graphs.googlenet())))
    first, last = drawn["inception_3a.conv1x1"], drawn["inception_3a.pool"]
    merge = drawn["inception_3a.concat"]
    assert (first.x + last.x + last.width) / 2 == middle(merge)


def test_heads_hang_at_the_left_and_are_dashed() -> None:
    drawn = layout(view(graphs.googlenet()))
    (left,) = {middle(placed) for placed in drawn.boxes if placed.box.id == "input"}
    heads = [placed for placed in drawn.frames if placed.frame.id.startswith("aux")]
    assert len(heads) == 2
    for head in heads:
        assert head.x + head.width < left
        assert head.frame.dashed


def test_the_identity_of_a_residual_is_a_line_beside_it() -> None:
    drawn = layout(view(graphs.resnet50()))
    (edge,) = [
        edge
        for edge in drawn.edges
        if edge.edge.target == "layer1.1.add_1" and "layer1.0" in edge.edge.source
    ]
    spine = middle(boxes(drawn)["layer1.1.add_1"])
    assert max(x for x, _ in edge.points) > spine + boxes(drawn)["layer1.1.add_1"].width / 2


def test_a_frame_of_copies_has_a_second_sheet_and_one_set_of_boxes() -> None:
    drawn = layout(view(graphs.resnet50()))
    folded = [placed.frame for placed in drawn.frames if placed.frame.copies > 1]
    assert [frame.copies for frame in folded] == [2, 3, 5, 2]


def test_an_empty_frame_and_a_lonely_box() -> None:
    audit(layout(View("v", "t", "d", Frame("", (Box("a", "conv", "a"),)), ())))
    inside = Frame("f", (), "empty", "a note")
    audit(layout(View("v", "t", "d", Frame("", (Box("a", "conv", "a"), inside)), ())))


def test_a_wide_title_makes_room_for_itself() -> None:
    inside = Frame("f", (Box("b", "conv", "b"),), "a title " * 9, "and a note " * 9)
    root = Frame("", (Box("a", "conv", "a"), inside, Box("c", "conv", "c")))
    audit(layout(View("v", "t", "d", root, (Edge("a", "b"), Edge("b", "c")))))


def test_a_deep_nest_stays_within_the_recursion_limit() -> None:
    frame = Frame("f0", (Box("a", "conv", "a"), Box("b", "conv", "b")), "0")
    for depth in range(1, 60):
        frame = Frame(f"f{depth}", (frame,), str(depth))
    audit(layout(View("v", "t", "d", Frame("", (frame,)), (Edge("a", "b"),))))


def up(drawn: Layout) -> int:
    """In how many places lines go up: to the next column."""
    return len({x for edge in drawn.edges for (x, y), (_, v) in pairwise(edge.points) if y > v})


def test_no_column_is_there_that_does_not_lower_the_picture() -> None:
    """The stem of this network has as many stages as lines; its modules stand in branches of no frame."""
    drawn = view(netspec.load(SPECS / "inception_resnet_v2.yaml").graph)
    one, wrapped = layout(drawn), layout(drawn, wrap=True)
    assert up(one) == 0
    assert up(wrapped) == 2
    assert wrapped.height < 0.5 * one.height
    assert 0.5 < wrapped.width / wrapped.height < 2


def test_a_table_widens_only_the_frames_that_have_one() -> None:
    drawn = layout(view(graphs.googlenet(), Detail(fold=True)))
    trunk = [placed for placed in drawn.frames if not placed.frame.dashed]
    tables = {placed.width for placed in trunk if placed.frame.table}
    others = {placed.width for placed in trunk if not placed.frame.table}
    assert len(tables) == len(others) == 1
    assert max(others) < 0.6 * max(tables)
