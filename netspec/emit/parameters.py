"""Constructor parameters of a class: what differs between its instances, under the best name.

Every argument of every child has a vector of values over the instances. A constant one is a literal.
The others become parameters: the width of the input is `in_channels`; a width that flows from one
child to the next is the same parameter; else the declared field of the block with that vector names
it; else the child and the argument do. Equal widths share a parameter, and so do equal settings of
one name. Everything is a lookup by vector, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netspec.emit.body import Body, Call
from netspec.emit.modules import WIDTHS, Argument, Kind, Make, Module, Ref, rebuild, units
from netspec.emit.names import unique_name
from netspec.ops.base import NO_DEFAULT, collapse

Vector = tuple[tuple[str, object], ...]
"""One value per instance with the name of its type: `True` and `1` differ."""

_MISSING = ("missing", None)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a generated constructor."""

    name: str
    kind: Kind
    vector: Vector
    default: object = NO_DEFAULT

    @property
    def by_position(self) -> bool:
        """Whether a call gives it without its name: what comes in and out, as `nn.Conv2d` takes it."""
        return self.kind in {Kind.READS, Kind.WRITES} and self.default is NO_DEFAULT

    @property
    def annotation(self) -> str:
        """`int`, `bool`, `int | tuple[int, int]`."""
        found = {_annotate(value) for _, value in self.vector}
        if "float" in found:
            found.discard("int")
        return " | ".join(sorted(found, key=lambda text: (text == "None", "tuple" in text, text)))


