"""What a message about a merge needs: how each side came about, where they part, and what mends it.

Each change is tried before it is told: the layer is built again beside the network with that field,
then every layer that reads it, and the merge has to take what comes out. Rejected: turning the window's
formula around, which knows neither blocks nor what stands between the layer and the merge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from netspec.blocks import FieldKind, Values
from netspec.diagnostics import Label
from netspec.elaborate.binding import Bound
from netspec.elaborate.items import Item
from netspec.elaborate.site import FAILURE
from netspec.elaborate.traces import Trace
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.messages.ways import Evened, Kind, Mend, Parting, Way
from netspec.ops import Op
from netspec.shape import numel, spell

if TYPE_CHECKING:
    from netspec.elaborate.layering import Elaborator

_MARKED = 8  # layers that are marked in the text
_LAYERS = 4  # layers of a side that are tried
_BETWEEN = 64  # layers between a change and the merge that are built again
_ALL = 512  # the same from the input of the network on
_PER_TRIAL = 8  # layers that cost as much as one change of a layer
_FIRST = -1  # the number of what stands before all layers
_STEPS = (2, 4, 8, 16, 32)
_MOST_PADDING = 12
_STRIDES = (1, 2, 3, 4, 8)
_WIDTHS = ("out_channels", "out_features")

Side = tuple[Kind, int | str]
Change = tuple[Value, Mapping[str, object]]
"""A value, and fields of the layer that makes it."""


class Refused(Misfit):
    """A misfit of an op, with the values that it reads."""

    def __init__(self, misfit: Misfit, op: Op, inputs: Values) -> None:
        super().__init__(misfit.rule, misfit.field, **misfit.values)
        self.op = op
        self.inputs = inputs


def again(op: Op, inputs: Values, changes: Mapping[str, object]) -> Values:
    """What an op makes of other inputs; its fields belong to the layer around it."""
    if changes or any(value.poisoned for value in inputs):
        return FAILURE
    try:
        return tuple(Value(shape) for shape in op.infer([value.shape for value in inputs]))
    except Misfit:
        return FAILURE


def merge_facts(
    run: Elaborator, misfit: Misfit, item: Item, bound: Bound
) -> tuple[dict[str, object], tuple[Label, ...]]:
    """The sides of a merge that failed, for its message, and labels at the layers that made them."""
    if not isinstance(misfit, Refused):
        return {}, ()
    values = misfit.inputs
    if len(values) < 2 or any(value.poisoned for value in values):
        return {}, ()
    labels = run.traces.labels([values[number] for number in _telling(values)])
    if misfit.field is not None:
        return {}, labels if len(labels) > 1 else ()
    merge = _Merge(run, misfit.op, values)
    mends = merge.mends()
    by_width = len({value.shape[1:] for value in values}) == 1 or any(
        field in _WIDTHS for mend in mends for field in mend.fields
    )
    ways = merge.ways(_sides(bound, len(values)), by_width=by_width)
    facts: dict[str, object] = {"ways": ways, "mends": mends, "evened": merge.evened()}
    spans = {label.span for label in labels} | {item.span}
    for trace in merge.mentioned:
        channels, *spatial = trace.outputs[0].shape
        what = "channels" if spatial else "features"
        size = f"{channels} {what}" if by_width or not spatial else spell(spatial)
        label = Label(trace.item.span, f"`{trace.path}` makes {size}")
        if label.span not in spans and len(labels) < _MARKED:
            labels = (*labels, label)
            spans.add(label.span)
    return facts, labels


def _telling(values: Values) -> list[int]:
    """The numbers of the values that are told of: all, or of many the first of each that differ."""
    if len(values) <= _MARKED:
        return [*range(len(values))]
    shapes = [value.shape for value in values]
    kinds: Sequence[object] = [len(shape) for shape in shapes]
    if len(set(kinds)) == 1:
        kinds = [shape[1:] for shape in shapes]
    if len(set(kinds)) == 1:
        kinds = shapes
    return sorted(map(kinds.index, dict.fromkeys(kinds)))[:_MARKED]


def _sides(bound: Bound, count: int) -> list[Side]:
    """What the inputs of a merge are called: its branches, its fields of layers, or their numbers."""
    numbers = range(1, count + 1)
    slot = bound.places.get("branches")
    branches = slot.at.data if slot is not None and slot.at is not None else None
    if isinstance(branches, list | dict) and len(branches) == count:
        keys: list[int | str] = [*(branches if isinstance(branches, dict) else numbers)]
        return [("branch", key) for key in keys]
    lists = [key for key, kind in bound.definition.kinds.items() if kind is FieldKind.LAYERS]
    if len(lists) == count:
        return [("field", key) for key in lists]
    return [("input", number) for number in numbers]


class _Merge:
    """A merge that does not take its inputs. `mentioned` are the layers that the message names.

    Of many inputs only those are looked at that differ, by their `_numbers`.
    """

    def __init__(self, run: Elaborator, op: Op, values: Values) -> None:
        self._run = run
        self._op = op
        self._values = values
        self._numbers = _telling(values)
        backs = [run.traces.back(values[number]) for number in self._numbers]
        shared = set.intersection(*map(set, backs))
        self._start = next((value for value in backs[0] if value in shared), None)
        self._ways = {n: self._from_start(b) for n, b in zip(self._numbers, backs, strict=True)}
        self.mentioned: list[Trace] = []

    def _from_start(self, back: Sequence[Value]) -> list[Value]:
        """The values of a side, from the last one that all sides have."""
        end = back.index(self._start) + 1 if self._start in back else len(back)
        return list(reversed(back[:end]))

    def ways(self, sides: Sequence[Side], *, by_width: bool) -> tuple[Way, ...]:
        """What is shown of every side that is told of."""
        traces, every = self._run.traces, self._ways.values()
        partings = [self._last_change(way) for way in every] if by_width else self._partings()
        return tuple(
            Way(*sides[n], tuple(traces.way(self._values[n], self._start)), self._parting(parting))
            for n, parting in zip(self._numbers, partings, strict=True)
        )

    def _parting(self, value: Value | None) -> Parting | None:
        trace = self._run.traces.inner(value) if value is not None else None
        if trace is None or value is None or trace.source is None:
            return None
        self.mentioned.append(trace)
        window = self._run.traces.window(value) if "kernel_size" in trace.fields else None
        return Parting(trace.path, trace.source.shape, value.shape, window)

    def _partings(self) -> list[Value | None]:
        """For each side, the value at which its size, or number of axes, parts from that of others."""
        by_rank = len({len(value.shape) for value in self._values}) > 1
        turns = [_turns(way, by_rank=by_rank) for way in self._ways.values()]
        depth = 1
        while len({tuple(_size(v, by_rank) for v in turn[: depth + 1]) for turn in turns}) == 1:
            depth += 1
        return [turn[depth] if depth < len(turn) else None for turn in turns]

    def _last_change(self, way: Sequence[Value]) -> Value | None:
        """Where the channels of a side became what they are, when layers that keep them follow."""
        number = self._since(way)
        return way[number] if 0 < number < len(way) - 1 else None

    def _since(self, way: Sequence[Value]) -> int:
        """The number of the value since which a side has its channels: chosen by a layer, or new."""
        number = len(way) - 1
        while number and way[number - 1].shape[0] == way[number].shape[0]:
            trace = self._run.traces.inner(way[number])
            if trace is not None and any(field in _WIDTHS for field in trace.fields):
                break
            number -= 1
        return number

    def mends(self) -> tuple[Mend, ...]:
        """At most two changes that were found to work, of different layers."""
        shapes = [value.shape for value in self._values]
        if len({len(shape) for shape in shapes}) > 1:
            return ()
        if len({shape[1:] for shape in shapes}) > 1:
            order = sorted(self._numbers, key=lambda number: shapes[number][1:])
            found = [mend for n in order for mend in self._first(self._sized(n), n)]
            only_padding = found[:1] if found and set(found[0].fields) == {"padding"} else []
            if found:
                return tuple(only_padding or found[:2])
        wanted = dict.fromkeys(shape[0] for shape in shapes)
        if len(wanted) > 2:
            return ()  # one change makes two widths equal, never three
        for number in reversed(self._numbers):
            for channels in wanted:
                if mends := self._first(self._widened(number, channels), number):
                    return tuple(mends)
        return ()

    def _sized(self, number: int) -> Iterator[Change]:
        """Changes of padding and stride: where a side gets larger (last ones first), smaller, elsewhere."""
        way = self._ways[number][1:]
        larger = [value for value in reversed(way) if self._growth(value) > 0]
        resizing = [*larger, *(value for value in way if self._growth(value) < 0)][:_LAYERS]
        for value in resizing:
            yield from ((value, change) for change in self._resized(value))
        for value in [value for value in way if value not in resizing][:_LAYERS]:
            trace = self._run.traces.inner(value)
            strides = _STRIDES[1:] if trace is not None and "stride" in trace.fields else ()
            yield from ((value, {"stride": stride}) for stride in strides)

    def _growth(self, value: Value) -> int:
        trace = self._run.traces.inner(value)
        source = trace and trace.source
        return numel(value.shape[1:]) - numel((source or value).shape[1:])

    def _resized(self, value: Value) -> Iterator[Mapping[str, object]]:
        """Other paddings and strides of the layer that made a value: one field, then both."""
        trace = self._run.traces.inner(value)
        fields, window = trace.fields if trace else (), self._run.traces.window(value)
        paddings: list[object] = [*range(_MOST_PADDING + 1)] if "padding" in fields else []
        if window is not None and len(set(window.extent)) > 1 and paddings:
            paddings.append([(extent - 1) // 2 for extent in window.extent])
        strides = _STRIDES if "stride" in fields else ()
        slips = self._slips(value) if "output_padding" in fields else ()
        yield from ({"output_padding": slip} for slip in slips)
        if "scale_factor" in fields:
            sizes = dict.fromkeys(other.shape[1:] for other in self._values)
            yield from ({"size": list(size), "scale_factor": None} for size in sizes)
        yield from ({"padding": padding} for padding in paddings)
        yield from ({"stride": stride} for stride in strides)
        few = [*paddings[: _MOST_PADDING // 4 + 1], *paddings[_MOST_PADDING + 1 :]]
        yield from ({"stride": stride, "padding": entry} for stride in strides for entry in few)
        few = few[1:] * ("output_padding" in fields)
        yield from ({"padding": entry, "output_padding": 1} for entry in few)

    def _slips(self, value: Value) -> Iterator[object]:
        """By how much each axis of a value falls short of the merge's inputs, one for all where it can be."""
        for other in self._values:
            slips = [b - a for a, b in zip(value.shape[1:], other.shape[1:], strict=False)]
            if any(slips) and min(slips) >= 0:
                yield slips[0] if len(set(slips)) == 1 else slips

    def _widened(self, number: int, channels: int) -> Iterator[Change]:
        """The width of the layer that gave a side its channels."""
        way = self._ways[number]
        since = self._since(way)
        if channels != way[-1].shape[0] and since:
            trace = self._run.traces.inner(way[since])
            fields = trace.fields if trace is not None else ()
            yield from ((way[since], {field: channels}) for field in _WIDTHS if field in fields)

    def _first(self, candidates: Iterator[Change], number: int) -> list[Mend]:
        """The first change that works, if one does."""
        for value, fields in candidates:
            if self._run.trials <= 0:
                break
            trace = self._run.traces.inner(value)
            values = self._with(value, trace, fields) if trace is not None else None
            if trace is not None and values is not None:
                try:
                    self._op.infer([value.shape for value in values])
                except Misfit:
                    continue
                self.mentioned.append(trace)
                return [Mend(trace.path, fields, values[number].shape)]
        return []

    def evened(self) -> Evened | None:
        """Sizes of the network's input with which nothing is rounded, and the merge was found to work."""
        source = self._run.traces.source
        sizes = [value.shape[1:] for value in self._values]
        axes = list(zip(*sizes, strict=True)) if len(set(map(len, sizes))) == 1 else []
        slip = max((max(axis) - min(axis) for axis in axes), default=0)
        if not 0 < slip <= _STEPS[-1] or len(source.shape) < 2:
            return None
        between = self._later(_FIRST, _ALL)
        for step in _STEPS:
            if self._run.trials <= 0:
                break
            self._run.trials -= len(between) // _PER_TRIAL + 1
            shapes = [
                (source.shape[0], *(round_(size / step) * step for size in source.shape[1:]))
                for round_ in (math.floor, math.ceil)
            ]
            works = [shape for shape in shapes if self._works({source: Value(shape)}, between)]
            if shapes[-1] in works:
                return Evened(step, tuple(dict.fromkeys(works)))
        return None

    def _works(self, now: dict[Value, Value], between: Sequence[Trace]) -> bool:
        """Whether the merge takes what becomes of other values at the beginning."""
        values = self._onward(now, between) if all(min(v.shape) for v in now.values()) else None
        try:
            return values is not None and bool(self._op.infer([value.shape for value in values]))
        except Misfit:
            return False

    def _with(self, value: Value, trace: Trace, fields: Mapping[str, object]) -> list[Value] | None:
        """The inputs of the merge after a change of the layer that made a value; None when something fails."""
        if self._run.trials <= 0:
            return None
        self._run.trials -= 1
        outputs = trace.again(trace.inputs, fields)
        if len(outputs) != len(trace.outputs) or any(value.poisoned for value in outputs):
            return None
        now = dict(zip(trace.outputs, outputs, strict=True))
        if all(before.shape == value.shape for before, value in now.items()):
            return None
        return self._onward(now, self._later(self._run.traces.number(value), _BETWEEN))

    def _onward(self, now: dict[Value, Value], between: Sequence[Trace]) -> list[Value] | None:
        """The inputs of the merge when some values are others, and all that reads them is built again."""
        for later in between:
            inputs = tuple(now.get(value, value) for value in later.inputs)
            if inputs == later.inputs:
                continue
            outputs = later.again(inputs, {})
            if len(outputs) != len(later.outputs) or any(value.poisoned for value in outputs):
                return None
            now.update(zip(later.outputs, outputs, strict=True))
        return [now.get(value, value) for value in self._values]

    def _later(self, first: int, most: int) -> list[Trace]:
        """The layers between one and the merge, in their order; the nearest ones, when there are many."""
        traces, found = self._run.traces, dict[int, Trace]()
        waiting = list(self._values)
        while waiting and len(found) < most:
            value = waiting.pop(0)
            trace, number = traces.inner(value), traces.number(value)
            if trace is not None and number > first and number not in found:
                found[number] = trace
                waiting += trace.inputs
        return [found[number] for number in sorted(found)]


def _size(value: Value, by_rank: bool) -> object:
    """What is compared: the spatial axes, or only how many there are."""
    return len(value.shape) if by_rank else value.shape[1:]


def _turns(way: Sequence[Value], *, by_rank: bool) -> list[Value]:
    """The values of a way that have another size than the one before; the first one besides."""
    sizes = [_size(value, by_rank) for value in way]
    return [value for n, value in enumerate(way) if not n or sizes[n] != sizes[n - 1]]
