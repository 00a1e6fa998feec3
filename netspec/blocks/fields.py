"""The types of fields, once: what they accept, their schema, and what a wrong value is told.

One validator per field that has several forms, so that a mistake gives one error and not one per form.
A validator raises a `PydanticCustomError` whose type is a rule of `netspec.messages` and whose context
holds the numbers. Numbers are strict: `True`, `"64"` and `64.0` are no integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    JsonValue,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from netspec.blocks.base import BlockValue, BranchList, FieldKind, LayerList
from netspec.blocks.sizes import MAX_RANK, is_int, limits_of, out_of_range
from netspec.limits import Limits

_LIMITS = Limits()


def at_most(
    limit: Literal["channels", "features", "merge_inputs"],
) -> tuple[FieldInfo, AfterValidator]:
    """The upper end of a number: a limit of the run; its default is what the schema says."""

    def check(value: int, info: ValidationInfo) -> int:
        most: int = getattr(limits_of(info), limit)
        if value > most:
            facts = {"le": most, "limit": limit}
            raise PydanticCustomError("less_than_equal", "above a limit", facts)
        return value

    extra: dict[str, JsonValue] = {"maximum": getattr(_LIMITS, limit)}
    return Field(json_schema_extra=extra), AfterValidator(check)


_MOST_CHANNELS = at_most("channels")
_MOST_FEATURES = at_most("features")

Channels = Annotated[int, Field(ge=1), *_MOST_CHANNELS]
"""A number of channels or maps, 1 to 1,000,000."""

Features = Annotated[int, Field(ge=1), *_MOST_FEATURES]
"""A number of features of a vector."""

Count = Annotated[int, Field(ge=1), *_MOST_CHANNELS]
"""A number of groups, windows and the like."""

Probability = Annotated[float, Field(ge=0, le=1)]
"""A probability, 0 to 1."""

Positive = Annotated[float, Field(gt=0)]
"""A number above 0."""

NotNegative = Annotated[float, Field(ge=0)]
"""A number from 0 up."""

Weight = Annotated[float, Field(ge=0)]
"""A weight in a sum of losses."""

Dim = Annotated[int, Field(ge=1, le=MAX_RANK + 1)]
"""An axis, counted as in PyTorch: 0 is the batch and cannot be used, 1 the channels."""


def _end_dim(value: int) -> int:
    if value != -1 and not 1 <= value <= MAX_RANK + 1:
        limits = {"received": value, "minimum": 1, "maximum": MAX_RANK + 1, "also": "-1"}
        raise PydanticCustomError("size_range", "out of range", limits)
    return value


EndDim = Annotated[
    int,
    AfterValidator(_end_dim),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MAX_RANK + 1}, {"enum": [-1]}]}
    ),
]
"""An axis as for `Dim`, or -1 for the last one."""


def _dims(value: object) -> int | tuple[int, ...]:
    """An axis, or a list of different axes."""
    several = isinstance(value, list | tuple)
    given: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    entries = [entry for entry in given if is_int(entry)]
    if not 1 <= len(entries) == len(given):
        raise PydanticCustomError("axes", "no axes", {"received": value})
    for entry in entries:
        if not 1 <= entry <= MAX_RANK + 1:
            limits = {"received": entry, "minimum": 1, "maximum": MAX_RANK + 1}
            raise PydanticCustomError("size_range", "out of range", limits)
        if entries.count(entry) > 1:
            raise PydanticCustomError("axis_twice", "named twice", {"dim": entry})
    return tuple(entries) if several else entries[0]


_DIM = {"type": "integer", "minimum": 1, "maximum": MAX_RANK + 1}

Dims = Annotated[
    int | tuple[int, ...],
    PlainValidator(_dims),
    WithJsonSchema(
        {"anyOf": [_DIM, {"type": "array", "items": _DIM, "minItems": 1, "uniqueItems": True}]}
    ),
]
"""An axis as for `Dim`, or a list of them, none twice."""


def _sizes(value: object, info: ValidationInfo) -> tuple[int, ...]:
    """A shape without the batch, with at most one -1."""
    entries = [entry for entry in value if is_int(entry)] if isinstance(value, list | tuple) else []
    if not isinstance(value, list | tuple) or not 1 <= len(entries) == len(value) <= MAX_RANK + 1:
        context = {"received": value, "maximum": MAX_RANK + 1}
        raise PydanticCustomError("sizes", "no sizes", context)
    most = limits_of(info).features
    for entry in entries:
        if entry != -1 and not 1 <= entry <= most:
            raise out_of_range(entry, 1, most, "features", also="-1")
    if entries.count(-1) > 1:
        raise PydanticCustomError("two_unknown_sizes", "two times -1", {"received": value})
    return tuple(entries)


Sizes = Annotated[
    tuple[int, ...],
    PlainValidator(_sizes),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "integer", "minimum": -1, "maximum": _LIMITS.features},
            "minItems": 1,
            "maxItems": MAX_RANK + 1,
        }
    ),
]
"""A shape without the batch; one size may be -1, which is what remains."""


def _widths(
    value: object, info: ValidationInfo, count: int, names: tuple[str, ...]
) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or len(value) != count or not all(map(is_int, value)):
        raise PydanticCustomError("widths", "not widths", {"received": value, "names": names})
    most = limits_of(info).channels
    for entry in value:
        if not 1 <= entry <= most:
            raise out_of_range(entry, 1, most, "channels")
    return tuple(value)


_WIDTH = {"type": "integer", "minimum": 1, "maximum": _LIMITS.channels}

ReducedWidths = Annotated[
    tuple[int, int],
    PlainValidator(lambda value, info: _widths(value, info, 2, ("reduced", "out"))),
    WithJsonSchema({"type": "array", "items": _WIDTH, "minItems": 2, "maxItems": 2}),
]
"""Two channel counts of a branch: after its 1x1 reduction, and after the convolution."""


def _one_or_three(value: object, info: ValidationInfo) -> int | tuple[int, ...]:
    if not isinstance(value, list | tuple):
        return _widths([value], info, 1, ("out",))[0]
    return _widths(value, info, 3, ("first", "second", "third"))


OneOrThreeWidths = Annotated[
    int | tuple[int, ...],
    PlainValidator(_one_or_three),
    WithJsonSchema(
        {"anyOf": [_WIDTH, {"type": "array", "items": _WIDTH, "minItems": 3, "maxItems": 3}]}
    ),
]
"""Channels of three convolutions: one number for all, or a list of three."""


def _block_value(value: object) -> BlockValue:
    if isinstance(value, BlockValue):
        return value
    if isinstance(value, str):
        return BlockValue(value)
    raise PydanticCustomError("block_value", "not a block", {"received": value})


_BLOCK_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "object", "minProperties": 1, "maxProperties": 1}]}
)

AnyBlock = Annotated[BlockValue, FieldKind.BLOCK, PlainValidator(_block_value), _BLOCK_SCHEMA]

Norm = AnyBlock
"""A normalisation: a block name, `{name: {fields}}`, or `none`."""

Activation = AnyBlock
"""An activation: a block name, `{name: {fields}}`, or `none`."""

PartOrSame = Annotated[
    BlockValue | None, FieldKind.BLOCK, PlainValidator(_block_value), _BLOCK_SCHEMA
]
"""The same, or unset: then it is that of another field."""

NONE = BlockValue("none")
RELU = BlockValue("relu")
RELU6 = BlockValue("relu6")
SIGMOID = BlockValue("sigmoid")
BATCH_NORM = BlockValue("batch_norm")


def _layer_list(value: object) -> LayerList:
    if isinstance(value, LayerList):
        return value
    raise PydanticCustomError("layer_list", "not a list of layers", {"received": value})


def _branch_list(value: object) -> BranchList:
    if isinstance(value, BranchList):
        return value
    raise PydanticCustomError("branch_list", "not branches", {"received": value})


_LAYER_SCHEMA: Mapping[str, Any] = {"type": "array", "items": {"type": ["string", "object"]}}

Layers = Annotated[
    LayerList,
    FieldKind.LAYERS,
    PlainValidator(_layer_list),
    WithJsonSchema(dict(_LAYER_SCHEMA)),
]
"""A list of layers; `[]` is the identity."""

Branches = Annotated[
    BranchList,
    FieldKind.BRANCHES,
    PlainValidator(_branch_list),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": _LAYER_SCHEMA},
                {"type": "object", "additionalProperties": _LAYER_SCHEMA},
            ]
        }
    ),
]
"""Lists of layers side by side, bare or named; `[]` is the identity."""
