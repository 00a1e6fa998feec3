"""Pooling: `pool` with its presets `max_pool` and `avg_pool`, adaptive pooling, `gap` and `gmp`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, Build, Example, Preset
from netspec.blocks.sizes import OutputSize, Padding, Size
from netspec.blocks.window import resolve_padding, spread
from netspec.graph import Value
from netspec.ops import AdaptiveAvgPool as AdaptiveAvgPoolOp
from netspec.ops import AdaptiveMaxPool as AdaptiveMaxPoolOp
from netspec.ops import AvgPool, MaxPool

_ONLY = {"dilation": "max", "count_include_pad": "avg", "divisor_override": "avg"}


class Pool(Block):
    """(C, H, W) -> (C, H', W'): the largest value or the mean of each window.

    H' = floor((H + 2*padding - dilation*(kernel_size - 1) - 1) / stride) + 1, or ceil with `ceil_mode`,
    when the last window must still start inside the input or the left padding. A maximum never sees its
    padding; a mean counts it as zeros, unless `count_include_pad` is false.

    Raises:
        Misfit: the window does not fit, the padding is over half of it, or the input is no map.
    """

    block_name: ClassVar[str] = "pool"
    bare_field: ClassVar[str] = "kernel_size"
    example: ClassVar[Example] = Example(
        "- pool: {mode: max, kernel_size: 3, stride: 2}", input=(64, 32, 32), output=(64, 15, 15)
    )

    mode: Literal["max", "avg"]
    """Largest value or mean."""
    kernel_size: Size
    """Height and width of the window."""
    stride: Size | None = None
    """Step of the window; its size when not given."""
    padding: Padding = 0
    """On both sides, per axis, or `[before, after]` per axis, at most half the window; `same`, `same_tf`."""
    dilation: Size = 1
    """Distance between the elements of a window (max only)."""
    ceil_mode: bool = False
    """Round the output size up, as Caffe does."""
    count_include_pad: bool = True
    """Count padded zeros in the mean (avg only)."""
    divisor_override: Annotated[int, Field(ge=1)] | None = None
    """Divide the sum by this instead (avg only)."""

    @model_validator(mode="after")
    def _fields_of_the_mode(self) -> Pool:
        for field, mode in _ONLY.items():
            if field in self.model_fields_set and self.mode != mode:
                context = {"field": field, "mode": self.mode, "only": mode}
                raise PydanticCustomError("field_of_other_mode", "not in this mode", context)
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        kernel = spread("kernel_size", self.kernel_size, x)
        stride = kernel if self.stride is None else spread("stride", self.stride, x)
        dilation = spread("dilation", self.dilation, x)
        padding = resolve_padding(self.padding, kernel, stride, dilation, x)
        if self.mode == "max":
            return build.op(MaxPool(kernel, stride, padding, dilation, self.ceil_mode), x)
        count = self.count_include_pad
        op = AvgPool(kernel, stride, padding, self.ceil_mode, count, self.divisor_override)
        return build.op(op, x)


MAX_POOL = Preset(
    "max_pool",
    "pool",
    {"mode": "max"},
    "(C, H, W) -> (C, H', W'): the largest value of each window; `pool` with `mode: max`.",
    Example("- max_pool: {kernel_size: 3, stride: 2}", input=(64, 32, 32), output=(64, 15, 15)),
    hidden=("count_include_pad", "divisor_override"),
)

AVG_POOL = Preset(
    "avg_pool",
    "pool",
    {"mode": "avg"},
    "(C, H, W) -> (C, H', W'): the mean of each window; `pool` with `mode: avg`.",
    Example("- avg_pool: 2", input=(64, 32, 32), output=(64, 16, 16)),
    hidden=("dilation",),
)


class AdaptiveAvgPool(Block):
    """(C, H, W) -> (C, *output_size): the mean of windows that cover the map evenly.

    Window i of an axis of n elements is [floor(i*n/o), ceil((i+1)*n/o)).

    Raises:
        Misfit: the input is no map.
    """

    block_name: ClassVar[str] = "adaptive_avg_pool"
    bare_field: ClassVar[str] = "output_size"
    example: ClassVar[Example] = Example(
        "- adaptive_avg_pool: 4", input=(512, 14, 14), output=(512, 4, 4)
    )

    output_size: OutputSize
    """Height and width of the output; `keep` leaves an axis as it is."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(AdaptiveAvgPoolOp(_per_axis(self.output_size, x)), x)


class AdaptiveMaxPool(Block):
    """(C, H, W) -> (C, *output_size): the largest value of windows that cover the map evenly.

    The windows are those of `adaptive_avg_pool`.

    Raises:
        Misfit: the input is no map.
    """

    block_name: ClassVar[str] = "adaptive_max_pool"
    bare_field: ClassVar[str] = "output_size"
    example: ClassVar[Example] = Example(
        "- adaptive_max_pool: [4, keep]", input=(512, 14, 14), output=(512, 4, 14)
    )

    output_size: OutputSize
    """Height and width of the output; `keep` leaves an axis as it is."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(AdaptiveMaxPoolOp(_per_axis(self.output_size, x)), x)


def _per_axis(size: int | tuple[int | None, ...], x: Value) -> tuple[int | None, ...]:
    entries: tuple[int | None, ...] = spread("output_size", size, x)
    return entries


class Gap(Block):
    """(C, H, W) -> (C, 1, 1): global average pooling, the mean of each channel.

    `flatten` after it gives the vector that a classifier reads.
    """

    block_name: ClassVar[str] = "gap"
    reference: ClassVar[str] = "Lin et al. 2013, Network in Network, section 3.2"
    example: ClassVar[Example] = Example("- gap", input=(1024, 7, 7), output=(1024, 1, 1))

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(AdaptiveAvgPoolOp(_per_axis(1, x)), x)


class Gmp(Block):
    """(C, H, W) -> (C, 1, 1): global max pooling, the largest value of each channel."""

    block_name: ClassVar[str] = "gmp"
    reference: ClassVar[str] = (
        "Zhou et al. 2015, Learning Deep Features for Discriminative Localization, section 2"
    )
    example: ClassVar[Example] = Example("- gmp", input=(1024, 7, 7), output=(1024, 1, 1))

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(AdaptiveMaxPoolOp(_per_axis(1, x)), x)
