"""Receptive field and stride of every value: what one of its elements sees of the input.

Along each axis a window adds `dilation * (kernel_size - 1) * stride so far` to the field and multiplies
the stride; a merge has the largest of its inputs. A gradient that is sent back from one element reaches
just as far. Padding does not widen the field, it moves it; so the field may be larger than the input.
What an op sees is the op's own knowledge (`Op.sight`); nothing here asks for its type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netspec.graph import Graph, Node, Value
from netspec.graph.smallest import goes_in_place


@dataclass(frozen=True, slots=True)
class Field:
    """Per spatial axis of the input: how many elements one element of a value sees, and their step."""

    size: tuple[int, ...]
    stride: tuple[int, ...]


def receptive_fields(graph: Graph) -> Mapping[Value, Field | None]:
    """Value -> its field; None behind an op that does not say what it sees. Linear in the nodes."""
    rank = graph.input.rank
    found: dict[Value, Field | None] = {graph.input: Field((1,) * rank, (1,) * rank)}
    for node in graph.nodes:
        seen = [_through(node, value, found[value]) for value in node.inputs]
        for value in node.outputs:
            found[value] = _largest([field for field in seen if field], len(seen))
    return found


def _through(node: Node, value: Value, before: Field | None) -> Field | None:
    """The field behind `node`, as far as `value` goes."""
    if before is None:
        return None
    if value.rank == 0 and all(out.rank == 0 for out in node.outputs):
        return before  # vectors are read as a whole
    window = node.op.sight(value.shape)
    if window is None:
        return before if goes_in_place(node, value) else None
    steps = zip(before.size, before.stride, window.extent, strict=True)
    return Field(
        tuple(size + (extent - 1) * stride for size, stride, extent in steps),
        tuple(a * b for a, b in zip(before.stride, window.stride, strict=True)),
    )


def _largest(fields: Sequence[Field], wanted: int) -> Field | None:
    if len(fields) < wanted or not fields:
        return None
    sizes = zip(*(field.size for field in fields), strict=True)
    strides = zip(*(field.stride for field in fields), strict=True)
    return Field(tuple(map(max, sizes)), tuple(map(max, strides)))
