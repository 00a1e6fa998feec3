"""The view: what is one box, what is a frame, what folds, and the words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

import netspec
from netspec.graph import Graph
from netspec.layout.boxes import Box, Frame, View
from netspec.view import Detail, Level, view
from netspec.view.labels import count
from tests import graphs
from tests.emit.pictures import networks
from tests.random_graphs import graphs as random_graphs


def boxes(frame: Frame) -> Iterator[Box]:
    for child in frame.children:
        if isinstance(child, Frame):
            yield from boxes(child)
        else:
            yield child


def frames(frame: Frame) -> Iterator[Frame]:
    for child in frame.children:
        if isinstance(child, Frame):
            yield child
            yield from frames(child)


def box(drawn: View, path: str) -> Box:
    (found,) = [each for each in boxes(drawn.root) if each.id == path]
    return found


def frame(drawn: View, path: str) -> Frame:
    (found,) = [each for each in frames(drawn.root) if each.id == path]
    return found


def small(*layers: object, **sections: object) -> Graph:
    spec = {"netspec": 1, "name": "small", "input": [8, 16, 16], "layers": list(layers), **sections}
    return netspec.loads(spec).graph


def test_words_of_a_box() -> None:
    drawn = view(graphs.googlenet())
    first = box(drawn, "conv1")
    assert (first.label, first.detail) == ("conv 7×7 / 2", "64 · 112×112 · ReLU")
    assert first.tooltip.splitlines() == [
        "conv1",
        "3x224x224 → 64x112x112",
        "9,472 parameters, 118,013,952 MACs",
        "Conv2d(3, 64, kernel_size=7, stride=2, padding=3)",
        "ReLU()",
    ]
    same_size = box(drawn, "inception_3a.conv3x3")
    assert (same_size.label, same_size.detail) == ("conv 3×3", "128 · ReLU")
    assert box(drawn, "inception_3a.concat").label == "concat"


def test_words_of_a_frame() -> None:
    module = frame(view(graphs.googlenet()), "inception_3a")
    assert (module.title, module.note) == ("inception_3a", "192 → 256 · 28×28 · 163.7k")
    assert "192x28x28 → 256x28x28" in module.tooltip


def test_a_conv_with_norm_and_activation_is_one_box() -> None:
    unit = {"out_channels": 4, "kernel_size": 1, "norm": "batch_norm", "activation": "relu"}
    (_, conv, _) = view(small({"conv": unit})).root.children
    assert isinstance(conv, Box)
    assert conv.detail == "4 · BN, ReLU"
    full = view(small({"conv": unit}), Detail(level=Level.FULL)).root.children
    assert len(full) == 5


def test_a_head_of_one_block_is_one_frame() -> None:
    block = {"head": {"layers": ["gap", "flatten", {"linear": 3}]}}
    head = {"aux_head": {"name": "aux", "layers": [{"head": {"doc": "Classifies."}}]}}
    graph = small(head, "gap", blocks=block)
    (drawn,) = frames(view(graph).root)
    assert (drawn.id, drawn.title, drawn.dashed) == ("aux", "aux", True)
    assert [child.id for child in drawn.children] == [
        "aux.head_1.gap_1",
        "aux.head_1.flatten_1",
        "aux.head_1.linear_1",
    ]
    assert drawn.tooltip.splitlines()[:2] == [
        "aux: aux_head",
        "aux.head_1: head",
    ]
    assert drawn.tooltip.endswith("Classifies.")


def test_equal_copies_fold_and_say_how_many() -> None:
    drawn = view(networks()["residual"].graph)
    folded = frame(drawn, "rest.0")
    assert folded.title == "rest ×3"
    assert folded.copies == 3
    assert folded.note.endswith("each")
    full = view(networks()["residual"].graph, Detail(level=Level.FULL))
    assert {each.id for each in frames(full.root)} == {"first", "rest.0", "rest.1", "rest.2"}


def test_the_overview_has_one_box_per_layer_of_the_top_level() -> None:
    drawn = view(graphs.googlenet(), Detail(level=Level.OVERVIEW))
    assert not list(frames(drawn.root))
    labels = [each.label for each in boxes(drawn.root)]
    assert labels.count("inception_3a") == 1
    assert 20 <= len(labels) <= 30
    assert box(drawn, "inception_3a").detail == "192 → 256 · 28×28"


def test_results_stand_where_they_come_from() -> None:
    drawn = view(networks()["inception"].graph)
    labels = [child.label for child in drawn.root.children if isinstance(child, Box)]
    assert labels[0] == "input"
    assert labels[-1] == "main"
    aux = box(drawn, "output aux")
    assert (aux.detail, aux.dashed) == ("3 · loss × 0.3", True)


def test_the_description_names_each_size() -> None:
    words = view(graphs.googlenet()).description
    assert "At 28×28: max_pool_2, inception_3a and inception_3b." in words
    assert "Input 3 · 224×224." in words
    assert "13.4M parameters" in words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0k"),
        (163_696, "163.7k"),
        (999_949, "999.9k"),
        (999_950, "1.0M"),
        (10**18, "1.0E"),
        (10**22, "10000.0E"),
    ],
)
def test_counts(number: int, words: str) -> None:
    assert count(number) == words


@given(random_graphs())
def test_every_node_is_drawn_once_and_every_edge_joins_boxes(graph: Graph) -> None:
    for level in Level:
        drawn = view(graph, Detail(level=level))
        found = [each.id for each in boxes(drawn.root)]
        assert len(set(found)) == len(found)
        order = {box: at for at, box in enumerate(found)}
        assert all(order[edge.source] < order[edge.target] for edge in drawn.edges)
        read = {edge.target for edge in drawn.edges}
        assert read == set(found) - {"input"}
    assert sum(1 for _ in boxes(view(graph, Detail(level=Level.FULL)).root)) == len(
        graph.nodes
    ) + 1 + len(graph.outputs)
