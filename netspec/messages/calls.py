"""A block of the file that is called like a function: `stage(64, 3)`, `stage: [64, 3]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.messages.foreign_values import read
from netspec.messages.translation import COMMA, own_layer


def called(name: str, given: object, order: Sequence[str]) -> str | None:
    """A layer of a block that the file defines, called like a function; `order` are its parameters.

    >>> called("stage", "(64, 3)", ["channels", "depth"]), called("stage", [64], ["channels"])
    ('stage: {channels: 64, depth: 3}', 'stage: {channels: 64}')
    """
    if isinstance(given, list) and given and all(isinstance(one, Mapping) for one in given):
        return own_layer(name, {key: value for one in given for key, value in one.items()})
    parts = given if isinstance(given, list) else COMMA.split(str(given).strip().strip("()"))
    fields: dict[object, object] = {}
    free = iter(order)
    for part in parts:
        key, is_named, value = str(part).partition("=")
        name_of = key.strip() if is_named else next(free, None)
        fields[name_of] = (
            read((value if is_named else key).strip()) if isinstance(part, str) else part
        )
    return None if None in (*fields, *fields.values()) else own_layer(name, fields)


def split_call(text: str) -> tuple[str, str]:
    """The name and the arguments of a call.

    >>> split_call("stage(64, 3)")
    ('stage', '64, 3)')
    """
    name, _, arguments = text.partition("(")
    return name.strip(), arguments
