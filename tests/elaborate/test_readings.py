"""Readings that the language fixes where another would build a network too, of the same size or nearly."""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec import load, loads
from netspec.graph import Graph
from netspec.ops import StochasticDepth
from tests.elaborate.speaking import net, shape

EFFICIENTNET = Path(__file__).parent.parent.parent / "specs" / "efficientnet.yaml"


def efficientnet(stride: str) -> Graph:
    """B0 with `stride` in every copy, instead of a stride in the first copy of each stage."""
    text = EFFICIENTNET.read_text(encoding="utf-8")
    for written, other in (
        ("first: {stride: $stride}", f"stride: {stride}"),
        (", macs: 385814752", ""),
    ):
        assert text.count(written) == 1
        text = text.replace(written, other)
    return loads(text, variant="efficientnet_b0").graph


def test_the_index_in_a_field_of_a_repeated_layer_counts_its_copies() -> None:
    """The stride is for the first copy of every stage; torchvision's efficientnet_b0 has these numbers."""
    graph = efficientnet("$(stride if index == 0 else 1)")
    assert (graph.parameter_count, graph.macs) == (5_288_548, 385_814_752)


def test_the_other_reading_has_the_same_size_and_a_hundred_times_the_macs() -> None:
    """For every copy of the first stage, which has a stride of 1: the map is never made smaller."""
    graph = efficientnet("$(stride if stage == 0 else 1)")
    assert graph.parameter_count == 5_288_548
    assert graph.macs > 100 * 385_814_752


def test_a_named_index_counts_the_rows_while_index_counts_the_copies() -> None:
    """Stochastic depth grows by 0.2 / 16 with every block of the network; nine of them have a skip."""
    graph = load(EFFICIENTNET).graph
    drops = [node.op.p for node in graph.nodes if isinstance(node.op, StochasticDepth)]
    with_skip = [2, 4, 6, 7, 9, 10, 12, 13, 14]
    assert drops == pytest.approx([0.2 * block / 16 for block in with_skip])


def test_sizes_are_those_of_the_block_and_not_of_the_layer() -> None:
    network = net("""
        blocks:
          unit:
            let: {double: $(2 * in_channels)}
            layers:
              - conv: {name: a, out_channels: 5, kernel_size: 1}
              - conv: {name: b, out_channels: $in_channels, kernel_size: 1}
              - concat: [[conv: {name: c, out_channels: $double, kernel_size: 1}], []]
        layers: [unit: {name: u}]
        """)
    assert [shape(network, f"u.{name}")[0] for name in "abc"] == [5, 3, 6]


def test_an_argument_is_evaluated_where_it_is_written() -> None:
    """`$in_channels` handed to an inner block is the outer block's 3, though the inner one reads 5."""
    network = net("""
        blocks:
          inner: {params: {out: int}, layers: [conv: {name: c, out_channels: $out, kernel_size: 1}]}
          outer:
            layers:
              - conv: {out_channels: 5, kernel_size: 1}
              - inner: {name: i, out: $(2 * in_channels)}
        layers: [outer: {name: o}]
        """)
    assert shape(network, "o.i.c") == (6, 32, 32)


def test_a_block_value_keeps_the_sizes_of_where_it_is_used() -> None:
    """A block that is passed on reads its own input, 8 channels, and not that of the passer, 3."""
    network = net("""
        params: {gate: {type: block, default: half}}
        defaults: {outer: {gate: $gate}}
        blocks:
          half: {layers: [conv: {name: c, out_channels: $(in_channels // 2), kernel_size: 1}]}
          outer:
            params: {gate: block}
            layers: [conv: {out_channels: 8, kernel_size: 1}, $gate: {name: g}]
        layers: [outer: {name: o}]
        """)
    assert shape(network, "o.g.c") == (4, 32, 32)


def test_sizes_after_a_split_are_still_those_of_the_block() -> None:
    network = net("""
        input: [8, 4, 4]
        blocks:
          unit:
            layers:
              - split: 2
              - concat: [[], [conv: {name: c, out_channels: $(in_channels // 2), kernel_size: 1}]]
        layers: [unit: {name: u}]
        """)
    assert shape(network, "u.c") == (4, 4, 4)
    assert shape(network, "u.concat_1") == (8, 4, 4)


def test_sizes_are_fresh_for_each_copy() -> None:
    """Every copy doubles what it reads; a size taken once would give 6 three times."""
    network = net("""
        blocks: {grow: {layers: [conv: {name: c, out_channels: $(2 * in_channels), kernel_size: 1}]}}
        layers: [grow: {name: g, repeat: 3}]
        """)
    assert [shape(network, f"g.{copy}.c")[0] for copy in range(3)] == [6, 12, 24]


def test_the_sizes_of_a_block_of_several_values_are_those_of_the_first() -> None:
    network = net("""
        blocks:
          up:
            inputs: [below, skip]
            layers:
              - concat: {from: [below, skip]}
              - conv: {name: c, out_channels: $in_channels, kernel_size: 1}
        layers:
          - conv: {name: a, out_channels: 4, kernel_size: 1}
          - conv: {name: b, out_channels: 9, kernel_size: 1}
          - up: {name: u, from: [b, a]}
        """)
    assert shape(network, "u.c") == (9, 32, 32)


def test_first_and_last_see_the_index_of_their_copy() -> None:
    network = net("""
        layers:
          - conv:
              name: c
              out_channels: 8
              kernel_size: 1
              repeat: 4
              first: {out_channels: $(index + 1)}
              last: {out_channels: $(index + 1)}
        """)
    assert [shape(network, f"c.{copy}")[0] for copy in range(4)] == [1, 8, 8, 4]
