"""Who made a value: for the shape trail of a message, for the sides of a merge, and to try a change.

A value has two makers. The *outer* one is the largest layer that gives it (a stage, a use of a block): a
trail of those is short. The *inner* one is the smallest layer as somebody wrote it: that one can be
changed, and a trail of those shows where two sides part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from netspec.blocks import Values
from netspec.diagnostics import Label
from netspec.elaborate.items import Item
from netspec.elaborate.site import contains
from netspec.graph import Value
from netspec.ops import Op
from netspec.records import record
from netspec.shape import Shape, Window, spell

Again = Callable[[Values, Mapping[str, object]], Values]
"""Builds a layer once more, from other inputs and with some fields changed, beside the network."""


@record(eq=False)
class Trace:
    """The layer that made a value: its path, its line, what it read and gave, and how to try it again.

    `fields` are those of its block; `op` is there for a single op, as which every value begins.
    """

    path: str
    item: Item
    inputs: Values
    outputs: Values
    again: Again
    fields: tuple[str, ...] = ()
    op: Op | None = None
    whole: bool = False
    """It is one layer, and what is inside was not written as layers."""
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
        self._made: dict[Value, list[Trace]] = {}
        """Value -> its op, then each whole layer around that; the last one is the inner maker."""
        self._numbers: dict[Value, int] = {}

    def record(self, trace: Trace) -> None:
        """Note who made the outputs of a trace; a value that only passed through keeps its maker.

        A named scope is noted after what is inside, and takes its place.
        """
        for value in trace.outputs:
            if value is self._input or value in trace.inputs:
                continue
            self._outer[value] = trace
            made = self._made.get(value)
            if made is None:
                self._made[value] = [trace]
                self._numbers[value] = len(self._numbers)
            elif trace.whole and contains(trace.item.at, made[-1].item.at):
                made.append(trace)

    def forget(self) -> None:
        """Drop all: a trace leads to the run that leads to it, and such circles wait for the collector."""
        for kept in (self._outer, self._made, self._numbers):
            kept.clear()

    @property
    def source(self) -> Value:
        """The input of the network."""
        return self._input

    def inner(self, value: Value) -> Trace | None:
        """The smallest layer, as written, that made a value; None for the network's input."""
        made = self._made.get(value)
        return made[-1] if made is not None else None

    def number(self, value: Value) -> int:
        """The place of a value among those of the run, in order of execution; the input's is -1."""
        return self._numbers.get(value, -1)

    def window(self, value: Value) -> Window | None:
        """The window of the inner maker of a value: of its op, or of the op inside that changes the size."""
        return self._window(value, len(self._made.get(value, ())))

    def _window(self, value: Value, makers: int) -> Window | None:
        """The same for the last of the first `makers` of a value."""
        if makers < 2:
            op = self._made[value][0].op if makers else None
            return op.window if op is not None else None
        layer, here, inside = self._made[value][makers - 1], value, makers - 1
        while here not in layer.inputs and inside:
            source = self._made[here][inside - 1].source
            if source is None:
                break
            if source.shape[1:] != here.shape[1:]:
                return self._window(here, inside)
            here, inside = source, len(self._made.get(source, ()))
        return None

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
            made = self.inner(here)
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
