"""One layer in words and numbers: what it is, its line, what it reads, and how its numbers come about.

`explained` gathers facts, from the row that every table prints, the ops' own formulas, and the chain of uses
that led to the line; `explanation` says them in 80 columns, and `record` gives them to programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from netspec.analysis.rows import Row, row_at, summarize
from netspec.elaborate import Origin
from netspec.emit.modules import make_op
from netspec.emit.plan import plan
from netspec.emit.records import plain
from netspec.emit.spelling import module_doc
from netspec.emit.wrap import flat
from netspec.errors import UsageError
from netspec.graph import Graph, Node, Role
from netspec.messages.suggest import suggest
from netspec.messages.words import join
from netspec.ops import Op, Parameter
from netspec.ops.formula import Formula
from netspec.shape import Shape

RECORD_VERSION = 1

_MOST = 12  # ops of a layer that are told one by one


@dataclass(frozen=True, slots=True)
class Written:
    """A line of a spec: the layer itself, or a use that leads to it, with what this use adds."""

    file: str
    line: int
    text: str
    use: str = ""

    @property
    def where(self) -> str:
        """`net.yaml:12`, as editors and terminals take it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Link:
    """A value and who is at its other end: the layer that made it, or those that read it."""

    shape: Shape
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One op of the layer: its place, its formulas, its parameters, and how PyTorch spells it."""

    path: str
    op: Op
    formulas: tuple[Formula, ...]
    macs: Formula | None
    parameters: tuple[Parameter, ...]
    torch: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The facts about one layer. `row` has its numbers; `steps` are its ops where they are few.

    `written` begins with the layer's own line; the others are the uses around it, innermost first.
    """

    row: Row
    doc: str
    block_doc: str
    fields: Mapping[str, object]
    written: tuple[Written, ...]
    reads: tuple[Link, ...]
    gives: tuple[Link, ...]
    steps: tuple[Step, ...]
    children: tuple[Row, ...]
    call: str | None = None
    """For a layer with others inside: where the emitted source makes it."""


def explained(graph: Graph, path: str) -> Explained:
    """The facts about the layer at `path`.

    Raises:
        UsageError: there is no such layer (NS506).
    """
    row = row_at(graph, path)
    if row is None:
        raise _unknown(graph, path)
    scope = graph.scopes.get(path)
    nodes = tuple(scope.nodes() if scope is not None else _nodes_at(graph, path))
    children = _children(graph, path)
    detailed = nodes if not children else tuple(filter(None, [scope.own if scope else None]))
    return Explained(
        row,
        scope.doc if scope is not None else "",
        scope.block_doc if scope is not None else "",
        scope.fields if scope is not None else {},
        tuple(_written(row.origin)),
        tuple(_reads(graph, nodes, path)),
        tuple(_gives(graph, nodes, path)),
        tuple(map(_step, detailed[:_MOST])),
        children,
        _call(graph, path) if children else None,
    )


def _unknown(graph: Graph, path: str) -> UsageError:
    """There is no such layer; perhaps one beside it, or one of that name further inside."""
    known = [*graph.scopes, *(node.path for node in graph.nodes)]
    known = list(dict.fromkeys(name for name in known if name))
    parent = path.rpartition(".")[0]
    beside = [child.path for child in graph.scopes.get(parent, graph.root).children]
    inside = [name for name in known if name.endswith(f".{path}")][:3]
    near = suggest(path, beside) or inside or suggest(path, known)
    few = [name for name in beside if name != parent][:_MOST]
    more = ", ..." if len(beside) > len(few) else ""
    hint = f"did you mean {join(near, 'or')}?" if near else f"there are {', '.join(few)}{more}"
    return UsageError("NS506", f"there is no layer `{path}`", help=hint)


def _nodes_at(graph: Graph, path: str) -> Iterator[Node]:
    """A bare op of a scope, with the parts that follow it, as in its row."""
    found = False
    for child in graph.scopes.get(path.rpartition(".")[0], graph.root).children:
        if isinstance(child, Node):
            found = child.path == path
            if found:
                yield child
        elif found and child.role is Role.PART:
            yield from child.nodes()
        else:
            found = False


def _call(graph: Graph, path: str) -> str | None:
    """The line of the emitted source that makes a scope, and the class that it stands in."""
    parent, _, name = path.rpartition(".")
    for cls in plan(graph).classes:
        made = dict(cls.children).get(name)
        if made is not None and any(body.scope.path == parent for body in cls.bodies):
            return f"self.{name} = {flat(module_doc(made))}, in class {cls.name}"
    return None


