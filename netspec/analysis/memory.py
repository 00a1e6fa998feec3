"""Activation memory for one sample in float32: the peak of inference, and what training holds on to.

Two numbers, because they answer two questions. *Peak*: the most bytes of values that are alive at once
while inference runs, each from the op that makes it to the last that reads it; the input is one of them.
What an op makes for itself on the way (the squares of an LRN, the places of a maximum, a padded copy) is
among them; what a kernel takes for itself is not: it differs from device to device.
*Saved*: the bytes that backward reads again, each storage once. Weights and the allocator's rounding are
left out. Rejected: the sum of all outputs, doubled (torchsummary),
which is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netspec.analysis.storage import bytes_of, storages
from netspec.graph import Graph, Node, Value
from netspec.ops import Kept
from netspec.shape import Shape

MEMORY_RULE = (
    "Memory: bytes of activations for one sample in float32; the peak of live values in inference, and "
    "what backward needs in training. Weights are not in it."
)
"""The rule, as it is printed with the numbers."""


@dataclass(frozen=True)
class Memory:
    """Node -> bytes. `live` is while a node runs, in inference; `saved` what it adds for backward."""

    live: Mapping[Node, int]
    saved: Mapping[Node, int]
    input_bytes: int

    @property
    def peak(self) -> int:
        """The most that is alive at once."""
        return max(self.live.values(), default=self.input_bytes)

    @property
    def saved_for_backward(self) -> int:
        """All that training holds on to after the forward pass, auxiliary heads included."""
        return sum(self.saved.values())


def memory(graph: Graph) -> Memory:
    """The memory of `graph`; linear in the number of nodes."""
    return Memory(_live(graph.without_training_heads()), _saved(graph), bytes_of(graph.input))


def _live(graph: Graph) -> Mapping[Node, int]:
    """Bytes alive while each node runs: what it reads and makes, and what others still wait for."""
    where = storages(graph, training=False)
    last: dict[Value, int] = {}
    for number, node in enumerate(graph.nodes):
        for value in (*node.inputs, *node.outputs):  # what nobody reads lives while it is made
            last[where[value]] = number
    for out in graph.outputs:
        last[where[out.value]] = len(graph.nodes)
    dying: dict[int, list[Value]] = {}
    for value, number in last.items():
        dying.setdefault(number, []).append(value)
    alive = bytes_of(graph.input)
    found = {}
    for number, node in enumerate(graph.nodes):
        alive += sum(bytes_of(value) for value in node.outputs if where[value] is value)
        found[node] = alive + node.op.working_bytes(*_shapes(node))
        alive -= sum(bytes_of(value) for value in dying.get(number, ()))
    return found


def _saved(graph: Graph) -> Mapping[Node, int]:
    """Bytes that each node is the first to keep for backward."""
    where = storages(graph, training=True)
    kept: set[Value] = set()
    found: dict[Node, int] = {}
    for node in graph.nodes:
        inputs, outputs = _shapes(node)
        values = dict.fromkeys(where[value] for value in _needed(node, where))
        fresh = [value for value in values if value not in kept]
        kept.update(fresh)
        besides = node.op.kept_besides(inputs, outputs)
        if _overwrites(node, where) and node.op.copies_what_it_overwrites:
            besides += bytes_of(node.output)
        found[node] = sum(map(bytes_of, fresh)) + besides
    return found


def _needed(node: Node, where: Mapping[Value, Value]) -> Sequence[Value]:
    """The inputs and outputs that backward of `node` reads."""
    if _overwrites(node, where):
        return () if node.op.copies_what_it_overwrites else node.outputs
    kept = node.op.keeps([value.shape for value in node.outputs])
    return {
        Kept.NOTHING: (),
        Kept.INPUTS: node.inputs,
        Kept.OUTPUTS: node.outputs,
        Kept.BOTH: (*node.inputs, *node.outputs),
    }[kept]


def _overwrites(node: Node, where: Mapping[Value, Value]) -> bool:
    """Whether the result takes the place of the input."""
    return node.op.can_work_in_place and where[node.output] is where[node.inputs[0]]


def _shapes(node: Node) -> tuple[list[Shape], list[Shape]]:
    return [value.shape for value in node.inputs], [value.shape for value in node.outputs]
