"""Graph -> typed rows with subtotals: the one place where the numbers of a network are added up.

Tables, JSON, tooltips and docs print these rows, so they cannot disagree. One walk over the scope tree,
linear in the number of nodes. Rejected: a table per printer (each with its own idea of a subtotal), and
rows without depth (a flat list of 100 convolutions says nothing about the nine modules they make).

What is one row: a scope; a *unit* (a conv with its norm and activation); a bare node such as the `add`
of a residual, with the activation that follows it. A scope that holds more is a row with subtotals,
followed by the rows inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netspec.analysis.memory import Memory, memory
from netspec.analysis.receptive import Field, receptive_fields
from netspec.graph import Graph, Node, Output, Role, Scope, Value
from netspec.graph.smallest import smallest_input
from netspec.ops import Category
from netspec.shape import Shape

MAC_RULE = (
    "MACs: multiply–accumulates of conv and linear for one sample; "
    "biases, norms, activations and pools count 0."
)
"""The rule, as it is printed with the number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `params` and `macs` are those of everything inside.

    `inputs` are the distinct values read from outside, `outputs` those given to the outside (or to
    nobody), in order of execution. Rows stand in order of execution, a scope before what is inside it;
    `depth` is 0 at the top level. `leaf` says that no rows stand under it. `train_only` rows run only in
    training: their `macs` are those of training, and no row around them counts these.
    `live_bytes` is the most activation memory while it runs in inference (0 for what does not run then),
    `saved_bytes` what backward needs of it (see `MEMORY_RULE`). `receptive_field` and `stride` are those
    of its last output, per axis of the input; None behind an op that mixes spatial axes.
    `origin` is where it was written, passed through untouched.
    """

    path: str
    name: str
    depth: int
    block: str
    description: str
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    params: int
    macs: int
    train_only: bool
    leaf: bool
    live_bytes: int
    saved_bytes: int
    receptive_field: tuple[int, ...] | None
    stride: tuple[float, ...] | None
    origin: object = field(compare=False)


@dataclass(frozen=True, slots=True)
class SummaryOutput:
    """A named result of the network. `main` has a loss weight of 1."""

    name: str
    shape: Shape
    loss_weight: float
    train_only: bool


@dataclass(frozen=True)
class Summary:
    """The rows of a network and its totals.

    `params` is everything that is trained, `params_inference` leaves out training-only heads, and so
    does `macs` (see `MAC_RULE`). `peak_bytes` and `saved_bytes` are those of `MEMORY_RULE`.
    `smallest_input` is the smallest for which every window fits.
    """

    name: str
    doc: str
    input: Shape
    outputs: tuple[SummaryOutput, ...]
    rows: tuple[Row, ...]
    params: int
    params_inference: int
    macs: int
    peak_bytes: int
    saved_bytes: int
    smallest_input: Shape | None

    def __repr__(self) -> str:
        """`<Summary small: 5 rows>`."""
        return f"<Summary {self.name}: {len(self.rows)} rows>"


def summarize(graph: Graph) -> Summary:
    """The rows and totals of `graph`."""
    walk = _Walk.over(graph)
    return Summary(
        graph.name,
        graph.doc,
        graph.input.shape,
        tuple(_output(out) for out in graph.outputs),
        tuple(walk.inside(graph.root, 0, train_only=False).rows),
        graph.parameter_count,
        graph.without_training_heads().parameter_count,
        graph.macs,
        walk.memory.peak,
        walk.memory.saved_for_backward,
        smallest_input(graph.input, graph.nodes),
    )


def row_at(graph: Graph, path: str) -> Row | None:
    """The row of any layer: of a scope, or of an op in one, also where a table has no line for it.

    Its depth is 0. None where there is no such layer.
    """
    walk = _Walk.over(graph)
    heads = tuple(f"{head}." for head in walk.heads)
    train_only = path in walk.heads or path.startswith(heads)
    scope = graph.scopes.get(path)
    if scope is not None:
        return walk.scope(scope, 0, train_only=train_only).rows[0] if path else None
    parent = graph.scopes.get(path.rpartition(".")[0], graph.root)
    for group in _groups(parent):
        if group[0].path == path:
            return walk.group(parent, group, 0, train_only=train_only).rows[0]
    return None


def _output(out: Output) -> SummaryOutput:
    return SummaryOutput(out.name, out.value.shape, out.loss_weight, out.train_only)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the run: nodes `start` up to `stop`, what it reads and gives, and what it costs."""

    start: int
    stop: int
    reads: tuple[Value, ...] = ()
    gives: tuple[Value, ...] = ()
    params: int = 0
    macs: int = 0
    live: int = 0
    saved: int = 0