def _children(graph: Graph, path: str) -> tuple[Row, ...]:
    """The rows one level inside, as the table has them."""
    rows = summarize(graph).rows
    place = next((number for number, row in enumerate(rows) if row.path == path), None)
    if place is None:
        return ()
    found = []
    for row in rows[place + 1 :]:
        if row.depth <= rows[place].depth:
            break
        if row.depth == rows[place].depth + 1:
            found.append(row)
    return tuple(found)


def _written(origin: object) -> Iterator[Written]:
    """The line of the layer, and the uses that lead there."""
    if not isinstance(origin, Origin):
        return
    span = origin.at.span
    yield Written(span.file.name, span.line, span.file.line(span.line).strip())
    for label in origin.uses():
        place = label.span
        yield Written(place.file.name, place.line, place.file.line(place.line).strip(), label.text)


def _reads(graph: Graph, nodes: Sequence[Node], path: str) -> Iterator[Link]:
    """What comes from outside, each value once."""
    inner = {value for node in nodes for value in node.outputs}
    read = dict.fromkeys(value for node in nodes for value in node.inputs if value not in inner)
    for value in read:
        maker = graph.producers.get(value)
        name = "input" if maker is None else _neighbour(maker.path, path)
        yield Link(value.shape, (name,))


def _gives(graph: Graph, nodes: Sequence[Node], path: str) -> Iterator[Link]:
    """What goes outside, or to nobody."""
    inside = set(nodes)
    for value in (value for node in nodes for value in node.outputs):
        readers = graph.readers.get(value, ())
        outside = [node for node in readers if node not in inside]
        outputs = [f"output {out.name}" for out in graph.outputs if out.value is value]
        if outside or outputs or not readers:
            names = (_neighbour(node.path, path) for node in outside)
            yield Link(value.shape, tuple(dict.fromkeys([*names, *outputs])))


def _neighbour(path: str, ours: str) -> str:
    """The outermost layer around `path` that is not around `ours`: the neighbour that a reader knows."""
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if ours != name and not ours.startswith(f"{name}."):
            return name
    return path  # the op of a layer around ours


def _step(node: Node) -> Step:
    shapes = [value.shape for value in node.inputs]
    outputs = [value.shape for value in node.outputs]
    return Step(
        node.path,
        node.op,
        node.op.formulas(shapes, outputs),
        node.op.macs_formula(shapes, outputs),
        node.op.parameters(),
        spelled(node.op, len(shapes)),
    )


def spelled(op: Op, inputs: int) -> str:
    """An op in PyTorch's words: its module, or the function of its inputs."""
    make = make_op(op)
    if make is None:
        names = ["x"] if inputs == 1 else [f"x{number}" for number in range(1, inputs + 1)]
        return op.expression(names) or op.kind
    module = flat(module_doc(make))
    return f"{module} of {op.prepared('x')}" if op.prepares else module


def record(found: Explained) -> dict[str, object]:
    """The facts as plain data; keys are only ever added within a version."""
    row = found.row
    return {
        "netspec_layer": RECORD_VERSION,
        "path": row.path,
        "block": row.block,
        "description": row.description,
        "doc": found.doc,
        "block_doc": found.block_doc,
        "fields": plain(found.fields),
        "written": [
            {"file": place.file, "line": place.line, "use": place.use} for place in found.written
        ],
        "reads": [{"shape": list(link.shape), "from": link.layers[0]} for link in found.reads],
        "gives": [{"shape": list(link.shape), "to": list(link.layers)} for link in found.gives],
        "params": row.params,
        "macs": row.macs,
        "train_only": row.train_only,
        "live_bytes": row.live_bytes,
        "saved_bytes": row.saved_bytes,
        "receptive_field": _listed(row.receptive_field),
        "stride": _listed(row.stride),
        "call": found.call,
        "ops": [_step_record(step) for step in found.steps],
        "layers": [
            {
                "path": child.path,
                "block": child.block,
                "description": child.description,
                "output": [list(shape) for shape in child.outputs],
                "params": child.params,
                "macs": child.macs,
            }
            for child in found.children
        ],
    }


def _step_record(step: Step) -> dict[str, object]:
    formulas = [*step.formulas, *filter(None, [step.macs])]
    return {
        "path": step.path,
        "op": step.op.kind,
        "parameters": {entry.name: list(entry.shape) for entry in step.parameters},
        "formulas": [
            {"name": one.name, "words": one.words, "numbers": one.numbers, "value": one.value}
            for one in formulas
        ],
        "torch": step.torch,
    }


def _listed(sizes: Iterable[float] | None) -> list[float] | None:
    return None if sizes is None else list(sizes)
