"""Mermaid: golden files, and Mermaid itself draws every document with its words as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

import netspec
from netspec.emit.mermaid import mermaid
from netspec.layout import Direction
from netspec.layout.boxes import View
from netspec.view import Detail, Level, view
from tests.browser import browser, require_mermaid, watched
from tests.emit.by_graphviz import seen as seen_as
from tests.emit.pictures import HOSTILE, ROOT, hostile, networks

pytestmark = pytest.mark.slow  # a browser starts

DRAW = """
async (text) => {
  mermaid.initialize({startOnLoad: false, securityLevel: "strict", maxTextSize: 1000000, maxEdges: 5000});
  const {svg} = await mermaid.render("figure", text);
  document.body.innerHTML = svg;
  const words = (kind) => [...document.querySelectorAll(kind)].map((each) => each.innerText.trim());
  return {
    boxes: words(".node .nodeLabel"),
    frames: words(".cluster .nodeLabel"),
    edges: document.querySelectorAll("path.flowchart-link").length,
    title: document.querySelector("svg > title").textContent,
    description: document.querySelector("svg > desc").textContent,
    others: document.querySelectorAll("svg :is(script, img, a, iframe, b, i, strong, em)").length,
  };
}
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    script = require_mermaid()
    with browser() as chromium:
        page = chromium.new_page()
        page.set_content("<body></body>")
        page.add_script_tag(path=script)
        yield page


def drawn(page: Page, shown: View, direction: Direction = Direction.TB) -> None:
    """Mermaid draws a view, with every word and edge of it and nothing else."""
    seen = watched(page)
    found = page.evaluate(DRAW, mermaid(shown, direction))
    assert seen.complaints == []
    boxes = list(shown.root.boxes())
    assert sorted(map(seen_as, found["boxes"])) == sorted(
        "\n".join(filter(None, (box.label, *box.detail.split("\n")))) for box in boxes
    )
    assert found["edges"] == len(shown.edges)
    assert seen_as(found["title"]) == shown.title
    assert seen_as(found["description"]) == " ".join(shown.description.split())
    assert found["others"] == 0


@pytest.mark.parametrize("name", ["inception", "residual"])
def test_golden_files(name: str, golden: Callable[[str, str], None]) -> None:
    document = networks()[name].draw().to_mermaid()
    golden(f"mermaid/{name}.mmd", document)
    words = re.findall(r'"([^"]*)"', document)
    assert words
    assert not any(re.search("[<>&;`]", text) for text in "".join(words).split("<br/>"))


def test_it_shows_the_overview_unless_told_otherwise() -> None:
    net = networks()["inception"]
    assert "subgraph" not in net.draw().to_mermaid()
    assert net.draw().to_mermaid() == net.draw(level="overview").to_mermaid()
    assert net.draw(level="blocks").to_mermaid().count("subgraph") == 2
    assert net.draw(direction="LR").to_mermaid().startswith("flowchart LR\n")


@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
@pytest.mark.parametrize("level", Level)
def test_mermaid_draws_it(page: Page, name: str, level: Level) -> None:
    drawn(page, view(networks()[name].graph, Detail(level=level)))


def test_mermaid_draws_googlenet_left_to_right(page: Page) -> None:
    graph = netspec.load(ROOT / "specs/googlenet.yaml").graph
    drawn(page, view(graph, Detail(level=Level.OVERVIEW)), Direction.LR)


@pytest.mark.parametrize(
    "words", [*HOSTILE, "`**bold** _it_`", "end", "%% no comment", "#35; #lt;"]
)
def test_words_stay_words(page: Page, words: str) -> None:
    drawn(page, hostile(words))
