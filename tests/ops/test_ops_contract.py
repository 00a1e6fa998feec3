"""The contract of every op in `OPS`, with torch as the judge: shapes, parameters, MACs, spelling.

Shapes, parameters and MACs are compared on the meta device, where torch computes shapes alone; a share
runs on the CPU with numbers, where torch checks more.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import FrozenInstanceError, fields

import pytest
import torch
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from netspec import ops
from netspec.errors import Misfit
from netspec.ops import OPS, Activation, Category, Constructor, Op
from netspec.ops.base import NO_DEFAULT
from netspec.shape import Shape
from tests.ops.op_cases import CASES, Case

BATCH = 2
NAMES = {"torch": torch, "nn": nn, "F": functional, "Tensor": torch.Tensor}
for _op in OPS:
    exec(_op.definition, NAMES)  # noqa: S102 - our own text: the classes that PyTorch lacks

STRICTER: Mapping[str, str] = {
    "add-shapes-differ": "torch broadcasts; a sum of different shapes is nearly always a mistake",
    "mul-shapes-differ": "torch broadcasts more than a 1x1 gate",
    "not-a-permutation": "torch lets the batch be moved",
    "no-axis-left": "torch gives a number for each sample; here every value has an axis",
    "one-value-per-group": "torch lets it pass when the batch is larger than one",
    "needs-vector": "torch applies linear to the last axis of a map",
    "needs-map": "torch takes a vector with its batch for a map without one",
    "wrong-rank": "torch takes a batch of maps of a lower rank for one map",
    "pool-padding": "the limit counts the kernel with its dilation in newer versions of torch alone",
    "nothing-left": "torch makes maps of size 0",
    "ceil-with-sides": "our rule for `ceil_mode` is for equal sides; more padding at the end says it",
    "split-sizes": "torch makes more parts of one size, or a last part that is smaller",
    "no-divisor-in-1d": "nn.AvgPool1d has no such argument: it would be ignored",
}
"""Rules of ours that refuse what torch may take, and why."""

every_op = pytest.mark.parametrize("op_type", OPS, ids=lambda op: op.__name__)
with_module = pytest.mark.parametrize(
    "op_type",
    [op for op in OPS if op.constructor is not Op.constructor],
    ids=lambda op: op.__name__,
)
with_both = pytest.mark.parametrize(
    "op_type",
    [
        op
        for op in OPS
        if op.constructor is not Op.constructor
        and op.expression is not Op.expression
        and op not in (ops.MaxPool, ops.AvgPool)  # these are one or the other
    ],
    ids=lambda op: op.__name__,
)
overwritable_ops = pytest.mark.parametrize(
    "op_type", [op for op in OPS if op.overwritable], ids=lambda op: op.__name__
)


def call_text(constructor: Constructor) -> str:
    """The constructor call as source."""
    written = [
        repr(entry.value) if entry.positional else f"{entry.name}={entry.value!r}"
        for entry in constructor.arguments
        if entry.positional or not entry.is_default
    ]
    return f"{constructor.target}({', '.join(written)})"


def module_of(op: Op, device: str = "cpu") -> nn.Module | None:
    """The module that the op spells, or None when it spells none."""
    constructor = op.constructor()
    if constructor is None:
        return None
    if op.prepares:
        return _Prepared(op, call_text(constructor), device).eval()
    with torch.device(device):
        return eval(call_text(constructor), dict(NAMES)).eval()  # noqa: S307 - our own spelling


class _Prepared(nn.Module):
    """A module that is called with an expression of its input, as the generated class calls it."""

    def __init__(self, op: Op, text: str, device: str) -> None:
        super().__init__()
        with torch.device(device):
            inner = eval(text, dict(NAMES))  # noqa: S307 - our own spelling
        self._parameters.update(inner._parameters)
        text = f"lambda inner, x: inner({op.prepared('x')})"
        self.run = eval(text, dict(NAMES))  # noqa: S307 - our own spelling
        self.inner = (inner,)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.run(self.inner[0], x)


def expression_of(op: Op, count: int, *, in_place: bool = False) -> Callable[..., torch.Tensor]:
    """The expression that the op spells, as a function of `count` tensors."""
    names = [f"x{number}" for number in range(count)]
    text = op.expression(names, in_place=in_place)
    assert text is not None
    return eval(f"lambda {', '.join(names)}: {text}", dict(NAMES))  # noqa: S307 - our own spelling


def all_computed(
    op: Op, inputs: Sequence[torch.Tensor], device: str = "cpu"
) -> tuple[torch.Tensor, ...]:
    """What torch makes of the op: one tensor, or those of an op that gives several values."""
    module = module_of(op, device)
    found = expression_of(op, len(inputs))(*inputs) if module is None else module(*inputs)
    return found if isinstance(found, tuple) else (found,)


def computed(op: Op, inputs: Sequence[torch.Tensor], device: str = "cpu") -> torch.Tensor:
    """The one tensor that torch makes of the op."""
    (found,) = all_computed(op, inputs, device)
    return found


def tensors(shapes: Sequence[Shape], device: str = "cpu") -> list[torch.Tensor]:
    """Inputs with a batch; numbers around zero on the CPU."""
    generator = torch.Generator().manual_seed(1)
    if device == "meta":
        return [torch.empty(BATCH, *shape, device="meta") for shape in shapes]
    return [torch.randn(BATCH, *shape, generator=generator) for shape in shapes]


def torch_shapes(case: Case, device: str) -> list[Shape] | None:
    """The shapes that torch computes, with the batch, or None when it refuses or warns."""
    op, shapes = case
    try:
        return [tuple(x.shape) for x in all_computed(op, tensors(shapes, device), device)]
    except (RuntimeError, ValueError, IndexError, TypeError, UserWarning):
        return None


def inferred_or_misfit(case: Case) -> tuple[Shape, ...] | Misfit:
    op, shapes = case
    try:
        return op.infer(shapes)
    except Misfit as misfit:
        return misfit


def check_shape(case: Case, device: str) -> None:
    """What torch refuses is a Misfit; what fits has torch's shape; on the CPU, a Misfit is refused."""
    judged = torch_shapes(case, device)
    inferred = inferred_or_misfit(case)
    if isinstance(inferred, Misfit):
        assert inferred.field in {None, "dim", *(entry.name for entry in fields(case[0]))}
        refused = judged is None or device == "meta"  # torch checks less there
        assert refused or inferred.rule in STRICTER, f"{inferred}: torch makes {judged}"
    else:
        assert [(BATCH, *shape) for shape in inferred] == judged


