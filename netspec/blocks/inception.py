"""The Inception module of GoogLeNet."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.conv import Conv
from netspec.blocks.fields import RELU, Activation, Channels, ReducedWidths
from netspec.blocks.pool import Pool
from netspec.graph import Value
from netspec.ops import Concat as ConcatOp


class Inception(Block):
    """(C, H, W) -> (conv1x1 + conv3x3[1] + conv5x5[1] + pool_proj, H, W): four branches, concatenated.

    1x1 | 1x1 to 3x3 | 1x1 to 5x5 | max pool 3x3 to 1x1; an activation after every convolution.
    Children: conv1x1, conv3x3_reduce, conv3x3, conv5x5_reduce, conv5x5, pool, pool_proj.
    """

    block_name: ClassVar[str] = "inception"
    reference: ClassVar[str] = "Szegedy et al. 2014, figure 2(b) and Table 1"
    example: ClassVar[Example] = Example(
        "- inception:\n    {conv1x1: 64, conv3x3: [96, 128], conv5x5: [16, 32], pool_proj: 32}",
        input=(192, 28, 28),
        output=(256, 28, 28),
    )

    conv1x1: Channels
    """Channels of the 1x1 branch."""
    conv3x3: ReducedWidths
    """Channels of the 3x3 branch: after the 1x1 reduction, and out."""
    conv5x5: ReducedWidths
    """Channels of the 5x5 branch: after the 1x1 reduction, and out."""
    pool_proj: Channels
    """Channels of the 1x1 convolution after the pool."""
    activation: Activation = RELU
    """Activation after every convolution."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs

        def conv(value: Value, name: str, width: int, size: int = 1) -> Value:
            unit = Conv(
                out_channels=width,
                kernel_size=size,
                padding=size // 2,
                activation=self.activation,
            )
            return build.block(unit, value, name=name)

        one = conv(x, "conv1x1", self.conv1x1)
        three = conv(conv(x, "conv3x3_reduce", self.conv3x3[0]), "conv3x3", self.conv3x3[1], 3)
        five = conv(conv(x, "conv5x5_reduce", self.conv5x5[0]), "conv5x5", self.conv5x5[1], 5)
        pooled = build.block(Pool(mode="max", kernel_size=3, stride=1, padding=1), x, name="pool")
        projected = conv(pooled, "pool_proj", self.pool_proj)
        return build.op(ConcatOp(), one, three, five, projected, name="concat")
