"""A network as the plainest spec that builds it: no parameters, defaults, repeats, variants or own blocks.

What is the same, and a test of every shipped spec holds it: the ops in order with all their arguments,
what each of them reads, every shape, the initialisation, the outputs with their names and loss weights,
and so the numbers of parameters and MACs. Paths are the same but for three things that have no other
spelling: copy `0` is called `copy_0`; a merge with layers inside is a group with the merge in it (`mix`
becomes `mix.concat`); and parts of a layer that no field can say follow it (`conv1_parts`). The first
changes keys of the state dict, the others only layers without weights.

It is written from the graph, so that it says what was built and not what was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from netspec.blocks import BLOCKS, FieldKind, Preset
from netspec.graph import Graph, Node, Output, Role, Scope, Value
from netspec.limits import CEILINGS, Limits
from netspec.ops import Activation, Add, ChannelDropout, Op, Split
from netspec.source import read_data
from netspec.spec import LANGUAGE_VERSION

Layer = dict[str, object]

_OWN = Limits(
    file_bytes=1 << 40, yaml_nodes=1 << 40, scalar_bytes=1 << 40, yaml_depth=CEILINGS["yaml_depth"]
)
"""What netspec writes itself is as long as the network."""

_SIZES = ("kernel_size", "stride", "padding", "dilation", "output_size", "output_padding")


def flat_spec(graph: Graph) -> str:
    """The YAML text of the flat spec of a network."""
    return read_data(flat_data(graph), "<flat>", _OWN).file.text


def flat_data(graph: Graph) -> dict[str, object]:
    """The flat spec of a network as plain data."""
    writer = _Writer(graph)
    layers = writer.layers()
    found: dict[str, object] = {"netspec": LANGUAGE_VERSION, "name": graph.name}
    if graph.doc:
        found["doc"] = graph.doc
    found |= {"input": list(graph.input.shape), "layers": layers, **writer.outputs()}
    return {**found, "expect": _expectations(graph)}


def _expectations(graph: Graph) -> dict[str, object]:
    numbers: dict[str, object] = {"params": graph.parameter_count, "macs": graph.macs}
    if len(graph.inference_outputs) == 1:
        return {**numbers, "shape": list(graph.inference_outputs[0].value.shape)}
    shapes = {out.name: list(out.value.shape) for out in graph.outputs}
    return {**numbers, "shapes": shapes}


@dataclass(slots=True)
class _Frame:
    """An open group: its path, the names in it so far, its layers, and what its last layer gives."""

    path: tuple[str, ...]
    stream: Value | None
    names: set[str] = field(default_factory=set)
    items: list[Layer] = field(default_factory=list)


class _Writer:
    """Walks the scopes in order and writes each node as a layer with its name."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._heads = {out.head: out for out in graph.outputs if out.head is not None}
        self._places: dict[Value, tuple[str, ...]] = {}
        self._frames = [_Frame((), graph.input)]
        self._aliases = 0

    def layers(self) -> list[Layer]:
        """The layers of the network."""
        for child in self._graph.root.children:
            self._child(child, None)
        return self._frames[0].items

    def outputs(self) -> dict[str, object]:
        """`outputs:`, when it says more than the last layer."""
        named = [out for out in self._graph.outputs if out.head is None]
        if [out.name for out in named] == ["main"] and named[0].value is self._frames[0].stream:
            return {}
        return {"outputs": {out.name: self._reference(out.value) for out in named}}

    @property
    def _frame(self) -> _Frame:
        return self._frames[-1]

    def _child(self, child: Scope | Node, name: str | None) -> None:
        own_name = child.name if isinstance(child, Scope) else child.path.rpartition(".")[2]
        name = name or (f"copy_{own_name}" if own_name.isdigit() else own_name)
        if isinstance(child, Node):
            self._node(child, name, {})
        elif child.path in self._heads:
            self._head(child, name, self._heads[child.path])
        elif child.own is None:
            if child.children:
                self._group(child, name, child.children)
        else:
            self._with_own(child, child.own, name)

    def _with_own(self, scope: Scope, own: Node, name: str) -> None:
        """A scope with the op that it is: a layer, with parts or with layers inside."""
        parts = _inline_parts(scope, own)
        common: Layer = {"doc": scope.doc} if scope.doc else {}
        if parts is not None:
            self._node(own, name, {**parts, **common}, last=_last_value(scope) if parts else None)
        elif scope.children[0] is own:
            self._node(own, name, common)
            self._group(scope, f"{name}_parts", scope.children[1:])
        else:
            self._group(scope, name, scope.children, own=own)

    def _group(
        self, scope: Scope, name: str, children: Sequence[Scope | Node], own: Node | None = None
    ) -> None:
        items = self._inside(name, children, own)
        doc: Layer = {"doc": scope.doc} if scope.doc else {}
        self._add("sequential", {"name": name, **doc, "layers": items}, name)

    def _head(self, scope: Scope, name: str, out: Output) -> None:
        before = self._frame.stream
        items = self._inside(name, scope.children, None, result=out.value)
        weights: Layer = {"loss_weight": out.loss_weight, "train_only": out.train_only}
        self._add("aux_head", {"name": name, **weights, "layers": items}, name)
        self._frame.stream = before

    def _inside(
        self,
        name: str,
        children: Sequence[Scope | Node],
        own: Node | None,
        result: Value | None = None,
    ) -> list[Layer]:
        """The layers of a group; with `result` they end with that value."""
        frame = _Frame((*self._frame.path, name), self._frame.stream)
        self._frames.append(frame)
        for child in children:
            self._child(child, own.op.kind if child is own and own is not None else None)
        if result is not None and frame.stream is not result:
            self._pass(result)
        self._frames.pop()
        self._frame.stream = frame.stream
        return frame.items

    def _add(self, block: str, fields: Layer, name: str) -> None:
        self._frame.items.append({block: fields})
        self._frame.names.add(name)

    def _pass(self, value: Value) -> None:
        """A layer without an op that gives `value`."""
        self._frame.items.append({"sequential": {"from": self._reference(value), "layers": []}})
        self._frame.stream = value

    def _node(self, node: Node, name: str, extra: Layer, *, last: Value | None = None) -> None:
        """A node as a layer; `last` is what its parts make of its value."""
        fields: Layer = {"name": name}
        if isinstance(node.op, Add) and node.op.scale != 1:
            sides = [self._side(value) for value in node.inputs]
            fields |= {"layers": sides[0], "shortcut": sides[1], "scale": node.op.scale}
            block = "residual"
        else:
            block, arguments = layer_of(node.op)
            if len(node.inputs) > 1:
                fields["from"] = [self._reference(value) for value in node.inputs]
            elif node.inputs[0] is not self._frame.stream:
                fields["from"] = self._reference(node.inputs[0])
            fields |= arguments
        into = tuple(f"part{number}" for number in range(len(node.outputs)))
        if isinstance(node.op, Split):
            fields["into"] = list(into)
        if node.inits:
            fields["init"] = {node.op.kind: {key: _scheme(node, key) for key in node.inits}}
        self._add(block, fields | extra, name)
        path = (*self._frame.path, name)
        if isinstance(node.op, Split):
            self._places |= {
                value: (*path, part) for value, part in zip(node.outputs, into, strict=True)
            }
            self._frame.stream = None
        else:
            self._frame.stream = last or node.output
            self._places[self._frame.stream] = path

    def _side(self, value: Value) -> list[Layer]:
        """One side of a scaled sum: nothing but the value."""
        return [{"sequential": {"from": self._reference(value), "layers": []}}]

    def _reference(self, value: Value) -> str:
        """What `from:` says here to read a value."""
        if value is self._graph.input:
            return "input"
        place = self._places[value]
        for depth in reversed(range(len(self._frames))):
            path = self._frames[depth].path
            if place[: len(path)] != path:
                continue
            rest = place[len(path) :]
            inner = self._frames[depth + 1 :]
            if not any(rest[0] in frame.names for frame in inner):
                return ".".join(rest)
            self._places[value] = self._alias(depth, rest)
            return self._reference(value)
        raise AssertionError(f"{place}: not below any open group")

    def _alias(self, depth: int, rest: tuple[str, ...]) -> tuple[str, ...]:
        """Another name for a value whose own name means something else further in.

        It stands before the group that needs it, and the stream goes on as before.
        """
        frame = self._frames[depth]
        self._aliases += 1
        name = f"value{self._aliases}"
        frame.items.append({"parallel": {"from": ".".join(rest), "branches": {name: []}}})
        frame.names.add(name)
        entering = self._entering(depth + 1)
        if entering is not None:
            frames, self._frames = self._frames, self._frames[: depth + 1]
            frame.items.append({"sequential": {"from": self._reference(entering), "layers": []}})
            self._frames = frames
        return (*frame.path, name)

    def _entering(self, depth: int) -> Value | None:
        """The value with which the group that is open at `depth` began."""
        return self._frames[depth - 1].stream


