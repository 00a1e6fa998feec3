"""What a constructor parameter is called: as the spec calls it, as its result is called, or after a child."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netspec.emit.body import Body
from netspec.emit.modules import WIDTHS, Argument, Kind, Make, Module, units
from netspec.emit.vectors import Field, Vector, agrees, declared_fields, named_values, typed

Columns = Sequence[Sequence[Sequence[Make]]]
"""Per child, per constructor call inside it: the calls of all instances."""


class ParameterNames:
    """The names for the parameters of one class: whose bodies, whose children, with which calls."""

    def __init__(
        self, bodies: Sequence[Body], children: Sequence[tuple[str, Module]], columns: Columns
    ) -> None:
        self.bodies = bodies
        self.body = bodies[0]
        last = self.body.results[-1:]
        self.given = self.channels(last[0]) if last else ()
        self.fields: dict[Vector, list[Field]] = {}
        self.by_name: dict[str, Field] = {}
        for field in declared_fields(bodies):
            self.fields.setdefault(field.vector, []).append(field)
            if field.element is None:
                self.by_name[field.name] = field
        self.named = {field.vector: field.name for field in reversed(named_values(bodies))}
        self.setting_names: set[str] = set()
        self.vectors: dict[str, set[Vector]] = {}
        self.output: tuple[Argument, str] | None = None
        for child, argument, vector in _calls(children, columns):
            self._count(child, argument, vector)

    def _count(self, child: str, argument: Argument, vector: Vector) -> None:
        """Note which argument names exist, with how many varying vectors, and which gives the result."""
        if argument.kind is Kind.SETTING:
            self.setting_names.add(argument.name)
        if len(set(vector)) > 1:
            self.vectors.setdefault(argument.name, set()).add(vector)
            if self.gives(argument, vector) and self.output is None:
                self.output = (argument, child)

    def channels(self, value: int) -> Vector:
        """The width of a value."""
        return typed([body.values[value].channels for body in self.bodies])

    def noun(self, value: int) -> str:
        """What the width of a value counts."""
        return "channels" if self.body.values[value].rank else "features"

    def gives(self, argument: Argument, vector: Vector) -> bool:
        """Whether the argument is the width of the result."""
        return argument.kind is Kind.WRITES and vector == self.given

    def choose(self, argument: Argument, child: str, vector: Vector) -> str:
        """The name of the parameter for this argument of this child."""
        field = self.field(argument, child, vector)
        automatic = re.search(r"_\d+$", child) is not None
        if field is not None and field.element is None:
            return field.name
        if field is not None:
            return f"{field.name}_{field.element}" if automatic or not child else child
        if self.gives(argument, vector):
            return f"out_{self.noun(self.body.results[-1])}"
        if argument.kind.is_width and vector in self.named:
            return self.named[vector]
        alone = len(self.vectors.get(argument.name, ())) == 1
        telling = not argument.kind.is_width or argument.name not in WIDTHS
        if not child or self.body.is_unit or (alone and telling):
            return argument.name
        if argument.kind is Kind.WRITES:
            return f"{child}_{argument.name.rpartition('_')[2]}"
        return f"{child}_{argument.name}"

    def is_told(self, argument: Argument, child: str, vector: Vector) -> bool:
        """Whether the width is that of the result, or has a name as a field."""
        return self.gives(argument, vector) or self.field(argument, child, vector) is not None

    def of_number(self, vector: Vector) -> str | None:
        """The field, or the name of a `let`, that has these values."""
        found = (field.name for field in self.fields.get(vector, ()) if field.element is None)
        return next(found, self.named.get(vector))

    def field(self, argument: Argument, child: str, vector: Vector) -> Field | None:
        """The declared field that the argument was given by, as far as its values show."""
        own = self.by_name.get(argument.name)
        if own is not None and agrees(own, vector):
            return own
        found = [f for f in self.fields.get(vector, ()) if f.name not in self.setting_names]
        return next((f for f in found if f.name == child), next(iter(found), None))


def _calls(
    children: Sequence[tuple[str, Module]], columns: Columns
) -> Iterator[tuple[str, Argument, Vector]]:
    """Every argument of every call: the child that it is for, the argument, its values."""
    for (name, module), calls in zip(children, columns, strict=True):
        for (inner, _), makes in zip(units(name, module), calls, strict=True):
            for place, argument in enumerate(makes[0].arguments):
                yield inner, argument, typed([make.arguments[place].value for make in makes])
