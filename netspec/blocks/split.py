"""One value becomes several, for branches that take one each, or to be read by name."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from netspec.blocks.base import Block, Build, Example, Values
from netspec.blocks.fields import Dim, at_most
from netspec.blocks.sizes import limits_of, out_of_range
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.limits import Limits
from netspec.ops import Op, axis_size
from netspec.ops import Split as SplitOp

_LIMITS = Limits()
REST: Literal["rest"] = "rest"

Parts = Annotated[int, Field(ge=2), *at_most("merge_inputs")]
"""A number of parts."""

Sizes = tuple[int | Literal["rest"], ...]


def _sizes(value: object, info: ValidationInfo) -> Sizes:
    """Two whole numbers or more, at most one of them `rest`."""
    entries = value if isinstance(value, list | tuple) else ()
    numbers = [entry for entry in entries if isinstance(entry, int) and entry is not True]
    rests = sum(entry == REST for entry in entries if isinstance(entry, str))
    if len(entries) < 2 or rests > 1 or len(numbers) + rests != len(entries):
        raise PydanticCustomError("split_sizes_form", "not sizes", {"received": value})
    most = limits_of(info).channels
    for number in numbers:
        if not 1 <= number <= most:
            raise out_of_range(number, 1, most, "channels")
    return tuple(entries)


def _names(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list | tuple) else ()
    if len(names) < 2 or not all(isinstance(name, str) for name in names):
        raise PydanticCustomError("into_form", "not names", {"received": value})
    return tuple(names)


_ENTRY = {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": [REST]}]}
SplitSizes = Annotated[
    Sizes,
    PlainValidator(_sizes),
    WithJsonSchema({"type": "array", "items": _ENTRY, "minItems": 2}),
]
"""The size of each part; one of them may be `rest`."""

Names = Annotated[
    tuple[str, ...],
    PlainValidator(_names),
    WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 2}),
]
"""A name for each value."""


class Split(Block):
    """(C, H, W) -> several values: equal `chunks`, or parts of the given `sizes`, along `dim`.

    A merge or `parallel` with as many branches gives one value to each branch. With a `name`, `into`
    names the values: `split: {name: halves, into: [left, right]}` is read as `halves.left`. `into`
    alone says how many equal parts there are.

    Raises:
        Misfit: the parts do not make up the axis, or it is not said how many there are.
    """

    block_name: ClassVar[str] = "split"
    bare_field: ClassVar[str] = "chunks"
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = SplitOp
    example: ClassVar[Example] = Example(
        "- split: {sizes: [16, rest]}", input=(64, 8, 8), output=((16, 8, 8), (48, 8, 8))
    )

    chunks: Parts | None = None
    """The number of equal parts."""
    sizes: SplitSizes | None = None
    """The size of each part; one of them may be `rest`, what the others leave."""
    into: Names = ()
    """A name for each part, read as `NAME.left`."""
    dim: Dim = 1
    """The axis that is split; 1 is the channels."""

    def lower(self, build: Build, *inputs: Value) -> Values:
        (x,) = inputs
        count = self._count()
        if self.into and len(self.into) != count:
            raise Misfit("into-count", "into", names=len(self.into), parts=count)
        sizes = self._equal(x, count) if self.sizes is None else self._given(x, self.sizes)
        return build.values(SplitOp(sizes, self.dim), x, names=self.into)

    def _count(self) -> int:
        if self.chunks is not None and self.sizes is not None:
            raise Misfit("split-said-twice", "chunks")
        if self.sizes is not None:
            return len(self.sizes)
        count = self.chunks or len(self.into)
        if not count:
            raise Misfit("split-unsaid", None)
        return count

    def _equal(self, x: Value, count: int) -> tuple[int, ...]:
        """`count` equal parts of the axis."""
        size = axis_size(x.shape, self.dim)
        if size % count:
            raise Misfit("chunks-not-dividing", "chunks", chunks=count, size=size, dim=self.dim)
        return (size // count,) * count

    def _given(self, x: Value, sizes: Sizes) -> tuple[int, ...]:
        """The sizes that were given; `rest` is what they leave of the axis."""
        known = tuple(size for size in sizes if isinstance(size, int))
        if len(known) == len(sizes):
            return known
        size = axis_size(x.shape, self.dim)
        rest = size - sum(known)
        if rest < 1:
            raise Misfit("no-rest", "sizes", sizes=known, size=size, dim=self.dim)
        return tuple(size if isinstance(size, int) else rest for size in sizes)
