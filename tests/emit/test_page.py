"""The page with all levels, in a real browser: every control, both themes, and nothing that gets out or in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import netspec
from netspec.emit.page import Sheet, page
from netspec.emit.palette import DARK, LIGHT, MONO, Theme
from netspec.layout import layout
from tests.browser import Seen, browser, watched
from tests.emit.pictures import HOSTILE, ROOT, hostile

pytestmark = pytest.mark.slow  # a browser starts

GOOGLENET = netspec.load(ROOT / "specs/googlenet.yaml")
LEVELS = ["overview", "blocks", "full"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("page") / "net.html"
    GOOGLENET.draw().save(written)
    return written


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[tuple[Page, Seen]]:
    """The page of GoogLeNet as a reader opens it: from the disk, without a network."""
    context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 800})
    page = context.new_page()
    seen = watched(page)
    page.goto(file.as_uri())
    yield page, seen
    assert seen.complaints == []
    assert seen.requests == [file.as_uri()]
    context.close()


def shown(page: Page) -> str:
    """The level that can be seen."""
    (level,) = page.eval_on_selector_all(
        ".page-level",
        "all => all.filter(each => each.checkVisibility()).map(each => each.dataset.level)",
    )
    return str(level)


def window(page: Page) -> tuple[float, float, float, float]:
    """The part of the picture that can be seen."""
    box = page.get_attribute(f"[data-level={shown(page)}] > svg", "viewBox")
    assert box is not None
    left, top, wide, high = map(float, box.split())
    return left, top, wide, high


def colour(page: Page, selector: str, name: str = "fill") -> str:
    """A computed colour, as #rrggbb."""
    script = f"each => getComputedStyle(each).getPropertyValue('{name}')"
    red, green, blue = re.findall(r"\d+", page.eval_on_selector(selector, script))[:3]
    return f"#{int(red):02x}{int(green):02x}{int(blue):02x}"


def test_nothing_in_it_leads_out(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://[^\s\"'<>]*", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe|object|embed|base|form)\b", text)
    assert not re.search(
        r"\s(src|href|action|style|on\w+)=",
        re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL),
    )
    assert "@import" not in text
    assert text == GOOGLENET.draw().to_html()


