"""Activations as layers: the shape stays, and softmax knows its axis."""

from __future__ import annotations

import pytest

from netspec.ops import Activation
from tests.elaborate.speaking import errors, net, op, output


@pytest.mark.parametrize("size", ["[5]", "[5, 4]", "[5, 4, 3]", "[5, 4, 3, 2]"])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "softmax"])
def test_activations_keep_every_shape(name: str, size: str) -> None:
    network = net(f"input: {size}\nlayers: [{name}]")
    assert list(output(network)) == [int(n) for n in size.strip("[]").split(",")]
    assert network.graph.parameter_count == network.graph.macs == 0


def test_softmax_is_over_the_channels_unless_told_otherwise() -> None:
    network = net("layers: [softmax, softmax: 3]")
    assert op(network, "softmax_1") == Activation("softmax", (("dim", 1),))
    assert op(network, "softmax_2") == Activation("softmax", (("dim", 3),))


def test_softmax_along_an_axis_that_is_not_there() -> None:
    assert errors("input: [5]\nlayers:\n  - softmax: 2") == [("NS404", 3, "2")]
