"""Activation blocks: what they compute, where they work in place, and what they cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from netspec.blocks import Block
from netspec.blocks.activation import ACTIVATIONS
from netspec.emit.torch_module import compile_graph
from netspec.ops import Activation
from tests.elaborate.speaking import errors, net, op, output

REFERENCES: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": lambda x: x.clamp(min=0),
    "relu6": lambda x: x.clamp(0, 6),
    "leaky_relu: 0.2": lambda x: torch.where(x > 0, x, 0.2 * x),
    "elu: 0.5": lambda x: torch.where(x > 0, x, 0.5 * (x.exp() - 1)),
    "celu: 0.5": lambda x: torch.where(x > 0, x, 0.5 * ((x / 0.5).exp() - 1)),
    "selu": F.selu,
    "prelu": lambda x: torch.where(x > 0, x, 0.25 * x),
    "prelu: true": lambda x: torch.where(x > 0, x, 0.25 * x),
    "gelu": lambda x: x * torch.special.ndtr(x),
    "gelu: tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": lambda x: x / (1 + (-x).exp()),
    "mish": lambda x: x * torch.tanh(torch.log1p(x.exp())),
    "hardswish": lambda x: x * (x + 3).clamp(0, 6) / 6,
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "logsigmoid": lambda x: -torch.log1p((-x).exp()),
    "hardsigmoid": lambda x: (x + 3).clamp(0, 6) / 6,
    "tanh": lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()),
    "hardtanh: {min_val: -0.5, max_val: 2}": lambda x: x.clamp(-0.5, 2),
    "tanhshrink": lambda x: x - x.tanh(),
    "softplus: {beta: 2}": lambda x: torch.log1p((2 * x).exp()) / 2,
    "softplus: {threshold: -100}": lambda x: x,
    "softsign": lambda x: x / (1 + x.abs()),
    "softshrink: 0.25": lambda x: x.sign() * (x.abs() - 0.25).clamp(min=0),
    "hardshrink: 0.25": lambda x: torch.where(x.abs() > 0.25, x, 0),
    "softmax: 2": lambda x: x.exp() / x.exp().sum(2, keepdim=True),
    "log_softmax": lambda x: x - x.exp().sum(1, keepdim=True).log(),
    "softmin": lambda x: (-x).exp() / (-x).exp().sum(1, keepdim=True),
    "glu": lambda x: x[:, :2] * x[:, 2:].sigmoid(),
    "glu: 3": lambda x: x[:, :, :, :3] * x[:, :, :, 3:].sigmoid(),
}
"""What each block computes, written out where that is short."""


def test_every_activation_is_compared() -> None:
    names = {layer.partition(":")[0] for layer in REFERENCES}
    assert names == {block.block_name for block in ACTIVATIONS}


@pytest.mark.parametrize("layer", REFERENCES)
def test_an_activation_computes_what_its_page_says(layer: str) -> None:
    module = compile_graph(net(f"input: [4, 5, 6]\nlayers: [{layer}]").graph)
    x = torch.randn(2, 4, 5, 6, generator=torch.Generator().manual_seed(0)) * 3
    before = x.clone()
    torch.testing.assert_close(module(x), REFERENCES[layer](x), atol=1e-6, rtol=1e-5)
    assert torch.equal(x, before)


@pytest.mark.parametrize("block", ACTIVATIONS, ids=lambda block: block.block_name)
def test_an_activation_of_a_conv_is_the_layer_after_it(block: type[Block]) -> None:
    """In the conv unit or as a layer, in place or not: the same numbers and the same gradients."""
    head = "input: [3, 8, 8]\nlayers:\n  - conv: {name: c, out_channels: 4, kernel_size: 3"
    unit = compile_graph(net(f"{head}, activation: {block.block_name}}}").graph)
    layer = compile_graph(net(f"{head}}}\n  - {block.block_name}").graph)
    for mine, theirs in zip(unit.parameters(), layer.parameters(), strict=True):
        mine.data.copy_(theirs.data)
    x = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    results = []
    for module in (unit, layer):
        out = module(x)
        (out * torch.linspace(-1, 2, out.numel()).reshape(out.shape)).sum().backward()
        results.append([out, *(parameter.grad for parameter in module.parameters())])
    for mine, theirs in zip(*results, strict=True):
        torch.testing.assert_close(mine, theirs)


def test_an_activation_works_in_place_after_a_conv_only_where_pytorch_can() -> None:
    unit = "layers: [conv: {{out_channels: 4, kernel_size: 1, activation: {name}}}]"
    assert "F.silu(super().forward(x), inplace=True)" in net(unit.format(name="silu")).source()
    assert "torch.tanh(super().forward(x))" in net(unit.format(name="tanh")).source()


def test_settings_at_their_defaults_are_not_written() -> None:
    source = net("layers: [leaky_relu, gelu: tanh, leaky_relu: 0.2]").source()
    assert "nn.LeakyReLU()" in source
    assert 'nn.GELU(approximate="tanh")' in source
    assert "nn.LeakyReLU(negative_slope=0.2)" in source


def test_prelu_has_one_slope_or_one_per_channel() -> None:
    assert net("layers: [prelu]").graph.parameter_count == 1
    assert net("layers: [prelu: true]").graph.parameter_count == 3
    assert net("layers: [prelu: true]").graph.macs == 0


def test_the_slope_of_prelu_can_be_initialised() -> None:
    network = net("init: {prelu: {weight: {constant: 0.1}}}\nlayers: [prelu]")
    (slope,) = compile_graph(network.graph).parameters()
    assert slope.tolist() == pytest.approx([0.1])


def test_a_vector_can_be_halved_and_a_missing_axis_is_refused() -> None:
    assert net("input: [10]\nlayers: [glu]").graph.outputs[0].value.shape == (5,)
    assert errors("input: [10]\nlayers:\n  - glu: 2") == [("NS404", 3, "2")]
    assert errors("input: [9]\nlayers:\n  - glu") == [("NS409", 3, "glu")]


def test_limits_of_hardtanh_must_be_in_order() -> None:
    (found,) = errors("layers:\n  - hardtanh: {min_val: 3, max_val: 2}")
    assert found == ("NS205", 2, "2")


@pytest.mark.parametrize("size", ["[4]", "[4, 4]", "[4, 4, 3]", "[4, 4, 3, 2]"])
@pytest.mark.parametrize("block", ACTIVATIONS, ids=lambda block: block.block_name)
def test_activations_take_every_shape(block: type[Block], size: str) -> None:
    network = net(f"input: {size}\nlayers: [{block.block_name}]")
    shape = [int(n) for n in size.strip("[]").split(",")]
    kept = shape if block.block_name != "glu" else [2, *shape[1:]]
    assert list(output(network)) == kept
    assert network.graph.macs == 0


def test_softmax_is_over_the_channels_unless_told_otherwise() -> None:
    network = net("layers: [softmax, softmax: 3]")
    assert op(network, "softmax_1") == Activation("softmax", (("dim", 1),))
    assert op(network, "softmax_2") == Activation("softmax", (("dim", 3),))


def test_softmax_along_an_axis_that_is_not_there() -> None:
    assert errors("input: [5]\nlayers:\n  - softmax: 2") == [("NS404", 3, "2")]
