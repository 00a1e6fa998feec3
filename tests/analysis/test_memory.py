"""Memory as counted equals what torch holds: saved tensors of every op and of whole networks, and the peak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from hypothesis import given, reject, settings
from torch import fx, nn

import netspec
from netspec.analysis.memory import Memory, memory
from netspec.errors import Misfit
from netspec.graph import Builder, Node, Output
from netspec.ops import OPS, SPELLINGS, Category, Dropout, Op
from netspec.shape import numel
from tests.analysis.measuring import Peak, saved_bytes, state
from tests.ops.op_cases import CASES
from tests.ops.test_ops_contract import expression_of, module_of

ROOT = Path(__file__).parent.parent.parent

REST = """
layers:
  - conv: {name: stem, out_channels: 8, kernel_size: 3, padding: 1, norm: batch_norm, activation: relu}
  - max_pool: 2
  - residual:
      layers: [conv: {out_channels: 8, kernel_size: 3, padding: 1, norm: batch_norm}]
      activation: relu
  - concat:
    - [conv: {out_channels: 4, kernel_size: 1, activation: relu}]
    - [avg_pool: {kernel_size: 3, stride: 1, padding: 1}]
    - []
  - mul: [[], [gap, conv: {out_channels: 20, kernel_size: 1, activation: sigmoid}]]
  - sigmoid
  - dropout: 0.5
  - tanh
  - flatten
  - linear: 12
  - relu
  - dropout: 0.5
  - linear: 5
  - softmax
"""
MIXED = "netspec: 1\nname: mixed\ninput: [3, 12, 12]" + REST

TURNED = """
netspec: 1
name: turned
input: [3, 12, 12]
layers:
  - conv: {out_channels: 8, kernel_size: 3, norm: {group_norm: {groups: 2}}, activation: relu6}
  - conv: {out_channels: 8, kernel_size: 3, norm: channel_norm, activation: {elu: {}}}
  - conv: {out_channels: 8, kernel_size: 3, norm: {instance_norm: {affine: true}}, activation: prelu}
  - glu
  - add: {from: [previous, previous, previous]}
  - lrn: 3
  - dropout2d: 0.5
  - stochastic_depth: 0.5
  - layer_scale: {init_value: 0.1}
  - flatten: {start_dim: 2}
  - transpose: {dim0: 1, dim1: 2}
  - layer_norm
  - permute: [2, 1]
  - flatten
  - alpha_dropout: 0.5
  - linear: 6
  - silu
  - reshape: [2, 3]
  - max: {dim: 1}
  - softsign
