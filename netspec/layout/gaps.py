"""The space between two items of a series: where its buses are, and where its branches stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from netspec.layout import spacing as sp
from netspec.layout.measured import Body, Branch, Gap


class End(StrEnum):
    """What a gap borders on."""

    ITEM = "item"
    BORDER = "border"  # the title row or the lower border of a frame
    BUS = "bus"  # of the fork or merge around a branch


@dataclass(frozen=True, slots=True)
class Needs:
    """What happens in a gap besides its link: a line that leaves to the side, one that comes in."""

    leaves: bool
    arrives: bool


_TO_FORK: Mapping[End, float] = MappingProxyType(
    {End.ITEM: sp.FORK, End.BORDER: sp.FORK_AFTER_TITLE, End.BUS: 0.0}
)
_FROM_MERGE: Mapping[End, float] = MappingProxyType(
    {End.ITEM: sp.MERGE, End.BORDER: sp.BEFORE_END, End.BUS: sp.GATHER}
)
_BEHIND_FORK: Mapping[End, float] = MappingProxyType(
    {End.ITEM: sp.BEHIND_FORK, End.BORDER: sp.FORK, End.BUS: sp.FORK}
)
_PLAIN: Mapping[tuple[End, End], float] = MappingProxyType(
    {
        (End.ITEM, End.ITEM): sp.STEP,
        (End.BORDER, End.ITEM): sp.AFTER_TITLE,
        (End.ITEM, End.BORDER): sp.BEFORE_END,
    }
)


def plain_gap(
    start: float, ends: tuple[End, End], needs: Needs, *, joined: bool, least: float = 0.0
) -> Gap:
    """A gap without branches, straight through or broken, that ends at `least` or below."""
    before, after = ends
    fork = start + _TO_FORK[before] if needs.leaves else None
    end = max(least, start + _PLAIN.get(ends, 0.0))
    if needs.arrives:
        above = sp.BETWEEN_BUSES if needs.leaves else 0.0
        lead = _TO_FORK[before] if needs.leaves or before is not End.BORDER else 0.0
        end = max(end, start + lead + above + _FROM_MERGE[after])
    elif fork is not None:
        end = max(end, fork + _BEHIND_FORK[after])
    merge = end - _FROM_MERGE[after] if needs.arrives else None
    return Gap(start, end, fork, merge, joined)


def forked_gap(start: float, ends: tuple[End, End], bodies: Sequence[Body]) -> Gap:
    """A gap with branches side by side between two buses."""
    before, after = ends
    fork = start + _TO_FORK[before]
    top = fork + sp.BRANCH
    bottom = top + max(body.run.height for body in bodies)
    merge = bottom + sp.GATHER
    end = merge + (0.0 if after is End.BUS else _FROM_MERGE[after])
    branches = tuple(Branch(x, top, body) for x, body in zip(_columns(bodies), bodies, strict=True))
    return Gap(start, end, fork, merge, joined=True, branches=branches)


def _columns(bodies: Sequence[Body]) -> list[float]:
    """The spines of branches: centred as a row; a single one among mere lines stays in the middle."""
    solid = [place for place, body in enumerate(bodies) if not body.is_line]
    if len(solid) == 1:
        (middle,) = solid
        left, right = bodies[middle].left, bodies[middle].right
        return [
            0.0
            if place == middle
            else -(left + sp.LANE_GAP + (middle - place - 1) * sp.LANE)
            if place < middle
            else right + sp.LANE_GAP + (place - middle - 1) * sp.LANE
            for place in range(len(bodies))
        ]
    spines, edge = [], -sp.COLUMN_GAP
    for body in bodies:
        spines.append(edge + sp.COLUMN_GAP + body.left)
        edge = spines[-1] + body.right
    return [spine - edge / 2 for spine in spines]
