"""Coordinates, from the root inward: runs become placed boxes and frames, and wires become lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from netspec.layout import spacing as sp
from netspec.layout.boxes import Box, Frame, Line, PlacedBox, PlacedFrame, Point
from netspec.layout.measured import Body, Cell, Gap, Run
from netspec.layout.text import DETAIL, LABEL, NOTE, TITLE, Style
from netspec.layout.tree import Tree
from netspec.layout.wiring import IN

_BASELINE = 0.36
"""From the middle of a line of text down to its baseline, in ems: Helvetica's capitals are 0.72 high."""
_LINES_APART = 7.5
"""From the middle of a box to the middle of each of its two lines."""


@dataclass
class Placed:
    """Everything with its place, while it is collected.

    `ways` are the lines between two slots of a frame; `leave` and `arrive` the pieces of a skip at its
    ends, by item; `lanes` the x of a skip's lane, by frame and source.
    """

    tree: Tree
    boxes: list[PlacedBox] = field(default_factory=list)
    frames: list[PlacedFrame] = field(default_factory=list)
    ways: defaultdict[tuple[int, int, int], list[tuple[Point, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    leave: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    arrive: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    lanes: dict[tuple[int, int], float] = field(default_factory=dict)


def place(tree: Tree, body: Body, x: float, y: float) -> Placed:
    """The root's spine at `x`, its top at `y`."""
    placed = Placed(tree)
    top = _Port(IN, ((x, y),))
    bottom = _Port(len(tree.children[0]), ((x, y + body.run.height),))
    _Place(placed, 0).body(body, x, y, top, bottom)
    return placed


@dataclass(frozen=True, slots=True)
class _Port:
    """Where wires of a run begin or end: a slot, and the points from there, or to there."""

    slot: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Places what is inside the frame with the number `frame`."""

    placed: Placed
    frame: int

    def body(self, body: Body, x: float, y: float, top: _Port, bottom: _Port) -> None:
        """A run and the lanes beside it."""
        run = body.run
        above, below = self.run(run, x, y, top, bottom)
        for source, lane in body.lanes.items():
            self.placed.lanes[self.frame, source] = x + lane
        at = {slot: place for place, slot in enumerate(run.slots)}
        for source, target in body.wires:
            first, last = at.get(source, -1), at.get(target, len(run.slots))
            key = run.cells[first].item if first >= 0 else IN
            start, stop = above[first + 1], below[last]
            fork, merge = run.gaps[first + 1].fork, run.gaps[last].merge
            beside = _beside(x, x + body.lanes[key], _at(y, fork), _at(y, merge))
            self._wire(start, stop, beside)

    def run(
        self, run: Run, x: float, y: float, top: _Port, bottom: _Port
    ) -> tuple[list[_Port], list[_Port]]:
        """The ports above and below each gap."""
        tops = [y + start for start in run.tops]
        above = [top]
        below = []
        for slot, cell, height in zip(run.slots, run.cells, tops, strict=True):
            above.append(_Port(slot, ((x, height + cell.height),)))
            below.append(_Port(slot, ((x, height),)))
        below.append(bottom)
        for start, gap, stop in zip(above, run.gaps, below, strict=True):
            self._gap(gap, x, y, start, stop)
        for place, (cell, height) in enumerate(zip(run.cells, tops, strict=True)):
            self._ends(cell, run.gaps[place], run.gaps[place + 1], x, y)
            self._cell(cell, x, height)
        taps = dict(zip((IN, *run.slots), zip(above, run.gaps, strict=True), strict=True))
        for hung in run.hangs:
            start, gap = taps[hung.tap]
            fork = _at(y, gap.fork)
            points = (*start.points, (x, fork), (x + hung.x, fork))
            end = _Port(bottom.slot, ())
            self.body(hung.body, x + hung.x, y + hung.y, _Port(start.slot, points), end)
        return above, below

    def _gap(self, gap: Gap, x: float, y: float, start: _Port, stop: _Port) -> None:
        if not gap.branches:
            if gap.joined:
                self._wire(start, stop, ())
            return
        fork, merge = _at(y, gap.fork), _at(y, gap.merge)
        for branch in gap.branches:
            spine = x + branch.x
            first = _Port(start.slot, (*start.points, (x, fork), (spine, fork)))
            last = _Port(stop.slot, ((spine, merge), (x, merge), *stop.points))
            self.run(branch.run, spine, y + branch.y, first, last)

    def _wire(self, start: _Port, stop: _Port, between: tuple[Point, ...]) -> None:
        points = (*start.points, *between, *stop.points)
        self.placed.ways[self.frame, start.slot, stop.slot].append(points)

    def _ends(self, cell: Cell, above: Gap, below: Gap, x: float, y: float) -> None:
        """Where a skip may leave the cell and come to it."""
        if below.fork is not None:
            self.placed.leave[cell.item] = ((x, y + below.start), (x, y + below.fork))
        if above.merge is not None:
            self.placed.arrive[cell.item] = ((x, y + above.merge), (x, y + above.end))

    def _cell(self, cell: Cell, x: float, y: float) -> None:
        item = self.placed.tree.items[cell.item]
        parent = self.placed.tree.items[self.frame].id
        left, wide = x - cell.left, cell.left + cell.right
        if isinstance(item, Box):
            lines = _box_lines(item, x, y)
            self.placed.boxes.append(PlacedBox(item, parent, left, y, wide, cell.height, lines))
            return
        lines = _frame_lines(item, left, left + wide, y)
        self.placed.frames.append(PlacedFrame(item, parent, left, y, wide, cell.height, lines))
        if cell.body is not None:
            slots = len(self.placed.tree.children[cell.item])
            top, bottom = _Port(IN, ((x, y),)), _Port(slots, ((x, y + cell.height),))
            inner = _Place(self.placed, cell.item)
            inner.body(cell.body, x, y + sp.TITLE_HEIGHT, top, bottom)


def _at(y: float, offset: float | None) -> float:
    """A bus that is there; measuring made one wherever a line leaves or comes in."""
    return y if offset is None else y + offset


def _beside(x: float, lane: float, fork: float, merge: float) -> tuple[Point, ...]:
    return ((x, fork), (lane, fork), (lane, merge), (x, merge))


def _box_lines(box: Box, x: float, y: float) -> tuple[Line, ...]:
    middle = y + sp.BOX_HEIGHT / 2
    if not box.detail:
        return (Line(box.label, LABEL, x, middle + _down(LABEL)),)
    return (
        Line(box.label, LABEL, x, middle - _LINES_APART + _down(LABEL)),
        Line(box.detail, DETAIL, x, middle + _LINES_APART + _down(DETAIL)),
    )


def _frame_lines(frame: Frame, left: float, right: float, y: float) -> tuple[Line, ...]:
    middle = y + sp.TITLE_HEIGHT / 2
    return (
        Line(frame.title, TITLE, left + sp.TITLE_INDENT, middle + _down(TITLE), "start"),
        Line(frame.note, NOTE, right - sp.TITLE_INDENT, middle + _down(TITLE), "end"),
    )


def _down(style: Style) -> float:
    return style.size * _BASELINE
