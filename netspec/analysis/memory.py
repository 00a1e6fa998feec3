"""Activation memory for one sample in float32: the peak of inference, and what training holds on to.

Two numbers, because they answer two questions. *Peak*: the most bytes of values that are alive at once
while inference runs, each from the op that makes it to the last that reads it; the input is one of them.
*Saved*: the bytes that backward reads again, each storage once. Weights, what an op needs only while it
runs, and the allocator's rounding are left out. Rejected: the sum of all outputs, doubled (torchsummary),
which is neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netspec.analysis.storage import bytes_of, storages
from netspec.graph import Graph, Node, Value
from netspec.ops import Kept

MEMORY_RULE = (
    "Memory: bytes of activations for one sample in float32; the peak of live values in inference, and "
    "what backward needs in training. Weights are not in it."
)
"""The rule, as it is printed with the numbers."""


@dataclass(frozen=True)
class Memory:
    """Node -> bytes. `live` is while a node runs, in inference; `saved` what it adds for backward.

    None is what is not known.
    """

    live: Mapping[Node, int]
    saved: Mapping[Node, int | None]
    input_bytes: int

    @property
    def peak(self) -> int:
        """The most that is alive at once."""
        return max(self.live.values(), default=self.input_bytes)

    @property
    def saved_for_backward(self) -> int | None:
        """All that training holds on to after the forward pass, auxiliary heads included."""
        return total(self.saved.values())


def total(parts: Iterable[int | None]) -> int | None:
    """The sum; None as soon as one part is unknown."""
    found = 0
    for part in parts:
        if part is None:
            return None
        found += part
    return found


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
        found[node] = alive
        alive -= sum(bytes_of(value) for value in dying.get(number, ()))
    return found


def _saved(graph: Graph) -> Mapping[Node, int | None]:
    """Bytes that each node is the first to keep for backward."""
    where = storages(graph, training=True)
    kept: set[Value] = set()
    found: dict[Node, int | None] = {}
    for node in graph.nodes:
        if _is_unknown(node, where):
            found[node] = None
            continue
        needed = {Kept.INPUTS: node.inputs, Kept.OUTPUTS: node.outputs, Kept.NOTHING: ()}
        outputs = [value.shape for value in node.outputs]
        values = dict.fromkeys(where[value] for value in needed[node.op.keeps(outputs)])
        fresh = [value for value in values if value not in kept]
        kept.update(fresh)
        inputs = [value.shape for value in node.inputs]
        found[node] = sum(map(bytes_of, fresh)) + node.op.kept_besides(inputs, outputs)
    return found


def _is_unknown(node: Node, where: Mapping[Value, Value]) -> bool:
    """Ops that say so, and activations that overwrite an input which backward would read.

    PyTorch then keeps the result, or a copy of the input, from one activation to the next differently.
    """
    kept = node.op.keeps([value.shape for value in node.outputs])
    if kept is not Kept.INPUTS or not node.op.can_work_in_place:
        return kept is Kept.UNKNOWN
    return where[node.output] is where[node.inputs[0]]