def fits(case: Case) -> tuple[Shape, ...]:
    """The output shapes; a case that does not fit is drawn again."""
    outputs = inferred_or_misfit(case)
    if isinstance(outputs, Misfit):
        reject()
    return outputs


# The registry


def leaves(op: type[Op]) -> set[type[Op]]:
    """The classes of `netspec.ops` below that are no interface; tests leave classes of their own."""
    below = [one for one in op.__subclasses__() if one.__module__.startswith("netspec.ops.")]
    return set().union(*map(leaves, below)) if below else {op}


def test_every_op_has_cases_and_is_in_the_registry_once() -> None:
    assert set(CASES) == set(OPS)
    assert len(set(OPS)) == len(OPS)
    assert set(OPS) == leaves(Op)
    assert {op.__name__ for op in OPS} <= set(ops.__all__)
    assert [op.__name__ for op in OPS] == sorted(op.__name__ for op in OPS)


@pytest.mark.parametrize("field", ["kind", "short"])
def test_names_of_ops_are_unique(field: str) -> None:
    assert len({getattr(op, field) for op in OPS}) == len(OPS)


@every_op
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_every_op_can_be_named_drawn_and_hashed(op_type: type[Op], data: st.DataObject) -> None:
    op, shapes = data.draw(CASES[op_type])
    assert op_type.__doc__
    assert "->" in op_type.__doc__.splitlines()[0]
    assert op.label().strip() == op.label() != ""
    assert op.kind.isidentifier()
    assert op.short.isidentifier()
    assert isinstance(op.drawn_as(), Category)
    assert op.arity in {1, None}
    assert op.arity is None or len(shapes) == op.arity
    assert len({op, op}) == 1
    assert op.stateless == (not op.parameters() and op.expression(["x", "y"]) is not None)
    with pytest.raises(FrozenInstanceError):
        setattr(op, "kind", "other")  # noqa: B010 - the point is the assignment


