"""Which values share memory: what views and in-place activations give is their input's storage.

Both the source that is written and the memory that is counted ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from netspec.graph import Graph, Node, Scope, Value
from netspec.shape import numel

ELEMENT_BYTES = 4
"""float32."""


def works_in_place(graph: Graph, node: Node, homes: Mapping[Node, Scope]) -> bool:
    """Whether the op may overwrite its input: fresh storage, made next to it, read by nobody else.

    An op is `overwritable` when backward does not need its output and no other value shares it.
    """
    if not node.op.can_work_in_place:
        return False
    maker = graph.producers.get(node.inputs[0])
    return (
        maker is not None
        and maker.op.overwritable
        and homes[maker] is homes[node]
        and graph.uses(node.inputs[0]) == 1
    )


def homes(graph: Graph) -> Mapping[Node, Scope]:
    """Node -> the scope in whose forward it runs: around its own where that is the op alone."""
    found: dict[Node, Scope] = {}

    def visit(scope: Scope) -> None:
        for child in scope.children:
            if isinstance(child, Node):
                found[child] = scope
            elif child.leaf is not None and _has_no_class(child.leaf):
                found[child.leaf] = scope
            else:
                visit(child)

    visit(graph.root)
    return found


def _has_no_class(node: Node) -> bool:
    """A module of torch or an expression: no class of its own is written for its scope."""
    return node.op.module is not None or node.op.stateless


def storages(graph: Graph, *, training: bool) -> Mapping[Value, Value]:
    """Value -> the value whose memory it lies in: itself where its op makes fresh memory.

    A flatten or reshape of what lies in another order, as after `permute`, copies.
    """
    places = homes(graph)
    found = {graph.input: graph.input}
    out_of_order: set[Value] = set()
    for node in graph.nodes:
        source = node.inputs[0]
        copies = node.op.needs_order and source in out_of_order
        view = node.op.passes(training=training) and not copies
        shared = view or works_in_place(graph, node, places)
        for value in node.outputs:
            found[value] = found[source] if shared else value
        if node.op.reorders or (shared and source in out_of_order):
            out_of_order.update(node.outputs)
    return found


def bytes_of(value: Value) -> int:
    """Bytes of one sample in float32."""
    return ELEMENT_BYTES * numel(value.shape)
