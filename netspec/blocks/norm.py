"""Normalisation."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Count, EndDim, Positive, Probability
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import BatchNorm as BatchNormOp
from netspec.ops import ChannelNorm as ChannelNormOp
from netspec.ops import GroupNorm as GroupNormOp
from netspec.ops import InstanceNorm as InstanceNormOp
from netspec.ops import LayerNorm as LayerNormOp
from netspec.ops import LocalResponseNorm


class BatchNorm(Block):
    """(C, ...) -> (C, ...): batch normalisation over each channel, for maps and vectors alike."""

    block_name: ClassVar[str] = "batch_norm"
    reference: ClassVar[str] = "Ioffe and Szegedy 2015"
    example: ClassVar[Example] = Example("- batch_norm", input=(64, 8, 8), output=(64, 8, 8))

    eps: Positive = 1e-5
    """Added to the variance."""
    momentum: Probability | None = 0.1
    """Share of the new batch in the running statistics."""
    affine: bool = True
    """Learn a scale and a shift per channel."""
    track_running_stats: bool = True
    """Keep running statistics for inference."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        fields = (self.eps, self.momentum, self.affine, self.track_running_stats)
        return build.op(BatchNormOp(x.channels, *fields, rank=x.rank), x)


class InstanceNorm(Block):
    """(C, ...) -> (C, ...): each channel of each sample normalised by itself, for maps.

    Raises:
        Misfit: the input is no map, or a channel is a single number.
    """

    block_name: ClassVar[str] = "instance_norm"
    reference: ClassVar[str] = "Ulyanov et al. 2016"
    example: ClassVar[Example] = Example("- instance_norm", input=(64, 8, 8), output=(64, 8, 8))

    eps: Positive = 1e-5
    """Added to the variance."""
    momentum: Probability = 0.1
    """Share of the new batch in the running statistics."""
    affine: bool = False
    """Learn a scale and a shift per channel."""
    track_running_stats: bool = False
    """Keep running statistics for inference."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        fields = (self.eps, self.momentum, self.affine, self.track_running_stats)
        return build.op(InstanceNormOp(x.channels, *fields, rank=x.rank), x)


class GroupNorm(Block):
    """(C, ...) -> (C, ...): groups of channels, each normalised with its positions.

    `groups: 1` normalises a whole sample, with a scale and a shift per channel whatever its size.

    Raises:
        Misfit: the groups do not divide the channels, or a group is a single number.
    """

    block_name: ClassVar[str] = "group_norm"
    bare_field: ClassVar[str] = "groups"
    reference: ClassVar[str] = "Wu and He 2018"
    example: ClassVar[Example] = Example("- group_norm: 8", input=(64, 8, 8), output=(64, 8, 8))

    groups: Count
    """Number of groups, `num_groups` of `nn.GroupNorm`."""
    eps: Positive = 1e-5
    """Added to the variance."""
    affine: bool = True
    """Learn a scale and a shift per channel."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(GroupNormOp(self.groups, x.channels, self.eps, self.affine), x)


class LayerNorm(Block):
    """(...) -> (...): the axes from `start_dim` on, normalised together, as `nn.LayerNorm` does.

    Scale and shift are as large as those axes, so a network with maps is bound to its input size. To
    normalise the channels at each position, as ConvNeXt does, use `channel_norm`; to normalise a whole
    map with a scale per channel, `group_norm: 1`.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "layer_norm"
    bare_field: ClassVar[str] = "start_dim"
    reference: ClassVar[str] = "Ba et al. 2016"
    example: ClassVar[Example] = Example("- layer_norm", input=(256,), output=(256,))

    start_dim: EndDim = 1
    """The first axis of `normalized_shape`; 1 is the channels or features, -1 the last axis."""
    eps: Positive = 1e-5
    """Added to the variance."""
    elementwise_affine: bool = True
    """Learn a scale and a shift per element."""
    bias: bool = True
    """Learn the shift too."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        start = len(x.shape) if self.start_dim == -1 else self.start_dim
        if start > len(x.shape):
            raise Misfit("dim-out-of-range", "start_dim", dim=start, shape=x.shape)
        fields = (self.eps, self.elementwise_affine, self.bias)
        return build.op(LayerNormOp(x.shape[start - 1 :], *fields), x)


class ChannelNorm(Block):
    """(C, ...) -> (C, ...): the channels of each position normalised by themselves.

    Layer norm over the channels, also called `LayerNorm2d`: a scale and a shift per channel, whatever
    the size of the map.
    """

    block_name: ClassVar[str] = "channel_norm"
    reference: ClassVar[str] = "Liu et al. 2022, A ConvNet for the 2020s, section 2.6"
    example: ClassVar[Example] = Example(
        "- channel_norm: {eps: 1.0e-6}", input=(96, 8, 8), output=(96, 8, 8)
    )

    eps: Positive = 1e-5
    """Added to the variance."""
    affine: bool = True
    """Learn a scale and a shift per channel."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(ChannelNormOp(x.channels, self.eps, self.affine), x)


class Lrn(Block):
    """(C, H, W) -> (C, H, W): local response normalisation across `size` channels.

    As in PyTorch and Caffe, `alpha` is divided by `size`; the paper applies it to the plain sum, so its
    alpha 1e-4 with size 5 is 5e-4 here.
    """

    block_name: ClassVar[str] = "lrn"
    bare_field: ClassVar[str] = "size"
    reference: ClassVar[str] = "Krizhevsky et al. 2012, section 3.3"
    example: ClassVar[Example] = Example("- lrn: 5", input=(64, 8, 8), output=(64, 8, 8))

    size: Count
    """Number of neighbouring channels."""
    alpha: Positive = 1e-4
    """Scale of the sum of squares."""
    beta: Positive = 0.75
    """Exponent."""
    k: Positive = 1.0
    """Added to the sum."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(LocalResponseNorm(self.size, self.alpha, self.beta, self.k), x)
