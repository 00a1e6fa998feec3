"""Every colour can be read: text at 4.5:1 and outlines at 3:1 to what is around them, by WCAG 2.2."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from netspec.emit.palette import DARK, LIGHT, MONO, PALETTES, Palette, Theme
from netspec.emit.styles import style_sheet
from netspec.ops import OPS

MARKS = {"added", "broken", "changed", "changed-frame", "clash", "removed", "same", "unknown"}
KINDS = sorted({op.category for op in OPS} | {"block", "input", "output", "pointwise"} | MARKS)
THEMES = {"light": LIGHT, "dark": DARK, "mono": MONO}


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_read_on_every_box(theme: str) -> None:
    palette = THEMES[theme]
    grounds = [palette.paint(kind).fill for kind in KINDS] + [palette.frame.fill]
    for ground in grounds:
        assert contrast(palette.text, ground) >= 4.5, ground
        assert contrast(palette.quiet, ground) >= 4.5, ground


def surroundings(palette: Palette) -> Iterator[tuple[str, str, str]]:
    for kind in KINDS:
        for ground in (palette.frame.fill, palette.paper):
            yield kind, palette.paint(kind).stroke, ground
    yield "frame", palette.frame.stroke, palette.paper
    yield "frame in frame", palette.frame.stroke, palette.frame.fill
    yield "edge", palette.edge, palette.paper
    yield "edge in frame", palette.edge, palette.frame.fill


@pytest.mark.parametrize("theme", THEMES)
def test_outlines_are_seen(theme: str) -> None:
    for what, stroke, ground in surroundings(THEMES[theme]):
        assert contrast(stroke, ground) >= 3, f"{what}: {stroke} on {ground}"


def test_every_theme_paints_every_kind() -> None:
    for palette in PALETTES.values():
        assert set(palette.paints) >= set(KINDS)


def test_a_page_can_switch_the_automatic_theme() -> None:
    """The system's wish first, then the switch of the page; every rule names the figure."""
    css = style_sheet("fig", ["conv"], Theme.AUTO)
    order = [
        css.index("@media (prefers-color-scheme:dark){#fig{"),
        css.index("[data-theme=light] #fig,[data-md-color-scheme=default] #fig,"),
        css.index("[data-theme=dark] #fig,[data-md-color-scheme=slate] #fig,"),
    ]
    assert order == sorted(order)
    light, dark = LIGHT.paint("conv"), DARK.paint("conv")
    assert f"fill:{light.fill};fill:var(--ns-conv-fill,{light.fill})" in css
    assert css.count(f"--ns-conv-fill:{dark.fill}") == 2
    used = set(re.findall(r"var\(--ns-([\w-]+),", css))
    assert used == set(re.findall(r"--ns-([\w-]+):", css))


def test_a_fixed_theme_has_no_variables() -> None:
    for theme in (Theme.LIGHT, Theme.DARK, Theme.MONO):
        assert "var(" not in style_sheet("fig", ["conv"], theme)


def test_an_inline_picture_is_dark_only_where_its_page_is() -> None:
    """A page without a switch is light, whatever the system; one with a switch has its own paper."""
    css = style_sheet("fig", ["conv"], Theme.AUTO, inline=True)
    assert "@media (prefers-color-scheme:dark){[data-theme=auto] #fig{" in css
    assert "{#fig{--ns" not in css
    switched = re.findall(r"--ns-paper:([^;}]*)", css)
    assert switched == ["transparent"] * 3


@pytest.mark.parametrize("page", ["#131416", "#1e2129", "#212529"])
def test_lines_are_seen_on_the_dark_pages_of_known_themes(page: str) -> None:
    """Furo, Material's slate and Bootstrap, whose paper an inline picture has."""
    assert contrast(DARK.edge, page) >= 3
    assert all(contrast(DARK.paint(kind).stroke, page) >= 3 for kind in KINDS)
    assert contrast(DARK.frame.stroke, page) >= 3
