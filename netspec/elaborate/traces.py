"""Who made a value: for the shape trail of a message, and for the sides of a merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netspec.diagnostics import Label
from netspec.elaborate.items import Item
from netspec.graph import Value
from netspec.shape import Shape, spell

MAX_STEPS = 6


@dataclass(frozen=True, slots=True)
class Trace:
    """The layer that made a value: its path, its line, and the value that it read first."""

    path: str
    item: Item
    source: Value | None


class Traces:
    """Value -> the layer that made it."""

    def __init__(self, source: Value) -> None:
        self._input = source
        self._made: dict[Value, Trace] = {}

    def record(
        self, path: str, item: Item, inputs: Sequence[Value], outputs: Sequence[Value]
    ) -> None:
        """Note who made `outputs`; a value that only passed through keeps its maker.

        A named scope is noted after what is inside, and takes its place.
        """
        source = inputs[0] if inputs else None
        for value in outputs:
            if value is not self._input and value not in inputs:
                self._made[value] = Trace(path, item, source)

    def knows(self, value: Value) -> bool:
        """Whether a layer of this network made a value, or it is the input."""
        return value.poisoned or value is self._input or value in self._made

    def name(self, value: Value) -> str:
        """The path of the layer that made a value; `input` for the network's own."""
        made = self._made.get(value)
        return made.path if made is not None else "input"

    def trail(self, value: Value) -> list[tuple[str, Shape]]:
        """(path, shape) of the steps from the input to `value`; the middle of a long way is left out."""
        steps: list[tuple[str, Shape]] = []
        here: Value | None = value
        while here is not None and not here.poisoned:
            steps.append((self.name(here), here.shape))
            made = self._made.get(here)
            here = made.source if made is not None else None
        steps.reverse()
        if len(steps) > MAX_STEPS:
            steps = [steps[0], ("...", ()), *steps[-(MAX_STEPS - 2) :]]
        return steps

    def labels(self, values: Sequence[Value]) -> tuple[Label, ...]:
        """For each value, a label at the layer that made it: `proj` is 128x32x32."""
        labels = []
        for value in dict.fromkeys(values):
            made = self._made.get(value)
            if made is not None and not value.poisoned:
                labels.append(Label(made.item.span, f"`{made.path}` is {spell(value.shape)}"))
        return tuple(labels)