def _last_value(scope: Scope) -> Value:
    """What a scope gives that is a chain of an op and its parts."""
    *_, last = scope.nodes()
    return last.output


def _inline_parts(scope: Scope, own: Node) -> Layer | None:
    """The parts of a layer as fields of its block; None when they cannot be said so."""
    others = [child for child in scope.children if child is not own]
    if not others:
        return {}
    if scope.children[0] is not own or (isinstance(own.op, Add) and own.op.scale != 1):
        return None
    block = BLOCKS.get(own.op.kind)
    if block is None or isinstance(block, Preset):
        return None
    fields: Layer = {}
    before = own.output
    for part in others:
        leaf = part.leaf if isinstance(part, Scope) and part.role is Role.PART else None
        name = part.path.rpartition(".")[2]
        is_field = block.field_kinds().get(name) is FieldKind.BLOCK
        if leaf is None or not is_field or leaf.inits or leaf.inputs != (before,):
            return None
        kind, arguments = layer_of(leaf.op)
        fields[name] = {kind: arguments} if arguments else kind
        before = leaf.output
    return fields


def layer_of(op: Op) -> tuple[str, Layer]:
    """The block that is an op, and its fields: those that a block and its op share have one name."""
    if isinstance(op, Activation):
        return op.name, {key: _plain(value) for key, value in op.settings}
    name = f"dropout{op.rank}d" if isinstance(op, ChannelDropout) else op.kind
    entry = BLOCKS[name]
    if isinstance(entry, Preset):
        base = BLOCKS[entry.block]
        assert not isinstance(base, Preset)  # noqa: S101 - presets of presets do not exist
        gone = {*entry.fields, *entry.hidden}
        infos = {key: info for key, info in base.infos().items() if key not in gone}
    else:
        infos = dict(entry.infos())
    fields: Layer = {}
    for key, info in infos.items():
        if not hasattr(op, key):
            continue
        value = _plain(getattr(op, key))
        if key in _SIZES:
            value = _one(value)
        if key == "output_size" and isinstance(value, list):
            value = ["keep" if size is None else size for size in value]
        is_default = type(value) is type(info.default) and value == info.default
        if value is not None and not is_default:
            fields[key] = value
    return name, fields


def _plain(value: object) -> object:
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _one(value: object) -> object:
    """One number for a list of the same numbers."""
    if isinstance(value, list) and isinstance(value[0], int) and len(set(map(str, value))) == 1:
        return value[0]
    return value


def _scheme(node: Node, parameter: str) -> object:
    init = node.inits[parameter]
    arguments = {key: _plain(value) for key, value in init.arguments}
    return {init.scheme: arguments} if arguments else init.scheme
