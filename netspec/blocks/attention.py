"""Attention over channels: squeeze and excitation, selective kernels.

Both equal what one can spell out with `gap`, `conv`, `mul` and `softmax`; the names of their children are
fixed, so that weights keep their keys.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.conv import Conv
from netspec.blocks.fields import BATCH_NORM, RELU, SIGMOID, Activation, Channels, Count, Norm
from netspec.blocks.pool import Gap
from netspec.blocks.sizes import Size
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import Activation as ActivationOp
from netspec.ops import Mul as MulOp
from netspec.ops import Stack as StackOp
from netspec.ops import Sum as SumOp
from netspec.ops import Unflatten as UnflattenOp


class SqueezeExcite(Block):
    """(C, H, W) -> (C, H, W): every channel times a gate that is computed from the means of all.

    Global average, a 1x1 convolution to fewer channels, one back to C, both with bias; P = 2Cq + q + C
    with q squeezed channels. Children: gap, fc1, fc2, mul.

    Raises:
        Misfit: the input is no map of height and width, or the reduction leaves no channel.
    """

    block_name: ClassVar[str] = "squeeze_excite"
    bare_field: ClassVar[str] = "reduction"
    reference: ClassVar[str] = "Hu et al. 2017"
    example: ClassVar[Example] = Example("- squeeze_excite: 16", (256, 56, 56), (256, 56, 56))

    reduction: Count = 16
    """q = C // reduction."""
    squeeze_channels: Channels | None = None
    """q itself; not with `reduction`."""
    activation: Activation = RELU
    """Activation after the first convolution."""
    scale_activation: Activation = SIGMOID
    """Activation that makes the gate; `hardsigmoid` in MobileNetV3."""

    @model_validator(mode="after")
    def _one_of_two(self) -> SqueezeExcite:
        if {"reduction", "squeeze_channels"} <= self.model_fields_set:
            either = ["reduction", "squeeze_channels"]
            raise PydanticCustomError(
                "one_of", "one of two", {"field": "reduction", "given": either, "either": either}
            )
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        if x.rank != 2:
            raise Misfit("needs-map", op=self.block_name, shape=x.shape, ranks=(2,))
        squeezed = self.squeeze_channels or x.channels // self.reduction
        if not squeezed:
            rule, given = "nothing-to-squeeze", self.reduction
            raise Misfit(rule, "reduction", channels=x.channels, reduction=given)
        first = Conv(out_channels=squeezed, kernel_size=1, activation=self.activation)
        second = Conv(out_channels=x.channels, kernel_size=1, activation=self.scale_activation)
        gate = build.block(Gap(), x, name="gap")
        gate = build.block(second, build.block(first, gate, name="fc1"), name="fc2")
        return build.op(MulOp(), x, gate, name="mul")


class SelectiveKernel(Block):
    """(C, H, W) -> (out_channels, H', W'): 3x3 convolutions of growing dilation, mixed by attention.

    Branch i has dilation i, padding `same`, a norm and an activation. The global average of their sum goes
    through d = max(out_channels // reduction, min_channels) channels to a weight for each branch and
    channel; a softmax over the branches mixes them.
    Children: branch1, branch2, ..., stack, fuse, gap, squeeze, expand, weights, softmax, mul, select.

    Raises:
        Misfit: the groups do not divide the channels, or the input is no map of height and width.
    """

    block_name: ClassVar[str] = "selective_kernel"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Li et al. 2019, section 3.1"
    example: ClassVar[Example] = Example("- selective_kernel: 128", (128, 56, 56), (128, 56, 56))

    out_channels: Channels
    """Channels of every branch and of the output."""
    stride: Size = 1
    """Stride of the branches."""
    branches: Annotated[int, Field(ge=2, le=16)] = 2
    """Number of branches, M in the paper, at most 16."""
    groups: Count = 32
    """Groups of the branches, G in the paper."""
    reduction: Count = 16
    """d is `out_channels` divided by this, r in the paper."""
    min_channels: Channels = 32
    """The least d, L in the paper."""
    norm: Norm = BATCH_NORM
    """Norm of the branches and of the squeezed channels."""
    activation: Activation = RELU
    """Activation after each norm."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        if x.rank != 2:
            raise Misfit("needs-map", op=self.block_name, shape=x.shape, ranks=(2,))
        made = [
            build.block(self._branch(number), x, name=f"branch{number}")
            for number in range(1, self.branches + 1)
        ]
        maps = build.op(StackOp(), *made, name="stack")
        mean = build.block(Gap(), build.op(SumOp((1,)), maps, name="fuse"), name="gap")
        weights = build.block(self._squeeze(), mean, name="squeeze")
        width = self.branches * self.out_channels
        expand = Conv(out_channels=width, kernel_size=1, bias=False)
        weights = build.block(expand, weights, name="expand")
        weights = build.op(UnflattenOp(1, (self.branches, -1)), weights, name="weights")
        weights = build.op(ActivationOp("softmax", (("dim", 1),)), weights, name="softmax")
        return build.op(SumOp((1,)), build.op(MulOp(), maps, weights, name="mul"), name="select")

    def _branch(self, dilation: int) -> Conv:
        return Conv(
            out_channels=self.out_channels,
            kernel_size=3,
            stride=self.stride,
            padding="same",
            dilation=dilation,
            groups=self.groups,
            norm=self.norm,
            activation=self.activation,
        )

    def _squeeze(self) -> Conv:
        return Conv(
            out_channels=max(self.out_channels // self.reduction, self.min_channels),
            kernel_size=1,
            norm=self.norm,
            activation=self.activation,
        )
