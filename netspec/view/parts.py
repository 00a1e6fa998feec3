"""What is one box, and what is a frame: scopes and nodes of the graph become parts of the picture.

A norm or activation joins the box of what it belongs to; a scope with one box inside is that box. Copies
of `repeat` have no frame around them: they stand on the trunk by themselves, and neighbours that look the
same fold into one. Rejected: asking for block names (`conv`, `bottleneck`): any block, built in or written in
YAML, is drawn by what it lowers to.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from netspec.graph import Graph, Node, Role, Scope, Value
from netspec.view.interfaces import Interfaces


class Level(StrEnum):
    """How much of a network a picture shows."""

    OVERVIEW = "overview"  # one node per layer of the top level
    BLOCKS = "blocks"  # composites as frames, a conv unit as one node, equal copies folded
    FULL = "full"  # every op a node, every copy


@dataclass(eq=False)
class Unit:
    """One box: the ops in it, in order. A whole layer in one box has its name as `title`."""

    path: str
    nodes: list[Node]
    title: str = ""


@dataclass(eq=False)
class Group:
    """One frame. `title` is its name; a folded one stands for `copies` scopes from `scope` to `last`.

    `only` is the scope that makes up all of `scope`, if there is one: the two are one frame.
    """

    scope: Scope
    title: str
    parts: list[Part]
    copies: int = 1
    last: Scope | None = None
    only: Scope | None = None


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


def parts(graph: Graph, level: Level) -> Parts:
    """Take the network apart."""
    apart = _Apart(graph, level, Interfaces(graph))
    if level is Level.OVERVIEW:
        return Parts([_whole(part) for part in apart.top(graph.root)], {})
    return Parts(apart.inside(graph.root), apart.same)


def _whole(part: Part) -> Part:
    if not isinstance(part, Group):
        return part
    return Unit(part.scope.path, list(part.scope.nodes()), part.title)


@dataclass
class _Apart:
    graph: Graph
    level: Level
    interfaces: Interfaces
    same: dict[Value, Value] = field(default_factory=dict)

    def top(self, root: Scope) -> list[Part]:
        """The layers of the top level; `repeat` is one layer."""
        found: list[Part] = []
        for child in root.children:
            if isinstance(child, Scope) and child.role is Role.COPIES:
                found.append(Group(child, f"{child.name} ×{len(child.children)}", []))
            else:
                self._add(child, found)
        return found

    def inside(self, scope: Scope) -> list[Part]:
        """The parts of a scope."""
        found: list[Part] = []
        for child in scope.children:
            self._add(child, found)
        return found

    def _add(self, child: Scope | Node, found: list[Part]) -> None:
        if isinstance(child, Node):
            found.append(Unit(child.path, [child]))
        elif child.role is Role.COPIES:
            found += self._copies(child)
        elif child.role is Role.PART:
            self._add_part(child, found)
        else:
            found += self._layer(child, child.name)

    def _layer(self, scope: Scope, title: str) -> list[Part]:
        inner = self.inside(scope)
        if len(inner) == 1 and isinstance(inner[0], Unit):
            return [Unit(scope.path, inner[0].nodes)]
        if self.level is Level.FULL and _is_unit(scope, inner):
            return inner
        if len(inner) == 1 and isinstance(inner[0], Group) and inner[0].copies == 1:
            within = inner[0]
            return [Group(scope, title, within.parts, only=within.only or within.scope)]
        return [Group(scope, title, inner)]

    def _add_part(self, scope: Scope, found: list[Part]) -> None:
        """A norm or activation: into the box before it, when that is what it belongs to."""
        nodes = list(scope.nodes())
        before = found[-1] if found else None
        joins = (
            self.level is not Level.FULL
            and isinstance(before, Unit)
            and nodes[0].inputs == before.nodes[-1].outputs
            and self.graph.uses(nodes[0].inputs[0]) == 1
        )
        if joins and isinstance(before, Unit):
            before.nodes += nodes
        else:
            found += [Unit(node.path, [node]) for node in nodes]

    def _copies(self, scope: Scope) -> list[Part]:
        found: list[Part] = []
        for run in self._runs([child for child in scope.children if isinstance(child, Scope)]):
            titles = [f"{scope.name}.{copy.name}" for copy in run]
            inner = self._layer(run[0], titles[0])
            if len(run) == 1 or not isinstance(inner[0], Group):
                found += inner
                for copy, title in zip(run[1:], titles[1:], strict=True):
                    found += self._layer(copy, title)
                continue
            title = f"{titles[0]} … {titles[-1]} ×{len(run)}"
            found.append(Group(run[0], title, inner[0].parts, len(run), run[-1], inner[0].only))
            self._alias(run)
        return found

    def _runs(self, copies: Sequence[Scope]) -> Iterator[list[Scope]]:
        """Neighbours that look the same and pass on one value, and nothing else, to the next."""
        run: list[Scope] = []
        for copy in copies:
            if run and (self.level is Level.FULL or not self._follows(run[-1], copy)):
                yield run
                run = []
            run.append(copy)
        if run:
            yield run

    def _follows(self, before: Scope, after: Scope) -> bool:
        above, below = list(before.nodes()), list(after.nodes())
        if _key(before, above) != _key(after, below):
            return False
        gives, reads = self.interfaces.gives(above), self.interfaces.reads(below)
        if len(gives) != 1 or gives != reads or gives[0] in self.interfaces.results:
            return False
        near = {*above, *below}
        return all(reader in near for reader in self.graph.readers[gives[0]])

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


def _key(scope: Scope, nodes: Sequence[Node]) -> list[Hashable]:
    """What a scope looks like: equal for copies that differ in their names and weights only."""
    numbers: dict[Value, int] = {}
    key: list[Hashable] = []
    for node in nodes:
        taken = tuple(numbers.setdefault(value, len(numbers)) for value in node.inputs)
        shapes = tuple(value.shape for value in (*node.inputs, *node.outputs))
        for value in node.outputs:
            numbers[value] = len(numbers)
        key.append((node.path.removeprefix(scope.path), node.op, taken, shapes))
    return key
