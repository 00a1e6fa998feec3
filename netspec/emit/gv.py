"""Layout -> a Graphviz document with positions: `neato -n2` paints the picture that the layout gave.

Labels are plain quoted text, never HTML-like, so a name or a doc can mean nothing to Graphviz. Plain `dot`
ignores the positions and lays the same graph out by itself. Attributes are sorted; numbers are points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from netspec.emit.palette import OUTLINE, PALETTES, Paint, Palette, Theme
from netspec.emit.strokes import ARROW, towards
from netspec.emit.widths import width_lines
from netspec.layout.boxes import Layout, PlacedBox, PlacedEdge, PlacedFrame, Point
from netspec.layout.text import Style, width

POINTS_PER_INCH = 72
_NOTHING = "\u200b"  # a space without width: it keeps apart what would mean something
_BACKSLASH = (
    "\u29f5"  # looks like one: in tooltips and ids Graphviz 2.43 reads escapes twice, later once
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_CLUSTER = Style("cluster", 9)
"""The two lines of a frame: they stand one below the other in the row of its title."""


def gv(layout: Layout, theme: Theme = Theme.LIGHT) -> str:
    """The document, with a newline at its end."""
    return "".join(f"{line}\n" for line in _Document(layout, PALETTES[theme]).lines())


def quote(text: str, *, end: str = "\\n", escape: str = "\\\\") -> str:
    r"""A DOT string that shows `text` as it is: escapes and entities of Graphviz mean nothing in it.

    `end` is the escape that ends a line: `\n` centres it, `\l` sets it flush left. `escape` is what
    shows a backslash.
    """
    plain = "".join(c if c == "\n" or c.isprintable() else " " for c in text)
    plain = _ENTITY.sub(f"&{_NOTHING}", plain).replace("\\", escape).replace('"', '\\"')
    last = end if end != "\\n" and text else ""
    return f'"{end.join(plain.split(chr(10)))}{last}"'


class _Document:
    def __init__(self, layout: Layout, palette: Palette) -> None:
        self._layout = layout
        self._palette = palette

    def lines(self) -> Iterator[str]:
        """The lines: graph attributes, clusters with their boxes, edges."""
        layout = self._layout
        yield f"digraph {quote(layout.view.name)} {{"
        box = f"0,0,{number(layout.width)},{number(layout.height)}"
        yield f"  graph [{self._list(bb=box, bgcolor=self._palette.paper, ordering='out', splines='ortho')}];"
        yield f"  node [{self._list(fontname='Helvetica', fontsize='11', shape='box')}];"
        yield f"  edge [{self._list(arrowsize='0.7', color=self._palette.edge)}];"
        yield from self._inside(self._layout.view.root.id, "  ")
        for edge in layout.edges:
            yield f"  {self._edge(edge)}"
        yield "}"

    def _inside(self, parent: str, indent: str) -> Iterator[str]:
        for box in self._layout.boxes:
            if box.parent == parent:
                yield f"{indent}{self._box(box)}"
        for frame in self._layout.frames:
            if frame.parent == parent:
                yield f"{indent}subgraph {quote(f'cluster_{frame.frame.id}')} {{"
                yield f"{indent}  graph [{self._frame(frame)}];"
                if frame.frame.table:
                    yield f"{indent}  {self._table(frame)}"
                yield from self._inside(frame.frame.id, f"{indent}  ")
                yield f"{indent}}}"

    def _box(self, placed: PlacedBox) -> str:
        box = placed.box
        paint = self._palette.paint(box.kind)
        middle = (placed.x + placed.width / 2, placed.y + placed.height / 2)
        attributes = self._list(
            **{"class": box.kind},
            color=paint.stroke,
            fillcolor=paint.fill,
            fontcolor=self._palette.text,
            height=f"{placed.height / POINTS_PER_INCH:.3f}",
            id=box.id,
            label="\n".join(filter(None, (box.label, box.detail))),
            pos=self._point(middle),
            **outline(paint),
            style="rounded,filled,dashed" if box.dashed else "rounded,filled",
            tooltip=box.tooltip or box.label,
            width=f"{placed.width / POINTS_PER_INCH:.3f}",
        )
        return f"{quote(box.id)} [{attributes}];"

    def _frame(self, placed: PlacedFrame) -> str:
        frame, high = placed.frame, self._layout.height
        corners = (
            placed.x,
            high - placed.y - placed.height,
            placed.x + placed.width,
            high - placed.y,
        )
        # A cluster has one label, which Graphviz centres on `lp`: it starts at the left, beside the spine,
        # with the note, which the SVG has at the right, as its second line.
        paint = self._palette.paint(frame.kind)
        words = [line for line in (frame.title, frame.note) if line]
        middle = placed.x + 12 + max((width(line, _CLUSTER) for line in words), default=0.0) / 2
        return self._list(
            bb=",".join(map(number, corners)),
            color=paint.stroke,
            fillcolor=paint.fill,
            fontcolor=self._palette.text,
            fontname="Helvetica",
            fontsize=f"{_CLUSTER.size:g}",
            id=frame.id,
            label="\n".join(words),
            labeljust="l",
            lp=self._point((middle, placed.y + 14)),
            **outline(paint),
            style="rounded,filled,dashed" if frame.dashed else "rounded,filled",
            tooltip=frame.tooltip or frame.title,
        )

    def _table(self, placed: PlacedFrame) -> str:
        """The widths of what the frame stands for, in a node of its own: a cluster has no room for them."""
        cells = placed.lines[2:]
        left = min(line.x for line in cells)
        right = max(line.x for line in cells)
        middle = ((left + right) / 2, (cells[0].y + cells[-1].y) / 2 - 3)
        attributes = self._list(
            **{"class": "table"},
            fontcolor=self._palette.text,
            fontname="Courier",
            fontsize="8",
            label="\n".join(width_lines(placed.frame)),
            labeljust="l",
            pos=self._point(middle),
            shape="plaintext",
        )
        return f"{quote(f'table {placed.frame.id}')} [{attributes}];"

    def _edge(self, placed: PlacedEdge) -> str:
        edge = placed.edge
        *rest, before, tip = placed.points
        end = towards(tip, before, ARROW)
        corners = [*rest, before, end]
        controls = [corners[0]]
        for one, other in pairwise(corners):
            controls += [one, other, other]
        spline = " ".join([f"e,{self._point(tip)}", *map(self._point, controls)])
        style = {"style": "dashed"} if edge.dashed else {}
        if edge.kind:
            style["color"] = self._palette.paint(edge.kind).stroke
        return f"{quote(edge.source)} -> {quote(edge.target)} [{self._list(pos=spline, **style)}];"

    def _point(self, point: Point) -> str:
        x, y = point
        return f"{number(x)},{number(self._layout.height - y)}"

    @staticmethod
    def _list(**attributes: str) -> str:
        flush = "\\l" if "labeljust" in attributes else "\\n"

        def quoted(name: str) -> str:
            if name in {"id", "tooltip"}:
                return quote(attributes[name], escape=_BACKSLASH)
            return quote(attributes[name], end=flush if name == "label" else "\\n")

        return ", ".join(f"{name}={quoted(name)}" for name in sorted(attributes))


def outline(paint: Paint) -> dict[str, str]:
    """The attribute of an outline that is wider than usual."""
    return {} if paint.width == OUTLINE else {"penwidth": f"{paint.width:g}"}


def number(value: float) -> str:
    """A coordinate: rounded to a tenth of a point, never in powers of ten."""
    return f"{round(value, 1):g}" if abs(value) < 100_000 else f"{value:.1f}"
