"""Warnings about a network that is right and yet hardly meant: it computes for nothing, or cannot learn.

Each is certain for what it says: a warning that is sometimes wrong is soon not read. So a line that is
used several times, in a repeat or a block, is told only when all of its uses have the fault, where one
use could want what another does not. Rejected for that reason: sigmoid and tanh at the end (targets of
many labels, bounded regression), two linear layers in a row (a factorisation), a dropout of 0 (a setting).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log, prod

from netspec.diagnostics import Label, Span
from netspec.elaborate.classifying import is_image_to_classes, is_named_classifier
from netspec.elaborate.items import Item
from netspec.elaborate.layering import Elaborator, Result
from netspec.elaborate.origin import Origin
from netspec.elaborate.reporting import Sink
from netspec.graph import Graph, Node, Output, Value
from netspec.ops import Activation, Category, Conv, Op
from netspec.shape import Shape, looks_batched, numel
from netspec.source import At, Place

_WITH_BIAS = (Category.CONV, Category.POINTWISE, Category.LINEAR)


@dataclass(frozen=True, slots=True)
class _Found:
    """A fault of a node: its place, the rule and the numbers."""

    node: Node
    span: Span
    rule: str
    values: dict[str, object]


class Suspicious:
    """Looks through a graph; warnings go to the sink."""

    def __init__(self, sink: Sink, run: Elaborator) -> None:
        self._sink = sink
        self._run = run

    def graph(self, graph: Graph) -> None:
        """Everything about a graph."""
        self._unread(graph)
        for output in graph.outputs:
            self._logits(graph, output)
        self._everywhere(graph, _has_bias, self._bias)
        self._everywhere(graph, _is_rectifier, self._without_effect(graph))
        for node in graph.nodes:
            self._padding(node)
            self._constant(node)

    def input(self, at: At, shape: Shape) -> None:
        """A batch in front of the channels of an image."""
        if looks_batched(shape):
            self._sink.report("batch-in-input", at.span, shape=shape, received=at.data)

    # -- a layer that nobody reads

    def _unread(self, graph: Graph) -> None:
        """A value belongs to the outermost layer that gives it, so that a layer is told once."""
        owner = {value: result for result in self._run.results for value in result.outputs}
        lines: dict[Place, Result] = {}
        read: set[Place] = set()
        kept = {*graph.readers, *(output.value for output in graph.outputs)}
        for result in dict.fromkeys(owner.values()):
            line = result.item.at.place
            lines.setdefault(line, result)
            if any(value in kept and owner[value] is result for value in result.outputs):
                read.add(line)
        for line, result in lines.items():
            if line not in read:
                item, params = result.item, _parameters(graph, result)
                values = {"name": _name(item), "block": item.block, "params": params}
                self._sink.report("unread", item.span, _why_unread(item), **values)

    # -- an activation on the logits

    def _logits(self, graph: Graph, output: Output) -> None:
        shape = output.value.shape
        if numel(shape) != shape[0] or shape[0] < 2:
            return
        value, last = output.value, None
        while (node := graph.producers.get(value)) is not None and not node.op.parameters():
            if len(node.inputs) != 1 or len(node.outputs) != 1 or graph.uses(value) != 1:
                return
            if last is None and _stops_logits(node.op):
                last = node
            (value,) = node.inputs
        if node is None or last is None or not isinstance(last.op, Activation):
            return
        below = last.op.spelling.dead_below
        certain = is_image_to_classes(graph.input.shape, shape) or is_named_classifier(
            node, output, self._run.limits
        )
        if below is not None and not (certain and _makes_logits(node.op)):
            return
        span, labels = _use(last)
        values = {"activation": last.op.name, "output": output.name, "classes": shape[0]}
        values |= {"below": below, "loss": log(shape[0]), "labels": len(labels)}
        self._sink.report("logits", span, labels, **values)

    # -- faults that all uses of a line must have

    def _everywhere(
        self,
        graph: Graph,
        concerns: Callable[[Op], bool],
        find: Callable[[Graph, Node], tuple[str, dict[str, object]] | None],
    ) -> None:
        """Report what `find` finds at lines where it finds something for every node."""
        found: dict[Place, _Found | None] = {}
        for node in graph.nodes:
            if not concerns(node.op):
                continue
            place = (self._bias_of(node) or _at(node)).place
            fault = find(graph, node)
            if fault is None:
                found[place] = None
            elif place not in found:
                found[place] = _Found(node, self._written(node), *fault)
        for one in filter(None, found.values()):
            line = _span(one.node)
            label = Label(line, "in this layer, for example")
            self._sink.report(one.rule, one.span, (label,) * (line != one.span), **one.values)

    def _written(self, node: Node) -> Span:
        """Where the bias of a node was written, in `defaults` perhaps; else its line."""
        at = self._bias_of(node)
        return at.span if at is not None else _span(node)

    def _bias_of(self, node: Node) -> At | None:
        """The value of `bias` that the block of a node was given, if it was."""
        slot = self._run.places.get(node.outputs[0], {}).get("bias")
        return slot.at if slot is not None else None

    def _bias(self, graph: Graph, node: Node) -> tuple[str, dict[str, object]] | None:
        """A bias that the norm behind it takes away again."""
        readers = graph.readers.get(node.output, ())
        if len(readers) != 1 or graph.uses(node.output) != 1 or not readers[0].op.cancels_bias:
            return None
        (norm,) = readers
        written = self._written(node) != _span(node)
        unit, _, own = node.path.rpartition(".")
        inside = own == "conv" and norm.path.startswith(f"{unit}.norm")
        return "bias-before-norm", {
            "path": node.path,
            "kind": node.op.kind,
            "norm": norm.op.kind,
            "written": written,
            "inside": inside,
        }

    def _without_effect(
        self, graph: Graph
    ) -> Callable[[Graph, Node], tuple[str, dict[str, object]] | None]:
        positive: set[Value] = set()
        for node in graph.nodes:
            if node.op.not_negative(inputs=all(value in positive for value in node.inputs)):
                positive.update(node.outputs)

        def find(graph: Graph, node: Node) -> tuple[str, dict[str, object]] | None:
            if node.inputs[0] not in positive:
                return None
            makers = list(_makers(graph, node.inputs[0]))
            return "without-effect", {"path": node.path, "after": makers}

        return find

    # -- faults of one node

    def _padding(self, node: Node) -> None:
        """Weights that lie on nothing but padding."""
        op = node.op
        if not isinstance(op, Conv) or op.padding_mode != "zeros":
            return
        spatial = node.inputs[0].shape[1:]
        window = op.window
        if all(extent <= size for extent, size in zip(window.extent, spatial, strict=True)):
            return
        used = window.used(spatial)
        if used != op.kernel_size:
            once = numel(node.output.shape) == node.output.channels
            self._sink.report(
                "only-padding",
                _span(node),
                _uses(node),
                kernel=op.kernel_size,
                spatial=spatial,
                idle=prod(op.kernel_size) - prod(used),
                same=once and used == spatial and prod(op.dilation) == 1,
                trail=self._run.traces.way(node.inputs[0]),
            )

    def _constant(self, node: Node) -> None:
        """An output that does not depend on the input."""
        shape = node.inputs[0].shape
        if node.op.is_constant(shape):
            kind = node.op.name if isinstance(node.op, Activation) else node.op.kind
            values = {"kind": kind, "shape": shape, "is_activation": kind != node.op.kind}
            self._sink.report("constant", _span(node), _uses(node), **values)


def _has_bias(op: Op) -> bool:
    if op.drawn_as() not in _WITH_BIAS:
        return False
    return any(parameter.name == "bias" for parameter in op.parameters())


def _is_rectifier(op: Op) -> bool:
    """relu, which leaves what is not negative as it is."""
    return isinstance(op, Activation) and op.name == "relu"


def _stops_logits(op: Op) -> bool:
    """An activation with which a classifier can stop learning: it is flat, or is applied by the loss."""
    if not isinstance(op, Activation):
        return False
    return op.spelling.dead_below is not None or op.name in ("softmax", "softmin")


def _makes_logits(op: Op) -> bool:
    """A linear layer or a 1x1 convolution; behind anything else there may be features, not classes."""
    return op.drawn_as() in (Category.LINEAR, Category.POINTWISE)


def _makers(graph: Graph, value: Value) -> Iterator[str]:
    """The activations that a value without negative elements comes from, by name, each once."""
    seen: set[Value] = set()
    names: dict[str, None] = {}
    waiting = [value]
    while waiting:
        here = waiting.pop()
        node = graph.producers.get(here)
        if here in seen or node is None:
            continue
        seen.add(here)
        if isinstance(node.op, Activation):
            names[node.op.name] = None
        else:
            waiting += node.inputs
    yield from names


# -- places


def _item_span(at: At) -> Span:
    """Where the name of the block of a layer stands."""
    if isinstance(at.data, dict) and len(at.data) == 1:
        (block,) = at.data
        return (at / str(block)).key_span
    return at.span


def _at(node: Node) -> At:
    assert isinstance(node.origin, Origin)  # noqa: S101 - every node of a spec has one
    return node.origin.at


def _span(node: Node) -> Span:
    return _item_span(_at(node))


def _uses(node: Node) -> tuple[Label, ...]:
    assert isinstance(node.origin, Origin)  # noqa: S101 - every node of a spec has one
    return node.origin.uses()


def _use(node: Node) -> tuple[Span, tuple[Label, ...]]:
    """The outermost use of a block in YAML that a node is in, with a label at its own line."""
    here = node.origin
    assert isinstance(here, Origin)  # noqa: S101 - every node of a spec has one
    own, use = _item_span(here.at), here
    while here is not None:
        if here.definition is not None:
            use = here
        here = here.parent
    span = _item_span(use.at)
    return span, (Label(own, "the activation"),) * (span != own)


def _name(item: Item) -> str:
    name = item.common.get("name")
    return name.data if name is not None and isinstance(name.data, str) else ""


def _parameters(graph: Graph, result: Result) -> int:
    """The parameters of a layer that has a path of its own."""
    if result.path is None:
        return 0
    if result.path in graph.scopes:
        return sum(node.op.parameter_count for node in graph.scopes[result.path].nodes())
    return sum(node.op.parameter_count for node in graph.nodes if node.path == result.path)


def _why_unread(item: Item) -> tuple[Label, ...]:
    """A label at the next line where that reads another layer."""
    *above, number = item.at.path
    place = item.at.document.at()
    for key in above:
        place /= key
    below = place.get(number + 1) if isinstance(number, int) else None
    if below is None or not isinstance(below.data, dict):
        return ()
    for key in below.data:
        source = (below / key).get("from")
        if source is not None:
            return (Label(source.span, "the next layer reads this instead"),)
    return ()
