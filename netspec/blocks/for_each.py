"""Copies that differ: one for each element of a list, each row of a table, or each place of lists.

`repeat` makes copies that are the same but for `first` and `last`; here every copy has values of its own.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, Build, Example, FieldKind, Rows, Values
from netspec.blocks.fields import Layers
from netspec.graph import Value


def _rows(value: object) -> Rows:
    if isinstance(value, Rows):
        return value
    raise PydanticCustomError("rows", "not rows", {"received": value})


def _names(value: object) -> str | tuple[str, ...]:
    """One name for every element, or a name for each cell of a row."""
    if isinstance(value, str):
        return value
    names = value if isinstance(value, list | tuple) else ()
    if not names or not all(isinstance(name, str) for name in names):
        raise PydanticCustomError("as_form", "not names", {"received": value})
    return tuple(names)


Over = Annotated[
    Rows,
    FieldKind.ROWS,
    PlainValidator(_rows),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array"},
                {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"type": "array"},
                },
            ]
        }
    ),
]
"""A list, a list of rows, or lists by name."""

_NAME = {"type": "string"}
Names = Annotated[
    str | tuple[str, ...],
    PlainValidator(_names),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
]
"""A name, or a list of them."""


class ForEach(Block):
    """(...) -> what the last copy gives: `layers` once for each element of `over`, in order.

    With `as: width` each element is `$width`; with `as: [kernel, out]` each element is a row, and its
    cells are `$kernel` and `$out`; `over: {kernel: [3, 5], out: [8, 16]}` walks lists side by side and
    names them itself. `$index` counts the copies; `index: stage` makes it readable as `$stage` where
    an inner layer has copies of its own. With a name the copies are `NAME.0`, `NAME.1`, ...; without
    one they add no level. An empty list is the identity.
    """

    block_name: ClassVar[str] = "for_each"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    copies: ClassVar[bool] = True
    example: ClassVar[Example] = Example(
        "- for_each: {over: [2, 3], as: size, layers: [max_pool: $size]}",
        input=(64, 12, 12),
        output=(64, 2, 2),
    )

    over: Over
    """A list, a list of rows, or lists by name, as long as each other."""
    as_: Names = Field(default=(), alias="as")
    """The name of the element, or of each cell of a row."""
    index: str | None = None
    """Another name for `$index`, which counts from 0."""
    layers: Layers
    """The layers of one copy."""

    def lower(self, build: Build, *inputs: Value) -> Values:
        return build.each(self.over, self.layers, *inputs, names=self.as_, index=self.index)
