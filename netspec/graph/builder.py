"""Making a Graph: nodes in order of execution, scopes by nesting, automatic names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from netspec.graph.model import POISON, Graph, Init, Node, Output, Role, Scope, Value
from netspec.graph.smallest import smallest_input
from netspec.ops.base import Op
from netspec.records import record
from netspec.shape import Shape


@record()
class Totals:
    """What a builder has made so far: parameters and MACs of everything, heads included."""

    params: int = 0
    macs: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What an op makes of some shapes, and its parameters and MACs: found once for equal ones."""

    shapes: tuple[Shape, ...]
    params: int
    macs: int


def _cost(op: Op, read: Sequence[Shape]) -> Cost:
    made = op.infer(read)
    return Cost(made, op.parameter_count, op.macs(read, made))


NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class _Frame:
    """An open scope of the builder."""

    path: str
    taken: set[str] = field(default_factory=set)
    counters: dict[str, int] = field(default_factory=dict)
    children: list[Scope | Node] = field(default_factory=list)
    lets: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(slots=True)
class _Open:
    """A scope while it is open. A class, because a generator for each takes longer than all else here."""

    frames: list[_Frame]
    name: str
    block: str
    role: Role
    fields: Mapping[str, object]
    doc: str
    block_doc: str
    origin: object

    def __enter__(self) -> None:
        around = self.frames[-1].path
        self.frames.append(_Frame(f"{around}.{self.name}" if around else self.name))

    def __exit__(self, *_: object) -> None:
        frame = self.frames.pop()
        closed = Scope(
            frame.path,
            self.name,
            self.block,
            self.role,
            tuple(frame.children),
            self.fields,
            self.doc,
            self.block_doc,
            self.origin,
            frame.lets,
        )
        self.frames[-1].children.append(closed)


class Builder:
    """Makes a Graph: nodes in order of execution, scopes by nesting. Passed, never global.

    An op that reads a poisoned value makes no node and gives a poisoned value.
    """

    def __init__(self, name: str, shape: Shape | None, *, doc: str = "") -> None:
        self.name = name
        self.doc = doc
        self.input = Value(shape)
        self._params = self._macs = 0
        self._costs: dict[tuple[Op, tuple[Shape, ...]], Cost] = {}
        self._frames = [_Frame("")]

    @property
    def path(self) -> str:
        """The path of the open scope."""
        return self._frames[-1].path

    @property
    def children(self) -> list[Scope | Node]:
        """What was made in the open scope so far."""
        return self._frames[-1].children

    def made(self) -> Iterator[Node]:
        """All nodes so far."""
        return (
            node for frame in self._frames for child in frame.children for node in _nodes(child)
        )

    def child_path(self, name: str) -> str:
        """The path of `name` in the open scope; an empty name is the scope itself."""
        path = self.path
        return f"{path}.{name}" if path and name else path or name

    @property
    def totals(self) -> Totals:
        """What has been made so far."""
        return Totals(self._params, self._macs)

    def reserve(self, name: str) -> bool:
        """Take `name` in the open scope; False when it is taken already."""
        taken = self._frames[-1].taken
        fresh = name not in taken
        taken.add(name)
        return fresh

    def automatic_name(self, kind: str) -> str:
        """`conv_1`, `conv_2`, ...: type and counter in the open scope; skips numbers that are taken."""
        frame = self._frames[-1]
        while True:
            frame.counters[kind] = frame.counters.get(kind, 0) + 1
            name = f"{kind}_{frame.counters[kind]}"
            if self.reserve(name):
                return name

    def op(
        self,
        op: Op,
        inputs: Sequence[Value],
        name: str,
        *,
        inits: Mapping[str, Init] | None = None,
        origin: object = None,
    ) -> tuple[Value, ...]:
        """Add a node to the open scope, under `name`; an empty name is the scope itself.

        Raises:
            Misfit: the op does not take these shapes; nothing was added.
        """
        read = tuple([value.known for value in inputs if value.known is not None])
        if len(read) < len(inputs):
            return (POISON,)
        cost = self._costs.get((op, read))
        if cost is None:
            cost = self._costs[op, read] = _cost(op, read)
        outputs = tuple(map(Value, cost.shapes))
        settings = MappingProxyType(dict(inits)) if inits else NOTHING
        node = Node(self.child_path(name), op, tuple(inputs), outputs, settings, origin)
        self._frames[-1].children.append(node)
        self._params += cost.params
        self._macs += cost.macs
        return outputs

    def scope(
        self,
        name: str,
        block: str,
        *,
        role: Role = Role.LAYER,
        fields: Mapping[str, object] | None = None,
        doc: str = "",
        block_doc: str = "",
        origin: object = None,
    ) -> AbstractContextManager[None]:
        """Open a scope under `name` in the open scope; it is closed, and frozen, at the end."""
        settings = MappingProxyType(dict(fields)) if fields else NOTHING
        return _Open(self._frames, name, block, role, settings, doc, block_doc, origin)

    def let(self, values: Mapping[str, object]) -> None:
        """Note the values that the block of the open scope gives names to."""
        self._frames[-1].lets = MappingProxyType(dict(values))

    def nodes_at(self, path: str) -> tuple[Node, ...]:
        """The nodes of the last child of the open scope that has this path, or stands at it."""
        for child in reversed(self._frames[-1].children):
            if child.path == path:
                return tuple(_nodes(child))
        return ()

    def stand_in(
        self,
        block: str,  # noqa: ARG002 - a sketch reads them
        inputs: Sequence[Value],  # noqa: ARG002
        name: str | None,  # noqa: ARG002
        origin: object,  # noqa: ARG002
    ) -> tuple[Value, ...]:
        """What a layer gives that failed: nothing that can be read, and nothing is made.

        A sketch has a node in its place, under `name` in the open scope (an empty name is the scope itself).
        """
        return (POISON,)

    def aside(self) -> AbstractContextManager[None]:
        """Elaborate something for its errors only."""
        return nullcontext()

    def smallest_input(self, value: Value, size: tuple[int, ...]) -> Shape | None:
        """The smallest input of the network for which `value`, made so far, has `size` or more."""
        known = (node for node in self.made() if not any(out.poisoned for out in node.outputs))
        return smallest_input(self.input, known, {value: size})

    def finish(self, outputs: Sequence[Output]) -> Graph:
        """The finished graph. All scopes must be closed."""
        (frame,) = self._frames
        root = Scope("", self.name, self.name, Role.LAYER, tuple(frame.children), doc=self.doc)
        return Graph(self.name, self.input, root, tuple(outputs), self.doc)


def _nodes(child: Scope | Node) -> Iterator[Node]:
    if isinstance(child, Node):
        yield child
    else:
        yield from child.nodes()
