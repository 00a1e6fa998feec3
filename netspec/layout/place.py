"""Coordinates, from the root inward: runs become placed boxes and frames, and wires become lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from netspec.layout import spacing as sp
from netspec.layout.boxes import Box, PlacedBox, PlacedFrame, Point
from netspec.layout.direction import Direction, Rect
from netspec.layout.lettering import box_lines, frame_lines
from netspec.layout.measured import Body, Cell, Gap, Run, Sheet
from netspec.layout.tree import Tree
from netspec.layout.wiring import IN
from netspec.layout.wrap import bus_below


@dataclass
class Placed:
    """Everything with its place, while it is collected.

    `ways` are the lines between two slots of a frame; `leave` and `arrive` the pieces of a skip at its
    ends, by item; `lanes` the x of a skip's lane, by frame and source.
    """

    tree: Tree
    direction: Direction
    boxes: list[PlacedBox] = field(default_factory=list)
    frames: list[PlacedFrame] = field(default_factory=list)
    ways: defaultdict[tuple[int, int, int], list[tuple[Point, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    leave: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    arrive: dict[int, tuple[Point, ...]] = field(default_factory=dict)
    lanes: dict[tuple[int, int], float] = field(default_factory=dict)


def place(tree: Tree, sheet: Sheet, direction: Direction) -> Placed:
    """The columns of the root side by side, from the margin on."""
    placed = Placed(tree, direction)
    inside = _Place(placed, 0)
    end = len(tree.children[0])
    x, y = sp.MARGIN + sheet[0].left, sp.MARGIN
    top = _Port(IN, ((x, y),))
    for body, after in zip_longest(sheet, sheet[1:]):
        bottom = _Port(end, ((x, y + body.run.height),))
        above = inside.body(body, x, y, top, bottom)
        if after is None:
            break
        bus, lane = y + bus_below(body), x + body.right + sp.WRAP_GAP / 2
        up = ((x, bus), (lane, bus), (lane, sp.MARGIN))
        x, y = x + body.right + sp.WRAP_GAP + after.left, sp.MARGIN + sp.MERGE
        top = _Port(above[-1].slot, (*above[-1].points, *up, (x, sp.MARGIN), (x, y)))
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

    def body(self, body: Body, x: float, y: float, top: _Port, bottom: _Port) -> Sequence[_Port]:
        """A run and the lanes beside it; gives the ports above each gap."""
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
        return above

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
            self.body(branch.body, spine, y + branch.y, first, last)

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
        placed = self.placed
        item = placed.tree.items[cell.item]
        parent = placed.tree.items[self.frame].id
        rect = Rect(x - cell.left, y, cell.left + cell.right, cell.height).turned(placed.direction)
        size = (rect.x, rect.y, rect.width, rect.height)
        if isinstance(item, Box):
            placed.boxes.append(PlacedBox(item, parent, *size, box_lines(item, rect)))
            return
        lines = frame_lines(item, rect, placed.direction)
        placed.frames.append(PlacedFrame(item, parent, *size, lines))
        if cell.body is not None:
            slots = len(placed.tree.children[cell.item])
            top, bottom = _Port(IN, ((x, y),)), _Port(slots, ((x, y + cell.height),))
            inner = _Place(placed, cell.item)
            inner.body(cell.body, x, y + cell.lead, top, bottom)


def _at(y: float, offset: float | None) -> float:
    """A bus that is there; measuring made one wherever a line leaves or comes in."""
    return y if offset is None else y + offset


def _beside(x: float, lane: float, fork: float, merge: float) -> tuple[Point, ...]:
    return ((x, fork), (lane, fork), (lane, merge), (x, merge))
