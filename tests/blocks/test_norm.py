"""Normalisation as layers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from netspec.emit.torch_module import compile_graph
from netspec.ops import BatchNorm, Conv, LocalResponseNorm
from tests.elaborate.speaking import errors, net, op


@pytest.mark.parametrize(
    ("size", "rank"), [("[6]", 0), ("[6, 9]", 1), ("[6, 9, 9]", 2), ("[6, 2, 9, 9]", 3)]
)
def test_batch_norm_follows_the_rank_of_its_input(size: str, rank: int) -> None:
    network = net(f"input: {size}\nlayers: [batch_norm]")
    assert op(network, "batch_norm_1") == BatchNorm(6, rank=rank)
    assert network.graph.parameter_count == 12


def test_fields_of_batch_norm_reach_the_op() -> None:
    network = net("layers: [batch_norm: {eps: 0.001, momentum: 0.01, affine: false}]")
    assert op(network, "batch_norm_1") == BatchNorm(3, 0.001, 0.01, affine=False)
    assert network.graph.parameter_count == 0


def test_lrn_has_the_convention_of_pytorch() -> None:
    assert op(net("layers: [lrn: 5]"), "lrn_1") == LocalResponseNorm(5, 1e-4, 0.75, 1.0)


def test_lrn_needs_a_map() -> None:
    assert errors("input: [5]\nlayers:\n  - lrn: 5") == [("NS403", 3, "lrn")]


def numbers(size: str, seed: int = 0) -> Tensor:
    """A batch of three inputs of a size, off centre."""
    shape = [int(n) for n in size.strip("[]").split(",")]
    return torch.randn(3, *shape, generator=torch.Generator().manual_seed(seed)) * 2 + 1


def standardised(x: Tensor, dims: list[int], eps: float = 1e-5) -> Tensor:
    """Mean 0 and variance 1 over some axes."""
    mean, variance = x.mean(dims, keepdim=True), x.var(dims, correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


SIZES = ["[6, 9]", "[6, 9, 8]", "[6, 2, 9, 8]"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("layer", "dims"),
    [
        ("batch_norm: {track_running_stats: false}", lambda rank: [0, *range(2, rank + 2)]),
        ("instance_norm", lambda rank: list(range(2, rank + 2))),
        ("layer_norm", lambda rank: list(range(1, rank + 2))),
        ("layer_norm: 2", lambda rank: list(range(2, rank + 2))),
        ("layer_norm: -1", lambda rank: [rank + 1]),
        ("channel_norm", lambda _: [1]),
        ("group_norm: 1", lambda rank: list(range(1, rank + 2))),
        ("group_norm: 6", lambda rank: list(range(2, rank + 2))),
    ],
)
def test_a_norm_standardises_the_axes_that_its_page_names(
    layer: str, dims: Callable[[int], list[int]], size: str
) -> None:
    module = compile_graph(net(f"input: {size}\nlayers: [{layer}]").graph)
    x = numbers(size)
    torch.testing.assert_close(module(x), standardised(x, dims(x.dim() - 2)), atol=1e-5, rtol=1e-4)


def test_groups_of_group_norm_are_neighbouring_channels() -> None:
    module = compile_graph(net("input: [6, 4, 4]\nlayers: [group_norm: 3]").graph)
    x = numbers("[6, 4, 4]")
    expected = standardised(x.view(3, 3, 2, 4, 4), [2, 3, 4]).view_as(x)
    torch.testing.assert_close(module(x), expected, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("layer", "size", "count"),
    [
        ("group_norm: 2", "[6, 4, 4]", 12),
        ("group_norm: {groups: 2, affine: false}", "[6, 4, 4]", 0),
        ("instance_norm", "[6, 4, 4]", 0),
        ("instance_norm: {affine: true}", "[6, 4, 4]", 12),
        ("layer_norm", "[6]", 12),
        ("layer_norm", "[6, 4, 4]", 192),
        ("layer_norm: {start_dim: 3}", "[6, 4, 5]", 10),
        ("layer_norm: {bias: false}", "[6, 4, 4]", 96),
        ("layer_norm: {elementwise_affine: false}", "[6, 4, 4]", 0),
        ("channel_norm", "[6, 4, 4]", 12),
        ("channel_norm: {affine: false}", "[6, 4, 4]", 0),
    ],
)
def test_parameters_of_norms(layer: str, size: str, count: int) -> None:
    graph = net(f"input: {size}\nlayers: [{layer}]").graph
    assert graph.parameter_count == count
    assert sum(p.numel() for p in compile_graph(graph).parameters()) == count


def test_a_channel_norm_is_the_layer_norm_of_channels_last() -> None:
    graph = net("input: [6, 4, 5]\nlayers: [channel_norm: {eps: 1e-6}]").graph
    module, theirs = compile_graph(graph), torch.nn.LayerNorm(6, eps=1e-6)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    theirs.load_state_dict({key.partition(".")[2]: v for key, v in module.state_dict().items()})
    x = numbers("[6, 4, 5]")
    torch.testing.assert_close(module(x), theirs(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


def test_norms_of_a_conv_are_told_by_their_short_names() -> None:
    body = "layers:\n" + "".join(
        f"  - conv: {{out_channels: 6, kernel_size: 1, norm: {norm}}}\n"
        for norm in ("{group_norm: {groups: 2}}", "channel_norm", "instance_norm", "layer_norm")
    )
    network = net(body)
    assert "conv 1×1, GN" in network.summary()
    assert all(node.op.bias is False for node in network.graph.nodes if isinstance(node.op, Conv))
    x = torch.randn(2, 3, 32, 32)
    assert compile_graph(network.graph)(x).shape == (2, 6, 32, 32)


def test_norms_can_be_initialised() -> None:
    body = """
    input: [4, 3, 3]
    layers: [group_norm: 2, layer_norm, channel_norm]
    init: {group_norm: {weight: {constant: 2}}, channel_norm: {bias: ones}}
    """
    state = compile_graph(net(body).graph).state_dict()
    assert state["group_norm_1.weight"].tolist() == [2] * 4
    assert state["channel_norm_1.bias"].tolist() == [1] * 4
    assert state["layer_norm_1.weight"].unique().tolist() == [1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("input: [6, 4, 4]\nlayers:\n  - group_norm: 4", ("NS405", 3, "4")),
        ("input: [6]\nlayers:\n  - group_norm: 6", ("NS409", 3, "6")),
        ("input: [6]\nlayers:\n  - instance_norm", ("NS403", 3, "instance_norm")),
        ("input: [6, 1, 1]\nlayers:\n  - instance_norm", ("NS409", 3, "instance_norm")),
        ("input: [6]\nlayers:\n  - layer_norm: 2", ("NS404", 3, "2")),
    ],
)
def test_a_norm_that_does_not_fit(body: str, expected: tuple[str, int, str]) -> None:
    assert errors(body) == [expected]
