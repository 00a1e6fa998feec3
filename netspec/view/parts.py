"""What is one box, and what is a frame: scopes and nodes of the graph become parts of the picture.

A norm or activation joins the box of what it belongs to; a scope with one box inside is that box. Copies
of `repeat` have no frame around them: they stand on the trunk by themselves. Neighbours that look the same
fold into one frame, whoever wrote them; copies of one layer even when their channels grow. Rejected: asking
for block names (`conv`, `bottleneck`): any block, built in or written in YAML, is drawn by what it lowers to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from netspec.graph import Graph, Node, Role, Scope, Value
from netspec.view.detail import Detail, Level
from netspec.view.likeness import Alike, Likeness


@dataclass(eq=False)
class Unit:
    """One box: the ops in it, in order. A whole layer in one box has its name as `title`."""

    path: str
    nodes: list[Node]
    title: str = ""


@dataclass(eq=False)
class Group:
    """One frame. `title` is its name; a folded one stands for the scopes of `run`, the first is `scope`.

    `only` is the scope that makes up all of `scope`, if there is one: the two are one frame.
    """

    scope: Scope
    title: str
    parts: list[Part]
    run: Sequence[Scope] = ()
    only: Scope | None = None

    @property
    def copies(self) -> int:
        """How many scopes it stands for."""
        return max(1, len(self.run))

    @property
    def last(self) -> Scope:
        """The last of them."""
        return self.run[-1] if self.run else self.scope


@dataclass(eq=False)
class Terminal:
    """The input of the network, or one of its results."""

    path: str
    kind: str
    label: str
    detail: str
    tooltip: str
    value: Value
    head: str = ""


Part: TypeAlias = Unit | Group | Terminal


@dataclass
class Parts:
    """The parts of a network at a level; `same` maps the values of folded copies to the first copy's."""

    root: list[Part]
    same: Mapping[Value, Value]

    def drawn(self, value: Value) -> Value:
        """The value that stands for it in the picture."""
        while value in self.same:
            value = self.same[value]
        return value


def parts(graph: Graph, root: Scope, detail: Detail) -> Parts:
    """Take the network, or one scope of it, apart."""
    apart = _Apart(
        graph,
        detail,
        Likeness(graph, Alike.WIDTHS if detail.fold else Alike.NOTHING),
        Likeness(graph, Alike.WIDTHS if detail.fold else Alike.CHANNELS),
        detail.opened.union(_ways_to_expanded(graph, detail)),
    )
    return Parts(apart.inside(root, apart.level(root, detail.level)), apart.same)


def _ways_to_expanded(graph: Graph, detail: Detail) -> set[str]:
    """The paths of the scopes around every layer that is to be shown one level deeper."""
    around: set[str] = set()
    for path in graph.scopes if detail.expand else ():
        if detail.expands(path):
            names = path.split(".")
            around |= {".".join(names[:length]) for length in range(1, len(names))}
    return around