@dataclass(frozen=True, slots=True)
class _Walked:
    """A part of the tree: its stretch of the run, and its rows."""

    stretch: _Stretch
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Walk:
    """The walker. `made` and `last_read` are positions in the order of execution."""

    position: Mapping[Node, int]
    made: Mapping[Value, int]
    last_read: Mapping[Value, int]
    heads: frozenset[str]
    memory: Memory
    fields: Mapping[Value, Field | None]

    @classmethod
    def over(cls, graph: Graph) -> _Walk:
        """The walker of `graph`."""
        position = {node: number for number, node in enumerate(graph.nodes)}
        made = {value: position[node] for value, node in graph.producers.items()}
        last_read = {value: position[readers[-1]] for value, readers in graph.readers.items()}
        last_read |= {out.value: len(position) for out in graph.outputs}
        heads = (out.head for out in graph.outputs if out.train_only and out.head is not None)
        costs, fields = memory(graph), receptive_fields(graph)
        return cls(position, made, last_read, frozenset(heads), costs, fields)

    def inside(self, scope: Scope, depth: int, *, train_only: bool) -> _Walked:
        """Everything inside `scope`, whose rows stand at `depth`."""
        rows: list[Row] = []
        stretches: list[_Stretch] = []
        macs = 0
        for group in _groups(scope):
            walked = self.group(scope, group, depth, train_only=train_only)
            stretches.append(walked.stretch)
            rows.extend(walked.rows)
            skipped = bool(walked.rows) and walked.rows[0].train_only and not train_only
            macs += 0 if skipped else walked.stretch.macs
        return _Walked(self._join(stretches, macs), rows)

    def group(self, scope: Scope, group: _Group, depth: int, *, train_only: bool) -> _Walked:
        """A child of `scope` with the parts that belong to it."""
        head = group[0]
        if isinstance(head, Scope):
            return self.scope(head, depth, train_only=train_only or head.path in self.heads)
        stretch = self._nodes(_nodes_of(group))
        if head.path == scope.path:  # the scope's row stands for it
            return _Walked(stretch, ())
        row = self._row(head, depth, _describe(group), stretch, train_only=train_only, leaf=True)
        return _Walked(stretch, (row,))

    def scope(self, scope: Scope, depth: int, *, train_only: bool) -> _Walked:
        """The row of `scope`, and those inside unless it is one unit."""
        if _is_unit(scope):
            walked = _Walked(self._nodes(scope.nodes()), ())
            description = _describe(scope.children)
        else:
            walked = self.inside(scope, depth + 1, train_only=train_only)
            description = _describe_block(scope, walked.rows, depth + 1)
        stretch, rows = walked.stretch, walked.rows
        row = self._row(scope, depth, description, stretch, train_only=train_only, leaf=not rows)
        return _Walked(stretch, (row, *rows))

    def _nodes(self, nodes: Iterable[Node]) -> _Stretch:
        stretches = [self._node(node) for node in nodes]
        return self._join(stretches, sum(stretch.macs for stretch in stretches))

    def _node(self, node: Node) -> _Stretch:
        start = self.position[node]
        params = node.op.parameter_count
        live, saved = self.memory.live.get(node, 0), self.memory.saved[node]
        return _Stretch(start, start + 1, node.inputs, node.outputs, params, node.macs, live, saved)

    def _join(self, stretches: Sequence[_Stretch], macs: int) -> _Stretch:
        """Neighbours as one: what goes from one to the other is neither read nor given any more."""
        stretches = [stretch for stretch in stretches if stretch.stop]
        if not stretches:
            return _Stretch(0, 0)  # nothing inside
        start, stop = stretches[0].start, stretches[-1].stop
        reads = (value for stretch in stretches for value in stretch.reads)
        gives = (value for stretch in stretches for value in stretch.gives)
        return _Stretch(
            start,
            stop,
            tuple(dict.fromkeys(value for value in reads if self.made.get(value, -1) < start)),
            tuple(value for value in gives if self.last_read.get(value, stop) >= stop),
            sum(stretch.params for stretch in stretches),
            macs,
            max(stretch.live for stretch in stretches),
            sum(stretch.saved for stretch in stretches),
        )

    def _row(
        self,
        head: Scope | Node,
        depth: int,
        description: str,
        stretch: _Stretch,
        *,
        train_only: bool,
        leaf: bool,
    ) -> Row:
        seen = self.fields[stretch.gives[-1]] if stretch.gives else None
        return Row(
            path=head.path,
            name=head.path.rpartition(".")[2],
            depth=depth,
            block=head.block if isinstance(head, Scope) else head.op.kind,
            description=description,
            inputs=tuple(value.shape for value in stretch.reads),
            outputs=tuple(value.shape for value in stretch.gives),
            params=stretch.params,
            macs=stretch.macs,
            train_only=train_only,
            leaf=leaf,
            live_bytes=stretch.live,
            saved_bytes=stretch.saved,
            receptive_field=None if seen is None else seen.size,
            stride=None if seen is None else seen.stride,
            origin=head.origin,
        )


