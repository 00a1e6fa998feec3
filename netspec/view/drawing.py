"""Graph -> View: parts become boxes and frames, values become edges between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netspec.graph import Graph, Node, Value
from netspec.layout.boxes import Box, Edge, Frame, View
from netspec.view.interfaces import Interfaces
from netspec.view.labels import box_tooltip, detail, frame_tooltip, full_size, note
from netspec.view.parts import Group, Level, Part, Parts, Terminal, Unit, parts
from netspec.view.prose import describe
from netspec.view.terminals import with_terminals


def view(graph: Graph, *, level: Level = Level.BLOCKS) -> View:
    """The boxes of `graph` at a level of detail, with their words and edges, ready to be laid out."""
    found = parts(graph, level)
    root = with_terminals(graph, found)
    drawing = _Drawing(graph, found, {out.head for out in graph.outputs if out.train_only})
    children = drawing.boxes(root, "")
    name = re.sub(r"[^A-Za-z0-9_]+", "-", graph.name).strip("-") or "network"
    return View(
        name if level is Level.BLOCKS else f"{name}-{level}",
        graph.name,
        describe(graph),
        Frame("", children),
        tuple(drawing.edges()),
    )


@dataclass
class _Drawing:
    """`owner` maps a value to the box that makes it, `head` a box to the training-only head around it."""

    graph: Graph
    parts: Parts
    heads: set[str | None]
    order: list[Unit | Terminal] = field(default_factory=list)
    owner: dict[Value, Unit | Terminal] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)

    def boxes(self, parts: list[Part], head: str) -> tuple[Box | Frame, ...]:
        """The boxes and frames of parts, which stand inside `head`."""
        return tuple(
            self._frame(part, head) if isinstance(part, Group) else self._box(part, head)
            for part in parts
        )

    def _frame(self, group: Group, head: str) -> Frame:
        first, last = list(group.scope.nodes()), list((group.last or group.scope).nodes())
        interfaces = Interfaces(self.graph)
        reads, gives = interfaces.reads(first), interfaces.gives(last)
        params = sum(node.op.parameter_count for node in first)
        is_head = group.scope.path in self.heads
        return Frame(
            group.scope.path,
            self.boxes(group.parts, group.scope.path if is_head else head),
            group.title,
            note(reads, gives, params, group.copies),
            frame_tooltip(group.scope, group.only, first, reads, gives),
            is_head,
            group.copies,
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
        tooltip = box_tooltip(part.path, part.nodes)
        if part.title:
            words = _whole(self.graph, part.nodes)
            return Box(part.path, "block", part.title, words, tooltip, is_head)
        first = part.nodes[0].op
        words = detail(part.nodes)
        return Box(part.path, first.drawn_as().value, first.label(), words, tooltip, is_head)

    def edges(self) -> Iterator[Edge]:
        """From the box that makes a value to each that reads it, in the order of their inputs."""
        for part in self.order:
            for value in _taken(part):
                source = self.owner[self.parts.drawn(value)]
                if source is not part:
                    dashed = self.head[source.path] != self.head[part.path]
                    yield Edge(source.path, part.path, dashed)


def _taken(part: Unit | Terminal) -> list[Value]:
    if isinstance(part, Unit):
        return [value for node in part.nodes for value in node.inputs]
    return [] if part.kind == "input" else [part.value]


def _whole(graph: Graph, nodes: list[Node]) -> str:
    """The second line of a whole layer in one box: `64 → 256 · 56×56`."""
    interfaces = Interfaces(graph)
    reads, gives = interfaces.reads(nodes), interfaces.gives(nodes)
    return note(reads, gives, 0) or (full_size(gives[-1].shape) if gives else "")
