"""The Inception module, against the formulas for its parameters and MACs (Szegedy et al. 2014, Table 1)."""

from __future__ import annotations

import pytest

from netspec.blocks import BLOCKS
from tests.elaborate.speaking import net, output, paths

# conv1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool_proj, input: rows 3a, 4a and 5b of the table
ROWS = [
    (64, 96, 128, 16, 32, 32, 192),
    (192, 96, 208, 16, 48, 64, 480),
    (384, 192, 384, 48, 128, 128, 832),
]


@pytest.mark.parametrize("row", ROWS, ids=["3a", "4a", "5b"])
def test_parameters_and_macs_are_those_of_the_formula(row: tuple[int, ...]) -> None:
    one, reduce3, three, reduce5, five, pool, channels = row
    network = net(
        f"input: [{channels}, 14, 14]\nlayers:\n  - inception: {{conv1x1: {one}, "
        f"conv3x3: [{reduce3}, {three}], conv5x5: [{reduce5}, {five}], pool_proj: {pool}}}"
    )
    weights = (
        channels * (one + reduce3 + reduce5 + pool) + 9 * reduce3 * three + 25 * reduce5 * five
    )
    biases = one + reduce3 + three + reduce5 + five + pool
    assert network.graph.parameter_count == weights + biases
    assert network.graph.macs == weights * 14 * 14
    assert output(network) == (one + three + five + pool, 14, 14)


def test_its_children_have_fixed_names() -> None:
    network = net(f"input: [192, 28, 28]\nlayers:\n{BLOCKS['inception'].example.layers}")
    convs = [path for path in paths(network) if "activation" not in path and "relu" not in path]
    assert [path.partition(".")[2] for path in convs] == [
        "conv1x1", "conv3x3_reduce", "conv3x3", "conv5x5_reduce", "conv5x5", "pool", "pool_proj", "concat"
    ]  # fmt: skip


OPTIONS = "conv5x5_kernel_size: 3, norm: {batch_norm: {eps: 0.001}}"


@pytest.mark.parametrize("row", ROWS, ids=["3a", "4a", "5b"])
def test_with_batch_norm_and_a_3x3_it_counts_as_torchvisions_does(row: tuple[int, ...]) -> None:
    one, reduce3, three, reduce5, five, pool, channels = row
    network = net(
        f"input: [{channels}, 14, 14]\nlayers:\n  - inception: {{conv1x1: {one}, "
        f"conv3x3: [{reduce3}, {three}], conv5x5: [{reduce5}, {five}], pool_proj: {pool}, {OPTIONS}}}"
    )
    weights = channels * (one + reduce3 + reduce5 + pool) + 9 * reduce3 * three + 9 * reduce5 * five
    norms = 2 * (one + reduce3 + three + reduce5 + five + pool)
    assert network.graph.parameter_count == weights + norms
    assert network.graph.macs == weights * 14 * 14


def test_the_pool_can_be_a_mean() -> None:
    row = "{conv1x1: 1, conv3x3: [1, 1], conv5x5: [1, 1], pool_proj: 1, pool_mode: avg}"
    assert "avgpool 3×3" in net(f"layers: [inception: {row}]").summary()
