"""Merges: what they join, and in which order."""

from __future__ import annotations

import pytest

from netspec.ops import Concat
from tests.elaborate.speaking import diagnostics, errors, net, op, output, paths

TWO = "conv: {name: a, out_channels: 4, kernel_size: 1}, conv: {name: b, out_channels: 4, kernel_size: 1}"


@pytest.mark.parametrize(("merge", "channels"), [("concat", 8), ("add", 4), ("mul", 4)])
def test_branches_and_from_say_the_same(merge: str, channels: int) -> None:
    first, second = TWO.split(", conv")
    branches = f"layers:\n  - {merge}: [[{first}], [conv{second}]]"
    by_name = f"layers: [{first}, conv{second[:-1]}, from: input}}, {merge}: {{from: [a, b]}}]"
    assert output(net(branches)) == output(net(by_name)) == (channels, 32, 32)
    assert paths(net(branches)) == paths(net(by_name)) == ["a", "b", f"{merge}_1"]


def test_concat_keeps_the_order_of_its_inputs() -> None:
    network = net(f"layers: [{TWO}, concat: {{from: [b, a]}}]".replace("[conv", "[ conv"))
    joined = next(node for node in network.graph.nodes if isinstance(node.op, Concat))
    makers = [network.graph.producers[value].path for value in joined.inputs]
    assert makers == ["b", "a"]


def test_concat_along_another_axis() -> None:
    network = net("layers:\n  - concat: {dim: 3, branches: [[], []]}")
    assert op(network, "concat_1") == Concat(3)
    assert output(network) == (3, 32, 64)


def test_mul_spreads_a_gate_over_its_map() -> None:
    assert output(net("layers:\n  - mul: [[], [gap]]")) == (3, 32, 32)


def test_add_never_broadcasts() -> None:
    assert errors("layers:\n  - add: [[], [gap]]") == [("NS401", 2, "add")]


def test_one_value_is_nothing_to_merge() -> None:
    (found,) = diagnostics("layers:\n  - add: [[]]")
    assert found.code == "NS305"
