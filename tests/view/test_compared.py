"""One picture of two networks: everything of both is in it, once, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings

import netspec
from netspec.analysis.difference import difference
from netspec.emit.svg import svg
from netspec.graph import Graph
from netspec.layout import layout
from netspec.layout.boxes import Box, Frame, View
from netspec.view import Detail, Level, view
from netspec.view.compared import compared
from tests.emit.pictures import COMPARED
from tests.emit.test_svg import audit
from tests.random_graphs import graphs

SIGNS = {"added": "+ ", "removed": "− ", "changed": "~ "}


def drawn(before: str, after: str) -> View:
    old, new = netspec.loads(before), netspec.loads(after)
    return compared(difference(old.graph, new.graph), Detail(level=Level.OVERVIEW))


def boxes(of: View) -> dict[str, Box]:
    found = list(of.root.boxes())
    assert len({box.id for box in found}) == len(found)
    return {box.id: box for box in found}


def frames(root: Frame) -> Iterator[Frame]:
    for child in root.children:
        if isinstance(child, Frame):
            yield child
            yield from frames(child)


def test_golden_picture(golden: Callable[[str, str], None]) -> None:
    document = netspec.diff(*map(netspec.loads, COMPARED)).draw().to_svg()
    audit(document)
    golden("svg/compared.svg", document)


def test_what_became_of_a_layer_is_in_its_colour_and_its_words() -> None:
    found = drawn(*COMPARED)
    kinds = {name: box.kind for name, box in boxes(found).items()}
    assert kinds["conv_2"] == "added"
    assert kinds["before lrn_1"] == "removed"
    assert kinds["conv_3"] == kinds["mix.conv3x3"] == "changed"
    assert kinds["mix.conv1x1"] == "same"
    assert kinds["input"] == "input"
    for box in boxes(found).values():
        assert box.label.startswith(SIGNS.get(box.kind, box.label[0]))
    (mix,) = (frame for frame in frames(found.root) if frame.id == "mix")
    assert (mix.kind, mix.title) == ("changed-frame", "~ mix")
    assert boxes(found)["mix.conv3x3"].detail == "16 → 24 · ReLU"


def test_the_stream_goes_through_what_was_put_in_or_taken_out() -> None:
    found = drawn(*COMPARED)
    kinds = {(edge.source, edge.target): (edge.kind, edge.dashed) for edge in found.edges}
    assert kinds["conv_1", "conv_2"] == ("added", False)
    assert ("conv_1", "max_pool_1") not in kinds
    assert kinds["conv_3", "before lrn_1"] == ("removed", True)
    assert ("conv_3", "mix.conv1x1") not in kinds


def test_a_layer_of_which_nothing_is_left_is_one_box_that_has_changed() -> None:
    head = "netspec: 1\nname: x\ninput: [3, 8, 8]\nlayers:\n"
    text = f"{head}  - sequential: {{name: rows, repeat: 2, layers: [%s, %s]}}\n"
    found = drawn(
        text % ("conv: {out_channels: 3, kernel_size: 1}", "relu"), text % ("sigmoid", "tanh")
    )
    assert [(box.kind, box.label) for box in found.root.boxes()] == [
        ("input", "input"),
        ("changed", "~ rows.0"),
        ("changed", "~ rows.1"),
        ("output", "output"),
    ]
    assert {edge.kind for edge in found.edges} == {""}


def test_a_layer_alone_in_another_is_one_box_and_changed() -> None:
    text = "netspec: 1\nname: x\ninput: [3, 8, 8]\nlayers:\n  - sequential: {name: only, layers: [%s]}\n"
    found = drawn(text % "conv: {out_channels: 3, kernel_size: 1}", text % "relu")
    assert boxes(found)["only"].label == "~ conv 1×1 → ReLU"
    assert boxes(found)["only"].kind == "changed"


def test_a_replaced_layer_has_a_branch_of_its_own() -> None:
    head = "netspec: 1\nname: x\ninput: [3, 8, 8]\nlayers:\n  - relu: {name: a}\n"
    end = "  - relu: {name: z}\n"
    found = drawn(
        f"{head}  - tanh: {{name: b}}\n{end}", f"{head}  - dropout: {{name: c, p: 0.5}}\n{end}"
    )
    kinds = {(edge.source, edge.target): (edge.kind, edge.dashed) for edge in found.edges}
    assert kinds["a", "before b"] == kinds["before b", "z"] == ("removed", True)
    assert kinds["a", "c"] == kinds["c", "z"] == ("added", False)


@pytest.mark.parametrize("level", Level)
@settings(max_examples=25)
@given(graphs(), graphs())
def test_every_box_of_the_second_network_is_there_and_the_picture_is_sound(
    level: Level, before: Graph, after: Graph
) -> None:
    found = compared(difference(before, after), Detail(level=level))
    shown = boxes(found)
    audit(svg(layout(found)))
    if level is not Level.OVERVIEW:
        plain = view(after, Detail(level=level, copies=False))
        assert {box.id for box in plain.root.boxes()} <= set(shown)
        old = view(before, Detail(level=level, copies=False))
        removed = sum(box.kind == "removed" for box in shown.values())
        added = sum(box.kind == "added" for box in shown.values())
        assert len(list(old.root.boxes())) - removed == len(list(plain.root.boxes())) - added


@settings(max_examples=25)
@given(graphs())
def test_a_network_beside_itself_has_the_edges_of_itself(graph: Graph) -> None:
    found = compared(difference(graph, graph), Detail(level=Level.BLOCKS))
    plain = view(graph, Detail(level=Level.BLOCKS, copies=False))
    assert found.edges == plain.edges
    assert {box.kind for box in boxes(found).values()} <= {"same", "input", "output"}
