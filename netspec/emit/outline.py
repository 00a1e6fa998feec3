"""View -> a picture made of characters, for terminals and for documents that hold only text.

The same boxes, frames and words as the other pictures. The stream runs down; branches stand one below the
other, each behind a mark of its own; a line that passes others is told where it ends, by the name of where
it comes from. Rejected: a grid of characters with lines drawn in it (a module with four branches needs more
than 80 columns).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from netspec.emit.widths import width_lines
from netspec.layout.boxes import Box, Frame, View
from netspec.layout.measure import DEPTH
from netspec.layout.reduction import Link, Series
from netspec.layout.series import Plan, plan
from netspec.layout.tree import Tree
from netspec.layout.wiring import IN, Inside, Wiring, wire

_WIDEST = 40
"""Columns up to which the second column moves to the right to stay clear of the first."""


def outline(view: View) -> str:
    """The text, with a newline at its end."""
    tree = Tree.of(view.root)
    rows = list(_Outline(tree, wire(tree, view.edges)).frame(0))
    wide = min(max((len(row.start) for row in rows if row.words), default=0), _WIDEST)
    lines = [view.title, "", *(row.spelled(wide) for row in rows)]
    return "".join(f"{_plain(line).rstrip()}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: the marks that lead to it, what it is, and its numbers."""

    marks: str
    label: str
    words: str = ""

    @property
    def start(self) -> str:
        return self.marks + self.label

    def spelled(self, wide: int) -> str:
        return f"{self.start:{wide}}  {self.words}" if self.words else self.start

    def behind(self, mark: str) -> _Row:
        return replace(self, marks=mark + self.marks)


class _Outline:
    """Rows of frames, from the plans that the layout draws too. `far` has what joins a box from afar."""

    def __init__(self, tree: Tree, wiring: Wiring) -> None:
        self._tree = tree
        self._plans = {
            number: _planned(tree, wiring, number)
            for number, item in enumerate(tree.items)
            if isinstance(item, Frame)
        }
        self._far = defaultdict[int, list[str]](list)
        for number, drawn in self._plans.items():
            self._note_lanes(number, drawn)
        for inside in wiring.inside.values():
            for skip in inside.skips:
                self._far[skip.target].append(self._name(skip.source))

    def _note_lanes(self, frame: int, drawn: Plan) -> None:
        """Also of what hangs in it."""
        slots = self._tree.children[frame]
        for source, target in _lanes(drawn.series):
            if target < len(slots):
                start = "the input" if source == IN else self._name(slots[source])
                self._far[slots[target]].append(start)
        for hung in drawn.hangs.values():
            for each in hung:
                self._note_lanes(frame, each)

    def _name(self, number: int) -> str:
        return self._tree.items[number].id

    def frame(self, number: int) -> Iterator[_Row]:
        """What is inside a frame."""
        return self._plan(number, self._plans[number])

    def _plan(self, frame: int, drawn: Plan) -> Iterator[_Row]:
        yield from self._hanging(frame, drawn, IN)
        yield from self._series(frame, drawn, drawn.series)

    def _series(self, frame: int, drawn: Plan, series: Series) -> Iterator[_Row]:
        for at, link in enumerate(series.links):
            yield from self._link(frame, drawn, link)
            if at < len(series.vertices):
                slot = series.vertices[at]
                yield from self._item(self._tree.children[frame][slot], joined=link.joined)
                yield from self._hanging(frame, drawn, slot)

    def _link(self, frame: int, drawn: Plan, link: Link) -> Iterator[_Row]:
        """Branches, one below the other; one without a box passes on what it reads."""
        last = len(link.branches) - 1
        for at, branch in enumerate(link.branches):
            rows = list(self._series(frame, drawn, branch)) or [_Row("", "identity")]
            mark = "└─ " if at == last else "├─ " if at else "┌─ "
            yield from _marked(rows, mark, "   " if at == last else "│  ")

    def _hanging(self, frame: int, drawn: Plan, slot: int) -> Iterator[_Row]:
        """What starts there and leads nowhere: heads."""
        for hung in drawn.hangs.get(slot, ()):
            yield from _marked(list(self._plan(frame, hung)), "╰╌ ", "   ")

    def _item(self, number: int, *, joined: bool) -> Iterator[_Row]:
        item = self._tree.items[number]
        far = ", ".join(self._far[number])
        told = f"{'+' if joined else '←'} {far}" if far else ""
        if isinstance(item, Box):
            words = (*item.detail.split("\n"), told)
            yield _Row("", item.label, " · ".join(filter(None, words)))
            return
        title = item.title + (" (training only)" if item.dashed else "")
        yield _Row("┌ ", title, " · ".join(filter(None, (item.note, told))))
        rows = [*(_Row("  ", line) for line in width_lines(item)), *self.frame(number)]
        yield from (row.behind("│ ") for row in rows[:-1])
        yield from (row.behind("└ ") for row in rows[-1:])


def _planned(tree: Tree, wiring: Wiring, number: int) -> Plan:
    inside = wiring.inside.get(number, Inside())
    slots = range(len(tree.children[number]))
    return plan(slots, inside.wires, inside.pinned, max(2, DEPTH - 2 * tree.depth[number]))


def _lanes(series: Series) -> Iterator[tuple[int, int]]:
    """Beside the series, and beside its branches."""
    yield from series.lanes
    for link in series.links:
        for branch in link.branches:
            yield from _lanes(branch)


def _marked(rows: Sequence[_Row], first: str, rest: str) -> Iterator[_Row]:
    for at, row in enumerate(rows):
        yield row.behind(rest if at else first)


def _plain(text: str) -> str:
    """One line that no terminal takes for a command."""
    return "".join(each if each.isprintable() else " " for each in text)
