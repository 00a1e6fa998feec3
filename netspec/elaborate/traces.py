"""Who made a value: for the shape trail of a message, for the sides of a merge, and to try a change.

A value has two makers. The *outer* one is the largest layer that gives it (a stage, a use of a block): a
trail of those is short. The *inner* one is the smallest layer as somebody wrote it: that one can be
changed, and a trail of those shows where two sides part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from netspec.blocks import Values
from netspec.diagnostics import Label
from netspec.elaborate.items import Item
from netspec.elaborate.site import contains
from netspec.graph import Value
from netspec.shape import Shape, Window, spell

Again = Callable[[Values, Mapping[str, object]], Values]
"""Builds a layer once more, from other inputs and with some fields changed, beside the network."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The layer that made a value: its path, its line, what it read and gave, and how to try it again.

    `fields` are those of its block; `window` is that of its op, for a single one; `number` counts the
    values of the run.
    """

    path: str
    item: Item
    inputs: Values
    outputs: Values
    again: Again
    fields: tuple[str, ...] = ()
    window: Window | None = None
    whole: bool = False
    """It is one layer, and what is inside was not written as layers."""
    number: int = 0
    names: tuple[str, ...] = ()
    """Those of several outputs, by which `from` reads them: `parts.kept`."""

    def name(self, value: Value) -> str:
        """What an output of the layer is called."""
        places = [n for n, output in enumerate(self.outputs) if output is value]
        if len(self.outputs) == len(self.names) > 1 and places:
            return f"{self.path}.{self.names[places[0]]}"
        return self.path

    @property
    def source(self) -> Value | None:
        """The value that it read first."""
        return self.inputs[0] if self.inputs else None


class Traces:
    """Value -> the layers that made it."""

    def __init__(self, source: Value, *, beside: bool = False) -> None:
        """`beside` another network its values are read too."""
        self._input = source
        self._beside = beside
        self._outer: dict[Value, Trace] = {}
        self._inner: dict[Value, Trace] = {}

    def record(self, trace: Trace) -> None:
        """Note who made the outputs of a trace; a value that only passed through keeps its maker.

        A named scope is noted after what is inside, and takes its place.
        """
        for value in trace.outputs:
            if value is self._input or value in trace.inputs:
                continue
            before = self._inner.get(value)
            self._outer[value] = trace
            if before is None:
                self._inner[value] = replace(trace, number=len(self._inner))
            elif trace.whole and contains(trace.item.at, before.item.at):
                window = self._window(before, trace.inputs)
                self._inner[value] = replace(trace, number=before.number, window=window)

    def _window(self, last: Trace, inputs: Values) -> Window | None:
        """The window, inside a layer that reads `inputs`, that changes the size; `last` is its last op."""
        here: Trace | None = last
        while here is not None:
            source = here.source
            if source is not None and source.shape[1:] != here.outputs[0].shape[1:]:
                return here.window
            here = None if source is None or source in inputs else self._inner.get(source)
        return None

    @property
    def source(self) -> Value:
        """The input of the network."""
        return self._input

    def inner(self, value: Value) -> Trace | None:
        """The smallest layer, as written, that made a value; None for the network's input."""
        return self._inner.get(value)

    def knows(self, value: Value) -> bool:
        """Whether a layer of this network made a value, or it is the input."""
        return self._beside or value.poisoned or value is self._input or value in self._outer

    def name(self, value: Value) -> str:
        """The path of the layer that made a value; `input` for the network's own."""
        made = self._outer.get(value)
        return made.name(value) if made is not None else "input"

    def way(self, value: Value, start: Value | None = None) -> list[tuple[str, Shape]]:
        """(path, shape) of the steps from the input, or from `start`, to `value`."""
        steps: list[tuple[str, Shape]] = []
        here: Value | None = value
        while here is not None and not here.poisoned:
            steps.append((self.name(here), here.shape))
            made = self._outer.get(here)
            here = made.source if made is not None and here is not start else None
        steps.reverse()
        return steps

    def back(self, value: Value) -> list[Value]:
        """`value`, what its smallest layer read first, and so on to the input of the network."""
        found: list[Value] = []
        here: Value | None = value
        while here is not None and not here.poisoned:
            found.append(here)
            made = self._inner.get(here)
            here = made.source if made is not None else None
        return found

    def labels(self, values: Sequence[Value]) -> tuple[Label, ...]:
        """For each value, a label at the layer that made it: `proj` is 128x32x32."""
        labels = []
        for value in dict.fromkeys(values):
            made = self._outer.get(value)
            if made is not None and not value.poisoned:
                labels.append(
                    Label(made.item.span, f"`{made.name(value)}` is {spell(value.shape)}")
                )
        return tuple(labels)
