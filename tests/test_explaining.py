"""A layer is explained with the numbers of the tables, the line it stands in, and its neighbours."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from torch import nn
from torch.nn import functional

import netspec
from netspec.analysis.rows import row_at
from netspec.emit.records import to_json
from netspec.explaining import explained, record
from netspec.graph import Graph
from tests.random_graphs import graphs

ROOT = Path(__file__).parent.parent
SPECS = ROOT / "specs"
NESTED = """\
netspec: 1
name: nested
input: [4, 16, 16]
blocks:
  unit:
    doc: A convolution and a sum.
    params: {channels: int}
    layers:
      - conv: {out_channels: $channels, kernel_size: 3, padding: same, activation: relu}
      - residual: {layers: [conv: {out_channels: $channels, kernel_size: 1}], activation: relu}
layers:
  - unit: {name: stage, channels: 8, repeat: 2, doc: Two of them.}
  - split: {name: halves, into: [left, right]}
  - concat: {name: both, from: [halves.right, halves.left, stage]}
  - aux_head: {name: side, loss_weight: 0.3, layers: [gap, flatten]}
  - batch_norm
  - gap
  - flatten
"""


@pytest.fixture(scope="module")
def nested() -> netspec.Network:
    return netspec.loads(NESTED, name="nested.yaml")


@pytest.fixture(scope="module")
def googlenet(request: pytest.FixtureRequest) -> netspec.Network:
    text = (SPECS / "googlenet.yaml").read_text(encoding="utf-8")
    return netspec.loads(text, name="googlenet.yaml")


def paths(graph: Graph) -> list[str]:
    """Every address of a network."""
    found = [*graph.scopes, *(node.path for node in graph.nodes)]
    return [path for path in dict.fromkeys(found) if path]


# Facts


def test_the_numbers_are_those_of_the_table(
    nested: netspec.Network, googlenet: netspec.Network
) -> None:
    for net in (nested, googlenet):
        for row in net.rows.rows:
            assert row_at(net.graph, row.path) == replace(row, depth=0)


@given(graphs())
@settings(max_examples=25)
def test_every_address_of_any_network_is_explained(graph: Graph) -> None:
    for path in paths(graph):
        found = explained(graph, path)
        assert found.row.path == path
        to_json(record(found))


def test_every_page_fits_80_columns_and_is_the_same_every_time(
    nested: netspec.Network, googlenet: netspec.Network
) -> None:
    for net in (nested, googlenet):
        for path in paths(net.graph):
            page = net.explain(path)
            assert max(map(len, page.splitlines())) <= 80, page
            assert page == net.explain(path)
            assert not any(line != line.rstrip() for line in page.splitlines()), page


def test_what_is_inside_sums_up(nested: netspec.Network, googlenet: netspec.Network) -> None:
    for net in (nested, googlenet):
        for path in net.graph.scopes:
            found = explained(net.graph, path) if path else None
            if found is not None and found.children:
                assert sum(child.params for child in found.children) == found.row.params
                assert sum(child.macs for child in found.children) == found.row.macs


def test_neighbours_agree_on_what_flows_between_them(googlenet: netspec.Network) -> None:
    names = [child.path for child in googlenet.graph.root.children]
    facts = {name: explained(googlenet.graph, name) for name in names}
    given = {(a, b) for a in names for link in facts[a].gives for b in link.layers if b in names}
    read = {
        (link.layers[0], b) for b in names for link in facts[b].reads if link.layers[0] in names
    }
    assert given == read
    assert len(given) >= len(names) - 1


def test_links_name_the_nearest_neighbour(nested: netspec.Network) -> None:
    reads = {path: explained(nested.graph, path).reads for path in paths(nested.graph)}
    assert [link.layers for link in reads["stage.0"]] == [("input",)]
    assert [link.layers for link in reads["stage.1"]] == [("stage.0",)]
    assert [link.layers for link in reads["both"]] == [("halves",), ("halves",), ("stage",)]
    assert [link.layers for link in reads["stage.1.conv_2"]] == [("stage.1.conv_1",)]
    gives = {path: explained(nested.graph, path).gives for path in paths(nested.graph)}
    assert gives["side"][0].layers == ("output side",)
    assert gives["flatten_1"][0].layers == ("output main",)
    assert gives["both"][0].layers == ("side", "batch_norm_1")
    assert gives["stage.0.add_1"][0].layers == ("stage.1",)  # the ReLU behind it is part of it


def test_the_line_and_the_uses_that_lead_there(nested: netspec.Network) -> None:
    first, use = explained(nested.graph, "stage.1.conv_1").written
    assert (first.where, first.text.split(":")[0], first.use) == ("nested.yaml:9", "- conv", "")
    assert use.where == "nested.yaml:12"
    assert "`unit` used here with channels=8" in use.use
    assert "copy 1" in use.use


def test_pytorchs_words_make_the_modules(googlenet: netspec.Network) -> None:
    """Each spelling is evaluated: a module with the parameters that are listed, or a function of `x`."""
    names = {"nn": nn, "F": functional, "torch": torch, "x": torch.ones(1, 4, 8, 8)}
    modules = 0
    for path in paths(googlenet.graph):
        for step in explained(googlenet.graph, path).steps:
            if " of " in step.torch or "x1" in step.torch:
                continue
            with torch.device("meta"):
                made = eval(step.torch, dict(names))  # noqa: S307 - our own text
            if isinstance(made, nn.Module):
                modules += 1
                shapes = {name: tuple(p.shape) for name, p in made.named_parameters()}
                assert shapes == {entry.name: entry.shape for entry in step.parameters}
    assert modules > 50


def test_a_composite_says_where_the_source_makes_it(googlenet: netspec.Network) -> None:
    call = explained(googlenet.graph, "inception_3a").call
    assert call is not None
    line, _, where = call.partition(", in ")
    assert line in googlenet.source()
    assert where == "class Googlenet"


@pytest.mark.parametrize(
    ("name", "help_"),
    [
        ("inception_3A", "did you mean inception_3a"),
        ("conv_3", "there are stage, halves"),
        ("stage.2", "did you mean stage.0 or stage.1?"),
        ("add_1", "did you mean stage.0.add_1 or stage.1.add_1?"),
        ("stage.1.cnov_2", "did you mean stage.1.conv_2 or stage.1.conv_1?"),
        ("", "there are stage"),
    ],
)
def test_an_unknown_layer_is_answered_with_one_that_is_there(
    name: str, help_: str, nested: netspec.Network, googlenet: netspec.Network
) -> None:
    net = googlenet if "inception" in name else nested
    with pytest.raises(netspec.UsageError) as caught:
        net.explain(name)
    assert caught.value.code == "NS506"
    assert help_ in (caught.value.help or "")


# Pages


@pytest.mark.parametrize("path", ["conv1", "inception_3a", "inception_3a.concat", "aux1", "lrn_1"])
def test_pages_of_googlenet(
    path: str, googlenet: netspec.Network, golden: Callable[[str, str], None]
) -> None:
    golden(f"explanation/googlenet_{path}.txt", googlenet.explain(path))


@pytest.mark.parametrize("path", ["stage", "stage.1", "stage.1.conv_1", "both", "batch_norm_1"])
def test_pages_of_a_network_with_own_blocks(
    path: str, nested: netspec.Network, golden: Callable[[str, str], None]
) -> None:
    golden(f"explanation/nested_{path}.txt", nested.explain(path))


def test_the_record_is_versioned_and_holds_the_formulas(nested: netspec.Network) -> None:
    found = json.loads(to_json(record(explained(nested.graph, "stage.1.conv_1"))))
    assert found["netspec_layer"] == 1
    assert found["written"][0] == {"file": "nested.yaml", "line": 9, "use": ""}
    size, macs = found["ops"][0]["formulas"]
    assert size["value"] == 16
    assert macs == {
        "name": "MACs",
        "words": "out_channels * in_channels * kernel_size * H' * W'",
        "numbers": "8 * 8 * 3 * 3 * 16 * 16",
        "value": found["macs"],
    }
