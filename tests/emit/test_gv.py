"""The Graphviz document: golden files, Graphviz reads it and shows words as they are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings

import netspec
from netspec.emit.gv import gv
from netspec.graph import Graph
from netspec.layout import layout
from netspec.view import view
from tests.emit.by_graphviz import SPACE, TOOLTIP, painted, seen
from tests.emit.pictures import HOSTILE, ROOT, hostile, networks
from tests.random_graphs import graphs


@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
def test_golden_files(name: str, golden: Callable[[str, str], None]) -> None:
    document = networks()[name].to_gv()
    for attributes in re.findall(r"\[(.*)\];$", document, re.MULTILINE):
        keys = re.findall(r'(?:^|, )(\w+)="', attributes)
        assert keys == sorted(keys)
    golden(f"gv/{name}.gv", document)


def test_every_box_has_its_note_where_the_svg_has_it() -> None:
    document = networks()["inception"].to_gv()
    assert r'label="mix\l8 → 20 · 16×16 · ' in document


@pytest.mark.parametrize(("program", "options"), [("dot", ()), ("neato", ("-n2",))])
def test_a_table_of_widths_is_there(program: str, options: tuple[str, ...]) -> None:
    drawing = netspec.load(ROOT / "specs/googlenet.yaml").draw(fold=True)
    root = painted(program, drawing.to_gv(), *options)
    rows = [seen(text.text or "").split() for text in root.iter(f"{SPACE}text")]
    for placed in drawing.layout.frames:
        for row in placed.frame.table:
            assert [cell for cell in row if cell] in rows


@settings(max_examples=20)
@given(graphs())
def test_graphviz_reads_every_document(graph: Graph) -> None:
    drawn = layout(view(graph))
    root = painted("neato", gv(drawn), "-n2")
    kinds = [element.attrib.get("class", "") for element in root.iter(f"{SPACE}g")]
    assert sum(each.startswith("node") for each in kinds) == len(drawn.boxes)
    assert sum(each.startswith("cluster") for each in kinds) == len(drawn.frames)
    assert sum(each.startswith("edge") for each in kinds) == len(drawn.edges)


def test_positions_survive_graphviz() -> None:
    """`neato -n2` keeps each box where our layout put it."""
    drawn = layout(view(networks()["inception"].graph))
    root = painted("neato", gv(drawn), "-n2")
    shown = {e.attrib["id"]: e.find(f".//{SPACE}text") for e in root.iter(f"{SPACE}g")}
    left, low = drawn.boxes[0].x, drawn.boxes[0].y
    first = shown[drawn.boxes[0].box.id]
    assert first is not None
    for placed in drawn.boxes:
        text = shown[placed.box.id]
        assert text is not None
        one_line = 0 if placed.box.detail else 7.0
        right = float(text.attrib["x"]) - float(first.attrib["x"])
        down = float(text.attrib["y"]) - float(first.attrib["y"])
        middle = placed.x + placed.width / 2 - left - drawn.boxes[0].width / 2
        assert right == pytest.approx(middle, abs=0.2)
        assert down == pytest.approx(placed.y - low + one_line, abs=1.5)


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(("program", "options"), [("dot", ()), ("neato", ("-n2",))])
def test_words_stay_words(words: str, program: str, options: tuple[str, ...]) -> None:
    root = painted(program, gv(layout(hostile(words))), *options)
    nodes = [e for e in root.iter(f"{SPACE}g") if e.attrib.get("class", "").startswith("node")]
    assert len(nodes) == 3
    assert [seen(text.text or "") for text in root.iter(f"{SPACE}text")] == [words] * 7
    tips = [seen(element.attrib[TOOLTIP]) for element in root.iter() if TOOLTIP in element.attrib]
    assert tips.count(words) == 4
    assert {seen(node.attrib["id"]) for node in nodes} == {f"{each}{words}" for each in "abc"}
    links = [e.attrib.get("{http://www.w3.org/1999/xlink}href") for e in root.iter()]
    assert not any(links)
