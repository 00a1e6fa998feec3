"""What warnings rest on, with torch as the judge: signs, biases that vanish, outputs that never change."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional

from netspec.ops import OPS, SPELLINGS, Activation, BatchNorm, GroupNorm, InstanceNorm, MaxPool, Op
from netspec.shape import Shape, Window
from tests.ops.op_cases import CASES
from tests.ops.test_ops_contract import all_computed, computed, fits, module_of, tensors

KEEPING = [op for op in OPS if op.keeps_sign or op is MaxPool]
NORMS = [BatchNorm, InstanceNorm, GroupNorm]


def in_training(op: Op, inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """What torch makes of an op in training, with the same random numbers each time."""
    module = module_of(op)
    torch.manual_seed(0)
    return computed(op, inputs) if module is None else module.train()(*inputs)


@pytest.mark.parametrize("op_type", KEEPING, ids=lambda op: op.__name__)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_an_op_that_keeps_the_sign_makes_no_negative_number(
    op_type: type[Op], data: st.DataObject
) -> None:
    case = data.draw(CASES[op_type])
    fits(case)
    op, shapes = case
    assert not op.not_negative(inputs=False)
    for output in all_computed(op, [x.abs() for x in tensors(shapes)]):
        assert output.min() >= 0 or not op.not_negative(inputs=True)


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_activation_is_negative_somewhere_or_never(name: str) -> None:
    row = SPELLINGS[name]
    settings = (("dim", 1),) if row.arguments and row.arguments[0][0] == "dim" else ()
    op = Activation(name, settings)
    output = computed(op, [torch.linspace(-8, 8, 200).reshape(1, -1)])
    assert op.not_negative(inputs=False) == op.not_negative(inputs=True) == bool(output.min() >= 0)


@pytest.mark.parametrize("name", [name for name, row in SPELLINGS.items() if not row.arguments])
def test_below_a_number_nothing_is_learned(name: str) -> None:
    """The derivative is 0 there and not above; without such a number it is not 0 down to -8."""
    x = torch.linspace(-8, 2, 1001, dtype=torch.float64, requires_grad=True)
    computed(Activation(name), [x]).sum().backward()
    assert x.grad is not None
    below = SPELLINGS[name].dead_below
    if below is None:
        is_probability = name == "hardsigmoid"  # flat at both ends, and not meant for logits
        assert is_probability or (x.grad[:100] != 0).all()
    else:
        assert (x.grad[x < below] == 0).all()
        assert (x.grad[x > below + 0.01] != 0).any()


@pytest.mark.parametrize("op_type", NORMS, ids=lambda op: op.__name__)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_bias_before_a_norm_vanishes_or_not(op_type: type[Op], data: st.DataObject) -> None:
    case = data.draw(CASES[op_type])
    fits(case)
    op, (shape,) = case
    torch.manual_seed(1)
    x = torch.randn(8, *shape, dtype=torch.float64)
    bias = torch.randn(shape[0], dtype=torch.float64).reshape(-1, *[1] * (len(shape) - 1))
    module = module_of(op)
    assert module is not None
    module = module.train().double()
    same = torch.allclose(module(x), module(x + bias), atol=1e-6)
    assert same == op.cancels_bias or shape[0] == 1


@pytest.mark.parametrize("name", ["softmax", "softmin", "log_softmax"])
@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (4, 4), (1, 1)])
@pytest.mark.parametrize("dim", [1, 2])
def test_a_softmax_over_one_element_is_constant(name: str, shape: Shape, dim: int) -> None:
    op = Activation(name, (("dim", dim),))
    first, second = (computed(op, [torch.randn(2, *shape)]) for _ in range(2))
    assert op.is_constant(shape) == torch.equal(first, second)


DROPPING = [op for op in OPS if "p" in getattr(op, "__dataclass_fields__", ())]


@pytest.mark.parametrize("op_type", DROPPING, ids=lambda op: op.__name__)
@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_what_drops_everything_is_constant(op_type: type[Op], p: float) -> None:
    op = op_type(p=p)
    shape = (6, 5, 5)
    torch.manual_seed(2)
    first, second = torch.randn(4, *shape), torch.randn(4, *shape)
    constant = torch.equal(in_training(op, [first]), in_training(op, [second]))
    assert op.is_constant(shape) == constant == (p == 1)


@given(
    size=st.integers(1, 6),
    kernel=st.integers(1, 5),
    stride=st.integers(1, 3),
    before=st.integers(1, 5),
    after=st.integers(1, 5),
    dilation=st.integers(1, 2),
)
def test_a_weight_is_used_where_its_gradient_is_not_zero(
    size: int, kernel: int, stride: int, before: int, after: int, dilation: int
) -> None:
    window = Window((kernel,), (stride,), ((before, after),), (dilation,))
    assume(window.output((size,))[0] >= 1)
    weight = torch.ones(1, 1, kernel, requires_grad=True)
    x = functional.pad(torch.ones(1, 1, size), (before, after))
    functional.conv1d(x, weight, stride=stride, dilation=dilation).sum().backward()
    assert weight.grad is not None
    assert window.used((size,)) == (int((weight.grad != 0).sum()),)
