"""The conv units: convolution, depthwise, separable and transposed, each with a norm and an activation."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from netspec.blocks.base import Block, BlockValue, Build, Example
from netspec.blocks.fields import NONE, Activation, Channels, Count, Norm, PartOrSame
from netspec.blocks.sizes import Offsets, Padding, Size
from netspec.blocks.window import resolve_padding, spread
from netspec.graph import Value
from netspec.ops import Conv as ConvOp
from netspec.ops import ConvTranspose as ConvTransposeOp
from netspec.ops import Op

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]


def lower_unit(
    build: Build,
    x: Value,
    block: Block,
    op: Callable[[Value], Op],
    norm: BlockValue,
    activation: BlockValue,
    *,
    bias: bool | None,
) -> Value:
    """A convolution, then its norm, then its activation.

    Without a norm the layer is the convolution itself; with one it stands below, as `conv`.
    """
    if norm.off:
        x = build.op(op(x), x)
    else:
        plain = {"norm": NONE, "activation": NONE, "bias": bool(bias)}
        x = build.block(block.model_copy(update=plain), x, name="conv")
        x = build.part(norm, x, "norm")
    return build.part(activation, x, "activation")


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
    """Padding on both sides, per axis, or `[before, after]` per axis; `same` keeps H/stride,
    `same_tf` as TensorFlow does."""
    dilation: Size = 1
    """Distance between kernel elements."""
    groups: Count = 1
    """Groups of channels that do not see each other."""
    bias: bool | None = None
    """Add a bias per channel. Without a value: true without a norm, false with one."""
    padding_mode: PaddingMode = "zeros"
    """What the padding is filled with."""
    norm: Norm = NONE
    """Normalisation after the convolution."""
    activation: Activation = NONE
    """Activation at the end."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return lower_unit(build, x, self, self._op, self.norm, self.activation, bias=self.bias)

    def _op(self, x: Value) -> ConvOp:
        return _conv_op(self, x, self.out_channels, self.groups)


class DepthwiseConv(Block):
    """(C, H, W) -> (multiplier*C, H', W'): every channel has `multiplier` kernels of its own.

    It is `conv` with as many groups as input channels; names and `bias` are as there.

    Raises:
        Misfit: the kernel does not fit, or the input is no map.
    """

    block_name: ClassVar[str] = "depthwise_conv"
    bare_field: ClassVar[str] = "kernel_size"
    reference: ClassVar[str] = "Howard et al. 2017, MobileNets, section 3.1"
    example: ClassVar[Example] = Example(
        "- depthwise_conv: {kernel_size: 3, padding: same}", input=(32, 14, 14), output=(32, 14, 14)
    )

    kernel_size: Size
    """Height and width of the kernel."""
    stride: Size = 1
    """Step of the kernel."""
    padding: Padding = 0
    """Padding on both sides, per axis, or `[before, after]` per axis; `same`, `same_tf`."""
    dilation: Size = 1
    """Distance between kernel elements."""
    multiplier: Count = 1
    """Output channels for each input channel."""
    bias: bool | None = None
    """Add a bias per channel. Without a value: true without a norm, false with one."""
    padding_mode: PaddingMode = "zeros"
    """What the padding is filled with."""
    norm: Norm = NONE
    """Normalisation after the convolution."""
    activation: Activation = NONE
    """Activation at the end."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return lower_unit(build, x, self, self._op, self.norm, self.activation, bias=self.bias)

    def _op(self, x: Value) -> ConvOp:
        return _conv_op(self, x, self.multiplier * x.channels, x.channels)


def _conv_op(block: Conv | DepthwiseConv, x: Value, out_channels: int, groups: int) -> ConvOp:
    kernel = spread("kernel_size", block.kernel_size, x)
    stride = spread("stride", block.stride, x)
    dilation = spread("dilation", block.dilation, x)
    return ConvOp(
        in_channels=x.channels,
        out_channels=out_channels,
        kernel_size=kernel,
        stride=stride,
        padding=resolve_padding(block.padding, kernel, stride, dilation, x),
        dilation=dilation,
        groups=groups,
        bias=block.norm.off if block.bias is None else block.bias,
        padding_mode=block.padding_mode,
    )


class SeparableConv(Block):
    """(C, H, W) -> (out_channels, H', W'): a depthwise convolution, then a 1x1 convolution.

    Both have `norm` and `activation`, as in MobileNet; `depthwise_norm: none` and
    `depthwise_activation: none` leave nothing between the two, as in Xception.
    Children: depthwise, pointwise.

    Raises:
        Misfit: the kernel does not fit, or the input is no map.
    """

    block_name: ClassVar[str] = "separable_conv"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Howard et al. 2017, MobileNets, figure 3; Chollet 2016, Xception"
    example: ClassVar[Example] = Example(
        "- separable_conv: {out_channels: 64, kernel_size: 3, padding: same}",
        input=(32, 14, 14),
        output=(64, 14, 14),
    )

    out_channels: Channels
    """Channels of the 1x1 convolution."""
    kernel_size: Size
    """Kernel of the depthwise convolution."""
    stride: Size = 1
    """Stride of the depthwise convolution."""
    padding: Padding = 0
    """Padding of the depthwise convolution, `same` or `same_tf`."""
    dilation: Size = 1
    """Dilation of the depthwise convolution."""
    multiplier: Count = 1
    """Channels of the depthwise convolution for each input channel."""
    bias: bool | None = None
    """Add a bias to both. Without a value: true without a norm, false with one."""
    norm: Norm = NONE
    """Normalisation after both convolutions."""
    activation: Activation = NONE
    """Activation after both convolutions."""
    depthwise_norm: PartOrSame = None
    """Normalisation after the depthwise convolution, where it differs from `norm`."""
    depthwise_activation: PartOrSame = None
    """Activation after the depthwise convolution, where it differs from `activation`."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        depthwise = DepthwiseConv(
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            multiplier=self.multiplier,
            bias=self.bias,
            norm=self.depthwise_norm or self.norm,
            activation=self.depthwise_activation or self.activation,
        )
        pointwise = Conv(
            out_channels=self.out_channels,
            kernel_size=1,
            bias=self.bias,
            norm=self.norm,
            activation=self.activation,
        )
        x = build.block(depthwise, x, name="depthwise")
        return build.block(pointwise, x, name="pointwise")


