"""A plan with sizes: what `measure` makes and `place` reads. All coordinates are relative.

x is 0 on the spine of the run, y is 0 at its top. `left` and `right` are extents, both positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of one item in a run; a frame has a body, whose top is `lead` below its own."""

    item: int
    left: float
    right: float
    height: float
    body: Body | None = None
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Branch:
    """A body beside others: its spine at `x`, its top at `y`."""

    x: float
    y: float
    body: Body


@dataclass(frozen=True, slots=True)
class Gap:
    """What is between two items, from `start` to `end`: a bus at `fork`, branches, a bus at `merge`."""

    start: float
    end: float
    fork: float | None
    merge: float | None
    joined: bool
    branches: tuple[Branch, ...] = ()

    @property
    def left(self) -> float:
        """How far the branches reach to the left."""
        return max((branch.body.left - branch.x for branch in self.branches), default=0.0)

    @property
    def right(self) -> float:
        """How far the branches reach to the right."""
        return max((branch.body.right + branch.x for branch in self.branches), default=0.0)


@dataclass(frozen=True, slots=True)
class Hung:
    """A body that hangs from the bus below `tap` (a slot, or the entry of the run)."""

    tap: int
    x: float
    y: float
    body: Body


@dataclass(frozen=True, slots=True)
class Run:
    """A measured series: a gap before each cell and after the last."""

    slots: tuple[int, ...]
    cells: tuple[Cell, ...]
    tops: tuple[float, ...]
    gaps: tuple[Gap, ...]
    hangs: tuple[Hung, ...]
    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Body:
    """A measured series: a run, and beside it the lanes of `wires` (pairs of slots) and of skips.

    `lanes` has the x of a lane by the number of its source; the entry has the number `IN`.
    """

    run: Run
    wires: tuple[tuple[int, int], ...]
    lanes: Mapping[int, float]
    right: float

    @property
    def left(self) -> float:
        """How far it reaches to the left; lanes are at the right."""
        return self.run.left

    @property
    def is_line(self) -> bool:
        """Whether it is only a line from a fork to a merge."""
        return not self.run.cells and not self.run.gaps[0].branches


Sheet: TypeAlias = tuple[Body, ...]
"""The columns of a picture, from left to right: the stream goes down each, and on at the top of the next."""
