"""One value per instance of a class: of an argument, of a width, of a field that the block declares.

What is equal in all instances, or in one proportion in all of them, shows as a relation of two vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netspec.emit.body import Body
from netspec.ops.base import collapse

Vector = tuple[tuple[str, object], ...]
"""One value per instance with the name of its type: `True` and `1` differ."""

_MISSING = ("missing", None)


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field of the block, one element of a list field, or a name of its `let`."""

    name: str
    element: int | None
    vector: Vector


def typed(values: Sequence[object]) -> Vector:
    """The vector of plain values."""
    return tuple((type(value).__name__, value) for value in values)


def ratio(base: Vector, vector: Vector) -> tuple[int, int] | None:
    """`(4, 1)` where a vector of whole numbers is 4 times the base, `(1, 16)` where it is a 16th.

    None for any other relation, equality too: that is a name, not a calculation.
    """
    pairs = [(low, high) for (_, low), (_, high) in zip(base, vector, strict=True)]
    if any(type(low) is not int or type(high) is not int for low, high in pairs):
        return None
    found = {_quotient(low, high) for low, high in pairs}
    only = found.pop()
    return only if not found and only != (1, 1) else None


def _quotient(low: object, high: object) -> tuple[int, int] | None:
    if not isinstance(low, int) or not isinstance(high, int) or not (low and high):
        return None
    if high % low == 0:
        return high // low, 1
    return (1, low // high) if low % high == 0 else None


def declared_fields(bodies: Sequence[Body]) -> list[Field]:
    """The declared fields in their order, lists also element by element."""
    return _fields([body.scope.fields for body in bodies])


def named_values(bodies: Sequence[Body]) -> list[Field]:
    """What the `let` of the block names, in its order."""
    return [
        field for field in _fields([body.scope.lets for body in bodies]) if field.element is None
    ]


def _fields(instances: Sequence[Mapping[str, object]]) -> list[Field]:
    found: list[Field] = []
    for name in dict.fromkeys(name for fields in instances for name in fields):
        values = [fields.get(name, _MISSING) for fields in instances]
        entries = tuple(_MISSING if value is _MISSING else _plain(value) for value in values)
        found.append(Field(name, None, entries))
        if _MISSING in values:
            continue
        lists = [value for value in values if isinstance(value, list | tuple)]
        if len(lists) == len(values) and len({len(value) for value in lists}) == 1:
            for place in range(len(lists[0])):
                element = tuple(_plain(value[place]) for value in lists)
                found.append(Field(name, place, element))
    return found


def _plain(value: object) -> tuple[str, object]:
    """A field's value in the form of an argument's; what no argument can be is told by its text."""
    if isinstance(value, list | tuple):
        value = collapse(tuple(value))
    flat = isinstance(value, int | float | str | None)
    numbers = isinstance(value, tuple) and all(isinstance(entry, int) for entry in value)
    return (type(value).__name__, value if flat or numbers else repr(value))


def agrees(field: Field, vector: Vector) -> bool:
    """Whether a field has the vector, where it was given; left out somewhere, it had a default."""
    pairs = [
        (mine, theirs)
        for mine, theirs in zip(field.vector, vector, strict=True)
        if mine is not _MISSING
    ]
    return bool(pairs) and all(mine == theirs for mine, theirs in pairs)
