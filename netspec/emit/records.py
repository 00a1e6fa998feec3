"""Summary and Graph -> plain data -> JSON text: for other programs, so the form is fixed and stable.

`summary_record` is what `summary --format json` prints; its keys are promised and only ever added to.
`graph_record` is the whole graph (`graph.json` of a build): with it another tool can redo everything that
we do after elaboration, without YAML. Its version counts up when a key changes its meaning. The bytes
depend on the graph alone: keys stand in a fixed order, text is ASCII, nothing holds a time or a version
of ours. Rejected: pickles (code), ONNX (needs weights and torch), sorted keys (a person reads these too).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from netspec.analysis.rows import Row, Summary
from netspec.emit.table import visible
from netspec.graph import Graph, Init, Node, Output, Scope, Value
from netspec.ops import Op
from netspec.shape import Shape

GRAPH_VERSION = 1
"""The version of `graph_record`, under the key `netspec_graph`."""

Locate = Callable[[object], tuple[str, int] | None]
"""An origin -> file name and line, or None when it was not written in a file."""

_LINE = 100  # lists of numbers up to this long stay on one line


def summary_record(
    summary: Summary, locate: Locate, *, depth: int | None = None
) -> dict[str, object]:
    """The totals and one entry per row; `depth` counts levels of rows and is unlimited without.

    `params` counts training heads, `macs` does not. The `input` and `output` of a layer are a shape;
    where several values go in or out, a list of shapes.
    """
    return {
        "name": summary.name,
        "input": list(summary.input),
        "outputs": {out.name: list(out.shape) for out in summary.outputs},
        "params": summary.params,
        "macs": summary.macs,
        "peak_bytes": summary.peak_bytes,
        "saved_bytes": summary.saved_bytes,
        "smallest_input": None if summary.smallest_input is None else list(summary.smallest_input),
        "layers": [_layer(row, locate) for row in visible(summary.rows, depth)],
    }


def graph_record(graph: Graph, locate: Locate) -> dict[str, object]:
    """The whole graph.

    `values` are shapes; nodes and outputs name a value by its place in that list, scopes name a node by
    its place in `nodes`, which stand in order of execution. Value 0 is the input.
    """
    writer = _GraphWriter.over(graph, locate)
    return {
        "netspec_graph": GRAPH_VERSION,
        "name": graph.name,
        "doc": graph.doc,
        "input": writer.values[graph.input],
        "outputs": [writer.output(out) for out in graph.outputs],
        "params": graph.parameter_count,
        "params_inference": graph.without_training_heads().parameter_count,
        "macs": graph.macs,
        "values": [list(value.shape) for value in writer.values],
        "nodes": [writer.node(node) for node in graph.nodes],
        "scope": writer.scope(graph.root),
    }


def to_json(record: Mapping[str, object]) -> str:
    """The record as JSON: two spaces per level, a short list of numbers on one line, a final newline."""
    text = json.dumps(record, indent=2, allow_nan=False)
    return _MULTILINE_LIST.sub(_one_line, text) + "\n"


_MULTILINE_LIST = re.compile(r"\[\n([^\[\]{}\"]+?)\n *\]")
"""A list without text, lists and objects; JSON strings hold no line break, so none is matched."""


def _one_line(found: re.Match[str]) -> str:
    line = "[" + " ".join(found[1].split()) + "]"
    return line if len(line) <= _LINE else found[0]


def _layer(row: Row, locate: Locate) -> dict[str, object]:
    return {
        "path": row.path,
        "block": row.block,
        "input": _shapes(row.inputs),
        "output": _shapes(row.outputs),
        "params": row.params,
        "macs": row.macs,
        **_place(row.origin, locate),
        "live_bytes": row.live_bytes,
        "saved_bytes": row.saved_bytes,
        "receptive_field": None if row.receptive_field is None else list(row.receptive_field),
        "stride": None if row.stride is None else list(row.stride),
    }


def _shapes(shapes: Sequence[Shape]) -> list[object]:
    """A shape, or a list of shapes when there are several (or none)."""
    return list(shapes[0]) if len(shapes) == 1 else [list(shape) for shape in shapes]


def _place(origin: object, locate: Locate) -> dict[str, object]:
    file, line = locate(origin) or (None, None)
    return {"file": file, "line": line}


@dataclass(frozen=True, slots=True)
class _GraphWriter:
    """Numbers of values and nodes, and what needs them."""

    values: Mapping[Value, int]
    nodes: Mapping[Node, int]
    locate: Locate

    @classmethod
    def over(cls, graph: Graph, locate: Locate) -> _GraphWriter:
        """The writer of `graph`."""
        made = (value for node in graph.nodes for value in node.outputs)
        values = {value: number for number, value in enumerate((graph.input, *made))}
        return cls(values, {node: number for number, node in enumerate(graph.nodes)}, locate)

    def node(self, node: Node) -> dict[str, object]:
        """A node with its op, all arguments of the op, and what it costs."""
        constructor = node.op.module
        return {
            "path": node.path,
            "op": node.op.kind,
            "module": None if constructor is None else constructor.target,
            "arguments": _arguments(node.op),
            "inputs": [self.values[value] for value in node.inputs],
            "outputs": [self.values[value] for value in node.outputs],
            "parameters": {entry.name: list(entry.shape) for entry in node.op.parameters()},
            "macs": node.macs,
            "init": {name: _init(init) for name, init in node.inits.items()},
            **_place(node.origin, self.locate),
        }

    def scope(self, scope: Scope) -> dict[str, object]:
        """A scope and everything inside; a child that is a node is its number."""
        return {
            "path": scope.path,
            "name": scope.name,
            "block": scope.block,
            "role": scope.role.value,
            "doc": scope.doc,
            "fields": plain(scope.fields),
            **_place(scope.origin, self.locate),
            "children": [
                self.nodes[child] if isinstance(child, Node) else self.scope(child)
                for child in scope.children
            ],
        }

    def output(self, out: Output) -> dict[str, object]:
        """A named result."""
        return {
            "name": out.name,
            "value": self.values[out.value],
            "loss_weight": out.loss_weight,
            "train_only": out.train_only,
            "head": out.head,
        }


def _arguments(op: Op) -> dict[str, object]:
    """The fields of an op, those at PyTorch's defaults too, one entry per axis."""
    return {entry.name: plain(getattr(op, entry.name)) for entry in fields(op)}


def _init(init: Init) -> dict[str, object]:
    return {"scheme": init.scheme, "arguments": plain(dict(init.arguments))}


def plain(value: object) -> object:
    """Evaluated data as JSON has it: tuples are lists, a number that JSON lacks is its name as text.

    Raises:
        TypeError: it is no plain data, which is a bug of ours.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Mapping():
            return {str(key): plain(entry) for key, entry in value.items()}
        case list() | tuple():
            return [plain(entry) for entry in value]
        case _:
            raise TypeError(f"{type(value).__name__} is not plain data")
