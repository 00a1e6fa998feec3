"""Networks that are nearly series-parallel: skips past branches, several results, tangles inside a branch.

Views are drawn directly, so that the test knows which boxes are parallel whatever the layout finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.layout import Direction, layout
from netspec.layout.boxes import Box, Edge, Frame, PlacedBox, View
from netspec.layout.reduction import Stretch
from netspec.layout.tangles import pulled_apart, side_by_side
from tests.layout.geometry import audit
from tests.random_graphs import Draw

MOST = 60
"""Boxes of one picture."""


@dataclass
class Drawn:
    """Boxes in order of the flow, edges, and the pairs of groups of which each is beside the other."""

    draw: Draw
    boxes: list[str] = field(default_factory=list)
    edges: list[tuple[str, str]] = field(default_factory=list)
    beside: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def box(self, *sources: str) -> str:
        name = f"b{len(self.boxes)}"
        self.boxes.append(name)
        self.edges += [(source, name) for source in sources]
        return name

    def series(self, start: str, depth: int) -> str:
        """Boxes and forks below each other, with skips from one to a later one and results beside them."""
        on_spine = [start]
        for _ in range(self.number(1, 4)):
            kind = self.number(0, 3) if depth and len(self.boxes) < MOST else 0
            on_spine.append(self.fork(on_spine[-1], depth) if kind > 1 else self.box(on_spine[-1]))
        self.skips(on_spine[1:])
        self.result(on_spine)
        return on_spine[-1]

    def skips(self, spine: list[str]) -> None:
        for _ in range(self.number(0, 2)):
            at = self.number(0, len(spine) - 1)
            to = self.number(0, len(spine) - 1)
            if at < to:
                self.edges.append((spine[at], spine[to]))

    def result(self, spine: list[str]) -> None:
        """What leads nowhere: from one place, or from two."""
        count = self.number(0, 4)
        if count in {1, 2} and len(spine) >= count:
            self.box(self.box(*spine[-count:]))

    def fork(self, start: str, depth: int) -> str:
        groups, ends = [], []
        for _ in range(self.number(2, 3)):
            before = len(self.boxes)
            ends.append(self.series(start, depth - 1))
            groups.append(self.boxes[before:])
        self.beside += combinations(groups, 2)
        return self.box(*ends, *([start] if self.number(0, 3) == 0 else []))

    def view(self) -> View:
        children = tuple(Box(name, "conv", name) for name in self.boxes)
        return View(
            "drawn", "drawn", "", Frame("", children), tuple(Edge(*edge) for edge in self.edges)
        )


@st.composite
def nearly_series_parallel(draw: Draw) -> Drawn:
    drawn = Drawn(draw)
    drawn.box(drawn.series(drawn.box(), 3))
    return drawn


def around(boxes: list[PlacedBox], direction: Direction) -> tuple[float, float]:
    """From where to where they reach across the flow."""
    if direction is Direction.TB:
        return min(each.x for each in boxes), max(each.x + each.width for each in boxes)
    return min(each.y for each in boxes), max(each.y + each.height for each in boxes)


@pytest.mark.parametrize("direction", Direction)
@given(drawn=nearly_series_parallel())
def test_branches_stand_side_by_side_and_all_flows_one_way(
    direction: Direction, drawn: Drawn
) -> None:
    found = layout(drawn.view(), direction)
    audit(found)
    placed = {each.box.id: each for each in found.boxes}
    for one, other in drawn.beside:
        (start, stop), (begin, end) = (
            around([placed[name] for name in group], direction) for group in (one, other)
        )
        assert stop < begin or end < start, f"{one} and {other} are parallel"
    for source, target in drawn.edges:
        before, after = placed[source], placed[target]
        if direction is Direction.TB:
            assert before.y + before.height < after.y, f"{source} comes before {target}"
        else:
            assert before.x + before.width < after.x, f"{source} comes before {target}"


def test_a_skip_and_a_second_result_leave_branches_side_by_side() -> None:
    """A shared trunk with a mask and a label: what a segmentation network with two tasks looks like."""
    names = ["enc", "local", "wide", "concat", "mid", "joined", "mask", "gap", "label"]
    edges = [
        ("enc", "local"), ("enc", "wide"), ("local", "concat"), ("wide", "concat"),
        ("concat", "mid"), ("mid", "joined"), ("enc", "joined"), ("joined", "mask"),
        ("mid", "gap"), ("gap", "label"),
    ]  # fmt: skip
    children = tuple(Box(name, "conv", name) for name in names)
    found = layout(View("two", "two", "", Frame("", children), tuple(Edge(*e) for e in edges)))
    audit(found)
    placed = {each.box.id: each for each in found.boxes}
    assert placed["local"].y == placed["wide"].y
    assert placed["local"].x + placed["local"].width < placed["wide"].x


def test_only_wires_that_cross_run_beside_the_rest() -> None:
    """0 forks into 1 and 2, which meet in 3; the skips 0 to 5 and 4 to 6 cross."""
    wires = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 5), (0, 5), (5, 6), (4, 6)]
    edges = [(*wire, rank) for rank, wire in enumerate(wires)]
    lanes, parts = pulled_apart(Stretch(0, 6, edges))
    assert [wire[:2] for wire in lanes] == [(0, 5), (4, 6)]
    assert [(part.start, part.stop, len(part.edges)) for part in parts] == [
        (0, 4, 5), (4, 5, 1), (5, 6, 1),
    ]  # fmt: skip


def test_a_wire_from_end_to_end_is_a_branch_of_its_own_in_the_order_of_the_merge() -> None:
    edges = [(0, 1, 0), (1, 3, 3), (0, 2, 1), (2, 3, 2), (0, 3, 4)]
    found = side_by_side(Stretch(0, 3, edges))
    assert [[wire[2] for wire in part] for part in found] == [[1, 2], [0, 3], [4]]


@given(st.integers(3, 40))
def test_a_staircase_puts_all_its_items_on_the_spine(length: int) -> None:
    """Every wire crosses the next: none can be a branch."""
    wires = [
        *pairwise(range(length + 1)),
        *zip(range(length - 1), range(2, length + 1), strict=True),
    ]
    edges = [(*wire, rank) for rank, wire in enumerate(wires)]
    lanes, parts = pulled_apart(Stretch(0, length, edges))
    assert len(lanes) == length - 1
    assert all(part.stop == part.start + 1 for part in parts)