class ConvTranspose(Block):
    """(C, H, W) -> (out_channels, H', W'): transposed convolution, then `norm`, then `activation`.

    H' = (H - 1)*stride - 2*padding + dilation*(kernel_size - 1) + output_padding + 1. A kernel of 2 with
    a stride of 2 doubles the size. Names and `bias` are as in `conv`.

    Raises:
        Misfit: nothing is left of the map, `output_padding` is too large, the groups do not divide the
            channels, or the input is no map.
    """

    block_name: ClassVar[str] = "conv_transpose"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Dumoulin and Visin 2016, chapter 4"
    example: ClassVar[Example] = Example(
        "- conv_transpose: {out_channels: 64, kernel_size: 2, stride: 2}",
        input=(128, 14, 14),
        output=(64, 28, 28),
    )

    out_channels: Channels
    """Number of filters."""
    kernel_size: Size
    """Height and width of the kernel."""
    stride: Size = 1
    """Distance of the input's elements in the output."""
    padding: Offsets = 0
    """What is cut off on both sides of the output."""
    output_padding: Offsets = 0
    """What is added at one side of the output; below the stride or the dilation."""
    groups: Count = 1
    """Groups of channels that do not see each other."""
    bias: bool | None = None
    """Add a bias per channel. Without a value: true without a norm, false with one."""
    dilation: Size = 1
    """Distance between kernel elements."""
    norm: Norm = NONE
    """Normalisation after the convolution."""
    activation: Activation = NONE
    """Activation at the end."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return lower_unit(build, x, self, self._op, self.norm, self.activation, bias=self.bias)

    def _op(self, x: Value) -> ConvTransposeOp:
        return ConvTransposeOp(
            in_channels=x.channels,
            out_channels=self.out_channels,
            kernel_size=spread("kernel_size", self.kernel_size, x),
            stride=spread("stride", self.stride, x),
            padding=spread("padding", self.padding, x),
            output_padding=spread("output_padding", self.output_padding, x),
            groups=self.groups,
            bias=self.norm.off if self.bias is None else self.bias,
            dilation=spread("dilation", self.dilation, x),
        )
