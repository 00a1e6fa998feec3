"""Ops that slide a window: convolution and pooling, in one, two and three dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import (
    Argument,
    Category,
    Constructor,
    Op,
    Parameter,
    arguments_of,
    collapse,
    need_map,
    sizes,
)
from netspec.shape import Shape, Window


def spell_size(size: Sequence[int]) -> str:
    """`7×7`, as pictures and tables write a kernel."""
    return "×".join(map(str, size))


def _stride_suffix(stride: Sequence[int]) -> str:
    if all(step == 1 for step in stride):
        return ""
    one = collapse(tuple(stride))
    return f" / {one}" if isinstance(one, int) else f" / {spell_size(stride)}"


def _slide(op: str, window: Window, shape: Shape) -> tuple[int, ...]:
    """(C, H, W) -> (H', W') of a window over the map, or the Misfit that says why not."""
    rank = len(window.kernel_size)
    if len(shape) != rank + 1:
        raise Misfit("wrong-rank", "kernel_size", op=op, shape=shape, rank=rank)
    out = window.output(shape[1:])
    if any(size < 1 for size in out):
        raise Misfit("window-too-large", "kernel_size", op=op, shape=shape, window=window, out=out)
    return out


_PADDING_REACH: Mapping[str, int] = MappingProxyType({"reflect": -1, "circular": 0})
"""Padding modes that copy from the map: how far the padding may exceed its size."""


def _check_padding_mode(mode: str, padding: Sequence[int], spatial: Sequence[int]) -> None:
    reach = _PADDING_REACH.get(mode)
    for pad, size in zip(padding, spatial, strict=True):
        if reach is not None and pad > size + reach:
            raise Misfit("padding-exceeds-map", "padding", mode=mode, padding=pad, size=size)


@dataclass(frozen=True)
class Conv(Op):
    """(in_channels, H, W) -> (out_channels, H', W'): `nn.Conv1d`, `nn.Conv2d` or `nn.Conv3d`.

    Every size has one entry per spatial axis. P = out*(in/groups)*prod(kernel) + out if bias;
    MACs = out*(in/groups)*prod(kernel) * H'*W'.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `groups-do-not-divide`, `window-too-large`,
            `padding-exceeds-map` where the padding repeats the map.
    """

    kind: ClassVar[str] = "conv"
    short: ClassVar[str] = "Conv"
    category: ClassVar[Category] = Category.CONV
    overwritable: ClassVar[bool] = True

    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...] = sizes(1)
    padding: tuple[int, ...] = sizes(0)
    dilation: tuple[int, ...] = sizes(1)
    groups: int = 1
    bias: bool = True
    padding_mode: str = "zeros"

    @property
    def window(self) -> Window:
        """The sliding window."""
        return Window(self.kernel_size, self.stride, self.padding, self.dilation)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        for field, channels in (("groups", self.in_channels), ("out_channels", self.out_channels)):
            if channels % self.groups:
                raise Misfit(
                    "groups-do-not-divide",
                    "groups",
                    what="input" if field == "groups" else "output",
                    channels=channels,
                    groups=self.groups,
                    in_channels=self.in_channels,
                    out_channels=self.out_channels,
                )
        out = (self.out_channels, *_slide(self.kind, self.window, shape))
        _check_padding_mode(self.padding_mode, self.padding, shape[1:])
        return (out,)

    def parameters(self) -> tuple[Parameter, ...]:
        weight = Parameter(
            "weight", (self.out_channels, self.in_channels // self.groups, *self.kernel_size)
        )
        return (weight, Parameter("bias", (self.out_channels,))) if self.bias else (weight,)

    def macs(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return prod(self.parameters()[0].shape) * prod(outputs[0][1:])

    def drawn_as(self) -> Category:
        return Category.POINTWISE if prod(self.kernel_size) == 1 else Category.CONV

    def label(self) -> str:
        depthwise = 1 < self.groups == self.in_channels
        label = f"conv {spell_size(self.kernel_size)}{_stride_suffix(self.stride)}"
        if any(step > 1 for step in self.dilation):
            label += f", dilation {collapse(self.dilation)}"
        if self.groups > 1 and not depthwise:
            label += f", groups {self.groups}"
        return f"depthwise {label}" if depthwise else label

    def constructor(self) -> Constructor:
        return Constructor(f"nn.Conv{len(self.kernel_size)}d", arguments_of(self, positional=2))


@dataclass(frozen=True)
class MaxPool(Op):
    """(C, H, W) -> (C, H', W'): `nn.MaxPool1d`, `2d` or `3d`.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `pool-padding`, `window-too-large`.
    """

    kind: ClassVar[str] = "max_pool"
    short: ClassVar[str] = "MaxPool"
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...] = sizes(0)
    dilation: tuple[int, ...] = sizes(1)
    ceil_mode: bool = False

    @property
    def window(self) -> Window:
        """The sliding window."""
        return Window(self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        _check_pool_padding(self.kernel_size, self.padding)
        return ((shape[0], *_slide(self.kind, self.window, shape)),)

    def label(self) -> str:
        return f"maxpool {spell_size(self.kernel_size)}{_stride_suffix(self.stride)}"

    def constructor(self) -> Constructor:
        return Constructor(f"nn.MaxPool{len(self.kernel_size)}d", _pool_arguments(self))


@dataclass(frozen=True)
class AvgPool(Op):
    """(C, H, W) -> (C, H', W'): `nn.AvgPool1d`, `2d` or `3d`; `divisor_override` needs two axes or more.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `pool-padding`, `window-too-large`, `no-divisor-in-1d`,
            `kernel-exceeds-map`: `nn.AvgPool3d` does not count the padding when it compares the two.
    """

    kind: ClassVar[str] = "avg_pool"
    short: ClassVar[str] = "AvgPool"
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...] = sizes(0)
    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None

    @property
    def window(self) -> Window:
        """The sliding window."""
        rank = len(self.kernel_size)
        return Window(self.kernel_size, self.stride, self.padding, (1,) * rank, self.ceil_mode)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        _check_pool_padding(self.kernel_size, self.padding)
        if self.divisor_override is not None and len(self.kernel_size) == 1:
            raise Misfit("no-divisor-in-1d", "divisor_override", shape=shape)
        out = (shape[0], *_slide(self.kind, self.window, shape))
        for kernel, size in zip(self.kernel_size, shape[1:], strict=True):
            if len(self.kernel_size) == 3 and kernel > size:
                raise Misfit("kernel-exceeds-map", "kernel_size", kernel=kernel, size=size)
        return (out,)

    def label(self) -> str:
        return f"avgpool {spell_size(self.kernel_size)}{_stride_suffix(self.stride)}"

    def constructor(self) -> Constructor:
        arguments = _pool_arguments(self)
        if len(self.kernel_size) == 1:  # nn.AvgPool1d has no divisor_override
            arguments = tuple(entry for entry in arguments if entry.name != "divisor_override")
        return Constructor(f"nn.AvgPool{len(self.kernel_size)}d", arguments)


@dataclass(frozen=True)
class AdaptiveAvgPool(Op):
    """(C, H, W) -> (C, *output_size): windows [floor(i n/o), ceil((i+1) n/o)) along each axis.

    Raises:
        Misfit: `needs-map`, `wrong-rank`.
    """

    kind: ClassVar[str] = "adaptive_avg_pool"
    short: ClassVar[str] = "AdaptiveAvgPool"
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    output_size: tuple[int, ...]

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        rank = len(self.output_size)
        if len(shape) != rank + 1:
            raise Misfit("wrong-rank", "output_size", op=self.kind, shape=shape, rank=rank)
        return ((shape[0], *self.output_size),)

    def label(self) -> str:
        if all(size == 1 for size in self.output_size):
            return "global avgpool"
        return f"adaptive avgpool {spell_size(self.output_size)}"

    def constructor(self) -> Constructor:
        rank = len(self.output_size)
        return Constructor(f"nn.AdaptiveAvgPool{rank}d", arguments_of(self, positional=1))


def _check_pool_padding(kernel_size: Sequence[int], padding: Sequence[int]) -> None:
    for kernel, pad in zip(kernel_size, padding, strict=True):
        if pad > kernel // 2:
            raise Misfit("pool-padding", "padding", padding=pad, kernel=kernel, maximum=kernel // 2)


def _pool_arguments(op: MaxPool | AvgPool) -> tuple[Argument, ...]:
    """PyTorch's default stride of a pool is its kernel size."""
    return tuple(
        Argument(entry.name, entry.value, collapse(op.kernel_size))
        if entry.name == "stride"
        else entry
        for entry in arguments_of(op, positional=1)
    )
