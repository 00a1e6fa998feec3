"""The values an expression works on: their kinds, what makes two equal, and their bounds.

A value is a plain Python int, float, bool, str, list (a tuple counts as one) or an `Opaque`. Wrapper
types for values were rejected: what comes out of an expression goes straight into block fields.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from netspec.errors import ExpressionFault
from netspec.limits import Limits

Number = int | float

MAX_LIST = 1_000
"""Elements, nested ones and inner lists included, of a list that an expression makes.

A list is walked by one `for_each`, and that makes at most as many copies as one `repeat`. Counting
inner elements keeps `[a, a]` of `[b, b]` of ... from growing without bound over several `let`s.
"""


class Opaque:
    """A value that expressions pass through and compare with text by `name`: a block with its fields.

    Subclass it, for example as a frozen dataclass with a field `name`.
    """

    __slots__ = ()
    name: str


class Kind(StrEnum):
    """What a value is, in the words of the language."""

    BOOL = "a bool"
    INT = "an int"
    FLOAT = "a float"
    TEXT = "text"
    LIST = "a list"
    BLOCK = "a block"
    OTHER = "a value of another kind"


# In this order: a bool is an int to Python.
_KINDS: tuple[tuple[type | tuple[type, ...], Kind], ...] = (
    (bool, Kind.BOOL),
    (int, Kind.INT),
    (float, Kind.FLOAT),
    (str, Kind.TEXT),
    ((list, tuple), Kind.LIST),
    (Opaque, Kind.BLOCK),
)


def kind(value: object) -> Kind:
    """The kind of any object."""
    return next((name for types, name in _KINDS if isinstance(value, types)), Kind.OTHER)


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether it is a list, or a tuple in its place."""
    return isinstance(value, (list, tuple))


def is_number(value: object) -> TypeGuard[Number]:
    """Whether it is an int or a float; a bool is neither."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_int(value: object) -> TypeGuard[int]:
    """Whether it is an int and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Operand:
    """A value and the stretch of text that it comes from."""

    value: object
    start: int
    end: int

    def part(self, value: object) -> Operand:
        """An element of this operand, at the same place."""
        return Operand(value, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Context:
    """What an evaluation reads: the values of names, and the limits."""

    values: Mapping[str, object]
    limits: Limits


def wrong_operand(
    operator: str, operands: Sequence[Operand], wrong: Sequence[Operand], expected: str
) -> ExpressionFault:
    """Operands of the wrong kind; points at the one that is wrong, or at all of them."""
    place = wrong if len(wrong) == 1 else operands
    types = tuple(str(kind(operand.value)) for operand in operands)
    return ExpressionFault(
        "wrong-operand",
        place[0].start,
        place[-1].end,
        operator=operator,
        types=types,
        expected=expected,
    )


def truth(operator: str, operand: Operand) -> bool:
    """The operand, which must be a bool."""
    if isinstance(operand.value, bool):
        return operand.value
    raise wrong_operand(operator, [operand], [operand], "a bool")


def bounded(value: Number, start: int, end: int, limits: Limits) -> Number:
    """The number, if it lies within the limit; a NaN does not."""
    if not abs(value) <= limits.expression_value:
        raise too_large(str(value), start, end, limits)
    return value


def too_large(value: str, start: int, end: int, limits: Limits) -> ExpressionFault:
    """A number over the limit, or one too large to be computed."""
    return ExpressionFault(
        "value-too-large", start, end, value=value, maximum=limits.expression_value
    )


def bounded_list(items: list[object], start: int, end: int, limits: Limits) -> list[object]:
    """The list, if it is no longer and no deeper than an expression may make one."""
    pending: list[tuple[object, int]] = [(item, 1) for item in items]
    count = 0
    while pending and count <= MAX_LIST:
        item, depth = pending.pop()
        count += 1
        if depth > limits.expression_depth:
            raise ExpressionFault("too-deep", start, end, maximum=limits.expression_depth)
        if is_list(item):
            pending.extend((inner, depth + 1) for inner in item)
    if pending or count > MAX_LIST:
        length = count + len(pending)
        raise ExpressionFault("list-too-long", start, end, length=length, maximum=MAX_LIST)
    return items


def compare(operator: str, left: Operand, right: Operand) -> bool:
    """One comparison: `== != < <= > >= in`, or `not in`."""
    return _COMPARISONS[operator](operator, left, right)


def _equal(operator: str, left: Operand, right: Operand) -> bool:
    a, b = left.value, right.value
    if is_list(a) and is_list(b):
        pairs = zip(a, b, strict=False)
        return len(a) == len(b) and all(
            _equal(operator, left.part(x), right.part(y)) for x, y in pairs
        )
    if isinstance(a, Opaque) and isinstance(b, str):
        return a.name == b
    if isinstance(a, str) and isinstance(b, Opaque):
        return a == b.name
    if (is_number(a) and is_number(b)) or kind(a) is kind(b) in {Kind.BOOL, Kind.TEXT}:
        return a == b
    raise wrong_operand(
        operator, [left, right], [], "two values of one kind, or a block and text with its name"
    )


def _unequal(operator: str, left: Operand, right: Operand) -> bool:
    return not _equal(operator, left, right)


def _contains(operator: str, item: Operand, container: Operand) -> bool:
    if is_list(container.value):
        return any(_equal(operator, item, container.part(inner)) for inner in container.value)
    if not isinstance(container.value, str):
        raise wrong_operand(operator, [item, container], [container], "a list or text on the right")
    if not isinstance(item.value, str):
        raise wrong_operand(operator, [item, container], [item], "text on the left of text")
    return item.value in container.value


def _lacks(operator: str, item: Operand, container: Operand) -> bool:
    return not _contains(operator, item, container)


def _ordering(holds: Callable[[Number, Number], bool]) -> Callable[[str, Operand, Operand], bool]:
    def ordered(operator: str, left: Operand, right: Operand) -> bool:
        a, b = left.value, right.value
        if is_number(a) and is_number(b):
            return holds(a, b)
        wrong = [operand for operand in (left, right) if not is_number(operand.value)]
        raise wrong_operand(operator, [left, right], wrong, "two numbers")

    return ordered


_COMPARISONS: Mapping[str, Callable[[str, Operand, Operand], bool]] = {
    "==": _equal,
    "!=": _unequal,
    "<": _ordering(op.lt),
    "<=": _ordering(op.le),
    ">": _ordering(op.gt),
    ">=": _ordering(op.ge),
    "in": _contains,
    "not in": _lacks,
}