@dataclass(frozen=True, slots=True)
class Instance:
    """One use of a class-to-be: its body and the modules of its children, one per calling step."""

    body: Body
    children: tuple[tuple[str, Module], ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Parameters, required ones first; the children with literals and references; widths by value."""

    parameters: tuple[Parameter, ...]
    children: tuple[tuple[str, Module], ...]
    widths: Mapping[int, Parameter]


def typed(values: Sequence[object]) -> Vector:
    """The vector of plain values."""
    return tuple((type(value).__name__, value) for value in values)


def resolve(instances: Sequence[Instance], argument_names: Sequence[str]) -> Resolution:
    """The parameters of the class of `instances`, whose bodies and children have one structure."""
    return _Resolver(instances, argument_names).run()


@dataclass(frozen=True, slots=True)
class _Field:
    """A declared field of the block, or one element of a list field."""

    name: str
    element: int | None
    vector: Vector


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
        self.instances = instances
        self.argument_names = argument_names
        self.body = instances[0].body
        self.parameters: dict[str, Parameter] = {}
        self.shared: dict[tuple[str, Vector], str] = {}
        self.widths: dict[int, Parameter] = {}
        self.sources = {value: value for value in range(self.body.arguments)}
        self.fields = _declared_fields([instance.body for instance in instances])
        self.by_vector: dict[Vector, list[_Field]] = {}
        for field in self.fields:
            self.by_vector.setdefault(field.vector, []).append(field)
        last = self.body.results[-1:] if self.body.results else ()
        self.given = self._channels(last[0]) if last else ()
        self.setting_names: set[str] = set()
        self.setting_vectors: dict[str, set[Vector]] = {}

    def run(self) -> Resolution:
        columns = self._columns()
        self._count_settings(columns)
        children: list[tuple[str, Module]] = []
        calls = (step for step in self.body.steps if step.call is not Call.EXPRESSION)
        by_outputs = {step.outputs: number for number, step in enumerate(calls)}
        for step in self.body.steps:
            state = _Stream(self.widths.get(step.inputs[0]), self.sources.get(step.inputs[0]))
            place = by_outputs.get(step.outputs)
            if place is not None:
                name, module = self.instances[0].children[place]
                built, state = self._child(name, module, columns[place], state)
                children.append((name, built))
            self._flow_out(step.outputs[0], state)
        found = sorted(
            self.parameters.values(),
            key=lambda entry: (entry.default is not NO_DEFAULT, not entry.by_position),
        )
        return Resolution(tuple(found), tuple(children), self.widths)

    def _columns(self) -> list[list[tuple[Make, ...]]]:
        """Per child, per constructor call inside it: the calls of all instances."""
        rows = zip(*(instance.children for instance in self.instances), strict=True)
        calls = ([[make for _, make in units(*child)] for child in row] for row in rows)
        return [list(zip(*row, strict=True)) for row in calls]

    def _count_settings(self, columns: list[list[tuple[Make, ...]]]) -> None:
        """Which argument names exist here, and with how many different varying vectors."""
        for child in columns:
            for makes in child:
                for place, argument in enumerate(makes[0].arguments):
                    if argument.kind is Kind.SETTING:
                        self.setting_names.add(argument.name)
                    vector = typed([make.arguments[place].value for make in makes])
                    if len(set(vector)) > 1:
                        self.setting_vectors.setdefault(argument.name, set()).add(vector)

    def _channels(self, value: int) -> Vector:
        return typed([instance.body.values[value].channels for instance in self.instances])

    def _flow_out(self, value: int, state: _Stream) -> None:
        """Note what the width of a step's result is called."""
        channels = self._channels(value)
        if state.width is not None and state.width.vector == channels:
            self.widths[value] = state.width
        if state.source is not None and self._channels(state.source) == channels:
            self.sources[value] = state.source

    def _child(
        self, name: str, module: Module, columns: list[tuple[Make, ...]], state: _Stream
    ) -> tuple[Module, _Stream]:
        """The child's module with literals and references, and the width of what it gives."""
        built: list[Make] = []
        for (inner, _), makes in zip(units(name, module), columns, strict=True):
            arguments: list[Argument] = []
            width, written = state.width, False
            for place, argument in enumerate(makes[0].arguments):
                vector = typed([make.arguments[place].value for make in makes])
                written |= argument.kind is Kind.WRITES
                parameter = None
                if len(set(vector)) > 1 and argument.kind is not Kind.IN_PLACE:
                    parameter = self._parameter(argument, inner, vector, state)
                arguments.append(_filled(argument, vector, parameter))
                if argument.kind in {Kind.READS, Kind.WRITES}:
                    width = parameter
            built.append(Make(makes[0].target, tuple(arguments)))
            gives = typed([make.gives for make in makes])
            keeps = state.source is not None and self._channels(state.source) == gives
            state = _Stream(
                width if width is not None and width.vector == gives else None,
                state.source if keeps and not written else None,
            )
        queue = iter(built)
        return rebuild(module, lambda _: next(queue)), state

    def _parameter(
        self, argument: Argument, child: str, vector: Vector, state: _Stream
    ) -> Parameter:
        flowing, source = state.width, state.source
        reads = argument.kind in {Kind.READS, Kind.WIDTH}
        if reads and flowing is not None and flowing.vector == vector:
            return flowing
        if reads and source is not None and self._channels(source) == vector:
            return self._input_width(argument, source, vector)
        family = "width" if argument.kind.is_width else argument.name
        known = self.shared.get((family, vector))
        if known is None and reads:
            known = self.shared.get(("input", vector))
        if known is None and self._gives_back(argument, child, vector):
            return self.widths[0]
        if known is None:
            wanted = self._name(argument, child, vector)
            known = self._add(wanted, argument, vector)
            self.shared[family, vector] = known
        parameter = self.parameters[known]
        if parameter.default != argument.default:
            parameter = replace(parameter, default=NO_DEFAULT)
            self.parameters[known] = parameter
        return parameter

    def _input_width(self, argument: Argument, source: int, vector: Vector) -> Parameter:
        """`in_channels`; for a second input its name stands before it."""
        rank = self.body.values[source].rank
        noun = "channels" if rank else "features"
        wanted = f"in_{noun}" if source == 0 else f"{self.argument_names[source]}_{noun}"
        if source not in self.widths:
            known = self._add(wanted, argument, vector)
            self.shared.setdefault(("input", vector), known)
            self.widths[source] = self.parameters[known]
        return self.widths[source]

    def _gives_back(self, argument: Argument, child: str, vector: Vector) -> bool:
        """Whether a layer gives as many channels as its block reads, everywhere, and no field says so.

        So do a residual block without a projection, a gate and a depthwise convolution: they must.
        """
        read = self.widths.get(0)
        same = read is not None and read.vector == vector
        return (
            argument.kind is Kind.WRITES and same and self._field(argument, child, vector) is None
        )

    def _add(self, wanted: str, argument: Argument, vector: Vector) -> str:
        name = unique_name(wanted, self.parameters)
        usual = any(value == argument.default for _, value in vector)
        default = argument.default if usual else NO_DEFAULT
        self.parameters[name] = Parameter(name, argument.kind, vector, default)
        return name

    def _name(self, argument: Argument, child: str, vector: Vector) -> str:
        field = self._field(argument, child, vector)
        automatic = re.search(r"_\d+$", child) is not None
        if field is not None and field.element is None:
            return field.name
        if field is not None:
            return f"{field.name}_{field.element}" if automatic or not child else child
        if argument.kind is Kind.WRITES and vector == self.given:
            is_map = self.body.values[self.body.results[-1]].rank > 0
            return "out_channels" if is_map else "out_features"
        alone = len(self.setting_vectors[argument.name]) == 1
        telling = not argument.kind.is_width or argument.name not in WIDTHS
        if not child or self.body.is_unit or (alone and telling):
            return argument.name
        return f"{child}_{argument.name}"

    def _field(self, argument: Argument, child: str, vector: Vector) -> _Field | None:
        """The declared field that the argument was given by, as far as its values show."""
        for field in self.fields:
            if field.name == argument.name and field.element is None and _agrees(field, vector):
                return field
        found = [f for f in self.by_vector.get(vector, ()) if f.name not in self.setting_names]
        named = [field for field in found if field.name == child]
        return next(iter(named or found), None)


def _filled(argument: Argument, vector: Vector, parameter: Parameter | None) -> Argument:
    """The argument as the class writes it; in place only where every instance agrees."""
    if parameter is not None:
        return replace(argument, value=Ref(parameter.name))
    return argument if len(set(vector)) == 1 else replace(argument, value=False)


def _declared_fields(bodies: Sequence[Body]) -> list[_Field]:
    """The declared fields in their order, lists also element by element."""
    names = dict.fromkeys(name for body in bodies for name in body.scope.fields)
    found: list[_Field] = []
    for name in names:
        values = [body.scope.fields.get(name, _MISSING) for body in bodies]
        entries = tuple(_MISSING if value is _MISSING else _plain(value) for value in values)
        found.append(_Field(name, None, entries))
        if _MISSING in values:
            continue
        lists = [value for value in values if isinstance(value, list | tuple)]
        if len(lists) == len(values) and len({len(value) for value in lists}) == 1:
            for place in range(len(lists[0])):
                element = tuple(_plain(value[place]) for value in lists)
                found.append(_Field(name, place, element))
    return found


def _plain(value: object) -> tuple[str, object]:
    """A field's value in the form of an argument's; what no argument can be is told by its text."""
    if isinstance(value, list | tuple):
        value = collapse(tuple(value))
    flat = isinstance(value, int | float | str | None)
    numbers = isinstance(value, tuple) and all(isinstance(entry, int) for entry in value)
    return (type(value).__name__, value if flat or numbers else repr(value))


def _agrees(field: _Field, vector: Vector) -> bool:
    """Whether a field has the vector, where it was given; left out somewhere, it had a default."""
    pairs = [
        (mine, theirs)
        for mine, theirs in zip(field.vector, vector, strict=True)
        if mine is not _MISSING
    ]
    return bool(pairs) and all(mine == theirs for mine, theirs in pairs)


def _annotate(value: object) -> str:
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_annotate, value))}]"
    return "None" if value is None else type(value).__name__
