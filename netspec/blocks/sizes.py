"""The types of sizes: kernels, strides, paddings, output sizes and factors, for every number of axes.

Each takes a number for all axes or a list with an entry per axis, with one validator, so that a mistake
gives one error and not one per form. Where two sides may differ an entry is `[before, after]`. Rejected:
four numbers in a row, which PyTorch (left, right, top, bottom) and ONNX read in different orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeGuard

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.limits import Limits
from netspec.shape import Padding as PaddingPairs

_LIMITS = Limits()
_UNLIMITED = Limits(channels=1 << 62, features=1 << 62, window=1 << 62, merge_inputs=1 << 62)
MAX_RANK = 3


def limits_of(info: ValidationInfo) -> Limits:
    """The limits of a run, which are the context of a validation.

    What a block of ours builds from its own checked fields has no context, and no other limit.
    """
    return info.context if isinstance(info.context, Limits) else _UNLIMITED


def is_int(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; `True` is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def out_of_range(
    received: int, minimum: int, maximum: int, limit: str, *, also: str = ""
) -> PydanticCustomError:
    """A number outside its range, whose end is the limit of that name."""
    facts = {"received": received, "minimum": minimum, "maximum": maximum}
    return PydanticCustomError(
        "size_range", "out of range", {**facts, "limit": limit, "also": also}
    )


def _size(
    value: object, info: ValidationInfo, *, minimum: int, words: tuple[str, ...] = ()
) -> int | tuple[int, ...] | str:
    """A number for every axis, a list with one number per axis, or one of the words."""
    if isinstance(value, str) and value in words:
        return value
    several = isinstance(value, list | tuple)
    given: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    entries = [entry for entry in given if is_int(entry)]
    if not 1 <= len(entries) == len(given) <= MAX_RANK:
        context = {"received": value, "words": words, "example": [3, 3] if minimum else [1, 1]}
        raise PydanticCustomError("size", "not a size", context)
    most = limits_of(info).window
    for entry in entries:
        if not minimum <= entry <= most:
            raise out_of_range(entry, minimum, most, "window")
    return tuple(entries) if several else entries[0]


def _size_schema(minimum: int, *words: str) -> WithJsonSchema:
    number = {"type": "integer", "minimum": minimum, "maximum": _LIMITS.window}
    forms: list[dict[str, Any]] = [
        number,
        {"type": "array", "items": number, "minItems": 1, "maxItems": MAX_RANK},
    ]
    if words:
        forms.append({"enum": list(words)})
    return WithJsonSchema({"anyOf": forms})


Size = Annotated[
    int | tuple[int, ...],
    PlainValidator(lambda value, info: _size(value, info, minimum=1)),
    _size_schema(1),
]
"""A kernel, stride or dilation: a number, or one per axis (`[1, 7]` is height 1, width 7)."""

Offsets = Annotated[
    int | tuple[int, ...],
    PlainValidator(lambda value, info: _size(value, info, minimum=0)),
    _size_schema(0),
]
"""Elements added or taken off: a number from 0 up, or one per axis."""

SAME = ("same", "same_tf")


def _padding(
    value: object, info: ValidationInfo, *, words: tuple[str, ...] = SAME
) -> int | PaddingPairs | str:
    """A number, a list with a number or `[before, after]` per axis, or one of the words."""
    if isinstance(value, list | tuple):
        if len(value) in (4, 6) and all(map(is_int, value)):
            raise PydanticCustomError("flat_padding", "sides in a row", {"received": value})
        if any(isinstance(entry, list | tuple) for entry in value):
            entries = [_pair(entry, value, info) for entry in value]
            if len(entries) > MAX_RANK:
                raise PydanticCustomError("padding", "too many axes", {"received": value})
            return tuple(entries)
    if isinstance(value, str) and value in words:
        return value
    found = _size(value, info, minimum=0, words=words)
    assert not isinstance(found, str)  # noqa: S101 - words were answered above
    return found


def _pair(entry: object, whole: object, info: ValidationInfo) -> int | tuple[int, int]:
    both = entry if isinstance(entry, list | tuple) and len(entry) == 2 else (entry, entry)
    numbers = [number for number in both if is_int(number)]
    if len(numbers) != 2:
        raise PydanticCustomError("padding", "no pair", {"received": whole})
    most = limits_of(info).window
    for number in numbers:
        if not 0 <= number <= most:
            raise out_of_range(number, 0, most, "window")
    return (numbers[0], numbers[1]) if isinstance(entry, list | tuple) else numbers[0]


def _padding_schema(*words: str) -> WithJsonSchema:
    number = {"type": "integer", "minimum": 0, "maximum": _LIMITS.window}
    pair = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    axis = {"anyOf": [number, pair]}
    forms: list[dict[str, Any]] = [
        number,
        {"type": "array", "items": axis, "minItems": 1, "maxItems": MAX_RANK},
    ]
    return WithJsonSchema({"anyOf": [*forms, {"enum": list(words)}] if words else forms})


Padding = Annotated[
    int | PaddingPairs | Literal["same", "same_tf"],
    PlainValidator(_padding),
    _padding_schema(*SAME),
]
"""What is added around the map: a number, one per axis, `[before, after]` per axis (`[[0, 1], [0, 1]]` is
one row below and one column to the right), or a rule: `same` is `dilation * (kernel_size - 1) / 2` on both
sides, `same_tf` TensorFlow's."""

