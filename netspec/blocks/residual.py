"""Residual units with a fixed inside: basic and bottleneck of ResNet, the inverted one of MobileNet.

`residual` takes any layers; these are the three that most networks repeat. They equal what one can spell
out with it, and the names of their children are fixed, so that weights keep their keys. An `attention`
stands where the papers put it, and can be a block of the file. Rejected: the bare names `bottleneck` and
`inverted_residual`, which many files have given to blocks of their own.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, BlockValue, Build, Example
from netspec.blocks.conv import Conv
from netspec.blocks.fields import (
    BATCH_NORM,
    NONE,
    RELU,
    RELU6,
    Activation,
    AnyBlock,
    Channels,
    Count,
    Norm,
    ReducedWidths,
)
from netspec.blocks.sizes import Size
from netspec.graph import Value
from netspec.ops import Add as AddOp
from netspec.shape import per_axis


class ResidualBasic(Block):
    """(C, H, W) -> (out_channels, H', W'): two 3x3 convolutions around a shortcut.

    The shortcut is the identity where shapes agree, else a 1x1 convolution with a norm.
    Children: conv1, conv2, attention, shortcut, add, activation.
    """

    block_name: ClassVar[str] = "residual_basic"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "He et al. 2015, figure 5 (left)"
    example: ClassVar[Example] = Example(
        "- residual_basic: {out_channels: 128, stride: 2}", (64, 56, 56), (128, 28, 28)
    )

    out_channels: Channels
    """Channels of both convolutions."""
    stride: Size = 1
    """Stride of the first convolution and of the shortcut."""
    norm: Norm = BATCH_NORM
    """Norm after every convolution."""
    activation: Activation = RELU
    """Activation between the convolutions, and after the addition."""
    attention: AnyBlock = NONE
    """A block before the addition: `squeeze_excite`."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        out, norm, activation = self.out_channels, self.norm, self.activation
        y = build.block(_conv(out, 3, norm, activation, self.stride), x, name="conv1")
        y = build.block(_conv(out, 3, norm, NONE), y, name="conv2")
        y = build.part(self.attention, y, "attention")
        return _join(build, x, y, self.stride, norm, activation)


class ResidualBottleneck(Block):
    """(C, H, W) -> (widths[1], H', W'): 1x1, 3x3 and 1x1 convolutions around a shortcut.

    ResNet has widths [64, 256] and its multiples, ResNeXt [128, 256] in 32 groups. The shortcut is the
    identity where shapes agree, else a 1x1 convolution with a norm.
    Children: conv1, conv2, conv3, attention, shortcut, add, activation.

    Raises:
        Misfit: the groups do not divide the inner width.
    """

    block_name: ClassVar[str] = "residual_bottleneck"
    bare_field: ClassVar[str] = "widths"
    reference: ClassVar[str] = "He et al. 2015, figure 5 (right); Xie et al. 2017, figure 3(c)"
    example: ClassVar[Example] = Example(
        "- residual_bottleneck: {widths: [128, 512], stride: 2}", (256, 56, 56), (512, 28, 28)
    )

    widths: ReducedWidths
    """Channels inside, and out: `[64, 256]`."""
    stride: Size = 1
    """Stride of one convolution and of the shortcut."""
    stride_in: Literal["conv1", "conv2"] = "conv2"
    """Which convolution has the stride: the first 1x1 in the paper, the 3x3 in torchvision."""
    groups: Count = 1
    """Groups of the 3x3 convolution."""
    norm: Norm = BATCH_NORM
    """Norm after every convolution."""
    activation: Activation = RELU
    """Activation between the convolutions, and after the addition."""
    attention: AnyBlock = NONE
    """A block before the addition: `squeeze_excite`."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        inner, out = self.widths
        norm, activation = self.norm, self.activation
        first, second = (self.stride, 1) if self.stride_in == "conv1" else (1, self.stride)
        y = build.block(_conv(inner, 1, norm, activation, first), x, name="conv1")
        middle = _conv(inner, 3, norm, activation, second, self.groups)
        y = build.block(middle, y, name="conv2")
        y = build.block(_conv(out, 1, norm, NONE), y, name="conv3")
        y = build.part(self.attention, y, "attention")
        return _join(build, x, y, self.stride, norm, activation)


class ResidualInverted(Block):
    """(C, H, W) -> (out_channels, H', W'): 1x1 to more channels, depthwise, 1x1 without activation.

    Without a stride, and with as many channels out as in, the input is added. What would not expand is
    left out. Children: expand, depthwise, attention, project, add.

    Raises:
        Misfit: the kernel does not fit, or the input is no map.
    """

    block_name: ClassVar[str] = "residual_inverted"
    bare_field: ClassVar[str] = "out_channels"
    reference: ClassVar[str] = "Sandler et al. 2018, section 3.3"
    example: ClassVar[Example] = Example(
        "- residual_inverted: {out_channels: 32, expansion: 6, stride: 2}",
        (24, 56, 56),
        (32, 28, 28),
    )

    out_channels: Channels
    """Channels out."""
    expansion: Count = 6
    """Channels inside are those of the input times this, t in the paper."""
    expanded_channels: Channels | None = None
    """Channels inside; not with `expansion`."""
    kernel_size: Size = 3
    """Kernel of the depthwise convolution."""
    stride: Size = 1
    """Stride of the depthwise convolution."""
    norm: Norm = BATCH_NORM
    """Norm after every convolution."""
    activation: Activation = RELU6
    """Activation after the first two convolutions; `hardswish` in MobileNetV3, `silu` in EfficientNet."""
    attention: AnyBlock = NONE
    """A block after the depthwise convolution: `squeeze_excite`."""

    @model_validator(mode="after")
    def _one_of_two(self) -> ResidualInverted:
        either = ["expansion", "expanded_channels"]
        if self.model_fields_set.issuperset(either):
            context = {"field": either[0], "given": either, "either": either}
            raise PydanticCustomError("one_of", "one of two", context)
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        inner = self.expanded_channels or self.expansion * x.channels
        norm, activation = self.norm, self.activation
        y = x
        if inner != x.channels:
            y = build.block(_conv(inner, 1, norm, activation), y, name="expand")
        filtered = _conv(inner, self.kernel_size, norm, activation, self.stride, groups=inner)
        y = build.block(filtered, y, name="depthwise")
        y = build.part(self.attention, y, "attention")
        y = build.block(_conv(self.out_channels, 1, norm, NONE), y, name="project")
        if _is_one(self.stride) and x.channels == self.out_channels:
            y = build.op(AddOp(), x, y, name="add")
        return y


def _conv(
    out_channels: int,
    kernel_size: int | tuple[int, ...],
    norm: BlockValue,
    activation: BlockValue,
    stride: int | tuple[int, ...] = 1,
    groups: int = 1,
) -> Conv:
    return Conv(
        out_channels=out_channels,
        kernel_size=kernel_size,
        stride=stride,
        padding="same",
        groups=groups,
        norm=norm,
        activation=activation,
    )


def _is_one(stride: int | tuple[int, ...]) -> bool:
    return set(per_axis(stride, 1)) == {1}


def _join(
    build: Build,
    x: Value,
    y: Value,
    stride: int | tuple[int, ...],
    norm: BlockValue,
    activation: BlockValue,
) -> Value:
    """The residual side and its shortcut, added."""
    if x.channels != y.channels or not _is_one(stride):
        x = build.block(_conv(y.channels, 1, norm, NONE, stride), x, name="shortcut")
    return build.part(activation, build.op(AddOp(), y, x, name="add"), "activation")