"""
"""What the zoo seldom has; the flatten behind `permute` copies."""


def one_op(op: Op, shapes: tuple[tuple[int, ...], ...]) -> tuple[Memory, Node]:
    """The memory of a graph that is one op, and its node; inputs count each."""
    builder = Builder("one", shapes[0])
    values = [builder.input]
    for number, shape in enumerate(shapes[1:]):
        with builder.scope(f"side_{number}", "anything"):
            values += builder.op(_Anything(shape), [builder.input], "")
    with builder.scope("it", "it"):
        outputs = builder.op(op, values, "")
    graph = builder.finish([Output("main", outputs[0])])
    return memory(graph), graph.nodes[-1]


@dataclass(frozen=True)
class _Anything(Op):
    """A value of any shape out of the input; keeps nothing."""

    category: ClassVar[Category] = Category.MERGE
    shape: tuple[int, ...]

    def infer(self, inputs: object) -> tuple[tuple[int, ...], ...]:
        return (self.shape,)

    def label(self) -> str:
        return "anything"


Case = tuple[Op, tuple[tuple[int, ...], ...]]
every_op = pytest.mark.parametrize("op_type", OPS, ids=lambda op: op.__name__)


def runnable(case: Case) -> tuple[list[torch.Tensor], nn.Module | Callable[..., object]]:
    """Inputs for one sample and what computes the op; a case that does not fit is drawn again."""
    op, shapes = case
    try:
        op.infer(shapes)
    except Misfit:
        reject()
    inputs = [torch.rand(1, *shape) for shape in shapes]
    module = module_of(op)
    return inputs, expression_of(op, len(inputs)) if module is None else module


def held(run: nn.Module | Callable[..., object]) -> list[torch.Tensor]:
    """What it holds anyway."""
    return state(run) if isinstance(run, nn.Module) else []


@every_op
def test_every_op_keeps_for_backward_what_torch_keeps(op_type: type[Op]) -> None:
    @settings(max_examples=40, database=None)
    @given(CASES[op_type])
    def check(case: Case) -> None:
        inputs, run = runnable(case)
        if isinstance(run, nn.Module):
            run = run.train()
        for tensor in inputs:
            tensor.requires_grad_()
        try:
            kept = saved_bytes(lambda: run(*inputs), held(run))
        except (RuntimeError, ValueError):
            reject()  # torch refuses a batch of one value per channel, for example
        found, node = one_op(*case)
        assert found.saved[node] == kept, case

    check()


@every_op
def test_every_op_has_alive_while_it_runs_what_torch_has(op_type: type[Op]) -> None:
    @settings(max_examples=40, database=None)
    @given(CASES[op_type])
    def check(case: Case) -> None:
        inputs, run = runnable(case)
        try:
            with torch.no_grad(), Peak([*inputs, *held(run)]) as peak:
                run(*inputs)
        except ValueError:
            reject()  # as above
        found, node = one_op(*case)
        values = {value: 4 * numel(value.shape) for value in node.inputs}
        assert found.live[node] - sum(values.values()) == peak.highest, case

    check()


def small(path: str, size: int = 64) -> Callable[[], netspec.Network]:
    """A network of the zoo, with a small input."""
    return lambda: netspec.load(ROOT / path, input=(3, size, size))


NETWORKS: dict[str, Callable[[], netspec.Network]] = {
    "mixed": lambda: netspec.loads(MIXED),
    "turned": lambda: netspec.loads(TURNED),
    "lenet5": lambda: netspec.load(ROOT / "specs/lenet5.yaml"),
    "googlenet": small("specs/googlenet.yaml"),
    "inception_resnet_v1": small("specs/inception_resnet_v1.yaml", 96),
    "inception_v3_block": small("specs/as_printed/inception_v3_block.yaml", 16),
    "resnet": small("specs/resnet.yaml"),
    "shufflenet_v2": small("specs/shufflenet_v2.yaml"),
    "sknet": small("specs/sknet.yaml"),
    "squeezenet": small("specs/squeezenet.yaml"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_saves_for_backward_what_is_counted(name: str) -> None:
    net = NETWORKS[name]()
    module = net.compile().train()
    batch = 2  # batch norm refuses one value per channel
    images = torch.randn(batch, *net.graph.input.shape).requires_grad_()
    measured = saved_bytes(lambda: module(images), state(module))
    per_batch = 8 * sum(
        node.op.num_features for node in net.graph.nodes if node.op.kind == "batch_norm"
    )  # mean and deviation of the whole batch
    counted = net.rows.saved_bytes - per_batch
    assert measured == batch * counted + per_batch


@pytest.mark.parametrize("name", NETWORKS)
def test_the_peak_of_inference_is_the_most_that_is_alive(name: str) -> None:
    net = NETWORKS[name]()
    module = fx.symbolic_trace(
        net.compile(heads=False).eval()
    )  # it lets go of what is not read again
    images = torch.zeros(1, *net.graph.input.shape)
    last = net.graph.readers[net.graph.input][-1]
    reading = net.graph.nodes[: net.graph.nodes.index(last) + 1]
    live = memory(net.graph).live
    without_input = [
        size - 4 * numel(images.shape) * (node in reading) for node, size in live.items()
    ]  # the caller holds the input, so the mode does not see it die
    with torch.no_grad(), Peak([images, *state(module)]) as peak:
        module(images)
    assert peak.highest == max(without_input)


def test_the_published_numbers_of_torchvisions_googlenet() -> None:
    """6.42 MB at the peak, the first convolution and its norm, and 48.2 MB for backward, without heads."""
    found = memory(netspec.load(ROOT / "specs/googlenet_bn.yaml").graph.without_training_heads())
    assert found.peak == 2 * 4 * 64 * 112 * 112 == 6_422_528
    assert found.saved_for_backward == 48_229_120


def test_dropout_takes_memory_in_training_alone() -> None:
    builder = Builder("one", (8,))
    with builder.scope("drop", "dropout"):
        (x,) = builder.op(Dropout(0.5), [builder.input], "")
    found = memory(builder.finish([Output("main", x)]))
    assert found.peak == 32  # a view
    assert found.saved_for_backward == 32  # its mask


def test_a_network_without_ops_has_its_input() -> None:
    builder = Builder("none", (3, 4, 4))
    assert memory(builder.finish([Output("main", builder.input)])).peak == 4 * 48


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_activation_behind_a_convolution_keeps_what_torch_keeps(name: str) -> None:
    """As the source writes it: in place where it can be."""
    layers = f"[conv: {{out_channels: 4, kernel_size: 3, activation: {name}}}]"
    net = netspec.loads(f"netspec: 1\nname: net\ninput: [3, 8, 8]\nlayers: {layers}")
    module = net.compile().train()
    images = torch.randn(1, 3, 8, 8).requires_grad_()
    assert saved_bytes(lambda: module(images), state(module)) == net.rows.saved_bytes
