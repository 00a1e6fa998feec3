"""Receptive field and stride of every value: what one of its elements sees of the input.

Along each axis a window adds `dilation * (kernel_size - 1) * stride so far` to the field and multiplies
the stride; interpolation and transposed convolution divide it. A merge sees what its inputs see together.
A gradient that is sent back from one element reaches just as far, in the midst of a map that is large
enough: padding does not widen the field, it moves it, so the field may be larger than the input. The
statistics of a norm do not count. What an op sees is the op's own knowledge (`Op.sight`); nothing here
asks for its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netspec.graph import Graph, Node, Value
from netspec.graph.smallest import goes_in_place
from netspec.sight import IN_PLACE, SPREAD, Sight, together

_Sights = tuple[Sight, ...]
"""One entry per spatial axis of the network's input."""


@dataclass(frozen=True, slots=True)
class Field:
    """Per spatial axis of the input: how many elements one element of a value sees, and their step.

    A step below 1, or between two numbers, is that of a map which has been made larger.
    """

    size: tuple[int, ...]
    stride: tuple[float, ...]


def receptive_fields(graph: Graph) -> Mapping[Value, Field | None]:
    """Value -> its field; None behind an op that mixes spatial axes. Linear in the nodes."""
    seen: dict[Value, _Sights | None] = {graph.input: (IN_PLACE,) * graph.input.rank}
    for node in graph.nodes:
        parts = [_through(node, value, seen[value]) for value in node.inputs]
        found = _together([part for part in parts if part is not None], len(parts))
        seen.update((value, found) for value in node.outputs)
    return {value: None if found is None else _field(found) for value, found in seen.items()}


def _field(sights: _Sights) -> Field:
    strides = (sight.stride for sight in sights)
    whole = tuple(step.numerator if step.denominator == 1 else float(step) for step in strides)
    return Field(tuple(sight.size for sight in sights), whole)


def _through(node: Node, value: Value, before: _Sights | None) -> _Sights | None:
    """What an element behind `node` sees of the network's input by way of `value`."""
    if not before:
        return before
    axes, rank = len(before), min(out.rank for out in node.outputs)
    if value.rank < axes:  # each of its elements sees all that the value does
        return before if rank < axes else _through_each(before, (SPREAD,) * axes)
    sights = node.op.sight(value.shape)
    if sights is None and goes_in_place(node, value, axes):
        return before
    if sights is None and set(value.shape[1:]) == {1} and rank == value.rank:
        return _through_each(before, (SPREAD,) * axes)
    if sights is None or node.op.moves(value.shape, axes):
        return None
    return _through_each(before, sights[len(sights) - axes :])


def _through_each(before: _Sights, sights: Sequence[Sight | None]) -> _Sights | None:
    pairs = zip(before, sights, strict=True)
    return _complete([None if sight is None else sight.of(old) for old, sight in pairs])


def _together(parts: Sequence[_Sights], wanted: int) -> _Sights | None:
    if len(parts) < wanted:
        return None
    return _complete([together(axis) for axis in zip(*parts, strict=True)])


def _complete(found: Sequence[Sight | None]) -> _Sights | None:
    known = tuple(sight for sight in found if sight is not None)
    return known if len(known) == len(found) else None
