"""SVG: golden files, what holds for every document, and words that mean something to XML."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

import netspec
from netspec.emit.svg import svg
from netspec.graph import Graph
from netspec.layout import layout
from netspec.view import view
from tests.emit.pictures import HOSTILE, ROOT, hostile, networks
from tests.random_graphs import graphs

SPACE = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
REFERENCE = re.compile(r"url\(#([^)]*)\)")


def audit(document: str) -> ET.Element:
    """What holds for every SVG document; gives its root."""
    root = ET.fromstring(document)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(set(ids)) == len(ids)
    name = root.attrib["id"]
    assert all(each == name or each.startswith(f"{name}-") for each in ids)
    for tag in re.findall(r"<([a-z]+(?: [^<>]*)?)/?>", re.sub(r">[^<]*<", "><", document)):
        keys = re.findall(r" ([\w:-]+)=", tag)
        assert keys == sorted(keys), tag
    for element in root.iter():
        for key, value in element.attrib.items():
            for target in REFERENCE.findall(value):
                assert target in ids
            if key in {"x", "y", "width", "height", "d", "rx", "viewBox"}:
                for number in NUMBER.finditer(value):
                    assert len(number.group().partition(".")[2]) <= 1, f"{key}={value}"
    assert root.attrib["role"] == "img"
    labels = root.attrib["aria-labelledby"].split()
    assert [element.attrib["id"] for element in root[:2]] == labels
    assert [element.tag for element in root[:2]] == [f"{SPACE}title", f"{SPACE}desc"]
    assert all(element.text for element in root[:2])
    style = root.find(f"{SPACE}style")
    assert style is not None
    assert style.text is not None
    for selector in re.findall(r"(?:^|})([^{}]+){", style.text):
        if not selector.startswith("@media"):
            assert f"#{name}" in selector, f"{selector} would leak into the page"
    assert "javascript:" not in re.sub(r">[^<]*<", "><", document)
    return root


@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
def test_golden_files(name: str, golden: Callable[[str, str], None]) -> None:
    document = networks()[name].to_svg()
    audit(document)
    golden(f"svg/{name}.svg", document)


@given(graphs())
def test_every_document_is_sound(graph: Graph) -> None:
    drawn = layout(view(graph))
    root = audit(svg(drawn))
    groups = [element.attrib.get("class", "") for element in root.iter(f"{SPACE}g")]
    assert sum("ns-box" in each for each in groups) == len(drawn.boxes)
    assert sum("ns-frame" in each for each in groups) == len(drawn.frames)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    """Labels, notes, tooltips and the description come out as they went in; nothing else appears."""
    root = audit(svg(layout(hostile(words))))
    allowed = {"svg", "title", "desc", "style", "marker", "path", "rect", "g", "text"}
    assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= allowed
    texts = [element.text for element in root.iter(f"{SPACE}text")]
    assert texts == [words] * 7
    tooltips = [element.text for element in root.iter(f"{SPACE}title")]
    assert tooltips == [words] * 4
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\x00b\x1b[31mc\ud800", "a\ufffdb\ufffd[31mc\ufffd"),
        ("\u202eevil\u2066 \u200f\x9b31m", "\ufffdevil\ufffd \ufffd\ufffd31m"),
        ("é\u00a0中文 שלום 🙂", "é\u00a0中文 שלום 🙂"),
    ],
)
def test_characters_that_xml_cannot_hold_or_that_reorder_a_line_are_replaced(
    words: str, shown: str
) -> None:
    root = audit(svg(layout(hostile(words))))
    assert root[0].text == shown


@pytest.mark.parametrize("theme", ["light", "dark", "auto", "mono"])
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_themes_and_directions(theme: str, direction: str) -> None:
    for net in networks().values():
        audit(net.to_svg(theme=theme, direction=direction, annotate="all", fold=True, wrap=True))


def test_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys, netspec\n"
        f"net = netspec.load({str(ROOT / 'specs/googlenet.yaml')!r})\n"
        "sys.stdout.buffer.write((net.to_svg() + net.to_gv()).encode())"
    )
    documents = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(documents) == 1
    net = netspec.load(ROOT / "specs/googlenet.yaml")
    assert documents == {(net.to_svg() + net.to_gv()).encode()}


def test_committed_pictures_are_fresh() -> None:
    """The pictures of the README and the examples are what netspec draws today."""
    for picture, spec in (("googlenet", "specs"), ("stripes", "examples")):
        file = ROOT / f"examples/pictures/{picture}.svg"
        drawn = netspec.load(ROOT / spec / f"{picture}.yaml").to_svg()
        assert drawn == Path(file).read_text(encoding="utf-8"), f"draw {file.name} anew"
