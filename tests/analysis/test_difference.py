"""Differences: what was done to a spec is what is told, and nothing that merely follows from it."""

from __future__ import annotations

from hypothesis import given, settings

import netspec
from netspec.analysis.difference import Change, Difference, difference
from netspec.graph import Graph
from tests.random_graphs import graphs

HEAD = (
    "netspec: 1\nname: net\ninput: [3, 32, 32]\n"
    "defaults: {conv: {kernel_size: 3, padding: same, activation: relu}}\nlayers:\n"
)
STEM = "  - conv: 8\n  - max_pool: 2\n  - conv: 8\n  - conv: 16\n"
END = "  - gap\n  - flatten\n  - linear: {name: classifier, out_features: 10}\n"


def compared(before: str, after: str) -> Difference:
    return difference(netspec.loads(HEAD + before).graph, netspec.loads(HEAD + after).graph)


def told(found: Difference) -> list[tuple[str, str | None, str | None]]:
    """What is told, but for what follows."""
    return [
        (entry.change.value, entry.before and entry.before.path, entry.after and entry.after.path)
        for entry in found.told()
        if entry.change is not Change.FOLLOWS
    ]


def fields(found: Difference) -> dict[str, tuple[object, object]]:
    return {
        change.name: (change.before, change.after)
        for entry in found.told()
        for change in entry.fields
    }


@settings(max_examples=30)
@given(graphs())
def test_a_network_does_not_differ_from_itself(graph: Graph) -> None:
    found = difference(graph, graph)
    assert found.is_empty
    assert {entry.change for entry in found.walk()} <= {Change.SAME}


@settings(max_examples=30)
@given(graphs(), graphs())
def test_every_row_of_both_networks_is_in_one_entry(before: Graph, after: Graph) -> None:
    found = difference(before, after)
    for number, summary in enumerate(found.summaries):
        rows = [(entry.before, entry.after)[number] for entry in found.walk()]
        assert [row.path for row in rows if row is not None] == [row.path for row in summary.rows]
    backwards = difference(after, before)
    assert found.is_empty == backwards.is_empty


def test_an_insertion_shifts_no_counter() -> None:
    found = compared(STEM + END, f"  - conv: 4\n{STEM}{END}")
    assert told(found) == [("added", None, "conv_1")]
    assert told(compared(f"  - conv: 4\n{STEM}{END}", STEM + END)) == [("removed", "conv_1", None)]


def test_a_changed_field_is_one_change() -> None:
    found = compared(STEM + END, STEM.replace("conv: 16", "conv: 24") + END)
    assert told(found) == [("changed", "conv_3", "conv_3")]
    assert fields(found) == {"out_channels": (16, 24)}
    follows = [entry.row.path for entry in found.told() if entry.change is Change.FOLLOWS]
    assert follows == ["gap_1", "flatten_1", "classifier"]


def test_a_layer_that_got_another_name_is_the_same_layer() -> None:
    found = compared(STEM + END, STEM + END.replace("classifier", "head"))
    assert told(found) == [("changed", "classifier", "head")]
    assert fields(found) == {"name": ("classifier", "head")}


def test_another_spelling_of_a_name_still_pairs_layers_of_other_blocks() -> None:
    found = compared(
        STEM + "  - max_pool: {name: down_1, kernel_size: 2}\n",
        STEM + "  - conv: {name: Down1, out_channels: 16, stride: 2}\n",
    )
    assert told(found) == [("changed", "down_1", "Down1")]
    assert fields(found)["block"] == ("max_pool", "conv")


def test_what_a_layer_reads_is_a_change_of_its_own() -> None:
    layers = "  - conv: {name: a, out_channels: 8}\n  - conv: {name: b, out_channels: 8}\n"
    layers += "  - conv: {name: c, out_channels: 8}\n"
    found = compared(f"{layers}  - add: {{from: [a, c]}}\n", f"{layers}  - add: {{from: [b, c]}}\n")
    assert told(found) == [("changed", "add_1", "add_1")]
    assert fields(found) == {"from": (["a", "c"], ["b", "c"])}


def test_a_layer_put_in_before_another_does_not_change_what_that_reads() -> None:
    layers = "  - conv: {name: a, out_channels: 8}\n  - conv: {name: b, out_channels: 8}\n"
    more = layers.replace("  - conv: {name: b", "  - dropout: 0.1\n  - conv: {name: b")
    assert told(compared(layers, more)) == [("added", None, "dropout_1")]


def test_a_composite_is_told_once_when_its_fields_changed_else_by_what_is_inside() -> None:
    mix = "  - inception: {name: mix, conv1x1: 4, conv3x3: [4, 8], conv5x5: [2, 4], pool_proj: 4}\n"
    found = compared(mix, mix.replace("[4, 8]", "[4, 12]"))
    assert told(found) == [("changed", "mix", "mix")]
    group = "  - sequential: {name: stem, layers: [conv: 8, conv: 16]}\n"
    found = compared(group, group.replace("conv: 16", "conv: 24"))
    assert told(found) == [("changed", "stem.conv_2", "stem.conv_2")]


def test_more_copies_are_added_copies() -> None:
    copies = "  - conv: 8\n  - residual: {name: r, repeat: 2, layers: [conv: 8]}\n"
    found = compared(copies, copies.replace("repeat: 2", "repeat: 4"))
    added = [entry.row.path for entry in found.walk() if entry.change is Change.ADDED]
    assert [path for path in added if path.count(".") == 1] == ["r.2", "r.3"]


def test_other_sizes_alone_change_no_layer() -> None:
    spec = HEAD + STEM + END
    small, large = netspec.loads(spec, input=[3, 32, 32]), netspec.loads(spec, input=[3, 64, 64])
    found = difference(small.graph, large.graph)
    assert told(found) == []
    assert not found.is_empty
