"""The smallest input that a network takes: a walk back from what its windows need.

It stands here and not in `analysis`, because the error of a window that does not fit tells it too, and
there is no whole graph yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from netspec.graph.model import Node, Value
from netspec.shape import Shape

_Size = tuple[int, ...]


def smallest_input(
    source: Value, nodes: Iterable[Node], needs: Mapping[Value, _Size] | None = None
) -> Shape | None:
    """(C, H, W) of the smallest `source` for which every window fits; None when an op does not say.

    A window needs its size, a merge the largest need of its readers; `needs` are further ones. Sizes
    that must be equal or divisible for another reason are not looked for. Linear in the nodes.
    """
    need: dict[Value, _Size | None] = dict(needs or {})
    for node in reversed(list(nodes)):
        asked = [need.get(value, (1,) * value.rank) for value in node.outputs]
        for value in node.inputs:
            before = need.get(value, (1,) * value.rank)
            need[value] = _larger(before, _needs(node, value, asked))
    least = need.get(source, (1,) * source.rank)
    return None if least is None else (source.channels, *least)


def _needs(node: Node, value: Value, asked: Sequence[_Size | None]) -> _Size | None:
    """What `node` needs of `value`, given what is asked of its outputs."""
    wanted = reduce(_larger, asked)
    if wanted is None:
        return None
    if node.op.sight(value.shape) is not None:
        return node.op.smallest_input(value.shape, wanted)
    if set(value.shape[1:]) <= {1}:
        return (1,) * value.rank
    shared = min(value.rank, len(wanted))
    if not goes_in_place(node, value, shared):
        return None
    return (*value.shape[1 : 1 + value.rank - shared], *wanted[len(wanted) - shared :])


def _larger(one: _Size | None, other: _Size | None) -> _Size | None:
    if one is None or other is None:
        return None
    return tuple(map(max, one, other))


def goes_in_place(node: Node, value: Value, axes: int) -> bool:
    """Whether the last `axes` axes of every output are those of `value`, in its order."""
    return 0 < axes <= value.rank and all(
        axes <= out.rank
        and out.shape[-axes:] == value.shape[-axes:]
        and not node.op.moves(value.shape, axes)
        for out in node.outputs
    )
