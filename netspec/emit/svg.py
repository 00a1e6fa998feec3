"""Layout -> an SVG document, painted by us: the same bytes on every machine, without Graphviz.

Ids, classes and rules are scoped to the figure, since inline SVG shares them with its page. Numbers have
at most one decimal, attributes are sorted, and there is no time and no version in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from netspec.emit.palette import ROUND, Theme
from netspec.emit.strokes import Stroke, strokes
from netspec.emit.styles import style_sheet
from netspec.layout.boxes import Layout, Line, PlacedBox, PlacedFrame, Point
from netspec.layout.spacing import COPIES_SHIFT

_REPLACED = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""What XML 1.0 cannot hold or browsers refuse, and the marks that reorder a line."""
_INLINE = "display:block;height:auto;margin:1rem auto;max-width:100%;min-width:{:.0f}px"
_SMALLEST = 0.65
"""The share of its size down to which a picture in a page is legible."""


def svg(layout: Layout, theme: Theme = Theme.LIGHT, *, inline: bool = False) -> str:
    """The document, with a newline at its end.

    `inline` is for a picture that stands in the text of a page: it shrinks with its column, as far as its
    words stay legible.
    """
    return "".join(f"{line}\n" for line in _Painter(layout, theme, inline=inline).document())


class _Painter:
    def __init__(self, layout: Layout, theme: Theme, *, inline: bool) -> None:
        self._layout = layout
        self._theme = theme
        self._inline = inline
        self._name = layout.view.name
        self._ids: set[str] = set()

    def document(self) -> Iterator[str]:
        """The lines of the document: frames, edges over them, boxes on top."""
        layout, name = self._layout, self._name
        wide, high = _number(layout.width), _number(layout.height)
        lines = sorted({placed.edge.kind for placed in layout.edges} - {""})
        arrows = [_arrow_name(name, kind) for kind in ("", *lines)]
        self._ids |= {name, *arrows, f"{name}-title", f"{name}-desc"}
        yield _open(
            "svg",
            **{"aria-labelledby": f"{name}-title {name}-desc"},
            height=high,
            id=name,
            role="img",
            **({"style": _INLINE.format(layout.width * _SMALLEST)} if self._inline else {}),
            viewBox=f"0 0 {wide} {high}",
            width=wide,
            xmlns="http://www.w3.org/2000/svg",
        )
        yield f'<title id="{escape(name)}-title">{_text(layout.view.title)}</title>'
        yield f'<desc id="{escape(name)}-desc">{_text(layout.view.description)}</desc>'
        kinds = {placed.box.kind for placed in layout.boxes}
        kinds |= {placed.frame.kind for placed in layout.frames}
        rules = style_sheet(name, kinds, self._theme, edges=lines, inline=self._inline)
        yield f"<style>{escape(rules, quote=False)}</style>"
        for kind in ("", *lines):
            yield from self._arrow(kind)
        yield _tag("rect", **{"class": "ns-paper"}, height=high, width=wide)
        for frame in layout.frames:
            yield self._frame(frame)
        yield _open("g", **{"class": "ns-edges", "marker-end": f"url(#{name}-arrow)"})
        for stroke in strokes(layout.edges):
            yield _stroke(stroke, _arrow_name(name, stroke.edge.edge.kind))
        yield "</g>"
        for box in layout.boxes:
            yield self._box(box)
        yield "</svg>"

    def _arrow(self, kind: str) -> Iterator[str]:
        yield _open(
            "marker",
            id=_arrow_name(self._name, kind),
            markerHeight="7",
            markerUnits="userSpaceOnUse",
            markerWidth="8",
            orient="auto",
            refX="8",
            refY="3.5",
        )
        head = f"ns-head ns-head-{kind}" if kind else "ns-head"
        yield _tag("path", **{"class": head}, d="M0 0L8 3.5L0 7z")
        yield "</marker>"

    def _id(self, kind: str, path: str) -> str:
        """An id of its own: paths keep their spelling, a clash gets a number."""
        plain = f"{self._name}-{kind}-" + re.sub(r"[^A-Za-z0-9_.-]", "-", path)
        found, number = plain, 1
        while found in self._ids:
            number += 1
            found = f"{plain}-{number}"
        self._ids.add(found)
        return found

    def _frame(self, placed: PlacedFrame) -> str:
        frame = placed.frame
        sheet = _rect(placed, COPIES_SHIFT, 6) if frame.copies > 1 else ""
        words = f"<title>{_text(frame.tooltip)}</title>" if frame.tooltip else ""
        own = "" if frame.kind == "frame" else f" ns-{frame.kind}"
        kind = _classes(f"ns-frame{own}", dashed=frame.dashed)
        start = _open("g", **{"class": kind}, id=self._id("frame", frame.id))
        return f"{start}{words}{sheet}{_rect(placed, 0, 6)}{_lines(placed.lines)}</g>"

    def _box(self, placed: PlacedBox) -> str:
        box = placed.box
        words = f"<title>{_text(box.tooltip)}</title>" if box.tooltip else ""
        kind = _classes(f"ns-box ns-{box.kind}", dashed=box.dashed)
        start = _open("g", **{"class": kind}, id=self._id("box", box.id))
        radius = placed.height / 2 if box.kind in ROUND else 4
        return f"{start}{words}{_rect(placed, 0, radius)}{_lines(placed.lines)}</g>"


