"""The mlpconv block, against its formulas (Lin et al. 2013)."""

from __future__ import annotations

from tests.elaborate.speaking import net, output


def test_parameters_and_macs_are_those_of_the_formula() -> None:
    channels, out, kernel = 3, 96, 5
    network = net("layers: [nin_block: {out_channels: 96, kernel_size: 5, padding: 2}]")
    weights = kernel**2 * channels * out + 2 * out**2
    assert network.graph.parameter_count == weights + 3 * out
    assert network.graph.macs == weights * 32 * 32
    assert output(network) == (96, 32, 32)


def test_an_activation_follows_each_of_the_three() -> None:
    network = net("layers: [nin_block: {out_channels: 4, kernel_size: 1, activation: tanh}]")
    assert [node.op.label() for node in network.graph.nodes] == ["conv 1×1", "tanh"] * 3


def test_three_widths_are_those_of_the_three_convolutions() -> None:
    network = net(
        "layers: [nin_block: {out_channels: [192, 160, 96], kernel_size: 5, padding: same}]"
    )
    weights = 25 * 3 * 192 + 192 * 160 + 160 * 96
    assert network.graph.parameter_count == weights + 192 + 160 + 96
    assert network.graph.macs == weights * 32 * 32
    assert output(network) == (96, 32, 32)
