"""Declared parameters, of the file and of a YAML-defined block: `32`, `{type: int, min: 1}`, `int`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

from netspec.blocks import COMMON, FieldKind
from netspec.diagnostics import Label
from netspec.elaborate.names import value_name_problem
from netspec.elaborate.reporting import Reported, Sink
from netspec.expressions import is_expression
from netspec.limits import Limits
from netspec.messages import foreign
from netspec.messages.suggest import suggest
from netspec.source import At

SCALARS: Mapping[str, type] = {"int": int, "float": float, "bool": bool, "text": str}
TYPE_NAMES = (*SCALARS, "block")
NUMBERS = ("int", "float")
DECLARATION_KEYS = ("type", "default", "min", "max", "doc")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its type in words (`int`, `[int, int]`), bounds, and default where it has one."""

    name: str
    at: At
    type: str | tuple[str, ...] | None
    """A type name; `("int",)` for a list of any length, `("int", "int")` for one of two; None: any."""
    default: At | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    doc: str = ""
    failed: bool = False
    """Its declaration has an error, which has been reported; every value of it is poisoned."""

    @property
    def required(self) -> bool:
        """Whether a use must give it."""
        return self.default is None and not self.failed

    @property
    def kind(self) -> FieldKind:
        """How its text is read."""
        return FieldKind.BLOCK if self.type == "block" else FieldKind.PLAIN

    @property
    def length(self) -> int:
        """How many entries its lists have; 0 for any number of them, and for what is no list."""
        return len(self.type) if isinstance(self.type, tuple) and len(self.type) > 1 else 0

    @property
    def spelling(self) -> str:
        """Its type as one writes it."""
        if isinstance(self.type, tuple):
            return f"[{', '.join(self.type)}]"
        return self.type or "list"

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What checks a value, with the same rules and errors as the fields of built-in blocks."""
        config = ConfigDict(strict=True, allow_inf_nan=False)
        if self.type == "block":
            return TypeAdapter(Any)
        if self.type is None:
            return TypeAdapter(list[Any], config=config)
        if isinstance(self.type, str):
            form: Any = self._bounded(SCALARS[self.type])
            return TypeAdapter(form, config=config)
        form = list.__class_getitem__(self._bounded(SCALARS[self.type[0]]))
        if len(self.type) > 1:
            form = Annotated[form, Field(min_length=len(self.type), max_length=len(self.type))]
        return TypeAdapter(form, config=config)

    def _bounded(self, base: object) -> Any:
        low, high = self.bounds.get("min"), self.bounds.get("max")
        return Annotated[base, Field(ge=low, le=high)] if self.bounds else base


def near(name: str, parameters: Mapping[str, Parameter]) -> tuple[Label, ...]:
    """Labels at the parameters that may have been meant: the typo can be there too."""
    places = [parameters[other].at for other in suggest(name, tuple(parameters))]
    return tuple(Label(at.key_span, "declared here") for at in places)


def declared(
    at: At | None, sink: Sink, limits: Limits, *, fields: bool = False
) -> dict[str, Parameter]:
    """Read a `params:` section; what is wrong in it is reported and marked as failed.

    With `fields` they are the fields of a block, so that no field of every layer may hide them.
    """
    found: dict[str, Parameter] = {}
    if at is None or not isinstance(at.data, dict):
        return found
    for name in at.data:
        problem = value_name_problem(name, limits)
        if fields and name in COMMON:
            problem = "every layer has a field of that name"
        if problem is not None:
            sink.report("bad-name", (at / name).key_span, name=name, problem=problem)
        try:
            found[name] = _declare(at / name, name, sink)
        except Reported:
            found[name] = Parameter(name, at / name, None, failed=True)
    return found


def _declare(at: At, name: str, sink: Sink) -> Parameter:
    data = at.data
    if isinstance(data, dict):
        return _from_mapping(at, name, sink)
    if isinstance(data, str) and data in TYPE_NAMES and not at.quoted:
        return Parameter(name, at, data)
    if isinstance(data, str) and data in foreign.TYPES and not at.quoted:
        raise sink.report("parameter-type", at.span, received=data, known=TYPE_NAMES, alone=True)
    if isinstance(data, list) and data and all(entry in list(SCALARS) for entry in data):
        return Parameter(name, at, _list_type(at, sink))
    if no_literal(data):
        raise sink.report("parameter-default", at.span, name=name, received=data)
    return Parameter(name, at, _type_of(data), at)


def no_literal(data: object) -> bool:
    """A default is a literal; a value made of others is what `let:` is for."""
    return data is None or (isinstance(data, str) and is_expression(data))


def _from_mapping(at: At, name: str, sink: Sink) -> Parameter:
    keys = list(at.data) if isinstance(at.data, dict) else []
    unknown = [key for key in keys if key not in DECLARATION_KEYS]
    if unknown or not at.get("type"):
        where = (at / unknown[0]).key_span if unknown else at.span
        raise sink.report(
            "parameter-declaration", where, name=name, unknown=unknown, known=DECLARATION_KEYS
        )
    kind = at / "type"
    form = _list_type(kind, sink) if isinstance(kind.data, list) else _named_type(kind, sink)
    default = at.get("default")
    if default is not None and no_literal(default.data):
        raise sink.report("parameter-default", default.span, name=name, received=default.data)
    doc = at.get("doc")
    if doc is not None and not isinstance(doc.data, str):
        sink.report("not-text", doc.span, what="doc", received=doc.data)
    bounds = _bounds(at, name, form, sink)
    return Parameter(name, at, form, default, bounds, str(doc.data) if doc else "")


def _bounds(at: At, name: str, form: str | tuple[str, ...], sink: Sink) -> dict[str, float]:
    """`min` and `max`, which only numbers have."""
    bounds: dict[str, float] = {}
    for key in ("min", "max"):
        bound = at.get(key)
        if bound is None:
            continue
        if (form if isinstance(form, str) else form[0]) not in NUMBERS:
            known = tuple(key for key in DECLARATION_KEYS if key not in {"min", "max"})
            raise sink.report(
                "parameter-declaration", bound.key_span, name=name, unknown=[key], known=known
            )
        if not isinstance(bound.data, int | float) or isinstance(bound.data, bool):
            raise sink.report("parameter-bound", bound.span, name=name, received=bound.data)
        bounds[key] = bound.data
    return bounds


def _named_type(at: At, sink: Sink) -> str:
    if isinstance(at.data, str) and at.data in TYPE_NAMES:
        return at.data
    raise sink.report("parameter-type", at.span, received=at.data, known=TYPE_NAMES)


def _list_type(at: At, sink: Sink) -> tuple[str, ...]:
    entries = at.data if isinstance(at.data, list) else []
    first = entries[0] if entries else None
    if first not in list(SCALARS) or any(entry != first for entry in entries):
        raise sink.report("parameter-type", at.span, received=at.data, known=TYPE_NAMES)
    return tuple(entries)


def _type_of(data: object) -> str | tuple[str, ...] | None:
    """The type that a literal default declares; None for a list that has no type of its own."""
    for name, kind in SCALARS.items():
        if type(data) is kind:
            return name
    if isinstance(data, list) and data:
        kinds = {_type_of(entry) for entry in data}
        if kinds == {"int", "float"}:
            return ("float",)
        (first, *others) = kinds
        if not others and isinstance(first, str):
            return (first,)
    return None