# Shapes


@every_op
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_shapes_are_torchs(op_type: type[Op], data: st.DataObject) -> None:
    check_shape(data.draw(CASES[op_type]), "meta")


@every_op
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_shapes_are_torchs_with_numbers(op_type: type[Op], data: st.DataObject) -> None:
    check_shape(data.draw(CASES[op_type]), "cpu")


# Costs


@every_op
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_parameters_are_torchs(op_type: type[Op], data: st.DataObject) -> None:
    case = data.draw(CASES[op_type])
    fits(case)
    module = module_of(case[0], "meta")
    named = [] if module is None else module.named_parameters()
    judged = [(name, tuple(parameter.shape)) for name, parameter in named]
    assert [(entry.name, entry.shape) for entry in case[0].parameters()] == judged
    assert case[0].parameter_count == sum(torch.Size(shape).numel() for _, shape in judged)


@every_op
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_macs_are_half_the_flops_that_torch_counts(op_type: type[Op], data: st.DataObject) -> None:
    case = data.draw(CASES[op_type])
    op, shapes = case
    outputs = fits(case)
    with FlopCounterMode(display=False) as counter:
        all_computed(op, tensors(shapes, "meta"), "meta")
    assert 2 * BATCH * op.macs(shapes, outputs) == counter.get_total_flops()


# Spelling


@with_module
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_arguments_are_those_of_the_constructor(op_type: type[Op], data: st.DataObject) -> None:
    """Names, order of the positional ones, and the defaults that need not be written."""
    constructor = data.draw(CASES[op_type])[0].constructor()
    assume(constructor is not None)  # a pool whose sides differ is a function
    target = eval(constructor.target, dict(NAMES))  # noqa: S307 - our own spelling
    signature = inspect.signature(target).parameters
    for number, entry in enumerate(constructor.arguments):
        assert entry.name in signature, f"{constructor.target} has no {entry.name}"
        if entry.positional:
            assert list(signature)[number] == entry.name
        default = signature[entry.name].default
        if entry.default is NO_DEFAULT or (entry.name == "stride" and default is None):
            continue  # a pool's stride is its kernel size when it is not given
        if default is inspect.Parameter.empty:
            assert not entry.is_default or entry.positional
        else:
            assert entry.default == default, entry.name


@with_module
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_every_argument_reaches_the_module(op_type: type[Op], data: st.DataObject) -> None:
    """Writing all arguments, or only those that differ from the defaults, makes the same module."""
    constructor = data.draw(CASES[op_type])[0].constructor()
    assume(constructor is not None)
    everything = ", ".join(f"{entry.name}={entry.value!r}" for entry in constructor.arguments)
    scope = {**NAMES}
    try:
        with torch.device("meta"):
            short = eval(call_text(constructor), scope)  # noqa: S307 - our own spelling
            full = eval(f"{constructor.target}({everything})", scope)  # noqa: S307 - our own spelling
    except ValueError:
        reject()  # torch refuses these numbers
    assert repr(short) == repr(full)


@with_both
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_expression_computes_what_the_module_does(
    op_type: type[Op], data: st.DataObject
) -> None:
    case = data.draw(CASES[op_type])
    op, shapes = case
    fits(case)
    (x,) = tensors(shapes)
    assert torch.equal(expression_of(op, 1)(x), module_of(op)(x))


@pytest.mark.parametrize(
    ("op", "reference"),
    [
        (ops.Add(), lambda a, b, c: torch.stack([a, b, c]).sum(0)),
        (ops.Add(0.5), lambda a, b, c: torch.stack([a / 2, b, c]).sum(0)),
        (ops.Mul(), lambda a, b, c: torch.stack([a, b, c]).prod(0)),
        (ops.Concat(), lambda a, b, c: torch.hstack([a, b, c])),
        (ops.Stack(), lambda a, b, c: torch.cat([x.unsqueeze(1) for x in (a, b, c)], 1)),
        (ops.Concat(3), lambda a, b, c: torch.concatenate([a, b, c], 3)),
    ],
    ids=["add", "add-scaled", "mul", "concat", "stack", "concat-3"],
)
def test_merges_compute_what_their_names_say(
    op: Op, reference: Callable[..., torch.Tensor]
) -> None:
    inputs = tensors([(3, 4, 5)] * 3)
    torch.testing.assert_close(expression_of(op, 3)(*inputs), reference(*inputs))


