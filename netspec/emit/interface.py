"""Which values cross the wall of each scope: one pass over the graph.

A value read from outside becomes an argument of the scope's `forward`, an inner value read outside
becomes a result. Rejected: asking each scope for its own free values, which is quadratic in the depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netspec.graph import Graph, Node, Scope, Value


@dataclass(frozen=True, slots=True)
class Interface:
    """Arguments of a scope in the order of first reading, and its results in the order of making.

    Results that exist only in training come last.
    """

    inputs: tuple[Value, ...]
    results: tuple[Value, ...]


class _Crossings:
    """The pass. `chains` maps a path to the scopes around and including it, the root first."""

    def __init__(self, graph: Graph) -> None:
        self.inputs: dict[str, dict[Value, None]] = {}
        self.results: dict[str, dict[Value, None]] = {}
        self.homes: dict[Value, tuple[str, ...]] = {graph.input: ("",)}

    def walk(self, scope: Scope, chain: tuple[str, ...]) -> None:
        self.inputs[scope.path], self.results[scope.path] = {}, {}
        for child in scope.children:
            if isinstance(child, Scope):
                self.walk(child, (*chain, child.path))
                continue
            for value in child.inputs:
                self.read(value, chain)
            for value in child.outputs:
                self.homes[value] = chain

    def read(self, value: Value, reader: tuple[str, ...]) -> None:
        home = self.homes[value]
        shared = sum(a == b for a, b in zip(home, reader, strict=False))
        for path in reader[shared:]:
            self.inputs[path][value] = None
        for path in home[shared:]:
            self.results[path][value] = None


def interfaces(graph: Graph) -> Mapping[str, Interface]:
    """Path of a scope -> its interface. A scope that nobody reads gives what it made last."""
    found = _Crossings(graph)
    found.walk(graph.root, ("",))
    for output in graph.outputs:
        found.read(output.value, ("",))
    order = {value: place for place, value in enumerate(found.homes)}
    late = {output.value for output in graph.outputs if output.train_only}
    late -= {output.value for output in graph.inference_outputs}
    table: dict[str, Interface] = {}
    for scope in graph.root.scopes():
        results = sorted(found.results[scope.path], key=lambda value: (value in late, order[value]))
        table[scope.path] = Interface(
            tuple(found.inputs[scope.path]), tuple(results) or _last_made(scope)
        )
    outputs = dict.fromkeys(output.value for output in graph.outputs)
    table[""] = Interface((graph.input,), tuple(outputs))
    return table


def _last_made(scope: Scope) -> tuple[Value, ...]:
    """What the last node inside makes; nothing for a scope without nodes. Each wall is crossed once."""
    for child in reversed(scope.children):
        made = child.outputs if isinstance(child, Node) else _last_made(child)
        if made:
            return made
    return ()
