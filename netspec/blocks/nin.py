"""The mlpconv block of Network in Network."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.conv import Conv
from netspec.blocks.fields import RELU, Activation, OneOrThreeWidths
from netspec.blocks.sizes import Padding, Size
from netspec.graph import Value
from netspec.shape import per_axis


class NinBlock(Block):
    """(C, H, W) -> (out_channels, H', W'): a convolution, then two 1x1 convolutions.

    An activation follows each of the three. Children: conv, mlp1, mlp2.

    Raises:
        Misfit: the kernel does not fit, or the input is no map.
    """

    block_name: ClassVar[str] = "nin_block"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Lin et al. 2013, section 3.1"
    example: ClassVar[Example] = Example(
        "- nin_block: {out_channels: 96, kernel_size: 11, stride: 4}",
        input=(1, 224, 224),
        output=(96, 54, 54),
    )

    out_channels: OneOrThreeWidths
    """Channels of all three convolutions, or of each: [first, second, third]."""
    kernel_size: Size
    """Kernel of the first convolution."""
    stride: Size = 1
    """Stride of the first convolution."""
    padding: Padding = 0
    """Padding of the first convolution, or `same`."""
    activation: Activation = RELU
    """Activation after every convolution."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        widths = per_axis(self.out_channels, 3)
        first = Conv(
            out_channels=widths[0],
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            activation=self.activation,
        )
        x = build.block(first, x, name="conv")
        for name, width in (("mlp1", widths[1]), ("mlp2", widths[2])):
            pointwise = Conv(out_channels=width, kernel_size=1, activation=self.activation)
            x = build.block(pointwise, x, name=name)
        return x
