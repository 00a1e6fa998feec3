"""Whether a tensor of a source can become a tensor of a network, and what has to be done to it.

Only what keeps the function of the layer is done: the same shape; axes of size 1 at the end, as between a
linear layer and a 1x1 convolution; and a linear layer over a flattened map as a convolution over the
whole map. Every other reshape has the same number of elements by accident, and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from netspec.graph import Graph, Node
from netspec.ops import Conv, ConvTranspose, Flatten, Linear, Op
from netspec.shape import Shape, numel
from netspec.weights.tensors import FLOATS, INTEGERS, TensorInfo, spelled, squeezed


@dataclass(frozen=True, slots=True)
class Place:
    """A tensor of the network: what it belongs to, and the map that a linear layer reads flattened."""

    tensor: TensorInfo
    op: Op
    flattened: Shape | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether it fits, and why or how; `reshaped` when its shape changes on the way."""

    fits: bool
    reason: str = ""
    reshaped: bool = False


def flattened_map(graph: Graph, node: Node) -> Shape | None:
    """The map (C, H, W) that a node reads as a vector, when nothing but `flatten` is between."""
    before = graph.producers.get(node.inputs[0])
    while before is not None and before.op.kind == "dropout":
        before = graph.producers.get(before.inputs[0])
    if before is None or not isinstance(before.op, Flatten) or len(before.output.shape) != 1:
        return None
    return before.inputs[0].shape


def fit(place: Place, source: TensorInfo, groups: int | None = None) -> Fit:
    """Whether `source` can become the tensor at `place`; `groups` are the source's, where known."""
    target = place.tensor
    if not _same_kind(target.dtype, source.dtype):
        return Fit(fits=False, reason=f"{source.dtype} cannot become {target.dtype}")
    if target.shape == source.shape:
        return Fit(fits=True)
    here, there = spelled(target.shape), spelled(source.shape)
    differs = f"{here} here, {there} there"
    grouped = isinstance(place.op, Conv) and place.op.groups != 1
    if grouped or groups not in {None, 1} or isinstance(place.op, ConvTranspose):
        return Fit(fits=False, reason=differs)
    if squeezed(target.shape) == squeezed(source.shape):
        return Fit(fits=True, reason=f"{there} as {here}", reshaped=True)
    if target.name == "weight" and numel(target.shape) == numel(source.shape):
        if _is_whole_map(place, source):
            return Fit(
                fits=True, reason=f"{there} as {here}: over the flattened map", reshaped=True
            )
        differs += ", the same number of elements by accident"
    return Fit(fits=False, reason=differs)


def _same_kind(target: str, source: str) -> bool:
    return any(target in kind and source in kind for kind in (FLOATS, INTEGERS, ("bool",)))


def _is_whole_map(place: Place, source: TensorInfo) -> bool:
    """Whether one side is a linear layer over a flattened map, the other a convolution over that map."""
    target, op = place.tensor, place.op
    if target.shape[0] != source.shape[0]:
        return False
    if isinstance(op, Conv):
        return len(source.shape) == 2 and set(op.dilation) == {1}
    if isinstance(op, Linear):
        return place.flattened == source.shape[1:]
    return False
