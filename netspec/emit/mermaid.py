"""View -> a Mermaid flowchart, which GitHub and many wikis draw inside Markdown.

Ids are numbers of our own and every text is quoted, with each character that could mean something as a
number: no name can end a label, begin another statement, or be taken for Markdown or HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netspec.emit.palette import PALETTES, Paint, Palette, Theme
from netspec.layout import Direction
from netspec.layout.boxes import Box, Frame, View

_NOTHING = "\u200b"
"""A space without width: it keeps apart what Mermaid would take for the end of a line."""
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:/+-_()=×·→…")


def mermaid(view: View, direction: Direction, theme: Theme = Theme.LIGHT) -> str:
    """The document, with a newline at its end."""
    lines = _Document(view, direction, PALETTES[theme]).lines()
    return "".join(f"{line}\n" for line in lines)


class _Document:
    def __init__(self, view: View, direction: Direction, palette: Palette) -> None:
        self._view = view
        self._direction = direction
        self._palette = palette
        self._boxes: Mapping[str, str] = {
            box.id: f"n{number}" for number, box in enumerate(view.root.boxes())
        }
        self._frames = 0

    def lines(self) -> Iterator[str]:
        """The kind of chart, its title, boxes and frames, edges, colours."""
        view = self._view
        yield f"flowchart {self._direction}"
        yield f"  accTitle: {quoted(view.title)}"
        yield f"  accDescr: {quoted(view.description)}"
        for child in view.root.children:
            yield from self._item(child, "  ")
        for edge in view.edges:
            arrow = "-.->" if edge.dashed else "-->"
            yield f"  {self._boxes[edge.source]} {arrow} {self._boxes[edge.target]}"
        for kind in sorted({box.kind for box in view.root.boxes()}):
            yield f"  classDef {kind} {self._paint(self._palette.paint(kind))}"
        dashed = [self._boxes[box.id] for box in view.root.boxes() if box.dashed]
        if dashed:
            yield "  classDef dashed stroke-dasharray:5 3"
            yield f"  class {','.join(dashed)} dashed"
        if self._frames:
            frames = ",".join(f"f{number}" for number in range(self._frames))
            yield f"  classDef frame {self._paint(self._palette.frame)}"
            yield f"  class {frames} frame"

    def _item(self, item: Box | Frame, indent: str) -> Iterator[str]:
        if isinstance(item, Box):
            words = label(item.label, *item.detail.split("\n"))
            start, end = ("([", "])") if item.kind in {"input", "output"} else ("[", "]")
            yield f"{indent}{self._boxes[item.id]}{start}{words}{end}:::{item.kind}"
            return
        name = f"f{self._frames}"
        self._frames += 1
        yield f"{indent}subgraph {name}[{label(item.title, item.note)}]"
        for child in item.children:
            yield from self._item(child, f"{indent}  ")
        yield f"{indent}end"

    def _paint(self, paint: Paint) -> str:
        return f"fill:{paint.fill},stroke:{paint.stroke},color:{self._palette.text}"


def label(*lines: str) -> str:
    """Lines of text in quotes, one below the other."""
    return f'"{"<br/>".join(quoted(line) for line in lines if line)}"'


def quoted(text: str) -> str:
    """Text in which nothing means anything to Mermaid, Markdown or HTML."""
    plain = " ".join(text.split()).replace("\\n", f"\\{_NOTHING}n")
    return "".join(each if each in _SAFE or each.isalpha() else f"#{ord(each)};" for each in plain)
