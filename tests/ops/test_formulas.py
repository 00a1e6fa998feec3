"""The formulas that ops give are those that they compute by: their numbers are evaluated."""

from __future__ import annotations

from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.ops import OPS, Concat, Conv, ConvTranspose, MaxPool, Op
from netspec.ops.formula import Formula
from netspec.shape import Shape
from tests.ops.op_cases import CASES
from tests.ops.test_ops_contract import fits

every_op = pytest.mark.parametrize("op_type", OPS, ids=lambda op: op.__name__)


def value_of(formula: Formula) -> float:
    """What its numbers come to; they are arithmetic with `floor` and `ceil`."""
    return eval(formula.numbers, {"__builtins__": {}, "floor": floor, "ceil": ceil})  # noqa: S307


@every_op
@given(st.data())
@settings(max_examples=60)
def test_the_numbers_of_a_formula_come_to_its_value(op_type: type[Op], data: st.DataObject) -> None:
    op, shapes = data.draw(CASES[op_type])
    outputs = fits((op, shapes))
    for formula in op.formulas(shapes, outputs):
        assert value_of(formula) == formula.value
        assert formula.value in outputs[0]
    counted = op.macs_formula(shapes, outputs)
    assert (counted is None) == (op.macs(shapes, outputs) == 0)
    if counted is not None:
        assert value_of(counted) == counted.value == op.macs(shapes, outputs)


def only(op: Op, *shapes: Shape) -> tuple[Formula, ...]:
    return op.formulas(shapes, op.infer(shapes))


def test_axes_with_the_same_numbers_have_one_formula() -> None:
    (both,) = only(Conv(3, 8, (3, 3), (2, 2), (1, 1), (1, 1)), (3, 32, 32))
    assert both == Formula(
        "H', W'",
        "floor((H + 2*padding - kernel_size) / stride) + 1",
        "floor((32 + 2*1 - 3) / 2) + 1",
        16,
    )
    height, width = only(Conv(3, 8, (7, 1), (1, 1), (3, 0), (1, 1)), (3, 32, 32))
    assert (height.name, width.name) == ("H'", "W'")
    assert width.words == "floor((W - kernel_size) / stride) + 1"


def test_ceil_mode_says_when_a_window_in_the_padding_is_left_out() -> None:
    (pooled,) = only(MaxPool((2, 2), (3, 3), (1, 1), (1, 1), ceil_mode=True), (8, 4, 4))
    assert pooled.numbers == "ceil((4 + 2*1 - 2) / 3) + 1 - 1"
    assert pooled.value == 2


def test_a_transposed_convolution_counts_at_its_input() -> None:
    op = ConvTranspose(8, 4, (2, 2), (2, 2), (0, 0), (0, 0), dilation=(1, 1))
    counted = op.macs_formula([(8, 5, 5)], [(4, 10, 10)])
    assert counted is not None
    assert counted.words == "out_channels * in_channels * kernel_size * H * W"
    assert counted.numbers == "4 * 8 * 2 * 2 * 5 * 5"


def test_a_concat_sums_the_axis_that_it_joins() -> None:
    (joined,) = only(Concat(1), (64, 8, 8), (32, 8, 8))
    assert (joined.name, joined.numbers, joined.value) == ("C'", "64 + 32", 96)
