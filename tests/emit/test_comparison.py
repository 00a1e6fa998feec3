"""Comparisons as text and data: the golden file is read by people, the rest holds for every pair."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given, settings

import netspec
from netspec.analysis.difference import difference
from netspec.emit.comparison import WIDTH, comparison_record, comparison_text
from netspec.emit.records import to_json
from netspec.graph import Graph
from tests.emit.pictures import COMPARED
from tests.random_graphs import graphs

NAMES = ("before.yaml", "after.yaml")


def test_golden_text(golden: Callable[[str, str], None]) -> None:
    found = netspec.diff(*map(netspec.loads, COMPARED)).difference
    golden("comparison/small.txt", comparison_text(found, NAMES, everything=False))
    golden("comparison/small_all.txt", comparison_text(found, NAMES, everything=True))
    golden("comparison/small.json", to_json(comparison_record(found, NAMES)))


@settings(max_examples=30)
@given(graphs(), graphs())
def test_text_is_80_columns_wide_and_data_holds_every_layer(before: Graph, after: Graph) -> None:
    found = difference(before, after)
    for everything in (False, True):
        text = comparison_text(found, NAMES, everything=everything)
        assert text.endswith("\n")
        assert all(len(line) <= WIDTH and line == line.rstrip() for line in text.splitlines())
    record = json.loads(to_json(comparison_record(found, NAMES)))
    assert record["same"] == found.is_empty
    for number, summary in enumerate(found.summaries):
        paths = [layer["path"][number] for layer in record["layers"]]
        assert [path for path in paths if path is not None] == [row.path for row in summary.rows]


def test_two_that_are_the_same_are_said_to_be() -> None:
    net = netspec.loads(COMPARED[0])
    assert "\nthe two are the same\n" in netspec.diff(net, net).text()
