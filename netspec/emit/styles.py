"""The style sheet of an SVG picture. Every selector names the figure: inline SVG shares rules with its page.

A fixed theme is plain colours. `auto` is variables: light, dark where the reader's system is, and what the
switch of the page says, which marks the page around an inline picture: documentation themes and notebooks. In
the text of a page a picture is dark only where the page is: a page without a switch is light, whatever the
system. Each variable stands behind a plain colour, for programs that know no variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netspec.emit.palette import DARK, LIGHT, OUTLINE, PALETTES, Paint, Palette, Theme
from netspec.layout.text import CELL, DETAIL, HEAD, LABEL, NOTE, QUIET, TITLE, Style

FONTS = 'Helvetica, Arial, "Liberation Sans", sans-serif'
"""The families whose metrics the widths of boxes allow for."""

_STYLES = (LABEL, DETAIL, TITLE, NOTE, HEAD, CELL)
_SWITCHED_LIGHT = (
    "[data-theme=light]",
    "[data-md-color-scheme=default]",
    "[data-bs-theme=light]",
    "[data-jp-theme-light=true]",
    ".vscode-light",
)
_SWITCHED_DARK = (
    "[data-theme=dark]",
    "[data-md-color-scheme=slate]",
    "[data-bs-theme=dark]",
    "[data-jp-theme-light=false]",
    ".vscode-dark",
)
"""Furo and PyData, Material for MkDocs, Bootstrap, JupyterLab and the notebooks of VS Code, in this order."""
_AS_THE_SYSTEM = "[data-theme=auto]"


def style_sheet(
    figure: str,
    kinds: Iterable[str],
    theme: Theme,
    *,
    edges: Iterable[str] = (),
    inline: bool = False,
) -> str:
    """The rules for a figure with boxes of `kinds` and edges of other kinds than the usual.

    `figure` is its id; it is `inline` if it stands in a page.
    """
    lines = sorted(set(edges))
    kinds = sorted({*kinds, *lines} - {"frame"})
    palette = PALETTES[theme]
    rules = "".join(_rules(figure, kinds, lines, palette, varies=theme is Theme.AUTO))
    return rules + "".join(_switches(figure, kinds, inline)) if theme is Theme.AUTO else rules


def _rules(
    figure: str, kinds: Iterable[str], edges: Iterable[str], palette: Palette, *, varies: bool
) -> Iterator[str]:
    names = _names(kinds, palette)

    def colour(part: str, name: str) -> str:
        plain = f"{part}:{names[name]}"
        return f"{plain};{part}:var(--ns-{name},{names[name]})" if varies else plain

    def paint(kind: str) -> str:
        outline = palette.paint(kind).width
        wide = "" if outline == OUTLINE else f";stroke-width:{outline:g}"
        return f"{colour('fill', f'{kind}-fill')};{colour('stroke', f'{kind}-stroke')}{wide}"

    rules = {
        "": f"font-family:{FONTS}",
        " .ns-paper": colour("fill", "paper"),
        " .ns-edges": f"fill:none;{colour('stroke', 'edge')};stroke-width:1.25",
        " .ns-head": colour("fill", "edge"),
        " .ns-frame": paint("frame"),
        " .ns-box": f"stroke-width:{OUTLINE:g}",
        **{f" .ns-{kind}": paint(kind) for kind in kinds},
        **{f" .ns-edge-{kind}": colour("stroke", f"{kind}-stroke") for kind in edges},
        **{f" .ns-head-{kind}": colour("fill", f"{kind}-stroke") for kind in edges},
        " .ns-dashed": "stroke-dasharray:5 3",
        " text": f"{colour('fill', 'text')};stroke:none",
        " .ns-middle": "text-anchor:middle",
        " .ns-end": "text-anchor:end",
        **{f" .ns-{style.name}": _font(style) for style in _STYLES if style not in QUIET},
        **{
            f" .ns-{style.name}": f"{colour('fill', 'quiet')};{_font(style)}"
            for style in _STYLES
            if style in QUIET
        },
    }
    for which, what in rules.items():
        yield f"#{figure}{which}{{{what}}}"


def _font(style: Style) -> str:
    bold = ";font-weight:bold" if style.bold else ""
    return f"font-size:{style.size:g}px{bold}"


def _names(kinds: Iterable[str], palette: Palette) -> Mapping[str, str]:
    """Variable -> colour."""
    paints: dict[str, Paint] = {"frame": palette.frame}
    paints |= {kind: palette.paint(kind) for kind in kinds}
    return {
        "edge": palette.edge,
        "paper": palette.paper,
        "quiet": palette.quiet,
        "text": palette.text,
        **{f"{kind}-fill": paint.fill for kind, paint in paints.items()},
        **{f"{kind}-stroke": paint.stroke for kind, paint in paints.items()},
    }


def _switches(figure: str, kinds: Iterable[str], inline: bool) -> Iterator[str]:
    """The system first, then the switch of the page, which has the last word, and its own paper."""
    paper = {"paper": "transparent"} if inline else {}
    light, dark = (
        ";".join(f"--ns-{name}:{colour}" for name, colour in sorted(colours.items()))
        for colours in ({**_names(kinds, each), **paper} for each in (LIGHT, DARK))
    )
    system = f"{_AS_THE_SYSTEM} #{figure}" if inline else f"#{figure}"
    yield f"@media (prefers-color-scheme:dark){{{system}{{{dark}}}}}"
    yield f"{','.join(f'{switch} #{figure}' for switch in _SWITCHED_LIGHT)}{{{light}}}"
    yield f"{','.join(f'{switch} #{figure}' for switch in _SWITCHED_DARK)}{{{dark}}}"