_Group = Sequence[Scope | Node]


def _groups(scope: Scope) -> Iterable[_Group]:
    """The children; a bare node takes the parts that follow it (`add`, then ReLU) into its row."""
    groups: list[list[Scope | Node]] = []
    for child in scope.children:
        part = isinstance(child, Scope) and child.role is Role.PART
        if part and groups and isinstance(groups[-1][0], Node):
            groups[-1].append(child)
        else:
            groups.append([child])
    return groups


def _is_unit(scope: Scope) -> bool:
    """Whether one op computes the scope, alone or with a norm and an activation around it."""
    kernels = [
        child for child in scope.children if isinstance(child, Node) or child.role is not Role.PART
    ]
    if len(kernels) != 1:
        return False
    kernel = kernels[0]
    if isinstance(kernel, Node):
        return kernel.path == scope.path
    return len(scope.children) > 1 and kernel.role is Role.LAYER and kernel.leaf is not None


def _nodes_of(group: _Group) -> Iterable[Node]:
    for child in group:
        if isinstance(child, Node):
            yield child
        else:
            yield from child.nodes()


def _describe(group: _Group) -> str:
    """`conv 3×3 / 2, BN, ReLU`: the op, and the parts in order."""
    return ", ".join(_describe_one(child) for child in group)


def _describe_one(child: Scope | Node) -> str:
    node = child if isinstance(child, Node) else child.leaf
    if node is None:
        return child.block if isinstance(child, Scope) else ""
    part = isinstance(child, Scope) and child.role is Role.PART
    return node.op.short if part and node.op.category is Category.NORM else node.op.label()


def _describe_block(scope: Scope, rows: Sequence[Row], depth: int) -> str:
    """`inception`; `bottleneck ×3` for copies, which say what they are when they are the same."""
    if scope.role is not Role.COPIES:
        own = [group for group in _groups(scope) if group[0].path == scope.path]
        return _describe(own[0]) if own else scope.block
    copies = [row.description for row in rows if row.depth == depth]
    what = copies[0] if len(set(copies)) == 1 else scope.block
    return f"{what} ×{len(copies)}"
