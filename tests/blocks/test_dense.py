"""Vectors, and layers that change nothing in inference."""

from __future__ import annotations

import pytest

from netspec.ops import Dropout, Flatten, Linear
from tests.elaborate.speaking import diagnostics, errors, net, op, output


def test_linear_infers_its_input() -> None:
    network = net("input: [256, 5, 5]\nlayers: [flatten, linear: 10]")
    assert op(network, "linear_1") == Linear(6400, 10)
    assert network.graph.parameter_count == 6400 * 10 + 10


def test_linear_without_a_bias_has_its_matrix_alone() -> None:
    network = net("input: [6]\nlayers: [linear: {out_features: 4, bias: false}]")
    assert network.graph.parameter_count == network.graph.macs == 24


def test_linear_on_a_map_says_what_to_put_before_it() -> None:
    (found,) = diagnostics("layers:\n  - linear: 10")
    assert found.code == "NS403"
    assert "flatten" in found.help[0]


@pytest.mark.parametrize(
    ("fields", "shape"),
    [("", (24,)), ("{start_dim: 2}", (2, 12)), ("{end_dim: 2}", (6, 4)), ("{end_dim: -1}", (24,))],
)
def test_flatten_joins_the_axes_it_is_told(fields: str, shape: tuple[int, ...]) -> None:
    assert (
        output(net(f"input: [2, 3, 4]\nlayers:\n  - flatten{': ' * bool(fields)}{fields}")) == shape
    )


@pytest.mark.parametrize("value", ["0", "5", "-2"])
def test_the_last_axis_to_flatten_is_one_of_the_map_or_minus_one(value: str) -> None:
    (found,) = diagnostics(f"layers:\n  - flatten: {{end_dim: {value}}}")
    assert found.message == f"`end_dim` of `flatten` must be from 1 to 4, or -1, got `{value}`"


def test_flatten_to_an_axis_that_is_not_there() -> None:
    assert errors("layers:\n  - flatten: {end_dim: 4}") == [("NS404", 2, "4")]
    assert errors("layers:\n  - flatten: {start_dim: 3, end_dim: 2}") == [("NS404", 2, "2")]


def test_dropout_is_half_unless_told_otherwise() -> None:
    network = net("layers: [dropout, dropout: 0.4, dropout: 1]")
    assert op(network, "dropout_1") == Dropout(0.5)
    assert op(network, "dropout_2") == Dropout(0.4)
    assert op(network, "dropout_3") == Dropout(1.0)


def test_flatten_counts_axes_as_pytorch_does() -> None:
    assert op(net("layers: [flatten: 2]"), "flatten_1") == Flatten(2, -1)


def test_identity_passes_on() -> None:
    assert output(net("layers: [identity]")) == (3, 32, 32)
