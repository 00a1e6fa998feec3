"""The Graph: values, nodes, scopes. What `elaborate` builds and everything after it only reads.

A *node* is one op; a *value* flows between nodes; a *scope* is a place in the module tree. Scopes form a
tree (not only dotted paths) because the table's subtotals, levels of detail, class planning and layout
all read it. All three are frozen and compared by identity.

The path of a node that computes its whole scope is the scope's own path (`conv1` is an `nn.Conv2d`);
any other node's path is one name below its scope (`inception_3a.concat_1`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from netspec.ops.base import Op
from netspec.shape import Shape, spell


class Poisoned(Exception):  # noqa: N818 - a signal, not an error
    """Someone looked at the shape of a value whose layer failed: stop quietly, the error is reported."""


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """What flows: a tensor of `shape` per sample. A value without a shape comes from a failed layer."""

    known: Shape | None

    @property
    def shape(self) -> Shape:
        """(C, H, W) and its relatives, without the batch.

        Raises:
            Poisoned: the layer that should have made it failed, and that has been reported.
        """
        if self.known is None:
            raise Poisoned
        return self.known

    @property
    def poisoned(self) -> bool:
        """Whether it comes from a failed layer."""
        return self.known is None

    @property
    def channels(self) -> int:
        """The size of the first axis: channels of a map, features of a vector."""
        return self.shape[0]

    @property
    def rank(self) -> int:
        """The number of spatial axes: 2 for a map, 0 for a vector."""
        return len(self.shape) - 1


POISON = Value(None)


@dataclass(frozen=True, slots=True)
class Init:
    """An initialisation scheme, as in `torch.nn.init`: `kaiming_normal` with `mode='fan_out'`."""

    scheme: str
    arguments: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One op at one place. `inits` maps parameter names to schemes; `origin` is where it was written."""

    path: str
    op: Op
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    inits: Mapping[str, Init] = field(default_factory=lambda: MappingProxyType({}))
    origin: object = None

    def __repr__(self) -> str:
        """`<Node conv1: Conv 3x32x32 -> 8x30x30>`."""
        way = f"{_spelled(self.inputs)} -> {_spelled(self.outputs)}"
        return f"<Node {self.path}: {type(self.op).__name__} {way}>"

    @property
    def output(self) -> Value:
        """The only output."""
        (value,) = self.outputs
        return value

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one sample; 0 where a layer failed and shapes are not known."""
        if any(value.poisoned for value in (*self.inputs, *self.outputs)):
            return 0
        shapes = [value.shape for value in self.inputs]
        return self.op.macs(shapes, [value.shape for value in self.outputs])


class Role(StrEnum):
    """Why a scope exists."""

    LAYER = "layer"  # an item of the spec, or a named child of a built-in block
    COPIES = "copies"  # the folder of `repeat`; its children are named 0, 1, ...
    PART = "part"  # norm or activation inside a conv unit: a function when it has no state


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """A place in the network: its name, the block that made it, and what is inside, in order.

    `fields` are the block's evaluated fields as plain data (what was given, not PyTorch's defaults), `lets`
    the values that its definition gives names to.
    `doc` is about this place, `block_doc` about its block, where a spec defines it.
    """

    path: str
    name: str
    block: str
    role: Role
    children: tuple[Scope | Node, ...]
    fields: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    doc: str = ""
    block_doc: str = ""
    origin: object = None
    lets: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __repr__(self) -> str:
        """`<Scope stage1: sequential of 3>`; the one without a path is the network's."""
        return f"<Scope {self.path or self.name}: {self.block} of {len(self.children)}>"

    @property
    def leaf(self) -> Node | None:
        """The node that computes the whole scope alone, if there is one: the scope is that module."""
        return self.own if len(self.children) == 1 else None

    @property
    def own(self) -> Node | None:
        """The node with the scope's own path, leaf or not (the conv of a conv with activation)."""
        for child in self.children:
            if isinstance(child, Node) and child.path == self.path:
                return child
        return None

    def nodes(self) -> Iterator[Node]:
        """All nodes inside, in order of execution."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
            else:
                yield from child.nodes()

    def scopes(self) -> Iterator[Scope]:
        """This scope and all inside, parents first."""
        yield self
        for child in self.children:
            if isinstance(child, Scope):
                yield from child.scopes()


@dataclass(frozen=True, slots=True)
class Output:
    """A named result. A head has a loss weight and the path of its scope; `main` has neither."""

    name: str
    value: Value
    loss_weight: float = 1.0
    train_only: bool = False
    head: str | None = None


@dataclass(frozen=True, eq=False)
class Graph:
    """A whole network. `root` is the scope of the network, with the empty path."""

    name: str
    input: Value
    root: Scope
    outputs: tuple[Output, ...]
    doc: str = ""

    def __repr__(self) -> str:
        """`<Graph small: 314 parameters, 3x32x32 -> 10>`."""
        return f"<Graph {self.in_short}>"

    @property
    def in_short(self) -> str:
        """Name, parameters, and shapes of the input and of the outputs of inference: one line."""
        given = _spelled(out.value for out in self.inference_outputs)
        way = f"{_spelled([self.input])} -> {given}"
        return f"{self.name}: {self.parameter_count:,} parameters, {way}"

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes in order of execution."""
        return tuple(self.root.nodes())

    @cached_property
    def producers(self) -> Mapping[Value, Node]:
        """Value -> the node that makes it (the input has none)."""
        return {value: node for node in self.nodes for value in node.outputs}

    @cached_property
    def readers(self) -> Mapping[Value, tuple[Node, ...]]:
        """Value -> the nodes that read it, in order; a node that reads it twice is there twice."""
        found: dict[Value, list[Node]] = {}
        for node in self.nodes:
            for value in node.inputs:
                found.setdefault(value, []).append(node)
        return {value: tuple(nodes) for value, nodes in found.items()}

    @cached_property
    def scopes(self) -> Mapping[str, Scope]:
        """Path -> scope; the root has the empty path."""
        return {scope.path: scope for scope in self.root.scopes()}

    def uses(self, value: Value) -> int:
        """How often a value is read, as an output of the network too."""
        return len(self.readers.get(value, ())) + sum(out.value is value for out in self.outputs)

    @property
    def parameter_count(self) -> int:
        """Trainable scalars, those of the auxiliary heads included."""
        return sum(node.op.parameter_count for node in self.nodes)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one sample in inference: training-only heads do not run."""
        return sum(node.macs for node in self.without_training_heads().nodes)

    @property
    def inference_outputs(self) -> tuple[Output, ...]:
        """The outputs that exist in inference."""
        return tuple(out for out in self.outputs if not out.train_only)

    def without_training_heads(self) -> Graph:
        """The graph of inference: the scopes of training-only heads and their outputs are gone.

        Returns the same object when there are none. Kept nodes and values are the same objects.
        """
        heads = {out.head for out in self.outputs if out.train_only and out.head is not None}
        if not heads:
            return self
        return replace(self, root=_without(self.root, heads), outputs=self.inference_outputs)

    def verify(self) -> None:
        """Check every invariant that later stages rely on; a failure is a bug of ours.

        Raises:
            AssertionError: with the path and what is wrong there.
        """
        made: set[Value] = {self.input}
        inferred: dict[tuple[Op, tuple[Shape, ...]], tuple[Shape, ...]] = {}
        for node in self.nodes:
            if not made.issuperset(node.inputs):
                raise AssertionError(f"{node.path}: reads a value before it is made")
            read = tuple([value.shape for value in node.inputs])
            shapes = inferred.get((node.op, read))
            if shapes is None:
                shapes = inferred[node.op, read] = node.op.infer(read)
            got = tuple([value.shape for value in node.outputs])
            if shapes != got:
                raise AssertionError(f"{node.path}: outputs {got}, its op infers {shapes}")
            made.update(node.outputs)
        for out in self.outputs:
            _require(out.value in made, f"output {out.name}: nobody makes it")
        names = [out.name for out in self.outputs]
        _require(len(set(names)) == len(names), "two outputs have the same name")
        _verify_paths(self.root)


def _spelled(values: Iterable[Value]) -> str:
    """Their shapes; `?` for one that comes from a failed layer."""
    return ", ".join("?" if value.known is None else spell(value.known) for value in values)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise AssertionError(message)


def _verify_paths(scope: Scope) -> None:
    seen: set[str] = set()
    for child in scope.children:
        own = isinstance(child, Node) and child.path == scope.path
        if not own:
            parent, _, name = child.path.rpartition(".")
            if parent != scope.path or not name:
                raise AssertionError(f"{child.path}: not a child of {scope.path}")
        if child.path in seen:
            raise AssertionError(f"{child.path}: two children have this path")
        seen.add(child.path)
        if isinstance(child, Scope):
            _verify_paths(child)


def _without(scope: Scope, heads: set[str]) -> Scope:
    kept = tuple(
        _without(child, heads) if isinstance(child, Scope) else child
        for child in scope.children
        if not (isinstance(child, Scope) and child.path in heads)
    )
    same = len(kept) == len(scope.children) and all(
        new is old for new, old in zip(kept, scope.children, strict=True)
    )
    return scope if same else replace(scope, children=kept)
