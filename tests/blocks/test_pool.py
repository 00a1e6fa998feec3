"""Pooling: `pool`, its presets, adaptive pooling and `gap`."""

from __future__ import annotations

import pytest

from netspec.ops import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool
from tests.elaborate.speaking import errors, net, op, output


def test_the_presets_are_pool_with_its_mode() -> None:
    network = net("layers: [max_pool: 3, avg_pool: 2, pool: {mode: max, kernel_size: 2}]")
    assert op(network, "max_pool_1") == MaxPool((3, 3), (3, 3), (0, 0), (1, 1))
    assert op(network, "avg_pool_1") == AvgPool((2, 2), (2, 2), (0, 0))
    assert op(network, "pool_1") == MaxPool((2, 2), (2, 2), (0, 0), (1, 1))


@pytest.mark.parametrize(("ceil", "size"), [("false", 15), ("true", 16)])
def test_ceil_mode_rounds_up(ceil: str, size: int) -> None:
    fields = f"{{kernel_size: 3, stride: 2, ceil_mode: {ceil}}}"
    assert output(net(f"layers: [max_pool: {fields}]")) == (3, size, size)


def test_same_keeps_the_size_at_stride_one() -> None:
    network = net("layers: [avg_pool: {kernel_size: 3, stride: 1, padding: same}]")
    assert output(network) == (3, 32, 32)


def test_a_field_of_the_other_mode_is_refused() -> None:
    assert errors("layers:\n  - avg_pool: {kernel_size: 2, dilation: 2}") == [("NS207", 2, "2")]
    body = "layers:\n  - max_pool: {kernel_size: 2, count_include_pad: false}"
    assert errors(body) == [("NS207", 2, "false")]


def test_padding_over_half_the_kernel_is_refused() -> None:
    assert errors("layers:\n  - max_pool: {kernel_size: 3, padding: 2}") == [("NS406", 2, "2")]


@pytest.mark.parametrize("size", ["[3, 9]", "[3, 9, 9]", "[3, 9, 9, 9]"])
def test_gap_and_adaptive_pooling_follow_the_rank(size: str) -> None:
    rank = size.count(",")
    assert output(net(f"input: {size}\nlayers: [gap]")) == (3, *[1] * rank)
    assert output(net(f"input: {size}\nlayers: [adaptive_avg_pool: 4]")) == (3, *[4] * rank)


def test_pools_need_a_map() -> None:
    for layer in ("gap", "max_pool: 2", "adaptive_avg_pool: 2"):
        (found,) = errors(f"input: [5]\nlayers:\n  - {layer}")
        assert found[:2] == ("NS403", 3)


def test_global_max_pooling_is_adaptive_to_one() -> None:
    assert op(net("layers: [gmp]"), "gmp_1") == AdaptiveMaxPool((1, 1))


def test_an_adaptive_pool_can_keep_an_axis() -> None:
    network = net("layers: [adaptive_avg_pool: [4, keep], adaptive_max_pool: [keep, 5]]")
    assert op(network, "adaptive_avg_pool_1") == AdaptiveAvgPool((4, None))
    assert output(network) == (3, 4, 5)


def test_an_adaptive_pool_that_keeps_everything_does_nothing() -> None:
    assert errors("layers:\n  - adaptive_avg_pool: [keep, keep]") == [("NS204", 2, "[keep, keep]")]


@pytest.mark.parametrize("pool", ["max_pool", "avg_pool"])
def test_same_tf_pools_at_the_end_of_even_sizes(pool: str) -> None:
    network = net(f"layers: [{pool}: {{kernel_size: 3, stride: 2, padding: same_tf}}]")
    assert op(network, f"{pool}_1").padding == ((0, 1), (0, 1))
    assert output(network) == (3, 16, 16)


def test_same_needs_an_odd_window_on_pools_too() -> None:
    body = "layers:\n  - max_pool: {kernel_size: 2, stride: 1, padding: same}"
    assert errors(body) == [("NS406", 2, "same")]


@pytest.mark.parametrize(
    ("fields", "code", "under"),
    [
        ("{kernel_size: 3, padding: [[0, 2], 1]}", "NS406", "[[0, 2], 1]"),
        ("{kernel_size: 3, padding: [[0, 1], 1], ceil_mode: true}", "NS406", "true"),
        ("{kernel_size: 64}", "NS402", "64"),
        ("{kernel_size: 64, stride: 2, ceil_mode: true}", "NS402", "64"),
        ("{kernel_size: 3, padding: -1}", "NS205", "-1"),
        ("{kernel_size: 3, padding: [[0, -1], 1]}", "NS205", "[[0, -1], 1]"),
        ("{kernel_size: 3, padding: [0, 1, 0, 1]}", "NS204", "[0, 1, 0, 1]"),
        ("{kernel_size: 3, padding: [1, 1, 1]}", "NS403", "[1, 1, 1]"),
        ("{kernel_size: 3, stride: 0}", "NS205", "0"),
    ],
)
@pytest.mark.parametrize("pool", ["max_pool", "avg_pool"])
def test_a_window_that_cannot_be(pool: str, fields: str, code: str, under: str) -> None:
    assert errors(f"layers:\n  - {pool}: {fields}") == [(code, 2, under)]


def test_the_divisor_is_for_maps_and_volumes() -> None:
    body = "input: [3, 9]\nlayers:\n  - avg_pool: {kernel_size: 2, divisor_override: 3}"
    assert errors(body) == [("NS403", 3, "3")]
    assert output(net(body.replace("[3, 9]", "[3, 9, 9]"))) == (3, 4, 4)
