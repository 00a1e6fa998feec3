"""What each layer adds to the network's numbers, and which expectations held: where a difference must lie.

Kept while layers are built, because when an expectation fails there may be no graph. Rejected: the rows of
`analysis`, which stand above and need a whole network.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from netspec.blocks import Values
from netspec.graph import Node, Totals
from netspec.records import record
from netspec.shape import Shape


@record()
class Step:
    """A layer that was built: its path, what is in it, and its shape where it gives one value."""

    path: str
    params: int
    macs: int
    shape: Shape | None = None

    @classmethod
    def of(cls, path: str, before: Totals, after: Totals, outputs: Values) -> Step:
        """The layer that was built between two totals."""
        known = [value.known for value in outputs]
        shape = known[0] if len(known) == 1 else None
        return cls(path, after.params - before.params, after.macs - before.macs, shape)

    def number(self, key: str) -> int:
        """Its parameters or MACs."""
        return self.params if key == "params" else self.macs


class Checkpoints:
    """The layers so far, inner ones before the one around them, and what of them was expected and found."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._held: dict[str, set[str]] = {"shape": set(), "params": set(), "macs": set()}

    @property
    def position(self) -> int:
        """How many layers there are so far."""
        return len(self._steps)

    def add(self, step: Step) -> None:
        """Note a layer."""
        self._steps.append(step)

    def hold(self, key: str, path: str) -> None:
        """An expectation of a layer was met."""
        self._held[key].add(path)

    def open(self, key: str, start: int = 0, without: Collection[str] = ()) -> list[Step]:
        """The outermost layers since `start` whose number nobody confirmed; the largest first."""
        found: list[Step] = []
        around = ""
        for step in reversed(self._steps[start:]):
            if around and step.path.startswith(f"{around}."):
                continue
            around = step.path
            confirmed = step.path in self._held[key] or step.path in without
            if step.number(key) and not confirmed:
                found.append(step)
        found.reverse()
        return sorted(found, key=lambda step: -step.number(key))

    def since(self, way: Sequence[tuple[str, Shape]]) -> tuple[tuple[str, Shape], ...]:
        """The steps of a way from the last one whose shape was expected and found; all where none was."""
        for number in range(len(way) - 1, -1, -1):
            if way[number][0] in self._held["shape"]:
                return tuple(way[number:])
        return ()


def biases(nodes: Sequence[Node]) -> int:
    """The parameters that are biases."""
    return sum(
        parameter.numel
        for node in nodes
        for parameter in node.op.parameters()
        if parameter.name == "bias"
    )
