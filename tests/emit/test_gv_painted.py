"""What is piped to Graphviz: Graphviz paints every box, frame, line and word where the SVG has it."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings

from netspec.emit.gv_painted import gv_painted
from netspec.emit.palette import PALETTES, Theme
from netspec.emit.strokes import strokes
from netspec.graph import Graph
from netspec.layout import Direction, layout
from netspec.layout.boxes import Layout
from netspec.layout.text import QUIET
from netspec.view import Detail, view
from tests.conftest import require_program
from tests.emit.by_graphviz import SPACE, painted, seen
from tests.emit.pictures import HOSTILE, hostile, networks
from tests.random_graphs import graphs

NUMBER = re.compile(r"-?[0-9.]+(?:e-?[0-9]+)?")


def groups(root: ET.Element, kind: str) -> list[ET.Element]:
    found = [each for each in root.iter(f"{SPACE}g") if each.attrib.get("class") == kind]
    return [
        each
        for each in found
        if each.find(f"{SPACE}path") is not None or _polygon(each) is not None
    ]


def _polygon(group: ET.Element) -> ET.Element | None:
    return group.find(f"{SPACE}polygon")


def corners(group: ET.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is drawn first in a group."""
    shape = group.find(f"{SPACE}path")
    shape = _polygon(group) if shape is None else shape
    assert shape is not None
    text = shape.attrib.get("d") or shape.attrib["points"]
    numbers = [float(each) for each in NUMBER.findall(text)]
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def moved(root: ET.Element, drawn: Layout) -> tuple[float, float]:
    """How far Graphviz moved the picture, told by its paper."""
    size = [
        float(each.removesuffix("pt")) for each in (root.attrib["width"], root.attrib["height"])
    ]
    assert size == pytest.approx([drawn.width, drawn.height], abs=2)
    return 0.0, -drawn.height


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
def test_everything_stands_where_the_svg_has_it(name: str, direction: Direction) -> None:
    drawn = layout(view(networks()[name].graph, Detail(fold=True)), direction)
    palette = PALETTES[Theme.LIGHT]
    root = painted("neato", gv_painted(drawn), "-n2")
    right, down = moved(root, drawn)

    boxes = groups(root, "node")
    assert len(boxes) == len(drawn.boxes)
    for group, placed in zip(boxes, drawn.boxes, strict=True):
        left, top = placed.x + right, placed.y + down
        sides = (left, top, left + placed.width, top + placed.height)
        assert corners(group) == pytest.approx(sides, abs=1)
        shape = next(each for each in group if "fill" in each.attrib)
        paint = palette.paint(placed.box.kind)
        assert (shape.attrib["fill"], shape.attrib["stroke"]) == (paint.fill, paint.stroke)

    sheets = sum(2 if each.frame.copies > 1 else 1 for each in drawn.frames)
    frames = groups(root, "cluster")
    assert len(frames) == sheets
    shown = [corners(group) for group in frames]
    for each in drawn.frames:
        left, top = each.x + right, each.y + down
        sides = (left, top, left + each.width, top + each.height)
        assert any(seen == pytest.approx(sides, abs=1) for seen in shown)

    edges = groups(root, "edge")
    lines = list(strokes(drawn.edges))
    assert len(edges) == len(lines)
    assert sum(_polygon(each) is not None for each in edges) == sum(each.arrow for each in lines)

    words = [line for each in (*drawn.frames, *drawn.boxes) for line in each.lines if line.text]
    texts = list(root.iter(f"{SPACE}text"))
    assert [seen(each.text or "") for each in texts] == [line.text for line in words]
    for text, line in zip(texts, words, strict=True):
        assert float(text.attrib["y"]) == pytest.approx(line.y + down, abs=2)
        assert float(text.attrib["font-size"]) == line.style.size
        assert (text.attrib.get("font-weight") == "bold") == line.style.bold
        colour = palette.quiet if line.style in QUIET else palette.text
        assert text.attrib["fill"] == colour


@settings(max_examples=15)
@given(graphs())
def test_graphviz_reads_every_document(graph: Graph) -> None:
    drawn = layout(view(graph))
    root = painted("neato", gv_painted(drawn), "-n2")
    assert len(groups(root, "node")) == len(drawn.boxes)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    root = painted("neato", gv_painted(layout(hostile(words))), "-n2")
    assert [seen(text.text or "") for text in root.iter(f"{SPACE}text")] == [words] * 7
    kinds = Counter(each.attrib.get("class") for each in root.iter(f"{SPACE}g"))
    assert kinds["edge"] == 2
    assert kinds["cluster"] == 2  # a frame for two copies is two sheets
    assert not [each for each in root.iter() if each.tag.endswith(("}a", "}image", "}script"))]


@pytest.mark.parametrize("theme", Theme)
def test_each_theme_has_its_paper(theme: Theme) -> None:
    document = gv_painted(layout(view(networks()["lenet5"].graph)), theme)
    assert f'bgcolor="{PALETTES[theme].paper}"' in document


def test_a_page_and_an_image_are_as_large_as_the_picture() -> None:
    """No white border, so that a document can place it; 192 pixels of an image are an inch of 72 points."""
    require_program("dot")
    drawing = networks()["inception"].draw()
    layout = drawing.layout
    found = re.search(rb"/MediaBox \[ 0 0 (\d+) (\d+) \]", drawing.to_pdf())
    assert found is not None
    assert [int(each) for each in found.groups()] == pytest.approx(
        [layout.width, layout.height], abs=2
    )
    wide, high = struct.unpack(">II", drawing.to_png()[16:24])
    assert [wide, high] == pytest.approx([layout.width * 8 / 3, layout.height * 8 / 3], abs=6)
