"""The conv unit: its names, its bias, its padding."""

from __future__ import annotations

import pytest

from netspec.ops import Conv
from tests.elaborate.speaking import diagnostics, errors, net, op, output, paths


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


@pytest.mark.parametrize("activation", ["none", "relu"])
def test_sides_of_its_own_do_not_change_the_keys_of_the_weights(activation: str) -> None:
    fields = f"{{name: c, out_channels: 8, kernel_size: 3, padding: %s, activation: {activation}}}"
    even, sides = (net(f"layers: [conv: {fields % padding}]") for padding in ("1", "[[0, 1], 1]"))
    assert list(even.compile().state_dict()) == list(sides.compile().state_dict())
    assert list(sides.compile().state_dict()) == ["c.weight", "c.bias"]
    assert output(sides) == (8, 31, 32)
    assert sides.rows.rows[0].path == "c"
    assert len(sides.rows.rows) == 1


def test_equal_sides_are_plain_padding() -> None:
    first, second = (
        op(net(f"layers: [conv: {{out_channels: 8, kernel_size: 3, padding: {text}}}]"), "conv_1")
        for text in ("1", "[[1, 1], [1, 1]]")
    )
    assert first == second


def test_same_tf_takes_the_size_of_the_input() -> None:
    layer = "conv: {out_channels: 8, kernel_size: 3, stride: 2, padding: same_tf}"
    assert op(net(f"layers: [{layer}]"), "conv_1").padding == ((0, 1), (0, 1))
    assert op(net(f"input: [3, 31, 31]\nlayers: [{layer}]"), "conv_1").padding == (1, 1)


def test_same_tf_takes_even_kernels() -> None:
    fields = "{out_channels: 8, kernel_size: 4, padding: same_tf}"
    assert output(net(f"layers: [conv: {fields}]")) == (8, 32, 32)


def test_sides_reach_the_message_of_a_kernel_that_does_not_fit() -> None:
    body = "input: [3, 4, 4]\nlayers:\n  - conv: {out_channels: 8, kernel_size: 6, padding: [[0, 1], 1]}"
    (found,) = diagnostics(body)
    assert found.code == "NS402"
    assert "padding [[0, 1], [1, 1]]" in found.primary.text
    assert found.notes[-1] == "out = floor((4 + 0 + 1 - 6) / 1) + 1 = 0"


# depthwise, separable, transposed


def test_a_depthwise_convolution_is_one_with_as_many_groups_as_channels() -> None:
    network = net("layers: [depthwise_conv: {kernel_size: 3, multiplier: 2}]")
    assert op(network, "depthwise_conv_1") == Conv(3, 6, (3, 3), (1, 1), (0, 0), (1, 1), groups=3)
    assert network.graph.parameter_count == 6 * 9 + 6
    assert network.graph.macs == 6 * 9 * 30 * 30


def test_a_separable_convolution_has_the_parameters_of_its_formula() -> None:
    """k^2 C + 2C + C o + 2o, with batch norms and without biases (Howard et al. 2017)."""
    fields = "{out_channels: 8, kernel_size: 3, norm: batch_norm, activation: relu}"
    network = net(f"layers: [separable_conv: {fields}]")
    assert network.graph.parameter_count == 9 * 3 + 2 * 3 + 3 * 8 + 2 * 8
    kinds = [node.op.kind for node in network.graph.nodes]
    assert kinds == ["conv", "batch_norm", "activation"] * 2


def test_nothing_stands_between_the_two_where_that_is_said() -> None:
    fields = (
        "{out_channels: 8, kernel_size: 3, norm: batch_norm, activation: relu, "
        "depthwise_norm: none, depthwise_activation: none}"
    )
    network = net(f"layers: [separable_conv: {fields}]")
    kinds = [node.op.kind for node in network.graph.nodes]
    assert kinds == ["conv", "conv", "batch_norm", "activation"]


def test_a_transposed_convolution_doubles_the_size() -> None:
    network = net(
        "layers: [conv_transpose: {name: up, out_channels: 8, kernel_size: 2, stride: 2}]"
    )
    assert output(network) == (8, 64, 64)
    assert network.graph.parameter_count == 3 * 8 * 4 + 8
    assert network.graph.macs == 3 * 8 * 4 * 32 * 32
    assert list(network.compile().state_dict()) == ["up.weight", "up.bias"]


@pytest.mark.parametrize(
    ("fields", "code", "under"),
    [
        ("{out_channels: 8, kernel_size: 2, output_padding: 1}", "NS406", "1"),
        ("{out_channels: 8, kernel_size: 1, padding: 16}", "NS402", "16"),
        ("{out_channels: 8, kernel_size: 2, groups: 2}", "NS405", "2"),
        ("{out_channels: 8, kernel_size: [2, 2, 2]}", "NS403", "[2, 2, 2]"),
    ],
)
def test_what_a_transposed_convolution_cannot_do(fields: str, code: str, under: str) -> None:
    assert errors(f"layers:\n  - conv_transpose: {fields}") == [(code, 2, under)]
