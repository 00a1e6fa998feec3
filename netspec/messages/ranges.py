"""Sentences about values of the right type outside what a field allows."""

from __future__ import annotations

import re
from dataclasses import replace

from netspec.messages.page import Said
from netspec.messages.types import subject
from netspec.messages.words import choices, code, did_you_mean, got, only_guess, raised, written

_PERCENT = 100

_SYNONYMS = {
    "mean": ("avg",),
    "average": ("avg",),
    "maximum": ("max",),
    "zero": ("zeros",),
    "mirror": ("reflect",),
    "wrap": ("circular",),
}
"""Words of other libraries, and what is meant where that is among the choices."""


def _bound(words: str, limit: object, block: str, field: str, received: object) -> Said:
    number = f"{limit:g}" if isinstance(limit, float) else str(limit)
    return Said(
        message=f"{subject(block, field)} must be {words} {number}, got {got(received)}",
        label=f"must be {words} {number}",
    )


def at_least(
    *, ge: object, received: object, block: str = "", field: str = "", **_: object
) -> Said:
    """Below the smallest allowed value; axes are counted with the batch as 0, and from the front."""
    said = _bound("at least", ge, block, field, received)
    if not re.fullmatch(r"(\w+_)?dim\d?", field) or ge != 1:
        return said
    note = "axis 0 is the batch, 1 the channels or features; from the end they are not counted"
    advice = f"write {code(f'{field}: 1')} for the channels or features"
    return Said(message=said.message, label=said.label, notes=(note,), help=(advice,), fix="1")


def at_most(
    *,
    le: object,
    received: object,
    block: str = "",
    field: str = "",
    limit: str = "",
    **_: object,
) -> Said:
    """Above the largest allowed value; what is at most 1 was perhaps given in percent."""
    said = replace(_bound("at most", le, block, field, received), notes=raised(limit))
    if le != 1 or not isinstance(received, int) or not 1 < received <= _PERCENT:
        return said
    share = f"{float(str(received)) / 100:g}"
    advice = f"write {code(share)} for {received} percent"
    return Said(message=said.message, label=said.label, help=(advice,), fix=share)


def above(*, gt: object, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Not above a bound."""
    return _bound("above", gt, block, field, received)


def below(*, lt: object, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Not below a bound."""
    return _bound("below", lt, block, field, received)


def size_range(
    *,
    received: object,
    minimum: int,
    maximum: int,
    block: str = "",
    field: str = "",
    also: str = "",
    limit: str = "",
    **_: object,
) -> Said:
    """A kernel, stride, padding or input size outside its range; `also` is allowed besides."""
    too_large = isinstance(received, int) and received > maximum
    each = "every entry of " if isinstance(received, list | tuple) else ""
    range_ = f"from {minimum} to {maximum}" + (f", or {also}" if also else "")
    return Said(
        message=f"{each}{subject(block, field)} must be {range_}, got {got(received)}",
        label=range_,
        notes=raised(limit) if too_large else (),
    )


def literal_error(
    *, expected: str, received: object, block: str = "", field: str = "", **_: object
) -> Said:
    """A word that is not among the choices."""
    words = re.findall(r"'([^']*)'", expected) or re.findall(r"-?\w+", expected)
    word = received if isinstance(received, str) else ""
    meant = next((name for name in words if name in _SYNONYMS.get(word.lower(), ())), None)
    return Said(
        message=f"{subject(block, field)} must be {choices(words)}, got {got(received)}",
        label=f"must be {choices(words)}",
        help=(f"write {written(meant)}",) if meant else did_you_mean(word, words),
        fix=meant or only_guess(word, words),
        sure=True,
    )


def limits_out_of_order(*, low: float, high: float, block: str = "", **_: object) -> Said:
    """A lower limit that is not below the upper one."""
    return Said(
        message=f"`min_val` {low:g} of {code(block)} is not below its `max_val` {high:g}",
        label=f"must be above {low:g}",
    )


def axis_twice(*, dim: int, block: str = "", field: str = "", **_: object) -> Said:
    """An axis named two times."""
    return Said(
        message=f"{subject(block, field)} names axis {dim} twice",
        label="every axis at most once",
    )


def two_unknown_sizes(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """A shape with more than one -1."""
    return Said(
        message=f"{subject(block, field)} has more than one -1, got {got(received)}",
        label="at most one -1: it is what remains",
    )
