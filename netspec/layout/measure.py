"""Sizes, from the innermost frame outward: plans become runs with extents and relative places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from netspec.layout import spacing as sp
from netspec.layout.boxes import Box, Frame
from netspec.layout.direction import Direction, Rect
from netspec.layout.gaps import End, Needs, forked_gap, plain_gap
from netspec.layout.lanes import columns
from netspec.layout.lettering import box_height, box_width, even, table_size, title_width
from netspec.layout.measured import Body, Cell, Gap, Hung, Run, Sheet
from netspec.layout.reduction import Link, Series
from netspec.layout.series import Pairs, Plan, plan
from netspec.layout.text import NOTE, TITLE, width
from netspec.layout.tree import Tree
from netspec.layout.wiring import IN, Inside, Skip, Wiring
from netspec.layout.wrap import better, split, wraps

DEPTH = 24
"""How deep frames, bundles and hangs may nest before bundles become lanes: it bounds the recursion."""


def measure(tree: Tree, wiring: Wiring, direction: Direction, stages: AbstractSet[int]) -> Sheet:
    """The columns of the root, with everything inside; one column without `stages` to break at."""
    lines = max((box.detail.count("\n") + 1 for box in tree.boxes()), default=1)
    measuring = _Measure(tree, wiring, direction, box_height(lines))
    if not stages:
        return (measuring.body(0, 0),)
    return measuring.columns(stages)


@dataclass(frozen=True)
class _Plan:
    """A plan with the cells of its frame and what its gaps need."""

    plan: Plan
    cells: Sequence[Cell]
    leaving: frozenset[int]
    arriving: frozenset[int]

    def needs(self, above: int, below: int) -> Needs:
        return Needs(above in self.leaving, below in self.arriving)


@dataclass(frozen=True)
class _Measure:
    tree: Tree
    wiring: Wiring
    direction: Direction
    box_height: float

    def body(self, number: int, depth: int) -> Body:
        """What is inside a frame."""
        drawn, cells, inside = self._contents(number, depth)
        border = End.BORDER if number else End.BUS
        return self._body(drawn, cells, inside, (border, border), (IN, drawn.end))

    def columns(self, stages: AbstractSet[int]) -> Sheet:
        """The root in columns that begin with a stage, in about the shape of a square."""
        drawn, cells, inside = self._contents(0, 0)
        whole = self._body(drawn, cells, inside, (End.BUS, End.BUS), (IN, drawn.end))
        best: Sheet = (whole,)
        for breaks in wraps(whole, drawn, inside, stages):
            sheet = tuple(
                self._body(part.plan, cells, part.inside, (End.BUS, End.BUS), part.outer)
                for part in split(drawn, inside, breaks)
            )
            best = better(best, sheet)
        return best

    def _contents(self, number: int, depth: int) -> tuple[Plan, Sequence[Cell], Inside]:
        inside = self.wiring.inside.get(number, Inside())
        children = self.tree.children[number]
        drawn = plan(range(len(children)), inside.wires, inside.pinned, max(2, DEPTH - 2 * depth))
        items = [self.tree.items[child] for child in children]
        wide = max((box_width(item) for item in items if isinstance(item, Box)), default=0.0)
        return drawn, [self._cell(child, wide, depth + 1) for child in children], inside

    def _cell(self, number: int, wide: float, depth: int) -> Cell:
        item = self.tree.items[number]
        if isinstance(item, Box):
            size = Rect(0, 0, wide, self.box_height).turned(self.direction)
            return Cell(number, size.width / 2, size.width / 2, size.height)
        body = self.body(number, depth)
        if self.direction is Direction.LR:
            return _lying(number, item, body)
        return _standing(number, item, body)

    def _body(
        self,
        drawn: Plan,
        cells: Sequence[Cell],
        inside: Inside,
        borders: tuple[End, End],
        outer: tuple[int, int],
    ) -> Body:
        """`outer` are the slots before and after the series: a line may leave or come in there."""
        leaving = {source for source, _ in drawn.series.lanes} | inside.leaving | {*drawn.hangs}
        arriving = {target for _, target in drawn.series.lanes} | inside.arriving
        full = _Plan(drawn, cells, frozenset(leaving), frozenset(arriving))
        run = self._run(drawn.series, full, borders, outer)
        return self._beside(run, full, drawn.series, inside.skips)

    def _branch(self, series: Series, full: _Plan) -> Body:
        """A branch with its lanes; one that begins at its fork or ends at its merge does so nowhere."""
        nowhere = IN - 1
        slots = {*series.vertices}
        leaving = {source if source in slots else nowhere for source, _ in series.lanes}
        arriving = {target if target in slots else nowhere for _, target in series.lanes}
        inner = replace(full, leaving=full.leaving | leaving, arriving=full.arriving | arriving)
        run = self._run(series, inner, (End.BUS, End.BUS), (nowhere, nowhere))
        return self._beside(run, full, series, ())

    def _beside(self, run: Run, full: _Plan, series: Series, skips: Sequence[Skip]) -> Body:
        lanes, right = self._lanes(run, full, series.lanes, skips)
        return Body(run, series.lanes, lanes, right)

    def _run(
        self, series: Series, full: _Plan, borders: tuple[End, End], outer: tuple[int, int]
    ) -> Run:
        cells = _equally_wide([full.cells[slot] for slot in series.vertices], self.tree)
        slots = (outer[0], *series.vertices, outer[1])
        ends = [borders[0], *(End.ITEM for _ in cells), borders[1]]
        gaps: list[Gap] = []
        tops: list[float] = []
        y = 0.0
        for at, link in enumerate(series.links):
            needs = full.needs(slots[at], slots[at + 1])
            gaps.append(self._gap(y, link, (ends[at], ends[at + 1]), needs, full))
            y = gaps[-1].end
            if at < len(cells):
                tops.append(y)
                y += cells[at].height
        run = Run(
            series.vertices,
            tuple(cells),
            tuple(tops),
            tuple(gaps),
            (),
            max([gap.left for gap in gaps] + [cell.left for cell in cells]),
            max([gap.right for gap in gaps] + [cell.right for cell in cells]),
            y,
        )
        return self._with_hangs(run, full, outer[0], borders[1])

    def _gap(self, y: float, link: Link, ends: tuple[End, End], needs: Needs, full: _Plan) -> Gap:
        if not link.branches:
            return plain_gap(y, ends, needs, joined=link.joined)
        return forked_gap(y, ends, [self._branch(branch, full) for branch in link.branches])

    def _with_hangs(self, run: Run, full: _Plan, entry: int, border: End) -> Run:
        """The run with what hangs from it in columns at its left, the earliest outermost."""
        bodies: list[tuple[int, float, Body]] = []
        for slot, gap in zip((entry, *run.slots), run.gaps, strict=True):
            for each in full.plan.hangs.get(slot, ()):
                top = (gap.start if gap.fork is None else gap.fork) + sp.BRANCH
                buses = (End.BUS, End.BUS)
                body = self._body(each, full.cells, Inside(), buses, (IN, each.end))
                bodies.append((slot, top, body))
        if not bodies:
            return run
        spans = [(top - sp.BRANCH, top + body.run.height) for _, top, body in bodies]
        edge = _reach(run, min(start for start, _ in spans), max(stop for _, stop in spans))
        found = columns(spans)
        spines = []
        for column in range(max(found) + 1):
            here = [body for (_, _, body), at in zip(bodies, found, strict=True) if at == column]
            spines.append(edge + sp.HANG_GAP + max(body.right for body in here))
            edge = spines[-1] + max(body.left for body in here)
        hangs = tuple(
            Hung(slot, -spines[column], top, body)
            for (slot, top, body), column in zip(bodies, found, strict=True)
        )
        bottom = max(stop for _, stop in spans) + (sp.BEFORE_END if border is End.BORDER else 0.0)
        return replace(_stretched(run, bottom), hangs=hangs, left=max(edge, run.left))

    def _lanes(
        self, run: Run, full: _Plan, wires: Pairs, skips: Sequence[Skip]
    ) -> tuple[dict[int, float], float]:
        """The x of each lane by its source, and how far the run then reaches to the right."""
        lanes = self._merged(run, full, wires, skips)
        found = columns([(lane.start, lane.stop) for lane in lanes])
        widths = [
            max(cell.right, gap.right) for cell, gap in zip(run.cells, run.gaps[1:], strict=True)
        ]
        boxes = [
            run.gaps[0].right,
            *widths,
            0.0,
        ]  # by the place of a cell, from the entry to the exit
        taken = [0.0] * len(boxes)
        spines: dict[int, float] = {}
        for column in range(max(found, default=-1) + 1):
            here = [lane for lane, at in zip(lanes, found, strict=True) if at == column]
            for lane in here:
                beside = slice(lane.first + 1, lane.last + 2)
                clear = max(boxes[beside]) + sp.LANE_GAP
                spines[lane.source] = max(clear, max(taken[beside]) + sp.LANE)
            for lane in here:
                for at in range(lane.first + 1, lane.last + 2):
                    taken[at] = max(taken[at], spines[lane.source])
        return spines, max([run.right, *spines.values()])

    def _merged(self, run: Run, full: _Plan, wires: Pairs, skips: Sequence[Skip]) -> list[_Lane]:
        """One lane per source: from below it down to its last target."""
        place = {slot: at for at, slot in enumerate(run.slots)}
        merged: dict[int, _Lane] = {}
        for lane in (
            *(self._wire_lane(run, full, place, pair) for pair in wires),
            *(
                self._lane(skip.source, skip.target, place[skip.start], place[skip.stop])
                for skip in skips
            ),
        ):
            known = merged.get(lane.source, lane)
            longer = lane if lane.stop > known.stop else known
            merged[lane.source] = longer
        return list(merged.values())

    def _wire_lane(
        self, run: Run, full: _Plan, place: Mapping[int, int], pair: tuple[int, int]
    ) -> _Lane:
        source, target = pair
        first, last = place.get(source, -1), place.get(target, len(run.cells))
        start = full.cells[source].item if first >= 0 else IN
        stop = full.cells[target].item if last < len(run.cells) else len(self.tree.items)
        return self._lane(start, stop, first, last)

    def _lane(self, source: int, target: int, first: int, last: int) -> _Lane:
        """In the order of all items: from behind `source`, with what is inside it, to before `target`."""
        start = -1.0 if source == IN else self.tree.last[source] + 0.5
        return _Lane(source, start, target - 0.5, first, last)


@dataclass(frozen=True, slots=True)
class _Lane:
    """A line beside the cells `first` to `last` of a run."""

    source: int
    start: float
    stop: float
    first: int
    last: int


def _standing(number: int, frame: Frame, body: Body) -> Cell:
    """A frame around a body that goes down: the stream passes the row of the title."""
    beside = sp.TITLE_INDENT + sp.TITLE_GAP
    table, high = table_size(frame)
    left = max(body.left + sp.FRAME_PADDING, width(frame.title, TITLE) + beside)
    right = max(body.right + sp.FRAME_PADDING, width(frame.note, NOTE) + beside)
    if not body.run.hangs:
        left = right = max(left, right)
    if table:
        right = max(right, body.right + sp.TABLE_GAP + table + sp.FRAME_PADDING)
        body = replace(body, run=_stretched(body.run, high + sp.BEFORE_END))
    height = sp.TITLE_HEIGHT + body.run.height
    return Cell(number, even(left), even(right), height, body, sp.TITLE_HEIGHT)


def _lying(number: int, frame: Frame, body: Body) -> Cell:
    """A frame around a body that goes to the right: the title is above it."""
    table, high = table_size(frame)
    long = max(title_width(frame), table + 2 * sp.FRAME_PADDING)
    body = replace(body, run=_stretched(body.run, long - sp.FRAME_LEAD))
    left = body.left + sp.TITLE_HEIGHT + sp.FRAME_LEAD
    right = body.right + sp.FRAME_PADDING + (high + sp.TABLE_GAP if table else 0.0)
    return Cell(
        number, even(left), even(right), sp.FRAME_LEAD + body.run.height, body, sp.FRAME_LEAD
    )


def _equally_wide(cells: Sequence[Cell], tree: Tree) -> list[Cell]:
    """Frames below each other share the width of the widest; a table widens only those that have one."""
    left = max((cell.left for cell in cells if cell.body is not None), default=0.0)
    right = {False: 0.0, True: 0.0}
    tables = [
        isinstance(frame := tree.items[cell.item], Frame) and bool(frame.table) for cell in cells
    ]
    for cell, table in zip(cells, tables, strict=True):
        if cell.body is not None:
            right[table] = max(right[table], cell.right)
    return [
        cell if cell.body is None else replace(cell, left=left, right=right[table])
        for cell, table in zip(cells, tables, strict=True)
    ]


def _reach(run: Run, top: float, bottom: float) -> float:
    """How far the run reaches to the left between two heights."""
    reach = 0.0
    for start, cell in zip(run.tops, run.cells, strict=True):
        if start <= bottom and start + cell.height >= top:
            reach = max(reach, cell.left)
    for gap in run.gaps:
        if gap.start <= bottom and gap.end >= top:
            reach = max(reach, gap.left)
    return reach


def _stretched(run: Run, height: float) -> Run:
    """The run, at least so high: its last gap grows."""
    if height <= run.height:
        return run
    last = run.gaps[-1]
    merge = last.merge
    if merge is not None and not last.branches:
        merge += height - last.end
    return replace(
        run, height=height, gaps=(*run.gaps[:-1], replace(last, end=height, merge=merge))
    )
