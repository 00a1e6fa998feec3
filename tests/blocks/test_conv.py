"""The conv unit: its names, its bias, its padding."""

from __future__ import annotations

import pytest

from netspec.ops import Conv
from tests.elaborate.speaking import errors, net, op, output, paths


def test_without_a_norm_the_layer_is_the_convolution_itself() -> None:
    network = net("layers: [conv: {name: c, out_channels: 8, kernel_size: 3, activation: relu}]")
    assert paths(network)[0] == "c"
    assert op(network, "c") == Conv(3, 8, (3, 3), (1, 1), (0, 0), (1, 1))


def test_with_a_norm_it_is_a_scope_without_a_bias() -> None:
    network = net("layers: [conv: {name: c, out_channels: 8, kernel_size: 3, norm: batch_norm}]")
    assert paths(network) == ["c.conv", "c.norm"]
    assert network.graph.parameter_count == 3 * 8 * 9 + 16


def test_a_bias_that_is_written_stays_with_a_norm() -> None:
    network = net("layers: [conv: {out_channels: 8, kernel_size: 1, norm: batch_norm, bias: true}]")
    assert network.graph.parameter_count == 3 * 8 + 8 + 16


@pytest.mark.parametrize("size", ["[3, 16]", "[3, 16, 16]", "[3, 16, 16, 16]"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_divides_the_size_by_the_stride_and_rounds_up(size: str, stride: int) -> None:
    fields = f"{{out_channels: 4, kernel_size: 5, dilation: 2, padding: same, stride: {stride}}}"
    network = net(f"input: {size}\nlayers: [conv: {fields}]")
    assert set(output(network)[1:]) == {-(-16 // stride)}


def test_same_needs_an_odd_kernel() -> None:
    body = "layers:\n  - conv: {out_channels: 8, kernel_size: 4, padding: same}"
    assert errors(body) == [("NS406", 2, "same")]


def test_groups_must_divide_both_widths() -> None:
    for width, groups in ((9, 2), (8, 3)):
        body = f"layers:\n  - conv: {{out_channels: {width}, kernel_size: 1, groups: {groups}}}"
        assert errors(body) == [("NS405", 2, str(groups))]
