"""Memory as counted equals what torch holds: saved tensors of every op and of whole networks, and the peak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from hypothesis import given, reject, settings
from torch import fx

import netspec
from netspec.analysis.memory import memory
from netspec.errors import Misfit
from netspec.graph import Builder, Output
from netspec.ops import OPS, SPELLINGS, Category, Dropout, Kept, Op
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


def one_op(op: Op, shapes: tuple[tuple[int, ...], ...]) -> int | None:
    """The saved bytes of a graph that is one op, inputs counted each."""
    builder = Builder("one", shapes[0])
    values = [builder.input]
    for number, shape in enumerate(shapes[1:]):
        with builder.scope(f"side_{number}", "anything"):
            values += builder.op(_Anything(shape), [builder.input], "")
    with builder.scope("it", "it"):
        outputs = builder.op(op, values, "")
    graph = builder.finish([Output("main", outputs[0])])
    return memory(graph).saved[graph.nodes[-1]]


@dataclass(frozen=True)
class _Anything(Op):
    """A value of any shape out of the input; keeps nothing."""

    category: ClassVar[Category] = Category.MERGE
    shape: tuple[int, ...]

    def infer(self, inputs: object) -> tuple[tuple[int, ...], ...]:
        return (self.shape,)

    def label(self) -> str:
        return "anything"


@pytest.mark.parametrize("op_type", OPS, ids=lambda op: op.__name__)
def test_every_op_keeps_for_backward_what_torch_keeps(op_type: type[Op]) -> None:
    @settings(max_examples=40, database=None)
    @given(CASES[op_type])
    def check(case: tuple[Op, tuple[tuple[int, ...], ...]]) -> None:
        op, shapes = case
        try:
            op.infer(shapes)
        except Misfit:
            reject()
        inputs = [torch.rand(1, *shape).requires_grad_() for shape in shapes]
        module = module_of(op)
        run = module.train() if module is not None else expression_of(op, len(inputs))
        weights = state(module) if module is not None else []
        try:
            kept = saved_bytes(lambda: run(*inputs), weights)
        except (RuntimeError, ValueError):
            reject()  # torch refuses a batch of one value per channel, for example
        assert one_op(op, shapes) in (kept, None), (op, shapes)

    check()


NETWORKS: dict[str, Callable[[], netspec.Network]] = {
    "mixed": lambda: netspec.loads(MIXED),
    "resnet": lambda: netspec.load(ROOT / "specs/resnet.yaml", input=(3, 64, 64)),
    "lenet5": lambda: netspec.load(ROOT / "specs/lenet5.yaml"),
    "squeezenet": lambda: netspec.load(ROOT / "specs/squeezenet.yaml", input=(3, 64, 64)),
    "googlenet": lambda: netspec.load(ROOT / "specs/googlenet.yaml", input=(3, 64, 64)),
    "inception_v3_block": lambda: netspec.load(
        ROOT / "specs/as_printed/inception_v3_block.yaml", input=(3, 16, 16)
    ),
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
    assert net.rows.saved_bytes is not None
    counted = net.rows.saved_bytes - per_batch
    assert measured == batch * counted + per_batch


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "googlenet"])
def test_the_peak_of_inference_is_the_most_that_is_alive(name: str) -> None:
    """LRN makes values of its own while it runs, so GoogLeNet's peak in torch is higher."""
    net = NETWORKS[name]()
    module = fx.symbolic_trace(net.compile(heads=False).eval().to("meta"))
    images = torch.empty(1, *net.graph.input.shape, device="meta")
    last = net.graph.readers[net.graph.input][-1]
    reading = net.graph.nodes[: net.graph.nodes.index(last) + 1]
    live = memory(net.graph).live
    without_input = [
        size - 4 * numel(images.shape) * (node in reading) for node, size in live.items()
    ]  # the caller holds the input, so the mode does not see it die
    with torch.no_grad(), Peak([images, *state(module)]) as peak:
        module(images)
    assert peak.highest == max(without_input)


def test_the_published_numbers_of_a_batch_norm_googlenet() -> None:
    """6.42 MB at the peak: the first convolution's output and its norm's, 2 * 64 * 112 * 112 floats."""
    net = netspec.loads(
        "netspec: 1\nname: stem\ninput: [3, 224, 224]\nlayers:\n"
        "  - conv: {out_channels: 64, kernel_size: 7, stride: 2, padding: 3, norm: batch_norm, "
        "activation: relu}\n  - max_pool: {kernel_size: 3, stride: 2, ceil_mode: true}\n"
    )
    assert net.rows.peak_bytes == 6_422_528


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


def test_activations_in_place_keep_what_is_counted_where_it_is_known() -> None:
    """Every row of the table of activations, behind a convolution, as the source writes it."""
    known = set()
    for name in SPELLINGS:
        layers = f"[conv: {{out_channels: 4, kernel_size: 3, activation: {name}}}]"
        net = netspec.loads(f"netspec: 1\nname: net\ninput: [3, 8, 8]\nlayers: {layers}")
        module = net.compile().train()
        images = torch.randn(1, 3, 8, 8).requires_grad_()
        counted = net.rows.saved_bytes
        if counted is not None:
            known.add(name)
            kept = saved_bytes(lambda m=module, x=images: m(x), state(module))
            assert kept == counted, name
    assert known >= {"gelu", "relu", "sigmoid", "softmax", "tanh"}


def test_what_is_not_modelled_is_said_to_be_unknown() -> None:
    unknown = {op.__name__ for op in OPS if op.kept is Kept.UNKNOWN}
    norms = {"ChannelNorm", "GroupNorm", "InstanceNorm", "LayerNorm"}
    assert unknown == norms | {
        *("AlphaDropout", "ChannelDropout", "GLU", "LayerScale"),
        *("Max", "Min", "PReLU", "StochasticDepth"),
    }
