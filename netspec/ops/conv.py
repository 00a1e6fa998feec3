"""Convolution and its transpose, in one, two and three dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import starmap
from math import prod
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import (
    Category,
    Constructor,
    Kept,
    Op,
    Parameter,
    arguments_of,
    collapse,
    need_map,
    sizes,
)
from netspec.ops.formula import Formula, kernel_macs, per_axis, window_formulas
from netspec.ops.window import (
    check_rank,
    check_reach,
    is_even,
    least_reach,
    pad_call,
    padded_bytes,
    slide,
    spell_size,
    stride_suffix,
)
from netspec.shape import Shape, Window
from netspec.sight import Sight, through_transposed


def _check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    for what, channels in (("input", in_channels), ("output", out_channels)):
        if channels % groups:
            raise Misfit(
                "groups-do-not-divide",
                "groups",
                what=what,
                channels=channels,
                groups=groups,
                in_channels=in_channels,
                out_channels=out_channels,
            )


def _suffix(dilation: Sequence[int], groups: int) -> str:
    dilated = f", dilation {collapse(tuple(dilation))}" if any(d > 1 for d in dilation) else ""
    return dilated + (f", groups {groups}" if groups > 1 else "")


@dataclass(frozen=True)
class Conv(Op):
    """(in_channels, H, W) -> (out_channels, H', W'): `nn.Conv1d`, `nn.Conv2d` or `nn.Conv3d`.

    Every size has one entry per spatial axis; `padding` may have (before, after), which is padded by
    `F.pad` before the module. P = out*(in/groups)*prod(kernel) + out if bias;
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
    padding: tuple[int | tuple[int, int], ...] = sizes(0)
    dilation: tuple[int, ...] = sizes(1)
    groups: int = 1
    bias: bool = True
    padding_mode: str = "zeros"

    @cached_property
    def window(self) -> Window:
        """The sliding window."""
        return Window(self.kernel_size, self.stride, self.padding, self.dilation)

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        reach = least_reach(self.padding_mode, self.padding)
        return tuple(map(max, self.window.smallest_input(output), reach))

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        _check_groups(self.in_channels, self.out_channels, self.groups)
        out = (self.out_channels, *slide(self.kind, self.window, shape))
        check_reach("padding_mode", self.padding_mode, self.padding, shape[1:])
        return (out,)

    def parameters(self) -> tuple[Parameter, ...]:
        weight = Parameter(
            "weight", (self.out_channels, self.in_channels // self.groups, *self.kernel_size)
        )
        return (weight, Parameter("bias", (self.out_channels,))) if self.bias else (weight,)

    def macs(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        weights = self.out_channels * (self.in_channels // self.groups) * prod(self.kernel_size)
        return weights * prod(outputs[0][1:])

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        return window_formulas(self.window, inputs[0])

    def macs_formula(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> Formula:
        out, read, groups = self.out_channels, self.in_channels, self.groups
        return kernel_macs(out, read, groups, self.kernel_size, outputs[0][1:])

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """The input, unless a padded copy of it is what the convolution reads.

        `F.pad` keeps it too where it reflects or repeats; zeros, and a map that wraps, need no values.
        """
        copied = self.padding_mode == "circular" or not is_even(self.padding)
        copies = self.padding_mode in {"circular", "zeros"}
        return Kept.NOTHING if copied and copies else Kept.INPUTS

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        if self.padding_mode == "zeros" and is_even(self.padding):
            return 0
        return padded_bytes(inputs[0], self.padding)

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)

    def drawn_as(self) -> Category:
        return Category.POINTWISE if prod(self.kernel_size) == 1 else Category.CONV

    def label(self) -> str:
        depthwise = 1 < self.groups == self.in_channels
        window = f"conv {spell_size(self.kernel_size)}{stride_suffix(self.stride)}"
        suffix = _suffix(self.dilation, 1 if depthwise else self.groups)
        return ("depthwise " if depthwise else "") + window + suffix

    def constructor(self) -> Constructor:
        module = self
        if not is_even(self.padding):
            module = replace(self, padding=(0,) * len(self.kernel_size), padding_mode="zeros")
        return Constructor(f"nn.Conv{len(self.kernel_size)}d", arguments_of(module, positional=2))

    def prepared(self, argument: str) -> str:
        if is_even(self.padding):
            return argument
        mode = "constant" if self.padding_mode == "zeros" else self.padding_mode
        return pad_call(argument, self.padding, mode)


@dataclass(frozen=True)
class ConvTranspose(Op):
    """(in_channels, H, W) -> (out_channels, H', W'): `nn.ConvTranspose1d`, `2d` or `3d`.

    H' = (H - 1)*stride - 2*padding + dilation*(kernel_size - 1) + output_padding + 1.
    P = in*(out/groups)*prod(kernel) + out if bias; MACs = in*(out/groups)*prod(kernel) * H*W.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `groups-do-not-divide`, `nothing-left`, and
            `output-padding-too-large`, when it reaches both the stride and the dilation.
    """

    kind: ClassVar[str] = "conv_transpose"
    short: ClassVar[str] = "ConvTranspose"
    category: ClassVar[Category] = Category.CONV
    overwritable: ClassVar[bool] = True
    kept: ClassVar[Kept] = Kept.INPUTS

    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...] = sizes(1)
    padding: tuple[int, ...] = sizes(0)
    output_padding: tuple[int, ...] = sizes(0)
    groups: int = 1
    bias: bool = True
    dilation: tuple[int, ...] = sizes(1, kw_only=True)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        check_rank(self.kind, "kernel_size", len(self.kernel_size), shape)
        _check_groups(self.in_channels, self.out_channels, self.groups)
        steps = zip(self.output_padding, self.stride, self.dilation, strict=True)
        for extra, stride, dilation in steps:
            if extra >= max(stride, dilation):
                values = {"output_padding": extra, "stride": stride, "dilation": dilation}
                raise Misfit("output-padding-too-large", "output_padding", **values)
        out = tuple(self._size(axis, size) for axis, size in enumerate(shape[1:]))
        if any(size < 1 for size in out):
            raise Misfit("nothing-left", "padding", shape=shape, out=out, given=self.padding)
        return ((self.out_channels, *out),)

    def _size(self, axis: int, size: int) -> int:
        return (size - 1) * self.stride[axis] + self._least(axis)

    def _least(self, axis: int) -> int:
        """What an input of one element gives; less than 1 where the padding takes it all."""
        extent = self.dilation[axis] * (self.kernel_size[axis] - 1) + 1
        return extent + self.output_padding[axis] - 2 * self.padding[axis]

    def sight(self, shape: Shape) -> tuple[Sight, ...]:
        axes = zip(self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        return tuple(starmap(through_transposed, axes))

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        missing = (size - self._least(axis) for axis, size in enumerate(output))
        return tuple(
            max(-(-more // stride), 0) + 1
            for more, stride in zip(missing, self.stride, strict=True)
        )

    def parameters(self) -> tuple[Parameter, ...]:
        weight = Parameter(
            "weight", (self.in_channels, self.out_channels // self.groups, *self.kernel_size)
        )
        return (weight, Parameter("bias", (self.out_channels,))) if self.bias else (weight,)

    def macs(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return prod(self.parameters()[0].shape) * prod(inputs[0][1:])

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        def make(axis: int, letter: str) -> Formula:
            words = f"({letter} - 1)*stride - 2*padding + dilation*(kernel_size - 1)"
            numbers = f"({inputs[0][1 + axis]} - 1)*{self.stride[axis]} - 2*{self.padding[axis]}"
            numbers += f" + {self.dilation[axis]}*({self.kernel_size[axis]} - 1)"
            end = f" + {self.output_padding[axis]} + 1"
            size = outputs[0][1 + axis]
            return Formula(f"{letter}'", f"{words} + output_padding + 1", numbers + end, size)

        return per_axis(inputs[0], make)

    def macs_formula(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> Formula:
        out, read, groups = self.out_channels, self.in_channels, self.groups
        return kernel_macs(out, read, groups, self.kernel_size, inputs[0][1:], at="")

    def label(self) -> str:
        window = f"transposed conv {spell_size(self.kernel_size)}{stride_suffix(self.stride)}"
        return window + _suffix(self.dilation, self.groups)

    def constructor(self) -> Constructor:
        rank = len(self.kernel_size)
        return Constructor(f"nn.ConvTranspose{rank}d", arguments_of(self, positional=2))
