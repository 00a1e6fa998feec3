"""Layouts -> one HTML page: the levels of a picture to choose from, with zoom, search and tooltips.

It works from a disk: nothing is loaded, and a content security policy lets only the page's own styles and
script run, told by their hashes, so that words of a spec could do nothing even if they were taken for
markup. Without scripts the picture is still there, with its tooltips. Rejected: a library for zooming (a
download, or 100 kB in each page for what are 20 lines).
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from netspec.emit.palette import Theme
from netspec.emit.svg import svg
from netspec.layout.boxes import Layout

_RULES = re.compile("<style>(.*?)</style>", re.DOTALL)
_KEYS = (
    "Drag or arrow keys: move · + and -: zoom · 0: all · 1 to {levels}: level · "
    "/: find · n and p: next and previous · Esc: clear"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A level of the page: its name, and its picture."""

    name: str
    layout: Layout


def page(sheets: Sequence[Sheet], start: str, theme: Theme) -> str:
    """The document, with a newline at its end; `start` is the level that is shown first."""
    return "".join(f"{line}\n" for line in _lines(sheets, start, theme))


def _lines(sheets: Sequence[Sheet], start: str, theme: Theme) -> Iterator[str]:
    rules, script = _read("page.css"), _read("page.js")
    paint = Theme.MONO if theme is Theme.MONO else Theme.AUTO
    pictures = [svg(sheet.layout, paint) for sheet in sheets]
    inside = [html.unescape(text) for each in pictures for text in _RULES.findall(each)]
    first = next(sheet.layout.view for sheet in sheets if sheet.name == start)
    fixed = {Theme.LIGHT: "light", Theme.DARK: "dark", Theme.MONO: "light"}.get(theme)
    yield "<!doctype html>"
    yield f'<html lang="en" data-theme="{fixed}">' if fixed else '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy([rules, *inside], script)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(first.title)}</title>"
    yield f"<style>{rules}</style>"
    yield "</head>"
    yield "<body>"
    yield from _bar(sheets, start, theme)
    notes = dict.fromkeys(note for sheet in sheets for note in sheet.layout.view.notes)
    yield from (f'<p class="page-notes">{_text(note)}</p>' for note in notes)
    yield '<main class="page-stage" tabindex="0" aria-label="The diagram">'
    for sheet, picture in zip(sheets, pictures, strict=True):
        hidden = "" if sheet.name == start else " hidden"
        yield f'<section class="page-level" data-level="{_text(sheet.name)}"{hidden}>'
        yield picture.rstrip("\n")
        yield "</section>"
    yield '<div class="page-details" role="status" hidden></div>'
    yield "</main>"
    yield f'<footer class="page-keys page-script">{_KEYS.format(levels=len(sheets))}</footer>'
    yield f"<script>{script}</script>"
    yield "</body>"
    yield "</html>"


def _bar(sheets: Sequence[Sheet], start: str, theme: Theme) -> Iterator[str]:
    """The title, and what the page can be told by a mouse."""
    title = next(sheet.layout.view.title for sheet in sheets if sheet.name == start)
    yield '<header class="page-bar">'
    yield f"<h1>{_text(title)}</h1>"
    yield '<div class="page-group page-script" role="group" aria-label="Level">'
    for sheet in sheets:
        pressed = str(sheet.name == start).lower()
        name = _text(sheet.name)
        yield f'<button type="button" data-show="{name}" aria-pressed="{pressed}">{name}</button>'
    yield "</div>"
    yield '<div class="page-group page-script" role="search">'
    yield '<input class="page-search" type="search" placeholder="Find a layer" aria-label="Find a layer">'
    yield '<output class="page-found"></output>'
    yield "</div>"
    yield '<div class="page-group page-end page-script" role="group" aria-label="Zoom">'
    yield '<button type="button" data-act="out" aria-label="Zoom out">−</button>'
    yield '<button type="button" data-act="in" aria-label="Zoom in">+</button>'
    yield '<button type="button" data-act="whole">Whole picture</button>'
    if theme is not Theme.MONO:
        shown = "auto" if theme is Theme.AUTO else str(theme)
        yield f'<button class="page-theme" type="button">Theme: {shown}</button>'
    yield "</div>"
    yield "</header>"


def _policy(styles: Iterable[str], script: str) -> str:
    """Only these styles and this script, and nothing from anywhere."""
    allowed = " ".join(dict.fromkeys(map(_hash, styles)))
    rest = "base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; style-src {allowed}; script-src {_hash(script)}; {rest}"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _read(name: str) -> str:
    return files("netspec.emit").joinpath(name).read_text(encoding="utf-8")


def _text(text: str) -> str:
    return html.escape("".join(each if each.isprintable() else " " for each in text))
