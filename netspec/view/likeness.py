"""Which neighbours may be one frame: what they look like, and what they pass on.

How much alike they have to be depends on who asks: equal ops and shapes, or the same words on every box,
where only numbers of channels differ, or sizes too. The wiring is equal in any case.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from netspec.graph import Graph, Node, Scope, Value
from netspec.view.interfaces import Interfaces


class Alike(Enum):
    """What may differ between two layers that look the same."""

    NOTHING = "nothing"
    CHANNELS = "channels"
    WIDTHS = "widths"  # channels and sizes


@dataclass
class Likeness:
    """Compares scopes of `graph`; keys are kept, so that each scope is read once."""

    graph: Graph
    alike: Alike
    _keys: dict[Scope, list[Hashable]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._interfaces = Interfaces(self.graph)

    def follows(self, before: Scope, after: Scope) -> bool:
        """Whether both look the same, and one value and nothing else goes from one to the other."""
        if self._key(before) != self._key(after):
            return False
        above, below = list(before.nodes()), list(after.nodes())
        gives, reads = self._interfaces.gives(above), self._interfaces.reads(below)
        if len(gives) != 1 or gives != reads or gives[0] in self._interfaces.results:
            return False
        near = {*above, *below}
        return all(reader in near for reader in self.graph.readers[gives[0]])

    def _key(self, scope: Scope) -> list[Hashable]:
        if scope not in self._keys:
            self._keys[scope] = [scope.block, *self._looks(scope, list(scope.nodes()))]
        return self._keys[scope]

    def _looks(self, scope: Scope, nodes: Sequence[Node]) -> list[Hashable]:
        """Equal for scopes that differ in their names and weights only."""
        numbers: dict[Value, int] = {}
        key: list[Hashable] = []
        for node in nodes:
            taken = tuple(numbers.setdefault(value, len(numbers)) for value in node.inputs)
            for value in node.outputs:
                numbers[value] = len(numbers)
            path = node.path.removeprefix(scope.path)
            shapes = tuple(value.known for value in (*node.inputs, *node.outputs))
            look: Hashable = (node.op, shapes)
            if self.alike is not Alike.NOTHING:
                look = (type(node.op), node.op.label())
            if self.alike is Alike.CHANNELS:
                look = (look, tuple(shape and shape[1:] for shape in shapes))
            key.append((path, taken, look))
        return key
