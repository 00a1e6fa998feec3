"""Reductions: which axes go, what is left, and what PyTorch makes of it."""

from __future__ import annotations

import pytest
import torch

from netspec.emit.torch_module import compile_graph
from tests.elaborate.speaking import errors, net, output, paths

FUNCTIONS = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "min": torch.amin}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("fields", "dims", "keepdim", "shape"),
    [
        ("1", (1,), False, (5, 6)),
        ("3", (3,), False, (4, 5)),
        ("[3, 2]", (2, 3), False, (4,)),
        ("{dim: [2, 3], keepdim: true}", (2, 3), True, (4, 1, 1)),
        ("{dim: [1, 2, 3], keepdim: true}", (1, 2, 3), True, (1, 1, 1)),
    ],
)
def test_a_reduction_is_pytorchs(
    name: str, fields: str, dims: tuple[int, ...], keepdim: bool, shape: tuple[int, ...]
) -> None:
    network = net(f"input: [4, 5, 6]\nlayers: [{name}: {fields}]")
    assert output(network) == shape
    assert network.graph.parameter_count == network.graph.macs == 0
    x = torch.randn(2, 4, 5, 6)
    expected = FUNCTIONS[name](x, dim=dims, keepdim=keepdim)
    assert torch.equal(compile_graph(network.graph)(x), expected)


def test_a_reduction_is_written_in_the_forward_of_the_network() -> None:
    network = net("layers: [sum: 1, max: 2]")
    assert paths(network) == ["sum_1", "max_1"]
    assert "torch.sum(x, dim=1)" in network.source()
    assert network.source().count("class ") == 1


def test_a_name_makes_it_a_module() -> None:
    network = net("layers: [max: {name: peak, dim: 3}]")
    assert paths(network) == ["peak"]
    assert "peak" in dict(compile_graph(network.graph).named_modules())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("layers:\n  - sum: 0", ("NS205", 2, "0")),
        ("layers:\n  - sum: 4", ("NS404", 2, "4")),
        ("layers:\n  - mean: [1, 2, 3]", ("NS404", 2, "[1, 2, 3]")),
        ("layers:\n  - mean: [1, 2, 1]", ("NS205", 2, "[1, 2, 1]")),
        ("layers:\n  - max: channels", ("NS204", 2, "channels")),
        ("layers:\n  - max", ("NS203", 2, "max")),
    ],
)
def test_axes_that_cannot_be(body: str, expected: tuple[str, int, str]) -> None:
    assert errors(body) == [expected]
