"""The conv unit: a convolution with an optional norm and activation."""

from __future__ import annotations

from typing import ClassVar, Literal

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import NONE, Activation, Channels, Count, Norm, Padding, Size
from netspec.blocks.window import resolve_padding, spread
from netspec.graph import Value
from netspec.ops import Conv as ConvOp


class Conv(Block):
    """(C, H, W) -> (out_channels, H', W'): convolution, then `norm`, then `activation`.

    The rank follows the input: (C, L), (C, H, W) or (C, D, H, W). Input channels are inferred.
    H' = floor((H + 2*padding - dilation*(kernel_size - 1) - 1) / stride) + 1.

    Without a norm the layer is the convolution itself (`conv1.weight`), with or without activation;
    with a norm it is a scope (`conv1.conv.weight`, `conv1.norm.weight`).

    Raises:
        Misfit: the kernel does not fit, the groups do not divide the channels, or the input is no map.
    """

    block_name: ClassVar[str] = "conv"
    bare_field: ClassVar[str] = "out_channels"
    example: ClassVar[Example] = Example(
        "- conv: {out_channels: 64, kernel_size: 3, padding: same, activation: relu}",
        input=(3, 32, 32),
        output=(64, 32, 32),
    )

    out_channels: Channels
    """Number of filters."""
    kernel_size: Size
    """Height and width of the kernel."""
    stride: Size = 1
    """Step of the kernel."""
    padding: Padding = 0
    """Zeros on both sides, or `same`."""
    dilation: Size = 1
    """Distance between kernel elements."""
    groups: Count = 1
    """Groups of channels that do not see each other."""
    bias: bool | None = None
    """Add a bias per channel. Without a value: true without a norm, false with one."""
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"
    """What the padding is filled with."""
    norm: Norm = NONE
    """Normalisation after the convolution."""
    activation: Activation = NONE
    """Activation at the end."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        if self.norm.off:
            x = build.op(self._op(x), x)
        else:
            plain = {"norm": NONE, "activation": NONE, "bias": bool(self.bias)}
            x = build.block(self.model_copy(update=plain), x, name="conv")
            x = build.part(self.norm, x, "norm")
        return build.part(self.activation, x, "activation")

    def _op(self, x: Value) -> ConvOp:
        kernel = spread("kernel_size", self.kernel_size, x)
        dilation = spread("dilation", self.dilation, x)
        return ConvOp(
            in_channels=x.channels,
            out_channels=self.out_channels,
            kernel_size=kernel,
            stride=spread("stride", self.stride, x),
            padding=resolve_padding(self.padding, kernel, dilation, x),
            dilation=dilation,
            groups=self.groups,
            bias=self.norm.off if self.bias is None else self.bias,
            padding_mode=self.padding_mode,
        )
