"""What one scope does, step by step: the inside of one `forward`, with its values numbered.

A step calls a child module, evaluates an expression, or calls the scope's own op (`super().forward`).
The numbers are local: the arguments first, then what each step makes. So two copies of a block have
equal bodies, and a class can be made from one and hold for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from netspec.analysis.storage import works_in_place
from netspec.emit.interface import Interface, interfaces
from netspec.emit.modules import make_op
from netspec.graph import Graph, Node, Role, Scope, Value
from netspec.ops import Activation
from netspec.ops.base import Op


class Call(StrEnum):
    """How a step is computed."""

    MODULE = "module"  # self.conv1(x)
    EXPRESSION = "expression"  # torch.cat([x, y], dim=1)
    OWN = "own"  # super().forward(x)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `op` is that of a single node; `training` marks a head that exists only in training."""

    name: str
    call: Call
    op: Op | None
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    in_place: bool = False
    training: bool = False

    @property
    def prepares(self) -> bool:
        """Whether it calls a module with something else than its input."""
        return self.call is not Call.EXPRESSION and self.op is not None and self.op.prepares


@dataclass(frozen=True, slots=True)
class Body:
    """The steps of one scope. `values` are the real ones, by number; `members` made the steps.

    `names` say for each value what made it, as a hint for local variables.
    """

    scope: Scope
    arguments: int
    steps: tuple[Step, ...]
    members: tuple[Scope | Node, ...]
    results: tuple[int, ...]
    values: tuple[Value, ...]
    names: tuple[str, ...]

    @property
    def own(self) -> Step | None:
        """The step of the scope's own op, where the scope is that module and more."""
        return next((step for step in self.steps if step.call is Call.OWN), None)

    @property
    def is_unit(self) -> bool:
        """Whether it is one op with norm or activation around it, whatever block it came from."""
        main = [m for m in self.members if not (isinstance(m, Scope) and m.role is Role.PART)]
        padded = self.own is not None and self.own.prepares
        if len(main) != 1 or (len(self.members) == 1 and not padded):
            return False
        whole = main[0].leaf is not None if isinstance(main[0], Scope) else self.own is not None
        return whole and self.in_line and all(single_op(m) is not None for m in self.members)

    @property
    def in_line(self) -> bool:
        """Whether every step reads what the step before gives, and nothing else is read or given."""
        if self.arguments != 1 or not self.steps or self.results != (len(self.values) - 1,):
            return False
        previous: tuple[int, ...] = (0,)
        for step in self.steps:
            if step.inputs != previous or len(step.outputs) != 1 or step.training:
                return False
            previous = step.outputs
        return True


def single_op(member: Scope | Node) -> Op | None:
    """The op of a node, or of a scope that is nothing else."""
    if isinstance(member, Node):
        return member.op
    return member.leaf.op if member.leaf is not None else None


def short_name(op: Op) -> str:
    """Its part in the name of a class: `Conv`, `BN`, `ReLU`; `PadConv` when it pads its input first."""
    short = op.spelling.short if isinstance(op, Activation) else op.short
    return f"Pad{short}" if op.prepares else short


def _as_plain_module(scope: Scope) -> Node | None:
    leaf = scope.leaf
    if leaf is None or leaf.op.prepares or leaf.op.module is None:
        return None
    return leaf


def is_function(scope: Scope) -> bool:
    """Whether a scope is part of a unit without state: an expression in the class around it."""
    leaf = scope.leaf
    return leaf is not None and scope.role is Role.PART and leaf.op.stateless


def _last_name(path: str) -> str:
    return path.rpartition(".")[2]


