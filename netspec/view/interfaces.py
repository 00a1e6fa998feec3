"""What a stretch of nodes reads from outside, and what it gives to the outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netspec.graph import Graph, Node, Value


class Interfaces:
    """What a stretch of nodes reads and gives: values from outside and to the outside, in order."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.results = {out.value for out in graph.outputs}

    def reads(self, nodes: Iterable[Node]) -> list[Value]:
        """The values that `nodes` take from outside."""
        made: set[Value] = set()
        taken: dict[Value, None] = {}
        for node in nodes:
            taken.update(dict.fromkeys(value for value in node.inputs if value not in made))
            made.update(node.outputs)
        return list(taken)

    def gives(self, nodes: Sequence[Node]) -> list[Value]:
        """The values of `nodes` that somebody outside reads, or that are results."""
        inside = set(nodes)
        readers = self._graph.readers
        return [
            value
            for node in nodes
            for value in node.outputs
            if value in self.results
            or any(reader not in inside for reader in readers.get(value, ()))
        ]
