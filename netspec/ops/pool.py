"""Pooling, sliding and adaptive, in one, two and three dimensions."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import (
    Argument,
    Category,
    Constructor,
    Kept,
    Op,
    arguments_of,
    collapse,
    need_map,
    sizes,
)
from netspec.ops.formula import Formula, window_formulas
from netspec.ops.window import (
    MINUS_INFINITY,
    check_rank,
    is_even,
    pad_call,
    padded_bytes,
    slide,
    spell_size,
    stride_suffix,
)
from netspec.shape import Shape, Window, numel, sides
from netspec.sight import IN_PLACE, Sight, through_parts


@dataclass(frozen=True)
class MaxPool(Op):
    """(C, H, W) -> (C, H', W'): `nn.MaxPool1d`, `2d` or `3d`.

    With (before, after) in `padding` it is a function of the map padded with minus infinity.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `pool-padding`, `ceil-with-sides`, `window-too-large`.
    """

    kind: ClassVar[str] = "max_pool"
    short: ClassVar[str] = "MaxPool"
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int | tuple[int, int], ...] = sizes(0)
    dilation: tuple[int, ...] = sizes(1)
    ceil_mode: bool = False

    @cached_property
    def window(self) -> Window:
        """The sliding window."""
        return Window(self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        _check_padding(self)
        return ((shape[0], *slide(self.kind, self.window, shape)),)

    def not_negative(self, *, inputs: bool) -> bool:
        """Where a window can lie on padding alone, its maximum is minus infinity."""
        sees_map = is_even(self.padding) and all(step == 1 for step in self.dilation)
        return inputs and (sees_map or not any(map(sum, self.window.sides)))

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """The input, or the padded copy in its place."""
        return Kept.INPUTS if is_even(self.padding) else Kept.NOTHING

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        places = 8 * numel(outputs[0])  # where each maximum was, as int64
        return places + (0 if is_even(self.padding) else padded_bytes(inputs[0], self.padding))

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        return window_formulas(self.window, inputs[0])

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)

    def label(self) -> str:
        return f"maxpool {spell_size(self.kernel_size)}{stride_suffix(self.stride)}"

    def constructor(self) -> Constructor | None:
        if not is_even(self.padding):
            return None
        return Constructor(f"nn.MaxPool{len(self.kernel_size)}d", _arguments(self))

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str | None:
        if is_even(self.padding):
            return None
        padded = pad_call(arguments[0], self.padding, value=MINUS_INFINITY)
        dilated = any(step > 1 for step in self.dilation)
        settings = f", dilation={collapse(self.dilation)!r}" if dilated else ""
        return _call("max", padded, self, settings)


@dataclass(frozen=True)
class AvgPool(Op):
    """(C, H, W) -> (C, H', W'): `nn.AvgPool1d`, `2d` or `3d`; `divisor_override` needs two axes or more.

    With (before, after) in `padding` it is a function of the map padded with zeros; when these do not
    count, divided by the mean of ones padded alike.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `pool-padding`, `ceil-with-sides`, `window-too-large`,
            `no-divisor-in-1d`, `kernel-exceeds-map`: `nn.AvgPool3d` does not count the padding when it
            compares the two.
    """

    kind: ClassVar[str] = "avg_pool"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "AvgPool"
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int | tuple[int, int], ...] = sizes(0)
    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None

    @cached_property
    def window(self) -> Window:
        """The sliding window."""
        rank = len(self.kernel_size)
        return Window(self.kernel_size, self.stride, self.padding, (1,) * rank, self.ceil_mode)

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        _check_padding(self)
        if self.divisor_override is not None and len(self.kernel_size) == 1:
            raise Misfit("no-divisor-in-1d", "divisor_override", shape=shape)
        out = (shape[0], *slide(self.kind, self.window, shape))
        if len(self.kernel_size) == 3 and is_even(self.padding):
            for kernel, size in zip(self.kernel_size, shape[1:], strict=True):
                if kernel > size:
                    raise Misfit("kernel-exceeds-map", "kernel_size", kernel=kernel, size=size)
        return (out,)

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """The input, or the padded copy in its place."""
        return Kept.INPUTS if is_even(self.padding) else Kept.NOTHING

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        if is_even(self.padding):
            return 0
        counted = self.count_include_pad or self.divisor_override is not None
        divisors = 0 if counted else 4 * numel(outputs[0])
        return padded_bytes(inputs[0], self.padding) + divisors

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        return window_formulas(self.window, inputs[0])

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        if is_even(self.padding):
            return 0
        padded = padded_bytes(inputs[0], self.padding)
        if self.count_include_pad or self.divisor_override is not None:
            return padded
        return max(
            padded + 4 * numel(inputs[0]), padded + 4 * numel(outputs[0]), 8 * numel(outputs[0])
        )

    def label(self) -> str:
        return f"avgpool {spell_size(self.kernel_size)}{stride_suffix(self.stride)}"

    def constructor(self) -> Constructor | None:
        if not is_even(self.padding):
            return None
        arguments = _arguments(self)
        if len(self.kernel_size) == 1:  # nn.AvgPool1d has no divisor_override
            arguments = tuple(entry for entry in arguments if entry.name != "divisor_override")
        return Constructor(f"nn.AvgPool{len(self.kernel_size)}d", arguments)

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str | None:
        if is_even(self.padding):
            return None
        divisor = self.divisor_override
        plain = divisor is None or len(self.kernel_size) == 1  # as in the constructor
        settings = "" if plain else f", divisor_override={divisor}"
        mean = _call("avg", pad_call(arguments[0], self.padding), self, settings)
        if self.count_include_pad or divisor is not None:
            return mean
        ones = pad_call(f"torch.ones_like({arguments[0]})", self.padding)
        return f"torch.div({mean}, {_call('avg', ones, self)})"


@dataclass(frozen=True)
class AdaptivePool(Op, ABC):
    """(C, H, W) -> (C, *output_size): windows [floor(i n/o), ceil((i+1) n/o)) along each axis.

    What the adaptive pools share. An entry of None keeps the size of its axis.

    Raises:
        Misfit: `needs-map`, `wrong-rank`.
    """

    pool: ClassVar[str]
    """What labels call it."""

    keeps_sign: ClassVar[bool] = True
    category: ClassVar[Category] = Category.POOL
    overwritable: ClassVar[bool] = True

    output_size: tuple[int | None, ...]

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        check_rank(self.kind, "output_size", len(self.output_size), shape)
        pairs = zip(self.output_size, shape[1:], strict=True)
        return ((shape[0], *(size if parts is None else parts for parts, size in pairs)),)

    def sight(self, shape: Shape) -> tuple[Sight, ...]:
        pairs = zip(shape[1:], self.output_size, strict=True)
        return tuple(IN_PLACE if parts is None else through_parts(n, parts) for n, parts in pairs)

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        """Windows of one element may overlap: any size gives any other."""
        pairs = zip(output, self.output_size, strict=True)
        return tuple(size if parts is None else 1 for size, parts in pairs)

    def label(self) -> str:
        if all(size == 1 for size in self.output_size):
            return f"global {self.pool}"
        rank = len(self.output_size)
        letters = "DHW"[-rank:] if rank > 1 else "L"
        pairs = zip(letters, self.output_size, strict=True)
        words = "×".join(letter if size is None else str(size) for letter, size in pairs)
        return f"adaptive {self.pool} {words}"

    def constructor(self) -> Constructor:
        name = f"nn.{self.short}{len(self.output_size)}d"
        return Constructor(name, arguments_of(self, positional=1))


@dataclass(frozen=True)
class AdaptiveAvgPool(AdaptivePool):
    """(C, H, W) -> (C, *output_size): the mean of every window: `nn.AdaptiveAvgPool1d`, `2d`, `3d`."""

    kind: ClassVar[str] = "adaptive_avg_pool"
    short: ClassVar[str] = "AdaptiveAvgPool"
    pool: ClassVar[str] = "avgpool"

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """A global mean needs the size of its input, any other pool the input itself."""
        return Kept.NOTHING if all(size == 1 for size in outputs[0][1:]) else Kept.INPUTS


@dataclass(frozen=True)
class AdaptiveMaxPool(AdaptivePool):
    """(C, H, W) -> (C, *output_size): the largest of every window: `nn.AdaptiveMaxPool1d`, `2d`, `3d`."""

    kind: ClassVar[str] = "adaptive_max_pool"
    short: ClassVar[str] = "AdaptiveMaxPool"
    pool: ClassVar[str] = "maxpool"
    kept: ClassVar[Kept] = Kept.INPUTS

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 8 * numel(outputs[0])  # where each maximum was, as int64

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)


def _check_padding(op: MaxPool | AvgPool) -> None:
    for kernel, pair in zip(op.kernel_size, sides(op.padding), strict=True):
        if max(pair) > kernel // 2:
            values = {"padding": max(pair), "kernel": kernel, "maximum": kernel // 2}
            raise Misfit("pool-padding", "padding", **values)
    if op.ceil_mode and not is_even(op.padding):
        raise Misfit("ceil-with-sides", "ceil_mode", padding=op.padding)


def _arguments(op: MaxPool | AvgPool) -> tuple[Argument, ...]:
    """PyTorch's default stride of a pool is its kernel size."""
    return tuple(
        Argument(entry.name, entry.value, collapse(op.kernel_size))
        if entry.name == "stride"
        else entry
        for entry in arguments_of(op, positional=1)
    )


def _call(mode: str, argument: str, op: MaxPool | AvgPool, settings: str = "") -> str:
    """`F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 3, stride=2)`."""
    stride = "" if op.stride == op.kernel_size else f", stride={collapse(op.stride)!r}"
    function = f"F.{mode}_pool{len(op.kernel_size)}d"
    return f"{function}({argument}, {collapse(op.kernel_size)!r}{stride}{settings})"
