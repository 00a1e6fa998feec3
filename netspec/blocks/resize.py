"""Another size without weights: padding and interpolation."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.sizes import ScaleFactor, Sides, Size
from netspec.blocks.window import spread
from netspec.graph import Value
from netspec.ops import Pad as PadOp
from netspec.ops import Upsample as UpsampleOp
from netspec.ops.resize import CORNERED
from netspec.shape import sides


class Pad(Block):
    """(C, H, W) -> (C, H + before + after, ...): elements added around a map.

    Convolutions and pools pad by themselves; this is for what they cannot do.

    Raises:
        Misfit: there is not enough of the map to fill the padding from, or the input is no map.
    """

    block_name: ClassVar[str] = "pad"
    bare_field: ClassVar[str] = "padding"
    example: ClassVar[Example] = Example(
        "- pad: [[0, 1], [2, 3]]", input=(8, 10, 10), output=(8, 11, 15)
    )

    padding: Sides
    """On both sides, per axis, or `[before, after]` per axis."""
    mode: Literal["constant", "reflect", "replicate", "circular"] = "constant"
    """What it is filled with: `value`, or the map itself."""
    value: Annotated[float, Field()] = 0.0
    """The number that a constant padding has."""

    @model_validator(mode="after")
    def _value_of_a_constant(self) -> Pad:
        if "value" in self.model_fields_set and self.mode != "constant":
            context = {"field": "value", "mode": self.mode, "only": "constant"}
            raise PydanticCustomError("field_of_other_mode", "not in this mode", context)
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        entries: tuple[int | tuple[int, int], ...] = spread("padding", self.padding, x)
        return build.op(PadOp(sides(entries), self.mode, self.value), x)


class Upsample(Block):
    """(C, H, W) -> (C, floor(H*scale_factor), ...), or (C, *size): interpolation, as `nn.Upsample`.

    `bilinear` and `bicubic` are for maps, `linear` for sequences, `trilinear` for volumes.

    Raises:
        Misfit: the mode is for another number of axes, nothing is left, or the input is no map.
    """

    block_name: ClassVar[str] = "upsample"
    bare_field: ClassVar[str] = "scale_factor"
    example: ClassVar[Example] = Example(
        "- upsample: {scale_factor: 2, mode: bilinear}", input=(64, 14, 14), output=(64, 28, 28)
    )

    scale_factor: ScaleFactor | None = None
    """What the size is multiplied by; this or `size`."""
    size: Size | None = None
    """The size that comes out; this or `scale_factor`."""
    mode: Literal[
        "nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"
    ] = "nearest"
    """How values between elements are found."""
    align_corners: bool | None = None
    """Whether the corner elements keep their values (the linear and cubic modes only)."""

    @model_validator(mode="after")
    def _fields_that_go_together(self) -> Upsample:
        given = [name for name in ("scale_factor", "size") if getattr(self, name) is not None]
        if len(given) != 1:
            context = {"field": "size", "given": given, "either": ["scale_factor", "size"]}
            raise PydanticCustomError("one_of", "one of two", context)
        if self.align_corners is not None and self.mode not in CORNERED:
            context = {"field": "align_corners", "mode": self.mode, "only": "bilinear"}
            raise PydanticCustomError("field_of_other_mode", "not in this mode", context)
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        size = None if self.size is None else spread("size", self.size, x)
        scale = None if self.scale_factor is None else spread("scale_factor", self.scale_factor, x)
        return build.op(UpsampleOp(size, scale, self.mode, self.align_corners), x)
