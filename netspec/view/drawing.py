"""Graph -> View: parts become boxes and frames, values become edges between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from math import isqrt

from netspec.diagnostics import Diagnostic
from netspec.graph import Graph, Node, Value
from netspec.layout.boxes import Box, Edge, Frame, View
from netspec.limits import Limits
from netspec.shape import Shape
from netspec.view.detail import Detail, Level
from netspec.view.excerpt import Excerpt, excerpt
from netspec.view.faults import NOTHING_BROKEN, clashing, with_faults
from netspec.view.interfaces import Interfaces
from netspec.view.labels import axes, box_tooltip, detail, frame_tooltip, note, whole
from netspec.view.parts import Group, Part, Parts, Terminal, Unit, parts
from netspec.view.prose import describe
from netspec.view.stretches import stretches
from netspec.view.terminals import with_terminals
from netspec.view.widths import widths


def view(
    graph: Graph, what: Detail | None = None, broken: Mapping[Node, Diagnostic] = NOTHING_BROKEN
) -> View:
    """The boxes of `graph` with their words and edges, ready to be laid out.

    `broken` has the nodes of a sketch in whose layers there are errors. Above the limits the
    picture shows less than was asked for, and `notes` says so.

    Raises:
        UsageError: `only` or a pattern of `expand` finds no layer (NS506).
    """
    what = what or Detail()
    of = excerpt(graph, what, broken)
    limits = what.limits
    drawn = _view(of, what, parts(graph, of.scope, what))
    for less in _less(what):
        if _fits(drawn, limits):
            return drawn
        drawn = _view(of, less, parts(graph, of.scope, less), _note(drawn, limits))
    if not _fits(drawn, limits):
        found = parts(graph, of.scope, less)
        for most in (limits.diagram_nodes, isqrt(2 * limits.diagram_edges)):
            if not _fits(drawn, limits):
                drawn = _view(of, less, stretches(found, most), _note(drawn, limits))
    return drawn


def _less(what: Detail) -> Iterator[Detail]:
    """What to show instead of too much: less and less."""
    if what.level is Level.FULL or what.expand:
        yield replace(what, level=Level.BLOCKS, expand=())
    yield replace(what, level=Level.OVERVIEW, expand=())


def _fits(drawn: View, limits: Limits) -> bool:
    boxes = sum(1 for _ in drawn.root.boxes())
    return boxes <= limits.diagram_nodes and len(drawn.edges) <= limits.diagram_edges


def _note(drawn: View, limits: Limits) -> str:
    if drawn.notes:
        return drawn.notes[0]
    boxes = sum(1 for _ in drawn.root.boxes())
    return (
        f"the picture would have {boxes:,} nodes and {len(drawn.edges):,} edges; above "
        f"{limits.diagram_nodes:,} nodes or {limits.diagram_edges:,} edges it shows less"
    )


def _view(of: Excerpt, what: Detail, found: Parts, note: str = "") -> View:
    graph = of.graph
    root = with_terminals(of, found)
    heads = {out.head for out in graph.outputs if out.train_only}
    drawing = _Drawing(graph, found, what, heads, of.broken)
    children = drawing.boxes(root, "")
    names = [graph.name, *([] if of.is_whole else [of.scope.path])]
    title = ": ".join(names)
    if what.level is not Level.BLOCKS:
        names.append(what.level)
    name = re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(names)).strip("-") or "network"
    if not name[0].isalpha():  # an id that starts with a digit is no selector in CSS
        name = f"network-{name}"
    return View(
        name,
        title,
        " ".join(filter(None, (describe(of), f"{note[:1].upper()}{note[1:]}." if note else ""))),
        Frame("", children),
        tuple(drawing.edges()),
        (note,) if note else (),
        frozenset(_stages(root, drawing.heads)),
    )


def _stages(root: Sequence[Part], heads: AbstractSet[str | None]) -> Iterator[int]:
    """The places of the parts that give maps of another size than the part before."""
    before: Shape | None = None
    for place, part in enumerate(root):
        if isinstance(part, Terminal):
            continue
        path = part.scope.path if isinstance(part, Group) else part.path
        nodes = list(part.last.nodes()) if isinstance(part, Group) else part.nodes
        if not nodes or path in heads:
            continue
        after = axes(nodes[-1].outputs[0])
        if before is not None and after != before:
            yield place
        before = after


@dataclass
class _Drawing:
    """`owner` maps a value to the box that makes it, `head` a box to the training-only head around it.

    `channels` maps a box of a frame that stands for several widths to what its channels are called;
    `varied` are those that do not cost the same in each copy. `clashes` maps what a box cannot take to the
    box that says what it is.
    """

    graph: Graph
    parts: Parts
    what: Detail
    heads: set[str | None]
    broken: Mapping[Node, Diagnostic]
    order: list[Unit | Terminal] = field(default_factory=list)
    owner: dict[Value, Unit | Terminal] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)
    channels: dict[Unit, str] = field(default_factory=dict)
    varied: set[Unit] = field(default_factory=set)
    clashes: dict[tuple[Unit, Value], Terminal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._interfaces = Interfaces(self.graph)

    def boxes(self, parts: list[Part], head: str) -> tuple[Box | Frame, ...]:
        """The boxes and frames of parts, which stand inside `head`."""
        return tuple(item for part in parts for item in self._items(part, head))

    def _items(self, part: Part, head: str) -> Iterator[Box | Frame]:
        """A part; before one whose inputs do not fit, what they are."""
        if isinstance(part, Group):
            yield self._frame(part, head)
            return
        if isinstance(part, Unit) and not part.title:
            for clash in clashing(part, self.broken):
                self.clashes[part, clash.value] = clash
                yield self._box(clash, head)
        yield self._box(part, head)

    def _frame(self, group: Group, head: str) -> Frame:
        found = widths(group, table=self.what.fold)
        self.channels.update(found.channels)
        self.varied |= found.varied
        first = list(group.scope.nodes())
        counted = [node for scope in group.run for node in scope.nodes()] if found.differ else first
        reads = self._interfaces.reads(first)
        gives = self._interfaces.gives(list(group.last.nodes()))
        is_head = group.scope.path in self.heads
        each = group.copies > 1 and not found.differ
        tooltip = frame_tooltip(group.scope, group.only, counted, reads, gives)
        return Frame(
            group.scope.path,
            self.boxes(group.parts, group.scope.path if is_head else head),
            group.title,
            note(counted, reads, gives, self.what.annotate, each=each),
            "\n".join([tooltip, *(", ".join(filter(None, row)) for row in found.rows)]),
            is_head,
            group.copies,
            found.rows,
        )

    def _box(self, part: Unit | Terminal, head: str) -> Box:
        self.order.append(part)
        if isinstance(part, Terminal):
            self.head[part.path] = part.head
            if part.kind == "input":
                self.owner[part.value] = part
            return Box(part.path, part.kind, part.label, part.detail, part.tooltip, bool(part.head))
        is_head = part.path in self.heads
        self.head[part.path] = part.path if is_head else head
        self.owner.update((value, part) for node in part.nodes for value in node.outputs)
        tooltip = self._tooltip(part)
        if part.title:
            reads, gives = self._interfaces.reads(part.nodes), self._interfaces.gives(part.nodes)
            words = whole(part.nodes, reads, gives, self.what.annotate)
            box = Box(part.path, "block", part.title, words, tooltip, is_head)
            return with_faults(box, part, self.broken)
        first = part.nodes[0].op
        words = detail(
            part.nodes,
            self.what.annotate,
            channels=self.channels.get(part, ""),
            costs=part not in self.varied,
            rank=len(self.graph.input.known or ()),
        )
        box = Box(part.path, first.drawn_as().value, first.label(), words, tooltip, is_head)
        return with_faults(box, part, self.broken)

    def _tooltip(self, unit: Unit) -> str:
        scope = self.graph.scopes.get(unit.path)
        if unit.title and scope is not None:
            reads, gives = self._interfaces.reads(unit.nodes), self._interfaces.gives(unit.nodes)
            return frame_tooltip(scope, None, unit.nodes, reads, gives)
        return box_tooltip(unit.path, unit.nodes)

    def edges(self) -> Iterator[Edge]:
        """From the box that makes a value to each that reads it, in the order of their inputs."""
        clashes = set(self.clashes.values())
        for part in self.order:
            for value in _taken(part):
                clash = self.clashes.get((part, value)) if isinstance(part, Unit) else None
                source = clash or self.owner.get(self.parts.drawn(value))
                if source is not None and source is not part:
                    dashed = value.poisoned or self.head[source.path] != self.head[part.path]
                    about = clash or part in clashes
                    yield Edge(source.path, part.path, dashed, "clash" if about else "")


def _taken(part: Unit | Terminal) -> list[Value]:
    """What a box reads; a whole layer in one box takes each value once."""
    if isinstance(part, Unit) and part.title:
        return list(dict.fromkeys(value for node in part.nodes for value in node.inputs))
    if isinstance(part, Unit):
        return [value for node in part.nodes for value in node.inputs]
    return [] if part.kind == "input" else [part.value]