# In-place work


def some_activation(name: str) -> Activation:
    """A row of the table with its defaults; one that normalises does so along the channels."""
    needed = [key for key, default in ops.SPELLINGS[name].arguments if default is NO_DEFAULT]
    return Activation(name, tuple((key, 1) for key in needed))


@pytest.mark.parametrize("name", sorted(ops.SPELLINGS))
def test_in_place_spellings_compute_the_same(name: str) -> None:
    op = some_activation(name)
    module = type(module_of(op))
    assert op.can_work_in_place == ("inplace" in inspect.signature(module).parameters)
    if op.can_work_in_place:
        (x,) = tensors([(4, 3)])
        expected = computed(op, [x])
        assert expression_of(op, 1, in_place=True)(x) is x
        assert torch.equal(x, expected)


def gradients(
    op: Op,
    shapes: Sequence[Shape],
    module: nn.Module | None,
    activation: Callable[..., torch.Tensor],
) -> list[torch.Tensor]:
    """The gradients of `activation(op(inputs))`; the inputs come out of it unchanged."""
    inputs = [x.requires_grad_() for x in tensors(shapes)]
    before = [x.detach().clone() for x in inputs]
    run = expression_of(op, len(inputs)) if module is None else module
    out = activation(run(*inputs))
    weights = torch.linspace(-1, 2, out.numel()).reshape(out.shape)
    (out * weights).sum().backward()
    assert all(torch.equal(x, kept) for x, kept in zip(inputs, before, strict=True))
    wanted = [*inputs, *([] if module is None else module.parameters())]
    found = [entry.grad.clone() for entry in wanted]
    for entry in wanted:
        entry.grad = None
    return found


@overwritable_ops
@pytest.mark.parametrize("training", [True, False])
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_backward_survives_in_place_work_on_overwritable_outputs(
    op_type: type[Op], training: bool, data: st.DataObject
) -> None:
    case = data.draw(CASES[op_type])
    op, shapes = case
    (out,) = fits(case)
    module = module_of(op)
    if module is not None:
        assume(
            not training or torch.Size(out).numel() > 1
        )  # batch norm wants two numbers per channel
        module.train(training)
    assume(torch.Size(out).numel() > 0)
    expected = gradients(op, shapes, module, functional.relu)
    overwritten = gradients(op, shapes, module, lambda y: functional.relu(y, inplace=True))
    for left, right in zip(overwritten, expected, strict=True):
        torch.testing.assert_close(left, right)


@pytest.mark.parametrize("name", sorted(n for n, row in ops.SPELLINGS.items() if row.in_place))
def test_backward_survives_every_activation_in_place(name: str) -> None:
    """Also of those whose gradient needs the input: PyTorch keeps what it needs of it."""
    op, conv = some_activation(name), ops.Conv(4, 4, (1,), (1,), (0,), (1,))
    module = module_of(conv)
    fresh = gradients(conv, [(4, 3)], module, expression_of(op, 1))
    overwritten = gradients(conv, [(4, 3)], module, expression_of(op, 1, in_place=True))
    for left, right in zip(overwritten, fresh, strict=True):
        torch.testing.assert_close(left, right)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softmax", "log_softmax"])
def test_backward_breaks_after_in_place_work_on_these_activations(name: str) -> None:
    """Why `overwritable` is an allow-list: here backward needs the output."""
    op = some_activation(name)
    assert not op.overwritable
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        gradients(op, [(4, 3)], module_of(op), lambda y: functional.relu(y, inplace=True))


@pytest.mark.parametrize(
    "op", [ops.Identity(), ops.Flatten(), ops.Dropout(0.5)], ids=lambda op: op.kind
)
def test_ops_that_return_the_storage_of_their_input_are_not_overwritable(op: Op) -> None:
    (x,) = tensors([(4, 3)])
    out = computed(op, [x])
    assert out.data_ptr() == x.data_ptr()
    assert not op.overwritable
