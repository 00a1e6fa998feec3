"""The picture made of characters: golden files, nothing is missing, and it fits a terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

import netspec
from netspec.emit.outline import outline
from netspec.graph import Graph
from netspec.layout.boxes import Frame, View
from netspec.view import view
from tests.emit.pictures import HOSTILE, ROOT, hostile, networks
from tests.random_graphs import graphs

MARKS = "┌├└│╰─╌ "
SPECS = sorted((ROOT / "specs").glob("*.yaml"))


def frames(frame: Frame) -> list[Frame]:
    inner = [child for child in frame.children if isinstance(child, Frame)]
    return inner + [each for child in inner for each in frames(child)]


def audit(shown: View, text: str) -> list[str]:
    """One line per box and frame, with its words; gives the lines without marks."""
    title, blank, *lines = text.removesuffix("\n").split("\n")
    assert (title, blank) == (shown.title, "")
    plain = [line.lstrip(MARKS) for line in lines]
    words = [box.label for box in shown.root.boxes()]
    words += [frame.title for frame in frames(shown.root)]
    tables = sum(len(frame.table) for frame in frames(shown.root))
    assert len(lines) == len(words) + tables + sum(line == "identity" for line in plain)
    for word in set(words):
        assert sum(line.startswith(word) for line in plain) >= words.count(word)
    return plain


@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
def test_golden_files(name: str, golden: Callable[[str, str], None]) -> None:
    drawing = networks()[name].draw()
    audit(drawing.view, drawing.to_text())
    golden(f"outline/{name}.txt", drawing.to_text())


def test_long_ways_are_told_by_name(golden: Callable[[str, str], None]) -> None:
    drawing = netspec.load(ROOT / "specs/unet.yaml").draw()
    golden("outline/unet.txt", drawing.to_text())
    far = [line for line in drawing.to_text().splitlines() if "+ encoder.enc" in line]
    assert [line.rpartition(" + ")[2] for line in far] == [
        f"encoder.enc{number}" for number in (4, 3, 2, 1)
    ]
    assert all("concat" in line for line in far)


def test_a_table_of_widths() -> None:
    drawing = netspec.load(ROOT / "specs/googlenet.yaml").draw(fold=True)
    lines = audit(drawing.view, drawing.to_text())
    assert [line.split() for line in lines if line.startswith("inception_3b")] == [
        ["inception_3b", "128", "128", "192", "32", "96", "64", "480", "388.7k"]
    ]


@given(graphs())
def test_nothing_is_missing(graph: Graph) -> None:
    shown = view(graph)
    audit(shown, outline(shown))


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(words: str) -> None:
    text = outline(hostile(words))
    assert text.count(words) == 8  # the title, one label and detail each of four, but no tooltip


def test_no_terminal_takes_it_for_a_command() -> None:
    text = outline(hostile("\x1b[31mred\nline\x07"))
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_an_overview_fits_a_terminal(spec: object) -> None:
    text = netspec.load(str(spec)).draw(level="overview").to_text()
    assert max(map(len, text.splitlines())) <= 80
