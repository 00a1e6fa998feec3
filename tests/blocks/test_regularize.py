"""Noise in training and trained scales: what is dropped, how often, and that inference keeps all."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from netspec.emit.torch_module import compile_graph
from tests.elaborate.speaking import errors, net

NOISY = ["dropout: 0.4", "dropout2d: 0.4", "alpha_dropout: 0.4", "stochastic_depth: 0.4"]


def trained(layer: str, x: Tensor) -> Tensor:
    """What a layer gives in training."""
    body = f"input: {list(x.shape[1:])}\nlayers: [{layer}]"
    torch.manual_seed(0)
    module: nn.Module = compile_graph(net(body).graph)
    result: Tensor = module.train()(x)
    return result


@pytest.mark.parametrize("layer", NOISY)
def test_inference_changes_nothing(layer: str) -> None:
    x = torch.randn(4, 3, 5, 5)
    assert torch.equal(
        compile_graph(net(f"input: [3, 5, 5]\nlayers: [{layer}]").graph).eval()(x), x
    )


@pytest.mark.parametrize(
    ("layer", "shape", "dims"),
    [
        ("dropout1d: 0.25", (2000, 4, 6), (2,)),
        ("dropout2d: 0.25", (2000, 4, 3, 3), (2, 3)),
        ("dropout3d: 0.25", (2000, 4, 2, 2, 2), (2, 3, 4)),
        ("stochastic_depth: 0.25", (4000, 4, 3, 3), (1, 2, 3)),
        ("stochastic_depth: 0.25", (4000, 7), (1,)),
    ],
)
def test_what_is_dropped_is_dropped_whole_and_the_rest_scaled_up(
    layer: str, shape: tuple[int, ...], dims: tuple[int, ...]
) -> None:
    out = trained(layer, torch.ones(shape))
    low, high = out.amin(dims), out.amax(dims)
    assert torch.equal(low, high)
    assert low.unique().tolist() == pytest.approx([0, 1 / 0.75])
    assert (low == 0).float().mean().item() == pytest.approx(0.25, abs=0.03)


def test_a_batch_is_dropped_as_one() -> None:
    outs = [
        trained("stochastic_depth: {p: 0.5, mode: batch}", torch.ones(8, 3)).unique().tolist()
        for _ in range(1)
    ]
    assert outs in ([[0.0]], [[2.0]])
    whole = compile_graph(net("layers: [stochastic_depth: {p: 0.5, mode: batch}]").graph).train()
    torch.manual_seed(0)
    seen = {tuple(whole(torch.ones(4, 3, 1, 1)).unique().tolist()) for _ in range(40)}
    assert seen == {(0.0,), (2.0,)}


def test_a_depth_that_is_always_skipped_is_zero() -> None:
    assert trained("stochastic_depth: 1.0", torch.ones(8, 3)).unique().tolist() == [0]


def test_probabilities_that_differ_share_one_class() -> None:
    """The linear rule of stochastic depth: a probability for each copy."""
    body = """
    blocks:
      unit:
        params: {p: float}
        layers: [residual: {layers: [conv: {out_channels: 3, kernel_size: 1}, stochastic_depth: $p]}]
    layers: [unit: {p: 0.1}, unit: {p: 0.2}, unit: {p: 0.3}]
    """
    source = net(body).source()
    assert source.count("class Unit") == 1
    assert "Unit(p=0.2)" in source
    assert "torchvision" not in source


def test_layer_scale_has_a_weight_per_channel() -> None:
    graph = net("input: [4, 5, 5]\nlayers: [layer_scale: 0.5]").graph
    module = compile_graph(graph)
    assert {key: tuple(v.shape) for key, v in module.state_dict().items()} == {
        "layer_scale_1.weight": (4, 1, 1)
    }
    x = torch.randn(2, 4, 5, 5)
    torch.testing.assert_close(module(x), x / 2)
    assert (graph.parameter_count, graph.macs) == (4, 0)


@pytest.mark.parametrize("size", ["[4]", "[4, 5]", "[4, 2, 3, 3]"])
def test_layer_scale_takes_vectors_and_all_maps(size: str) -> None:
    module = compile_graph(net(f"input: {size}\nlayers: [layer_scale: 0.5]").graph)
    x = torch.randn(2, *[int(n) for n in size.strip("[]").split(",")])
    torch.testing.assert_close(module(x), x / 2)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("input: [6]\nlayers:\n  - dropout2d", ("NS403", 3, "dropout2d")),
        ("input: [6, 9]\nlayers:\n  - dropout2d", ("NS403", 3, "dropout2d")),
        ("input: [6, 9, 9]\nlayers:\n  - dropout1d", ("NS403", 3, "dropout1d")),
        ("layers:\n  - stochastic_depth: 1.5", ("NS205", 2, "1.5")),
        ("layers:\n  - layer_scale: 0", ("NS205", 2, "0")),
    ],
)
def test_what_does_not_fit(body: str, expected: tuple[str, int, str]) -> None:
    assert errors(body) == [expected]