@dataclass
class _Apart:
    graph: Graph
    detail: Detail
    neighbours: Likeness
    copies: Likeness
    opened: frozenset[str]
    same: dict[Value, Value] = field(default_factory=dict)

    def level(self, scope: Scope, level: Level) -> Level:
        """The level inside a scope that stands in a scope shown at `level`."""
        return self.detail.level.deeper if self.detail.expands(scope.path) else level

    def inside(self, scope: Scope, level: Level) -> list[Part]:
        """The parts of a scope."""
        found: list[Part] = []
        run: list[Scope] = []
        copied = scope.name if scope.role is Role.COPIES else ""
        for child in scope.children:
            folds = isinstance(child, Scope) and child.role is Role.LAYER
            if not folds:
                self._layers(run, found, level, copied)
                run = []
            if isinstance(child, Node):
                found.append(Unit(child.path, [child]))
            elif folds:
                run.append(child)
            elif child.role is Role.PART:
                self._part(child, found, level)
            else:
                self._copies(child, found, level)
        self._layers(run, found, level, copied)
        return found

    def _copies(self, scope: Scope, found: list[Part], level: Level) -> None:
        """`repeat` is one layer in the overview; elsewhere its copies stand by themselves."""
        inner = self.level(scope, level)
        copies = [child for child in scope.children if isinstance(child, Scope)]
        if inner is Level.OVERVIEW and scope.path not in self.opened:
            title = f"{scope.name} ×{len(copies)}"
            found.append(Unit(scope.path, list(scope.nodes()), title))
        else:
            self._layers(copies, found, inner, scope.name)

    def _layers(self, run: list[Scope], found: list[Part], level: Level, copied: str) -> None:
        """Layers that stand one after the other, folded where they look the same.

        `copied` is the name of the layer that they are the copies of, if they are.
        """
        likeness = self.copies if copied else self.neighbours
        at = 0
        while at < len(run):
            scope, inner = run[at], self.level(run[at], level)
            name = f"{copied}.{scope.name}" if copied else scope.name
            here = self._layer(scope, name, inner)
            stop = at + 1
            if isinstance(here[0], Group) and inner is Level.BLOCKS and self.detail.copies:
                stop = self._end_of_run(run, at, likeness)
            if stop > at + 1 and isinstance(here[0], Group):
                title = f"{name} … {run[stop - 1].name} ×{stop - at}"
                if copied:
                    copies = "" if stop - at == len(run) else f".{scope.name}–{run[stop - 1].name}"
                    title = f"{copied}{copies} ×{stop - at}"
                here = [Group(scope, title, here[0].parts, run[at:stop], here[0].only)]
                self._alias(run[at:stop])
            found += here
            at = stop

    def _end_of_run(self, scopes: Sequence[Scope], start: int, likeness: Likeness) -> int:
        stop = start + 1
        while (
            stop < len(scopes)
            and not self.detail.expands(scopes[stop].path)
            and scopes[stop].path not in self.opened
            and likeness.follows(scopes[stop - 1], scopes[stop])
        ):
            stop += 1
        return stop

    def _layer(self, scope: Scope, title: str, level: Level) -> list[Part]:
        inner = self.inside(scope, level)
        if len(inner) == 1 and isinstance(inner[0], Unit) and not inner[0].title:
            return [Unit(scope.path, inner[0].nodes)]
        if level is Level.OVERVIEW and scope.path not in self.opened:
            return [Unit(scope.path, list(scope.nodes()), title)]
        if level is Level.FULL and _is_unit(scope, inner):
            return inner
        if len(inner) == 1 and isinstance(inner[0], Group) and inner[0].copies == 1:
            within = inner[0]
            return [Group(scope, title, within.parts, only=within.only or within.scope)]
        return [Group(scope, title, inner)]

    def _part(self, scope: Scope, found: list[Part], level: Level) -> None:
        """A norm or activation: into the box before it, when that is what it belongs to, and it fits."""
        nodes = list(scope.nodes())
        before = found[-1] if found else None
        joins = (
            level is not Level.FULL
            and isinstance(before, Unit)
            and nodes[0].inputs == before.nodes[-1].outputs
            and not any(value.poisoned for value in nodes[-1].outputs)
            and self.graph.uses(nodes[0].inputs[0]) == 1
        )
        if joins and isinstance(before, Unit):
            before.nodes += nodes
        else:
            found += [Unit(node.path, [node]) for node in nodes]

    def _alias(self, run: Sequence[Scope]) -> None:
        first = [value for node in run[0].nodes() for value in node.outputs]
        for copy in run[1:]:
            values = [value for node in copy.nodes() for value in node.outputs]
            self.same.update(zip(values, first, strict=True))


def _is_unit(scope: Scope, inner: Sequence[Part]) -> bool:
    """One layer with its norm and activation: no frame around them."""
    layers = [
        child for child in scope.children if isinstance(child, Node) or child.role is not Role.PART
    ]
    return len(layers) == 1 and all(isinstance(part, Unit) for part in inner)