def test_levels_by_mouse_and_by_key(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    assert shown(page) == "blocks"
    for at, level in enumerate(LEVELS, start=1):
        page.get_by_role("button", name=level, exact=True).click()
        assert shown(page) == level
        page.keyboard.press(str(at % 3 + 1))
        assert shown(page) == LEVELS[at % 3]
        pressed = page.locator("[aria-pressed=true]").all_inner_texts()
        assert pressed == [LEVELS[at % 3]]


def test_zoom_and_moves(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    left, top, wide, high = window(page)
    page.keyboard.press("+")
    assert window(page)[2] == pytest.approx(wide / 1.25)
    page.keyboard.press("-")
    assert window(page) == pytest.approx((left, top, wide, high))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert window(page)[:2] == pytest.approx((left + 60, top + 60))
    page.get_by_role("button", name="Whole picture").click()
    size = GOOGLENET.draw().layout
    assert window(page)[1] <= 0
    assert window(page)[3] >= size.height - 1
    page.keyboard.press("End")
    page.mouse.move(600, 400)
    before = window(page)
    page.mouse.down()
    page.mouse.move(620, 390)
    page.mouse.up()
    pixel = before[2] / 1200
    assert window(page)[0] == pytest.approx(before[0] - 20 * pixel)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_function(
        f"document.querySelector('[data-level=blocks] > svg').viewBox.baseVal.width < {before[2] * 0.9}"
    )


def test_search_goes_from_one_to_the_next(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    page.keyboard.press("/")
    page.keyboard.type("inception_4B")
    boxes = GOOGLENET.draw().layout
    hits = [*boxes.boxes, *boxes.frames]
    count = sum("inception_4b" in repr(each) for each in hits)
    assert page.inner_text(".page-found") == f"{count} found"
    assert page.locator(".page-level:visible .page-hit").count() == count
    page.keyboard.press("Enter")
    assert page.inner_text(".page-found") == f"1 of {count}"
    assert page.inner_text(".page-details strong").startswith("inception_4b: inception")
    assert "449,160 parameters" in page.inner_text(".page-details")
    chosen = page.locator(".page-chosen").bounding_box()
    assert chosen is not None
    assert 0 < chosen["y"] < 800
    page.keyboard.press("Shift+Enter")
    assert page.inner_text(".page-found") == f"{count} of {count}"
    page.keyboard.press("Escape")
    assert page.locator(".page-hit").count() == 0
    page.keyboard.press("n")
    assert page.locator(".page-chosen").count() == 1


def test_screen_readers_hear_the_boxes(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    assert page.get_by_role("group", name="googlenet").count() == 1
    box = page.get_by_role("img", name="conv1 3x224x224 → 64x112x112")
    assert box.count() == 1
    assert box.is_visible()


def test_the_mouse_shows_what_it_points_at(opened: tuple[Page, Seen]) -> None:
    page, _ = opened
    page.locator(".page-level:visible .ns-box").filter(has_text="conv 7×7 / 2").hover()
    told = page.inner_text(".page-details").splitlines()
    assert told[:2] == ["conv1", "3x224x224 → 64x112x112"]
    assert told[3:] == ["Conv2d(3, 64, kernel_size=7, stride=2, padding=3)", "ReLU()"]
    labels = page.eval_on_selector_all(
        "svg [aria-label]", "all => all.map(each => each.getAttribute('aria-label'))"
    )
    assert sum(each.startswith("conv1\n") for each in labels) == len(LEVELS)


@pytest.mark.parametrize(("system", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_it_follows_the_system_and_its_switch(
    chromium: Browser, file: Path, system: str, palette: object
) -> None:
    page = chromium.new_page(color_scheme=system)
    page.goto(file.as_uri())
    box = ".page-level:not([hidden]) .ns-conv rect"
    own = DARK if system == "dark" else LIGHT
    assert colour(page, box) == own.paint("conv").fill
    assert colour(page, "body", "background-color") == own.paper
    switch = page.locator(".page-theme")
    for theme, expected in (("light", LIGHT), ("dark", DARK), ("auto", own)):
        switch.click()
        assert switch.inner_text() == f"Theme: {theme}"
        assert colour(page, box) == expected.paint("conv").fill
        assert colour(page, "body", "background-color") == expected.paper
    page.close()


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK), ("mono", MONO)])
def test_a_theme_can_be_given(
    chromium: Browser, tmp_path: Path, theme: str, palette: object
) -> None:
    GOOGLENET.draw(theme=theme, level="overview").save(tmp_path / "net.html")
    page = chromium.new_page(color_scheme="dark" if theme != "dark" else "light")
    page.goto((tmp_path / "net.html").as_uri())
    expected = {"light": LIGHT, "dark": DARK, "mono": MONO}[theme]
    assert shown(page) == "overview"
    assert colour(page, ".page-level:not([hidden]) .ns-conv rect") == expected.paint("conv").fill
    assert colour(page, "body", "background-color") == expected.paper
    page.close()


def test_without_scripts_the_picture_is_there(chromium: Browser, file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".page-level:visible").count() == 1
    assert page.locator(".page-level:visible .ns-box").first.is_visible()
    assert not page.get_by_role("button", name="full").is_visible()
    assert "conv1" in (page.locator("svg:visible .ns-box > title").all_text_contents()[1])
    context.close()


def test_no_script_and_no_style_but_its_own_can_run(opened: tuple[Page, Seen]) -> None:
    """The policy of the page holds what would be put into it."""
    page, seen = opened
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", "<p class=trap onclick='document.title=1'>x</p>");
          const script = document.createElement("script");
          script.textContent = "document.title = 'owned'";
          document.body.append(script);
          const style = document.createElement("style");
          style.textContent = ".trap { color: rgb(1, 2, 3) }";
          document.body.append(style);
        }"""
    )
    page.locator(".trap").dispatch_event("click")
    assert page.title() == "googlenet"
    assert colour(page, ".trap", "color") != "#010203"
    assert len(seen.complaints) == 3
    assert all("Content Security Policy" in each for each in seen.complaints)
    seen.complaints.clear()


@pytest.mark.parametrize("words", HOSTILE)
def test_words_stay_words(chromium: Browser, tmp_path: Path, words: str) -> None:
    sheets = [
        Sheet(level, layout(replace(hostile(words), name=f"figure-{level}", notes=(words,))))
        for level in ("one", "two")
    ]
    (tmp_path / "net.html").write_text(page(sheets, "two", Theme.AUTO), encoding="utf-8")
    context = chromium.new_context(offline=True)
    tab = context.new_page()
    seen = watched(tab)
    tab.goto((tmp_path / "net.html").as_uri())
    assert tab.title() == words.strip()
    assert tab.text_content("h1") == words
    assert tab.text_content(".page-notes") == words
    assert tab.locator("svg text").all_text_contents() == [words] * 14
    assert tab.locator("svg [aria-label]").count() == 8
    tab.keyboard.press("n")
    assert words in (tab.text_content(".page-details") or "")
    assert tab.locator("script").count() == 1
    assert tab.locator("svg :is(a, image, script, foreignObject, b)").count() == 0
    assert seen.complaints == []
    assert len(seen.requests) == 1
    context.close()


def test_names_of_a_spec_cannot_stand_for_parts_of_the_page(
    chromium: Browser, tmp_path: Path
) -> None:
    """Ids of a picture are names in the scripts of a page."""
    for name in ("location", "document", "page-stage", "level", "stage"):
        sheets = [Sheet("one", layout(replace(hostile("x"), name=name)))]
        (tmp_path / "net.html").write_text(page(sheets, "one", Theme.AUTO), encoding="utf-8")
        tab = chromium.new_page()
        seen = watched(tab)
        tab.goto((tmp_path / "net.html").as_uri())
        tab.keyboard.press("n")
        assert tab.locator(".page-chosen").count() == 1
        assert seen.complaints == []
        tab.close()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_an_inline_picture_follows_the_page_around_it(chromium: Browser, system: str) -> None:
    """What a notebook shows: the system's wish, and the switch of the page, which has the last word."""
    page = chromium.new_page(color_scheme=system)
    box = ".ns-conv rect"
    own = DARK if system == "dark" else LIGHT
    for around, expected in (
        ("", own),
        ('data-theme="light"', LIGHT),
        ('data-theme="dark"', DARK),
        ('data-md-color-scheme="default"', LIGHT),
        ('data-md-color-scheme="slate"', DARK),
        ('data-jp-theme-light="true"', LIGHT),
        ('data-jp-theme-light="false"', DARK),
        ('class="vscode-light"', LIGHT),
        ('class="vscode-dark"', DARK),
    ):
        page.set_content(f"<body {around}>{GOOGLENET._repr_html_()}</body>")
        assert colour(page, box) == expected.paint("conv").fill, around
        assert colour(page, box, "stroke") == expected.paint("conv").stroke
        assert colour(page, ".ns-label") == expected.text
        assert colour(page, ".ns-paper") == expected.paper
    page.close()


def test_pictures_of_one_notebook_do_not_paint_each_other(chromium: Browser) -> None:
    """Two of the same network in other themes: rules and ids are those of one page."""
    page = chromium.new_page()
    cells = [GOOGLENET.draw(theme=theme)._repr_html_() for theme in ("light", "dark", "mono")]
    page.set_content("".join(f"<div id=cell-{at}>{cell}</div>" for at, cell in enumerate(cells)))
    found = [colour(page, f"#cell-{at} .ns-conv rect") for at in range(3)]
    assert found == [palette.paint("conv").fill for palette in (LIGHT, DARK, MONO)]
    ids = page.eval_on_selector_all("svg [id]", "all => all.map(each => each.id)")
    assert len(set(ids)) == len(ids)
    page.close()
