"""Numbers moved, not changed: where each one goes, and shapes that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from netspec.emit.torch_module import compile_graph
from tests.elaborate.speaking import errors, net, output

MOVES: dict[str, Callable[[Tensor], Tensor]] = {
    "reshape: [8, 15]": lambda x: x.reshape(2, 8, 15),
    "reshape: [2, -1, 3]": lambda x: x.reshape(2, 2, 20, 3),
    "reshape: {shape: [120]}": lambda x: x.flatten(1),
    "unflatten: {dim: 1, unflattened_size: [2, 2]}": lambda x: x.reshape(2, 2, 2, 5, 6),
    "unflatten: {dim: 3, unflattened_size: [-1, 3]}": lambda x: x.reshape(2, 4, 5, 2, 3),
    "permute: [2, 3, 1]": lambda x: x.movedim(1, -1),
    "permute: [1, 2, 3]": lambda x: x,
    "transpose: {dim0: 1, dim1: 3}": lambda x: x.transpose(3, 1),
    "channel_shuffle: 2": lambda x: x[:, [0, 2, 1, 3]],
    "channel_shuffle: 4": lambda x: x,
}


@pytest.mark.parametrize("layer", MOVES)
def test_every_number_goes_where_it_should(layer: str) -> None:
    network = net(f"input: [4, 5, 6]\nlayers: [{layer}]")
    x = torch.arange(240.0).reshape(2, 4, 5, 6)
    expected = MOVES[layer](x)
    assert torch.equal(compile_graph(network.graph)(x), expected)
    assert output(network) == tuple(expected.shape[1:])
    assert network.graph.parameter_count == network.graph.macs == 0


def test_eight_channels_are_shuffled_as_in_the_paper() -> None:
    network = net("input: [8, 1, 1]\nlayers: [channel_shuffle: 2]")
    x = torch.arange(8.0).reshape(1, 8, 1, 1)
    assert compile_graph(network.graph)(x).flatten().tolist() == [0, 4, 1, 5, 2, 6, 3, 7]


def test_an_input_of_another_size_is_refused_and_never_mixes_samples() -> None:
    module = compile_graph(net("input: [4, 5, 6]\nlayers: [reshape: [2, 60]]").graph)
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        module(torch.randn(2, 4, 5, 3))


@pytest.mark.parametrize(
    ("layer", "code", "under"),
    [
        ("reshape: [7, -1]", "NS409", "[7, -1]"),
        ("reshape: [4, 31]", "NS409", "[4, 31]"),
        ("reshape: [-1, -1]", "NS205", "[-1, -1]"),
        ("reshape: [0, 120]", "NS205", "[0, 120]"),
        ("reshape: 120", "NS204", "120"),
        ("reshape: [1, 2, 2, 5, 6]", "NS204", "[1, 2, 2, 5, 6]"),
        ("permute: [2, 1]", "NS404", "[2, 1]"),
        ("permute: [0, 2, 3, 1]", "NS205", "[0, 2, 3, 1]"),
        ("permute: [1, 2, 4]", "NS404", "[1, 2, 4]"),
        ("transpose: {dim0: 1, dim1: 4}", "NS404", "4"),
        ("unflatten: {dim: 1, unflattened_size: [3, -1]}", "NS409", "[3, -1]"),
        ("unflatten: {dim: 4, unflattened_size: [1]}", "NS404", "4"),
        ("channel_shuffle: 3", "NS405", "3"),
    ],
)
def test_what_does_not_fit(layer: str, code: str, under: str) -> None:
    assert errors(f"input: [4, 5, 6]\nlayers:\n  - {layer}") == [(code, 3, under)]