Sides = Annotated[
    int | PaddingPairs,
    PlainValidator(lambda value, info: _padding(value, info, words=())),
    _padding_schema(),
]
"""Padding in numbers alone."""


def _output_size(value: object, info: ValidationInfo) -> int | tuple[int | None, ...]:
    """A number, or one per axis, in which `keep` leaves an axis as it is."""
    if isinstance(value, list | tuple) and "keep" in value:
        numbers = [entry for entry in value if entry != "keep"]
        if not numbers:
            raise PydanticCustomError("keeps_all", "nothing to do", {"received": value})
        _size(numbers, info, minimum=1, words=("keep",))
        if len(value) <= MAX_RANK:
            return tuple(None if entry == "keep" else entry for entry in value)
    if value == "keep":
        raise PydanticCustomError("keeps_all", "nothing to do", {"received": value})
    found = _size(value, info, minimum=1, words=("keep",))
    assert not isinstance(found, str)  # noqa: S101 - the one word was answered above
    return found


_OUTPUT = {"type": "integer", "minimum": 1, "maximum": _LIMITS.window}
_OUTPUT_AXIS = {"anyOf": [_OUTPUT, {"enum": ["keep"]}]}

OutputSize = Annotated[
    int | tuple[int | None, ...],
    PlainValidator(_output_size),
    WithJsonSchema(
        {
            "anyOf": [
                _OUTPUT,
                {
                    "type": "array",
                    "items": _OUTPUT_AXIS,
                    "minItems": 1,
                    "maxItems": MAX_RANK,
                    "contains": _OUTPUT,
                },
            ]
        }
    ),
]
"""The size of a map: a number, or one per axis, where `keep` leaves an axis as it is."""

MAX_SCALE = 64


def _scale(value: object) -> float | tuple[float, ...]:
    """A factor for every axis, or one per axis."""
    given: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    numbers = [n for n in given if isinstance(n, int | float) and not isinstance(n, bool)]
    if not 1 <= len(numbers) == len(given) <= MAX_RANK:
        raise PydanticCustomError("scale", "no factor", {"received": value})
    for number in numbers:
        if not 0 < number <= MAX_SCALE:
            limits = {"received": number, "maximum": MAX_SCALE}
            raise PydanticCustomError("scale_range", "out of range", limits)
    return tuple(numbers) if isinstance(value, list | tuple) else numbers[0]


_FACTOR = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SCALE}

ScaleFactor = Annotated[
    float | tuple[float, ...],
    PlainValidator(_scale),
    WithJsonSchema(
        {
            "anyOf": [
                _FACTOR,
                {"type": "array", "items": _FACTOR, "minItems": 1, "maxItems": MAX_RANK},
            ]
        }
    ),
]
"""A factor for the size: a number above 0, or one per axis."""