def _arrow_name(name: str, kind: str) -> str:
    return f"{name}-arrow-{kind}" if kind else f"{name}-arrow"


def _stroke(stroke: Stroke, arrow: str) -> str:
    attributes = {"d": _path(stroke)}
    edge = stroke.edge.edge
    kinds = [f"ns-edge-{edge.kind}"] * bool(edge.kind) + ["ns-dashed"] * edge.dashed
    if kinds:
        attributes["class"] = " ".join(kinds)
    if not stroke.arrow:
        attributes["marker-end"] = "none"
    elif edge.kind:
        attributes["marker-end"] = f"url(#{arrow})"
    return _tag("path", **attributes)


def _classes(kind: str, *, dashed: bool) -> str:
    return f"{kind} ns-dashed" if dashed else kind


def _rect(placed: PlacedBox | PlacedFrame, shift: float, radius: float) -> str:
    return _tag(
        "rect",
        height=_number(placed.height),
        rx=_number(radius),
        width=_number(placed.width),
        x=_number(placed.x + shift),
        y=_number(placed.y + shift),
    )


def _lines(lines: Iterable[Line]) -> str:
    return "".join(_line(line) for line in lines if line.text)


def _line(line: Line) -> str:
    kind = f"ns-{line.style.name}" + ("" if line.anchor == "start" else f" ns-{line.anchor}")
    start = _open("text", **{"class": kind}, x=_number(line.x), y=_number(line.y))
    return f"{start}{_text(line.text)}</text>"


def _path(stroke: Stroke) -> str:
    """`M`, `L` and `Q` commands: straight segments with small round corners."""
    commands = [f"M{_pair(stroke.points[0])}"]
    for into, corner, out in stroke.corners():
        commands.append(f"L{_pair(into)}Q{_pair(corner)} {_pair(out)}")
    return "".join([*commands, f"L{_pair(stroke.points[-1])}"])


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Rounded to a tenth of a pixel, without a needless `.0` or `-0`."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    """Text as it is, without characters that are no text."""
    return escape(_REPLACED.sub("\ufffd", text), quote=False)


def _open(name: str, **attributes: str) -> str:
    words = "".join(f' {key}="{escape(value)}"' for key, value in sorted(attributes.items()))
    return f"<{name}{words}>"


def _tag(name: str, **attributes: str) -> str:
    return _open(name, **attributes).removesuffix(">") + "/>"
