"""Layout -> the Graphviz document that is piped to Graphviz for PNG and PDF: it looks like the SVG.

Every box, frame, line and word stands where the SVG has it. Each line of text is a node of its own, with an
escaped HTML-like label, since only those can be bold, have two sizes in one box, or end at a given place.
The published document (`gv`) is for people and programs: plain labels, and edges that plain `dot` can lay
out. Rejected: drawing it all as `_background`, which has no nodes and no words that can be searched in a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import ceil
from types import MappingProxyType

from netspec.emit.gv import POINTS_PER_INCH, number, outline, quote
from netspec.emit.palette import PALETTES, ROUND, Palette, Theme
from netspec.emit.strokes import Stroke, length, strokes, towards
from netspec.layout.boxes import Layout, Line, PlacedBox, PlacedFrame, Point
from netspec.layout.spacing import COPIES_SHIFT
from netspec.layout.text import QUIET, width

_FONTS = "Helvetica,Arial,Liberation Sans,sans"
_ARROW = 7.5
_BASELINE = 0.17
"""From the middle of a line of text down to its baseline in Graphviz, in ems."""
_SLACK = 4.0
"""How much wider the cell of a text is than the text: fonts differ by a little."""
_ENTITIES = MappingProxyType(
    {each: f"&#{ord(each)};" for each in "&<>\"'"} | {" ": "&#160;", "\\": "\\\\"}
)
"""Markup; spaces, of which only the first would stay; the backslash, which begins an escape here too."""
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gv_painted(layout: Layout, theme: Theme = Theme.LIGHT) -> str:
    """The document for `neato -n2`, with a newline at its end."""
    return "".join(f"{line}\n" for line in _Document(layout, PALETTES[theme]).lines())


class _Document:
    def __init__(self, layout: Layout, palette: Palette) -> None:
        self._layout = layout
        self._palette = palette
        self._count = 0

    def lines(self) -> Iterator[str]:
        """The lines: frames, then the edges, then boxes and words, which Graphviz paints in this order."""
        layout, paper = self._layout, self._palette.paper
        corners = f"0,0,{number(layout.width)},{number(layout.height)}"
        yield f"digraph {quote(layout.view.name)} {{"
        yield f"  graph [{_list(bb=corners, bgcolor=paper, outputorder='edgesfirst', pad='0', margin='0')}];"
        yield f"  node [{_list(fixedsize='true', fontname=_FONTS, label='', penwidth='1.25')}];"
        yield f"  edge [{_list(arrowsize='0.7', color=self._palette.edge, penwidth='1.25')}];"
        yield from self._corners()
        yield from self._frames(layout.view.root.id, "  ")
        for placed in layout.boxes:
            yield self._box(placed)
        for stroke in strokes(layout.edges):
            yield self._stroke(stroke)
        for line in self._words():
            yield self._text(line)
        yield "}"

    def _words(self) -> Iterator[Line]:
        """Every line of text, in boxes and frames."""
        layout = self._layout
        holders: Iterable[PlacedFrame | PlacedBox] = (*layout.frames, *layout.boxes)
        return (line for placed in holders for line in placed.lines if line.text)

    def _corners(self) -> Iterator[str]:
        """Two nodes that nobody sees: Graphviz cuts the picture to what is in it."""
        for name, x, y in (("start", 0.0, self._layout.height), ("end", self._layout.width, 0.0)):
            place = _list(height="0", pos=self._point((x, y)), shape="none", width="0")
            yield f"  {quote(f'corner {name}')} [{place}];"

    def _frames(self, parent: str, indent: str) -> Iterator[str]:
        """Frames inside `parent`; one that stands for copies has a second sheet behind it."""
        for placed in self._layout.frames:
            if placed.parent != parent:
                continue
            shifts = (COPIES_SHIFT, 0.0) if placed.frame.copies > 1 else (0.0,)
            for shift in shifts:
                last = shift == shifts[-1]
                yield f"{indent}subgraph {quote(f'cluster {placed.frame.id} {shift:g}')} {{"
                yield f"{indent}  graph [{self._frame(placed, shift)}];"
                yield from self._anchor(placed, indent)
                if last:
                    yield from self._frames(placed.frame.id, f"{indent}  ")
                yield f"{indent}}}"

    def _anchor(self, placed: PlacedFrame, indent: str) -> Iterator[str]:
        """A node that nobody sees: Graphviz leaves out clusters without one."""
        self._count += 1
        middle = self._point((placed.x + placed.width / 2, placed.y + placed.height / 2))
        place = _list(height="0", pos=middle, shape="none", width="0")
        yield f"{indent}  {quote(f'anchor {self._count}')} [{place}];"

    def _frame(self, placed: PlacedFrame, shift: float) -> str:
        paint, high = self._palette.paint(placed.frame.kind), self._layout.height
        left, top = placed.x + shift, placed.y + shift
        corners = (left, high - top - placed.height, left + placed.width, high - top)
        return _list(
            bb=",".join(map(number, corners)),
            color=paint.stroke,
            fillcolor=paint.fill,
            **outline(paint),
            style=_style("rounded,filled", dashed=placed.frame.dashed),
        )

    def _box(self, placed: PlacedBox) -> str:
        paint = self._palette.paint(placed.box.kind)
        attributes = _list(
            color=paint.stroke,
            fillcolor=paint.fill,
            height=f"{placed.height / POINTS_PER_INCH:.3f}",
            **outline(paint),
            pos=self._point((placed.x + placed.width / 2, placed.y + placed.height / 2)),
            shape="box",
            style=_style(
                "rounded,filled" if placed.box.kind in ROUND else "filled",
                dashed=placed.box.dashed,
            ),
            width=f"{placed.width / POINTS_PER_INCH:.3f}",
        )
        return f"  {quote(f'box {placed.box.id}')} [{attributes}];"

    def _stroke(self, stroke: Stroke) -> str:
        """A line with small round corners; without an arrow where it joins another."""
        tip = stroke.points[-1]
        controls = [stroke.points[0]]
        for into, corner, out in stroke.corners():
            bend = length(into, corner) * 2 / 3  # a quadratic curve as a cubic one
            around = (towards(into, corner, bend), towards(out, corner, bend))
            controls += [*_straight(controls[-1], into), *around, out]
        end = towards(tip, stroke.points[-2], _ARROW) if stroke.arrow else tip
        controls += _straight(controls[-1], end)
        spline = " ".join(map(self._point, controls))
        ends = {"pos": f"e,{self._point(tip)} {spline}"} if stroke.arrow else {"pos": spline}
        shape = {} if stroke.arrow else {"arrowhead": "none"}
        style = {"style": "dashed"} if stroke.edge.edge.dashed else {}
        edge = stroke.edge.edge
        if edge.kind:
            style["color"] = self._palette.paint(edge.kind).stroke
        names = f"{quote(f'box {edge.source}')} -> {quote(f'box {edge.target}')}"
        return f"  {names} [{_list(**ends, **shape, **style)}];"

    def _text(self, line: Line) -> str:
        """A line of text as a node: its cell ends where the text is to start, stand or end."""
        style = line.style
        wide, high = ceil(width(line.text, style) + _SLACK), ceil(style.size * 1.3)
        middle = {"start": line.x + wide / 2, "middle": line.x, "end": line.x - wide / 2}
        side = {"start": "LEFT", "middle": "CENTER", "end": "RIGHT"}[line.anchor]
        colour = self._palette.quiet if style in QUIET else self._palette.text
        words = escaped(line.text)
        words = f"<B>{words}</B>" if style.bold else words
        label = (
            f'<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0"><TR>'
            f'<TD ALIGN="{side}" WIDTH="{wide}">{words}</TD></TR></TABLE>>'
        )
        self._count += 1
        place = _list(
            fontcolor=colour,
            fontsize=f"{style.size:g}",
            height=f"{high / POINTS_PER_INCH:.3f}",
            pos=self._point((middle[line.anchor], line.y - style.size * _BASELINE)),
            shape="none",
            width=f"{wide / POINTS_PER_INCH:.3f}",
        )
        return f"  {quote(f'text {self._count}')} [{place}, label={label}];"

    def _point(self, point: Point) -> str:
        x, y = point
        return f"{number(x)},{number(self._layout.height - y)}"


def escaped(text: str) -> str:
    """Text inside an HTML-like label: markup and entities mean nothing in it, spaces stay."""
    plain = "".join(each if each.isprintable() else " " for each in _ILLEGAL.sub("\ufffd", text))
    return "".join(_ENTITIES.get(each, each) for each in plain)


def _straight(start: Point, stop: Point) -> tuple[Point, Point, Point]:
    """A straight line as the last three points of a Bézier curve."""
    return start, stop, stop


def _style(style: str, *, dashed: bool) -> str:
    return f"{style},dashed" if dashed else style


def _list(**attributes: str) -> str:
    return ", ".join(f"{name}={quote(attributes[name])}" for name in sorted(attributes))
