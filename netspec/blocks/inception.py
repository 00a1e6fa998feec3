"""The Inception module of GoogLeNet."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.conv import Conv
from netspec.blocks.fields import NONE, RELU, Activation, Channels, Norm, ReducedWidths
from netspec.blocks.pool import Pool
from netspec.graph import Value
from netspec.ops import Concat as ConcatOp


class Inception(Block):
    """(C, H, W) -> (conv1x1 + conv3x3[1] + conv5x5[1] + pool_proj, H, W): four branches, concatenated.

    1x1 | 1x1 to 3x3 | 1x1 to 5x5 | pool 3x3 to 1x1; norm and activation after every convolution.
    torchvision's GoogLeNet has `conv5x5_kernel_size: 3` and a batch norm with eps 0.001.
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
    conv5x5_kernel_size: Annotated[int, Field(ge=3, le=5)] = 5
    """Kernel of the 5x5 branch: 5, or 3 as in torchvision."""
    pool_mode: Literal["max", "avg"] = "max"
    """What the pool takes of each window."""
    norm: Norm = NONE
    """Norm after every convolution, which then has no bias."""
    activation: Activation = RELU
    """Activation after every convolution."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs

        def conv(value: Value, name: str, width: int, size: int = 1) -> Value:
            unit = Conv(
                out_channels=width,
                kernel_size=size,
                padding="same",
                norm=self.norm,
                activation=self.activation,
            )
            return build.block(unit, value, name=name)

        one = conv(x, "conv1x1", self.conv1x1)
        three = conv(conv(x, "conv3x3_reduce", self.conv3x3[0]), "conv3x3", self.conv3x3[1], 3)
        size = self.conv5x5_kernel_size
        five = conv(conv(x, "conv5x5_reduce", self.conv5x5[0]), "conv5x5", self.conv5x5[1], size)
        pool = Pool(mode=self.pool_mode, kernel_size=3, stride=1, padding=1)
        pooled = build.block(pool, x, name="pool")
        projected = conv(pooled, "pool_proj", self.pool_proj)
        return build.op(ConcatOp(), one, three, five, projected, name="concat")