class Bodies:
    """Makes bodies: knows every interface and where each node is computed."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.interfaces: Mapping[str, Interface] = interfaces(graph)
        self._training = {out.head for out in graph.outputs if out.train_only} - {None}
        self._home: dict[Node, Scope] = {}
        self._plain: dict[str, Node | None] = {}
        self._find_homes(graph.root)
        self._hints: dict[Value, str] = {graph.input: "x"}
        self._last: dict[Scope, Value | None] = {}
        self._find_hints(graph.root)
        self._hints |= {out.value: out.name for out in graph.outputs if out.name != "main"}

    def plain_module(self, scope: Scope) -> Node | None:
        """The node of a scope that is one module of torch and nothing before it, and so needs no class."""
        if scope.path not in self._plain:
            self._plain[scope.path] = _as_plain_module(scope)
        return self._plain[scope.path]

    def _computed_here(self, scope: Scope) -> Node | None:
        """The node of a scope that the class around it computes or holds as a module of torch."""
        return scope.leaf if is_function(scope) else self.plain_module(scope)

    def _find_homes(self, scope: Scope) -> None:
        """A node is computed in the class of its scope, or around it when the scope is only that op."""
        for child in scope.children:
            if isinstance(child, Node):
                self._home[child] = scope
            elif (leaf := self._computed_here(child)) is not None:
                self._home[leaf] = scope
            else:
                self._find_homes(child)

    def _find_hints(self, scope: Scope) -> Value | None:
        """Name values after the outermost scope that ends with them; returns the last one made inside."""
        last: Value | None = None
        for child in scope.children:
            if isinstance(child, Scope):
                last = self._find_hints(child) or last
                continue
            name, many = _last_name(child.path), len(child.outputs) > 1
            for place, value in enumerate(child.outputs):
                self._hints[value] = f"{name}_{place}" if many else name
            last = None if many else child.output
        self._last[scope] = last
        if last is not None and scope.role is not Role.PART and not scope.name.isdigit():
            self._hints[last] = scope.name
        return last

    def of(self, scope: Scope) -> Body:
        """The body of a scope that is not one plain module."""
        face = self.interfaces[scope.path]
        number = {value: place for place, value in enumerate(face.inputs)}
        steps: list[Step] = []
        members: list[Scope | Node] = []
        names = [self._hints[value] for value in face.inputs]
        for child in scope.children:
            inputs, outputs = self._ends(child)
            if not outputs:
                continue  # a scope without nodes leaves no trace
            reads = tuple(number[value] for value in inputs)
            for value in outputs:
                number[value] = len(number)
            makes = tuple(number[value] for value in outputs)
            steps.append(self._step(scope, child, reads, makes))
            members.append(child)
            alone = len(outputs) == 1
            names += [
                self._name(child, value) if alone else self._hints[value] for value in outputs
            ]
        results = tuple(number[value] for value in face.results)
        values = tuple(number)
        return Body(
            scope, len(face.inputs), tuple(steps), tuple(members), results, values, tuple(names)
        )

    def _name(self, child: Scope | Node, value: Value) -> str:
        """The child's name for what it gives; inner values have their own."""
        if not isinstance(child, Scope) or self._last[child] is not value:
            return self._hints[value]
        return f"copy_{child.name}" if child.name.isdigit() else child.name

    def _ends(self, child: Scope | Node) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
        node = child if isinstance(child, Node) else self._computed_here(child)
        if node is not None:  # it may read one value twice
            return node.inputs, node.outputs
        face = self.interfaces[child.path]
        return face.inputs, face.results

    def _step(
        self, scope: Scope, child: Scope | Node, reads: tuple[int, ...], makes: tuple[int, ...]
    ) -> Step:
        name = "" if child.path == scope.path else _last_name(child.path)
        if isinstance(child, Scope):
            leaf = self._computed_here(child)
            in_place = leaf is not None and self._in_place(leaf)
            call = Call.EXPRESSION if is_function(child) else Call.MODULE
            op = None if leaf is None else leaf.op
            return Step(name, call, op, reads, makes, in_place, child.path in self._training)
        call = Call.MODULE if make_op(child.op) is not None else Call.EXPRESSION
        if child.path == scope.path and call is Call.MODULE:
            call = Call.OWN
        elif child.op.stateless:
            call = Call.EXPRESSION
        return Step(name, call, child.op, reads, makes, self._in_place(child))

    def _in_place(self, node: Node) -> bool:
        return works_in_place(self.graph, node, self._home)
