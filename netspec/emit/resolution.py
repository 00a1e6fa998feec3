"""What the constructor of a class takes and computes, as a value, and its last touches.

They need all parameters: a number that one child takes is computed where it is used, one that several
take before them; a width inside that only has the name of an unnamed layer is the hidden one, if it is
the only one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from netspec.emit.body import Body
from netspec.emit.modules import Argument, Choice, Kind, Make, Module, Ref, rebuild, units
from netspec.emit.names import unique_name
from netspec.emit.vectors import Vector
from netspec.ops.base import NO_DEFAULT

Children = tuple[tuple[str, Module], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a generated constructor, or with a `formula` a number that it computes.

    `makeshift` says that nothing names it but an unnamed layer.
    """

    name: str
    kind: Kind
    vector: Vector
    default: object = NO_DEFAULT
    formula: Ref | None = None
    makeshift: bool = False

    @property
    def text(self) -> str:
        """Its name, or how it is computed, for those who do not see inside the constructor."""
        return self.name if self.formula is None else self.formula.text

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


def _annotate(value: object) -> str:
    if isinstance(value, Choice):
        return "type[nn.Module]"
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_annotate, value))}]"
    return "None" if value is None else type(value).__name__


@dataclass(frozen=True, slots=True)
class Instance:
    """One use of a class-to-be: its body and the modules of its children, one per calling step."""

    body: Body
    children: Children


@dataclass(frozen=True, slots=True)
class Resolution:
    """Parameters, required ones first; the children with literals and references; widths by value.

    `computed` are the numbers that the constructor computes before it makes the children.
    """

    parameters: tuple[Parameter, ...]
    children: Children
    widths: Mapping[int, Parameter]
    computed: tuple[Parameter, ...] = ()


def resolution(
    parameters: Iterable[Parameter],
    children: Sequence[tuple[str, Module]],
    widths: Mapping[int, Parameter],
) -> Resolution:
    """The resolution of a class for which all parameters and numbers are known."""
    found = {entry.name: entry for entry in parameters}
    makes = [make for child in children for _, make in units(*child)]
    uses = Counter(_name_in(argument) for make in makes for argument in make.arguments)
    names = _hidden(found)

    def renamed(ref: Ref) -> Ref:
        return replace(ref, name=names.get(ref.name, ref.name))

    def finished(entry: Parameter) -> Parameter:
        formula = None if entry.formula is None else renamed(entry.formula)
        return replace(entry, name=names.get(entry.name, entry.name), formula=formula)

    def written(argument: Argument) -> Argument:
        if not isinstance(argument.value, Ref):
            return argument
        formula = found[argument.value.name].formula
        inline = formula is not None and uses[argument.value.name] == 1
        return replace(argument, value=renamed(formula if inline and formula else argument.value))

    def rewritten(make: Make) -> Make:
        return replace(make, arguments=tuple(map(written, make.arguments)))

    computed = (entry for entry in found.values() if entry.formula and uses[entry.name] > 1)
    return Resolution(
        _in_order(finished(entry) for entry in found.values() if entry.formula is None),
        tuple((name, rebuild(child, rewritten)) for name, child in children),
        {value: finished(found[entry.name]) for value, entry in widths.items()},
        tuple(map(finished, computed)),
    )


def _in_order(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Required ones first; widths that come in and go out, then settings, then classes."""

    def place(entry: Parameter) -> tuple[bool, bool, bool]:
        given = entry.default is not NO_DEFAULT
        return given, not entry.by_position, entry.kind is Kind.CLASS

    return tuple(sorted(parameters, key=place))


def _name_in(argument: Argument) -> str:
    return argument.value.name if isinstance(argument.value, Ref) else ""


def _hidden(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """The old and the new name of the only width that has a makeshift one."""
    inner = [entry for entry in parameters.values() if entry.makeshift]
    if len(inner) != 1:
        return {}
    (entry,) = inner
    return {entry.name: unique_name(f"hidden_{entry.name.rpartition('_')[2]}", parameters)}
