"""Arithmetic: Python's, within bounds that are checked before anything large is computed."""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Mapping
from typing import Any

from netspec.errors import ExpressionFault
from netspec.expressions.values import (
    Kind,
    Number,
    Operand,
    bounded,
    bounded_list,
    is_list,
    is_number,
    kind,
    too_large,
    wrong_operand,
)
from netspec.limits import Limits

# Any: what `op` returns for ints and floats; `bounded` takes it from there.
_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": op.add,
    "-": op.sub,
    "*": op.mul,
    "/": op.truediv,
    "//": op.floordiv,
    "%": op.mod,
    "**": op.pow,
}
_DIVISIONS = frozenset({"/", "//", "%"})


def binary(operator: str, left: Operand, right: Operand, limits: Limits) -> object:
    """`left operator right` for two numbers, or two lists joined by `+`."""
    if operator == "+" and is_list(left.value) and is_list(right.value):
        return bounded_list([*left.value, *right.value], left.start, right.end, limits)
    if operator == "*":
        _refuse_repetition(left, right)
    a, b = _numbers(operator, left, right, limits)
    if operator in _DIVISIONS and b == 0:
        raise ExpressionFault("division-by-zero", right.start, right.end, operator=operator)
    if operator == "**":
        _check_power(a, b, left.start, right.end, limits)
    try:
        result = _BINARY[operator](a, b)
    except OverflowError:
        raise too_large(f"{a} {operator} {b}", left.start, right.end, limits) from None
    return bounded(result, left.start, right.end, limits)


def signed(operator: str, operand: Operand, limits: Limits) -> Number:
    """`-operand` or `+operand`."""
    if not is_number(operand.value):
        raise wrong_operand(operator, [operand], [operand], "a number")
    value = bounded(operand.value, operand.start, operand.end, limits)
    return -value if operator == "-" else value


def _numbers(operator: str, left: Operand, right: Operand, limits: Limits) -> tuple[Number, Number]:
    if is_number(left.value) and is_number(right.value):
        return (
            bounded(left.value, left.start, left.end, limits),
            bounded(right.value, right.start, right.end, limits),
        )
    wrong = [operand for operand in (left, right) if not is_number(operand.value)]
    expected = "two numbers or two lists" if operator == "+" else "two numbers"
    raise wrong_operand(operator, [left, right], wrong, expected)


def _refuse_repetition(left: Operand, right: Operand) -> None:
    kinds = {kind(left.value), kind(right.value)}
    for repeated in (Kind.TEXT, Kind.LIST):
        if repeated in kinds:
            raise ExpressionFault(
                "not-allowed",
                left.start,
                right.end,
                what=f"repeating {repeated} with `*`",
                instead=None,
            )


def _check_power(base: Number, exponent: Number, start: int, end: int, limits: Limits) -> None:
    """Refuse a power that is undefined, complex, or so large that computing it would take long."""
    if base == 0 and exponent < 0:
        raise ExpressionFault("division-by-zero", start, end, operator="**")
    if base < 0 and isinstance(exponent, float) and not exponent.is_integer():
        raise ExpressionFault("complex-result", start, end, base=base, exponent=exponent)
    if isinstance(base, int) and isinstance(exponent, int):
        # |base| >= 2**doublings, so the power has at least doublings * exponent bits.
        doublings = abs(base).bit_length() - 1
        if doublings * exponent > limits.expression_value.bit_length():
            raise too_large(f"{base} ** {exponent}", start, end, limits)
