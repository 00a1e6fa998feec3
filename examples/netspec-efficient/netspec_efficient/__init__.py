"""Blocks of efficient networks: efficient channel attention, and the Ghost module.

They are written like netspec's own: pydantic fields, a docstring that begins with shape -> shape, an
example, and `lower`, which builds from ops and other blocks. `eca` is in Python because the size of its
kernel is a logarithm, which no expression of a spec can say.
"""

from __future__ import annotations

from math import log2
from typing import ClassVar

from pydantic import field_validator, model_validator

from netspec.blocks import Block, Build, Example
from netspec.blocks.conv import Conv, DepthwiseConv
from netspec.blocks.fields import BATCH_NORM, RELU, SIGMOID, Activation, Channels, Count, Norm
from netspec.blocks.pool import Gap
from netspec.blocks.sizes import Size
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import Concat, Mul, Reshape


class Eca(Block):
    """(C, H, W) -> (C, H, W): every channel times a gate that its neighbours and it compute.

    Global average, a convolution of k weights along the channels, sigmoid. k is the odd number next to
    (log2(C) + beta) / gamma, rounded down, and at least 3; P = k.
    Children: gap, channels, conv, gate, mul.

    Raises:
        Misfit: the input is no map of height and width.
    """

    block_name: ClassVar[str] = "eca"
    bare_field: ClassVar[str] = "kernel_size"
    reference: ClassVar[str] = "Wang et al. 2020, ECA-Net, section 3.3"
    example: ClassVar[Example] = Example("- eca", (256, 56, 56), (256, 56, 56))

    kernel_size: Count | None = None
    """k itself, an odd number; without a value it follows from the channels."""
    gamma: Count = 2
    """Divides the logarithm."""
    beta: int = 1
    """Is added to it."""

    @field_validator("kernel_size")
    @classmethod
    def _odd(cls, value: int | None) -> int | None:
        if value is not None and value % 2 == 0:
            raise ValueError("the kernel needs a middle, so write an odd number")
        return value

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        if x.rank != 2:
            raise Misfit("needs-map", op=self.block_name, shape=x.shape, ranks=(2,))
        kernel = self.kernel_size or self._kernel(x.channels)
        conv = Conv(
            out_channels=1, kernel_size=kernel, padding="same", bias=False, activation=SIGMOID
        )
        gate = build.block(Gap(), x, name="gap")
        gate = build.op(Reshape((1, x.channels)), gate, name="channels")
        gate = build.block(conv, gate, name="conv")
        gate = build.op(Reshape((x.channels, 1, 1)), gate, name="gate")
        return build.op(Mul(), x, gate, name="mul")

    def _kernel(self, channels: int) -> int:
        size = int(abs(log2(channels) + self.beta) / self.gamma)
        return max(size + (size % 2 == 0), 3)


class GhostConv(Block):
    """(C, H, W) -> (out_channels, H', W'): a convolution for some channels, cheap copies for the rest.

    A convolution makes out_channels / ratio channels; a depthwise convolution makes ratio - 1 more of
    each; both have `norm` and `activation`, and stand side by side.
    Children: primary, cheap, concat.

    Raises:
        Misfit: the kernel does not fit, or the input is no map.
    """

    block_name: ClassVar[str] = "ghost_conv"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Han et al. 2020, GhostNet, section 3.1"
    example: ClassVar[Example] = Example("- ghost_conv: 64", (16, 28, 28), (64, 28, 28))

    out_channels: Channels
    """Channels of both together."""
    kernel_size: Size = 1
    """Kernel of the convolution; its padding is `same`."""
    stride: Size = 1
    """Stride of the convolution."""
    ratio: Count = 2
    """How many channels one of the convolution stands for, itself included; 2 or more."""
    cheap_kernel_size: Size = 3
    """Kernel of the depthwise convolution; its padding is `same`."""
    norm: Norm = BATCH_NORM
    """Normalisation after both convolutions."""
    activation: Activation = RELU
    """Activation after both convolutions."""

    @model_validator(mode="after")
    def _even(self) -> GhostConv:
        if self.ratio < 2 or self.out_channels % self.ratio:
            both = f"{self.out_channels} channels and a ratio of {self.ratio}"
            raise ValueError(f"{both} do not come out even, or the ratio is below 2")
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        parts = {"norm": self.norm, "activation": self.activation}
        primary = Conv(
            out_channels=self.out_channels // self.ratio,
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding="same",
            **parts,
        )
        cheap = DepthwiseConv(
            kernel_size=self.cheap_kernel_size, padding="same", multiplier=self.ratio - 1, **parts
        )
        first = build.block(primary, x, name="primary")
        more = build.block(cheap, first, name="cheap")
        return build.op(Concat(), first, more, name="concat")
