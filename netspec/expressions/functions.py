"""The functions that an expression may call: this table and nothing else.

A function knows how many arguments it takes, so that a wrong number is a fault of the text; their
kinds show when it is evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from netspec.errors import ExpressionFault
from netspec.expressions.arithmetic import binary
from netspec.expressions.values import (
    Number,
    Operand,
    bounded,
    is_int,
    is_list,
    is_number,
    kind,
)
from netspec.limits import Limits

MAX_DIGITS = 15
"""Digits that `round` keeps: those a float has. Unbounded, negative ones would compute 10**digits."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is called, how many arguments it takes (`most` None: any), what it does."""

    name: str
    signature: str
    fewest: int
    most: int | None
    apply: Callable[[Arguments], object]

    @property
    def expected(self) -> str:
        """The number of arguments, in words."""
        if self.most is None:
            return f"{self.fewest} or more arguments"
        count = str(self.most) if self.most == self.fewest else f"{self.fewest} to {self.most}"
        return f"{count} argument{'' if self.most == 1 else 's'}"

    def check_count(self, count: int, start: int, end: int) -> None:
        """Refuse a call with too few or too many arguments."""
        if count < self.fewest or (self.most is not None and count > self.most):
            got = f"{count} argument{'' if count == 1 else 's'}"
            raise self.wrong(start, end, self.expected, got)

    def wrong(self, start: int, end: int, expected: str, got: str) -> ExpressionFault:
        """A call, or an argument of it, that does not fit."""
        return ExpressionFault(
            "wrong-arguments",
            start,
            end,
            function=self.name,
            signature=self.signature,
            expected=expected,
            got=got,
        )


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call, read by kind. `start` and `end` enclose the call."""

    function: Function
    operands: Sequence[Operand]
    start: int
    end: int
    limits: Limits

    def __len__(self) -> int:
        return len(self.operands)

    def number(self, index: int) -> Number:
        """Argument `index`, which must be a number."""
        operand = self.operands[index]
        if not is_number(operand.value):
            raise self.wrong(index, "a number", str(kind(operand.value)))
        return bounded(operand.value, operand.start, operand.end, self.limits)

    def integer(self, index: int) -> int:
        """Argument `index`, which must be an int."""
        value = self.number(index)
        if not is_int(value):
            raise self.wrong(index, "an int", str(kind(value)))
        return value

    def items(self, index: int) -> Sequence[object]:
        """Argument `index`, which must be a list."""
        value = self.operands[index].value
        if not is_list(value):
            raise self.wrong(index, "a list", str(kind(value)))
        return value

    def numbers(self, index: int) -> list[Number]:
        """Argument `index`, which must be a list of numbers."""
        operand = self.operands[index]
        numbers: list[Number] = []
        for item in self.items(index):
            if not is_number(item):
                raise self.wrong(index, "a list of numbers", f"a list with {kind(item)}")
            numbers.append(bounded(item, operand.start, operand.end, self.limits))
        return numbers

    def bounded(self, value: Number) -> Number:
        """The result of the call, if it lies within the limit."""
        return bounded(value, self.start, self.end, self.limits)

    def wrong(self, index: int, expected: str, got: str) -> ExpressionFault:
        """Argument `index` does not fit."""
        operand = self.operands[index]
        return self.function.wrong(operand.start, operand.end, expected, got)


def _extreme(choose: Callable[[Sequence[Number]], Number]) -> Callable[[Arguments], Number]:
    def apply(arguments: Arguments) -> Number:
        if len(arguments) > 1:
            return choose([arguments.number(index) for index in range(len(arguments))])
        if not is_list(arguments.operands[0].value):
            got = str(kind(arguments.operands[0].value))
            raise arguments.wrong(0, "two or more numbers, or a list of them", f"only {got}")
        numbers = arguments.numbers(0)
        if not numbers:
            raise arguments.wrong(0, "a list that is not empty", "an empty list")
        return choose(numbers)

    return apply


def _round(arguments: Arguments) -> Number:
    value = arguments.number(0)
    if len(arguments) == 1:
        return round(value)
    digits = arguments.integer(1)
    if not 0 <= digits <= MAX_DIGITS:
        raise arguments.wrong(1, f"digits from 0 to {MAX_DIGITS}", str(digits))
    return arguments.bounded(round(value, digits))


def _floor(arguments: Arguments) -> Number:
    return arguments.bounded(math.floor(arguments.number(0)))


def _ceil(arguments: Arguments) -> Number:
    return arguments.bounded(math.ceil(arguments.number(0)))


def _len(arguments: Arguments) -> int:
    return len(arguments.items(0))


def _sum(arguments: Arguments) -> object:
    # Left to right: `sum` of floats gives other last digits from Python 3.12 on.
    total: object = 0
    for number in arguments.numbers(0):
        place = Operand(number, arguments.start, arguments.end)
        total = binary("+", place.part(total), place, arguments.limits)
    return total


def _make_divisible(arguments: Arguments) -> Number:
    value = arguments.number(0)
    divisor = arguments.integer(1) if len(arguments) > 1 else 8
    if divisor < 1:
        raise arguments.wrong(1, "a divisor of 1 or more", str(divisor))
    minimum = arguments.integer(2) if len(arguments) > 2 else divisor
    limit = arguments.number(3) if len(arguments) > 3 else 0.9
    nearest = max(minimum, math.floor(value + divisor / 2) // divisor * divisor)
    return arguments.bounded(nearest + divisor if nearest < limit * value else nearest)


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for function in (
            Function("ceil", "ceil(value)", 1, 1, _ceil),
            Function("floor", "floor(value)", 1, 1, _floor),
            Function("len", "len(list)", 1, 1, _len),
            Function(
                "make_divisible",
                "make_divisible(value, divisor=8, minimum=divisor, limit=0.9)",
                1,
                4,
                _make_divisible,
            ),
            Function("max", "max(a, b, ...) or max(list)", 1, None, _extreme(max)),
            Function("min", "min(a, b, ...) or min(list)", 1, None, _extreme(min)),
            Function("round", "round(value) or round(value, digits)", 1, 2, _round),
            Function("sum", "sum(list)", 1, 1, _sum),
        )
    }
)
"""Every function, sorted by name."""
