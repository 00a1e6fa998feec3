"""Numbers moved, not changed: reshape, unflatten, permute, transpose, channel shuffle.

Axes count as in PyTorch: 0 is the batch, which stays where it is, 1 the channels. A shape never holds
the batch. `flatten` is in `dense`.
"""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Count, Dim, Dims, Sizes
from netspec.graph import Value
from netspec.ops import ChannelShuffle as ChannelShuffleOp
from netspec.ops import Op
from netspec.ops import Permute as PermuteOp
from netspec.ops import Reshape as ReshapeOp
from netspec.ops import Transpose as TransposeOp
from netspec.ops import Unflatten as UnflattenOp


class Reshape(Block):
    """(...) -> shape: the same numbers in another shape.

    Raises:
        Misfit: the shape has another number of elements.
    """

    block_name: ClassVar[str] = "reshape"
    bare_field: ClassVar[str] = "shape"
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = ReshapeOp
    example: ClassVar[Example] = Example("- reshape: {shape: [2, 32, -1]}", (64, 8, 8), (2, 32, 64))

    shape: Sizes
    """The new shape without the batch; -1, at most once, is what remains."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(ReshapeOp(self.shape), *inputs)


class Unflatten(Block):
    """(C, H, W) -> (C1, C2, H, W): axis `dim` becomes several.

    Raises:
        Misfit: there is no such axis, or the sizes have another product than it.
    """

    block_name: ClassVar[str] = "unflatten"
    example: ClassVar[Example] = Example(
        "- unflatten: {dim: 1, unflattened_size: [2, -1]}", (64, 8, 8), (2, 32, 8, 8)
    )

    dim: Dim
    """The axis; 1 is the channels or features."""
    unflattened_size: Sizes
    """What it becomes; -1, at most once, is what remains."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(UnflattenOp(self.dim, self.unflattened_size), *inputs)


class Permute(Block):
    """(C, H, W) -> the same axes in another order.

    Raises:
        Misfit: `dims` does not name every axis once.
    """

    block_name: ClassVar[str] = "permute"
    bare_field: ClassVar[str] = "dims"
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = PermuteOp
    example: ClassVar[Example] = Example("- permute: {dims: [2, 3, 1]}", (64, 8, 9), (8, 9, 64))

    dims: Dims
    """The axes in their new order, without the batch: [2, 3, 1] puts the channels last."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        dims = (self.dims,) if isinstance(self.dims, int) else self.dims
        return build.op(PermuteOp(dims), *inputs)


class Transpose(Block):
    """(C, L) -> (L, C): two axes exchanged.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "transpose"
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = TransposeOp
    example: ClassVar[Example] = Example("- transpose: {dim0: 1, dim1: 2}", (64, 10), (10, 64))

    dim0: Dim
    """One axis; 1 is the channels."""
    dim1: Dim
    """The other axis."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(TransposeOp(self.dim0, self.dim1), *inputs)


class ChannelShuffle(Block):
    """(C, ...) -> (C, ...): channels of different groups side by side.

    Seen as `groups` rows, the channels are read by columns: with 2 groups, 0 1 2 3 4 5 6 7 come out as
    0 4 1 5 2 6 3 7.

    Raises:
        Misfit: the groups do not divide the channels, or the input is no map.
    """

    block_name: ClassVar[str] = "channel_shuffle"
    bare_field: ClassVar[str] = "groups"
    reference: ClassVar[str] = "Zhang et al. 2017, ShuffleNet, section 3.1"
    example: ClassVar[Example] = Example("- channel_shuffle: 2", (116, 28, 28), (116, 28, 28))

    groups: Count
    """Number of groups."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(ChannelShuffleOp(self.groups), *inputs)
