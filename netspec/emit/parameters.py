"""Constructor parameters of a class: what differs between its instances, under the best name.

Every argument of every child has a vector of values over the instances. A constant one is a literal,
but for the widths of a unit, which takes them like the layer that it is.
The others become parameters: the width of the input is `in_channels`; a width that flows from one
child to the next is the same parameter; else the declared field of the block with that vector names
it; else the child and the argument do. Equal widths share a parameter, and so do equal settings of
one name. A width that nothing names and that is in every instance the same multiple or part of
another is computed from it: `in_channels // 16`. Everything is a lookup by vector, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from netspec.emit.body import Call
from netspec.emit.modules import (
    Argument,
    Choice,
    Kind,
    Make,
    Module,
    Ref,
    rebuild,
    runs,
    units,
    with_totals,
)
from netspec.emit.names import stem, unique_name
from netspec.emit.parameter_names import ParameterNames
from netspec.emit.resolution import Instance, Parameter, Resolution, resolution
from netspec.emit.vectors import Vector, ratio, typed
from netspec.ops import Add
from netspec.ops.base import NO_DEFAULT

_KERNEL = "kernel_size"


def resolve(instances: Sequence[Instance], argument_names: Sequence[str]) -> Resolution:
    """The parameters of the class of `instances`, whose bodies and children have one structure."""
    return _Resolver(instances, argument_names).run()


@dataclass(frozen=True, slots=True)
class _Stream:
    """What flows between two constructor calls.

    `width` is its width as a parameter, where it has a name; `source` the argument of `forward` whose
    width it still has.
    """

    width: Parameter | None
    source: int | None


class _Resolver:
    def __init__(self, instances: Sequence[Instance], argument_names: Sequence[str]) -> None:
        self.argument_names = argument_names
        self.instances = instances
        self.body = instances[0].body
        self.children = instances[0].children
        self.columns = _columns(instances)
        self.names = ParameterNames([one.body for one in instances], self.children, self.columns)
        self.parameters: dict[str, Parameter] = {}
        self.shared: dict[tuple[str, Vector], str] = {}
        self.widths: dict[int, Parameter] = {}
        self.sources = {value: value for value in range(self.body.arguments)}
        self.adds = any(isinstance(step.op, Add) for step in self.body.steps)

    def run(self) -> Resolution:
        children: list[tuple[str, Module]] = []
        calls = (step for step in self.body.steps if step.call is not Call.EXPRESSION)
        by_outputs = {step.outputs: number for number, step in enumerate(calls)}
        for step in self.body.steps:
            state = _Stream(self.widths.get(step.inputs[0]), self.sources.get(step.inputs[0]))
            place = by_outputs.get(step.outputs)
            if place is not None:
                name, module = self.children[place]
                totals = [
                    [run.total for run in runs(one.children[place][1])] for one in self.instances
                ]
                built, state = self._child(name, module, self.columns[place], totals, state)
                children.append((name, built))
            self._flow_out(step.outputs[0], state)
        return resolution(self.parameters.values(), children, self.widths)

    def _flow_out(self, value: int, state: _Stream) -> None:
        """Note what the width of a step's result is called."""
        channels = self.names.channels(value)
        if state.width is not None and state.width.vector == channels:
            self.widths[value] = state.width
        if state.source is not None and self.names.channels(state.source) == channels:
            self.sources[value] = state.source

    def _child(
        self,
        name: str,
        module: Module,
        columns: Sequence[Sequence[Make]],
        totals: Sequence[Sequence[int | Ref]],
        state: _Stream,
    ) -> tuple[Module, _Stream]:
        """The child's module with literals and references, and the width of what it gives.

        `totals` are the numbers of copies in its runs, for each instance.
        """
        built: list[Make] = []
        for (inner, _), makes in zip(units(name, module), columns, strict=True):
            arguments: dict[str, Argument] = {}
            width, written = state.width, False
            for place, argument in enumerate(makes[0].arguments):
                vector = typed([make.arguments[place].value for make in makes])
                written |= argument.kind is Kind.WRITES
                parameter = None
                value = self._half_of_kernel(argument, vector, arguments)
                if value is None and self._is_taken(argument, vector):
                    parameter = self._parameter(argument, inner, vector, state)
                    value = Ref(parameter.name)
                arguments[argument.name] = _filled(argument, vector, value)
                if argument.kind in {Kind.READS, Kind.WRITES}:
                    width = parameter
            target = self._target(inner, [make.target for make in makes])
            built.append(Make(target, tuple(arguments.values())))
            gives = typed([make.gives for make in makes])
            keeps = state.source is not None and self.names.channels(state.source) == gives
            state = _Stream(
                width if width is not None and width.vector == gives else None,
                state.source if keeps and not written else None,
            )
        queue = iter(built)
        numbers = (self._total(name, values) for values in zip(*totals, strict=True))
        return with_totals(rebuild(module, lambda _: next(queue)), numbers), state

    def _total(self, child: str, values: Sequence[object]) -> int | Ref:
        """How many copies there are, or the parameter that says it."""
        vector = typed(values)
        first = values[0]
        if len(set(vector)) == 1 and isinstance(first, int):
            return first
        known = self.shared.get(("copies", vector))
        if known is None:
            rest = f"{stem(child)}_depth" if "depth" in self.parameters else "depth"
            wanted = self.names.of_number(vector) or rest
            known = self._add(wanted, Argument(wanted, None, Kind.SETTING), vector)
            self.shared["copies", vector] = known
        return Ref(known)

    def _is_taken(self, argument: Argument, vector: Vector) -> bool:
        """Whether the constructor takes it: what differs, and the widths of a unit, as in torch's layers."""
        if self.body.is_unit and argument.kind in {Kind.READS, Kind.WRITES}:
            return True
        return len(set(vector)) > 1 and argument.kind is not Kind.IN_PLACE

    def _target(self, child: str, targets: Sequence[str | int | Ref]) -> str | int | Ref:
        """The class of a child, or the parameter that says which."""
        if len(set(targets)) == 1:
            return targets[0]
        vector = typed([Choice(one) for one in targets if not isinstance(one, Ref)])
        known = self.shared.get(("class", vector))
        if known is None:
            known = self._add(stem(child), Argument(child, None, Kind.CLASS), vector)
            self.shared["class", vector] = known
        return Ref(known)

    def _half_of_kernel(
        self, argument: Argument, vector: Vector, before: Mapping[str, Argument]
    ) -> Ref | None:
        """`kernel // 2` for a padding that keeps the size, where the kernel is a parameter."""
        kernel = before[_KERNEL].value if _KERNEL in before else None
        if argument.name != "padding" or self.body.is_unit or not isinstance(kernel, Ref):
            return None
        sizes = self.parameters[kernel.name].vector
        fits = all(
            type(size) is int and size % 2 == 1 and padding == size // 2
            for (_, size), (_, padding) in zip(sizes, vector, strict=True)
        )
        return Ref(kernel.name, over=2) if fits else None

    def _parameter(
        self, argument: Argument, child: str, vector: Vector, state: _Stream
    ) -> Parameter:
        flowing, source = state.width, state.source
        reads = argument.kind in {Kind.READS, Kind.WIDTH}
        if reads and flowing is not None and flowing.vector == vector:
            return flowing
        if reads and source is not None and self.names.channels(source) == vector:
            return self._input_width(source)
        family = "width" if argument.kind.is_width else argument.name
        known = self.shared.get((family, vector))
        if known is None and reads:
            known = self.shared.get(("input", vector))
        if known is None and self._gives_back(argument, child, vector):
            return self.widths[0]
        if known is None:
            formula = self._formula(argument, child, vector)
            known = self._add(self.names.choose(argument, child, vector), argument, vector, formula)
            self.shared[family, vector] = known
        parameter = self.parameters[known]
        if parameter.default != argument.default:
            parameter = replace(parameter, default=NO_DEFAULT)
            self.parameters[known] = parameter
        return parameter

    def _input_width(self, source: int) -> Parameter:
        """`in_channels`; for a second input of another width its name stands before it."""
        vector, noun = self.names.channels(source), self.names.noun(source)
        wanted = f"in_{noun}" if source == 0 else f"{self.argument_names[source]}_{noun}"
        if source not in self.widths:
            known = self.shared.get(("input", vector))
            if known is None:
                known = self._add(wanted, Argument(wanted, None, Kind.READS), vector)
                self.shared["input", vector] = known
            self.widths[source] = self.parameters[known]
        return self.widths[source]

    def _gives_back(self, argument: Argument, child: str, vector: Vector) -> bool:
        """Whether a layer gives as many channels as its block reads, everywhere, and must.

        So do a residual block without a projection, a gate and a depthwise convolution.
        """
        read = self.widths.get(0)
        if argument.kind is not Kind.WRITES or read is None or read.vector != vector:
            return False
        summed = self.adds and self.names.gives(argument, vector)
        return summed or self.names.field(argument, child, vector) is None

    def _formula(self, argument: Argument, child: str, vector: Vector) -> Ref | None:
        """How a width is computed that nothing in the spec names; None for all others."""
        told = self.body.is_unit or self.names.is_told(argument, child, vector)
        if told or not argument.kind.is_width:
            return None
        for base, make in dict(self._bases()).items():
            found = ratio(base, vector)
            if found is not None:
                return Ref(make().name, *found)
        return None

    def _bases(self) -> Iterator[tuple[Vector, Callable[[], Parameter]]]:
        """Widths that others may be computed from: the parameters, the inputs', and the result's.

        Each with what makes the parameter, for one that nobody else has asked for yet. Of equal ones
        the last counts, which is the nearest.
        """
        for entry in tuple(self.parameters.values()):
            if entry.kind.is_width and entry.formula is None:
                yield entry.vector, partial(self.parameters.__getitem__, entry.name)
        known = {entry.vector for entry in self.parameters.values()}
        for source in range(self.body.arguments):
            if self.names.channels(source) not in known:
                yield self.names.channels(source), partial(self._input_width, source)
        if self.names.output is not None and self.names.given not in known:
            yield self.names.given, self._output_width

    def _output_width(self) -> Parameter:
        """`out_channels`, before the layer that gives them."""
        assert self.names.output is not None  # noqa: S101 - a base only where there is one
        argument, child = self.names.output
        name = self._add(
            self.names.choose(argument, child, self.names.given), argument, self.names.given
        )
        self.shared["width", self.names.given] = name
        return self.parameters[name]

    def _add(
        self, wanted: str, argument: Argument, vector: Vector, formula: Ref | None = None
    ) -> str:
        name = unique_name(wanted, self.parameters)
        usual = any(value == argument.default for _, value in vector)
        self.parameters[name] = Parameter(
            name,
            argument.kind,
            vector,
            default=argument.default if usual else NO_DEFAULT,
            formula=formula,
            makeshift=argument.kind.is_width and re.search(r"_\d+_", wanted) is not None,
        )
        return name


def _columns(instances: Sequence[Instance]) -> list[list[tuple[Make, ...]]]:
    """Per child, per constructor call inside it: the calls of all instances."""
    rows = zip(*(instance.children for instance in instances), strict=True)
    calls = ([[make for _, make in units(*child)] for child in row] for row in rows)
    return [list(zip(*row, strict=True)) for row in calls]


def _filled(argument: Argument, vector: Vector, value: Ref | None) -> Argument:
    """The argument as the class writes it; in place only where every instance agrees."""
    if value is not None:
        return replace(argument, value=value)
    return argument if len(set(vector)) == 1 else replace(argument, value=False)
