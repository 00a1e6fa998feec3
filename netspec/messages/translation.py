"""A layer of another library, written as ours, with its numbers: what a message proposes to write.

    Conv2D: {filters: 64, kernel_size: 3}      conv: {out_channels: 64, kernel_size: 3}
    nn.Conv2d(3, 64, 3, padding=1)             conv: {out_channels: 64, kernel_size: 3, padding: 1}
    [-1, 1, nn.MaxPool2d, [2, 2]]              max_pool: {kernel_size: 2, stride: 2}

Nothing is proposed where a word is unknown or a value would need quotes: a wrong line is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from netspec.blocks import BLOCKS, COMMON, Preset
from netspec.messages import foreign
from netspec.messages.words import flow

_CALL = re.compile(r"([A-Za-z_][\w.]*)\s*\((.*)\)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PLAIN = re.compile(r"[$\w.+-]+")
_KINDS = ("type", "block", "op", "kind", "module", "layer", "class_name", "layer_type")
_ROW = 4  # entries of a row: from, number, module, arguments


def layer(name: str, value: object, known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """What stands behind the dash for a layer that others call `name`, with its fields or bare value.

    >>> layer("Conv2D", {"filters": 64, "kernel_size": 3, "padding": "SAME"})
    'conv: {out_channels: 64, kernel_size: 3, padding: same}'
    >>> layer("ReLU", {"inplace": True}), layer("Dense", 10), layer("nn.Linear(512, 10)", None)
    ('relu', 'linear: 10', 'linear: {out_features: 10}')
    """
    call = _CALL.fullmatch(name)
    if call is not None and value is None:
        value, name = _arguments(call[1], call[2], known), call[1]
        if value is None:
            return None
    own = foreign.block(name, known)
    if own is None or own not in BLOCKS:
        return None
    if value is None:
        return own
    if not isinstance(value, Mapping):
        return f"{own}: {flow(value)}" if _bare(own) and _is_plain(value) else None
    fields = _fields(own, value)
    if fields is None:
        return None
    return f"{own}: {flow(fields)}" if fields else own


def typed(item: Mapping[object, object], known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """A layer whose block is the value of a key: `{type: Convolution, num_output: 64}`.

    >>> typed({"type": "InnerProduct", "name": "fc8", "num_output": 10})
    'linear: {name: fc8, out_features: 10}'
    """
    for kind in _KINDS:
        name = item.get(kind)
        if isinstance(name, str):
            return layer(name, {key: value for key, value in item.items() if key != kind}, known)
    return None


def row(entries: Sequence[object], known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """A row of a YOLO file: `[from, number, module, arguments]`; its `Conv` has a norm and an activation.

    >>> row([-1, 1, "Conv", [64, 3, 2]])
    'conv: {out_channels: 64, kernel_size: 3, stride: 2, padding: 1, norm: batch_norm, activation: silu}'
    """
    if len(entries) != _ROW or not isinstance(entries[2], str):
        return None
    source, number, name, arguments = entries
    own = foreign.block(str(name), known)
    values = arguments if isinstance(arguments, list) else [arguments]
    if own not in foreign.POSITIONAL or source != -1:
        return None
    fields: dict[object, object] = {}
    given = [entry for entry in values if _is_number(entry)]
    fields.update(zip(foreign.POSITIONAL[str(own)], given, strict=False))
    if name == "Conv":
        kernel = fields.setdefault("kernel_size", 1)
        if isinstance(kernel, int):
            fields.setdefault("padding", kernel // 2)
        fields |= {"norm": "batch_norm", "activation": "silu"}
    if isinstance(number, int) and number > 1:
        fields["repeat"] = number
    return layer(str(name), fields, known)


def fields_in_order(block: str, values: Sequence[object]) -> str | None:
    """A layer whose fields were given as a list: values alone, or one mapping for each.

    >>> fields_in_order("conv", [64, 3]), fields_in_order("conv", [{"filters": 64}, {"stride": 2}])
    ('conv: {out_channels: 64, kernel_size: 3}', 'conv: {out_channels: 64, stride: 2}')
    """
    fields: dict[object, object] = {}
    if all(isinstance(value, Mapping) for value in values):
        for value in values:
            fields.update(value if isinstance(value, Mapping) else {})
    else:
        order = foreign.POSITIONAL.get(block, ())
        if len(values) > len(order):
            return None
        fields.update(zip(order, values, strict=False))
    return layer(block, fields)


def assigned(block: str, text: str) -> str | None:
    """A layer whose fields were written as arguments: `(64, 3)`, `out_channels=64, kernel_size=3`.

    >>> assigned("conv", "out_channels=64, kernel_size=3"), assigned("conv", "(64, 3)")
    ('conv: {out_channels: 64, kernel_size: 3}', 'conv: {out_channels: 64, kernel_size: 3}')
    """
    inside = text.strip().removeprefix("(").removesuffix(")")
    fields = _arguments(block, inside, tuple(BLOCKS))
    return layer(block, fields) if fields else None


def _arguments(name: str, text: str, known: Sequence[str]) -> dict[object, object] | None:
    """The arguments of a call by our names; None where one is no number and no plain word."""
    own = foreign.block(name, known) or ""
    order = list(foreign.POSITIONAL.get(own, ()))
    takes_input = bool(re.search(r"[A-Z].*|\.", name)) and order[:1] in (
        ["out_channels"],
        ["out_features"],
    )
    order = ["in_channels", *order] if takes_input else order
    fields: dict[object, object] = {}
    for number, part in enumerate(filter(None, map(str.strip, text.split(",")))):
        key, equals, value = part.partition("=")
        if not equals and number >= len(order):
            return None
        value = value.strip() if equals else part
        field = key.strip() if equals else order[number]
        fields[field] = _value(value)
    return None if None in fields.values() else fields


def _value(text: str) -> object:
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    words: dict[str, object] = {"True": True, "False": False, "true": True, "false": False}
    plain = text.strip("'\"")
    return words.get(plain, plain if _PLAIN.fullmatch(plain) else None)


def _fields(block: str, given: Mapping[object, object]) -> dict[object, object] | None:
    """Fields by our names, with our values; None where one has no place here."""
    kinds = _kinds(block)
    fields: dict[object, object] = {}
    for key, value in given.items():
        name = str(key)
        if name in kinds or name in COMMON:
            own: str | None = name
        elif name in foreign.NEEDLESS:
            continue
        else:
            own = foreign.field(name, (*kinds, *COMMON))
        if own is None or not _is_plain(value):
            return None
        fields[own] = meant(own, value)
    return fields


def meant(field: str, value: object) -> object:
    """A value of others as ours: `SAME` is `same`, `valid` is 0, `ReLU()` is `relu`, `norm: true`."""
    if field == "padding" and isinstance(value, str):
        return {"same": "same", "valid": 0}.get(value.lower(), value)
    if field in foreign.TRUTHS:
        if isinstance(value, bool):
            return foreign.TRUTHS[field] if value else "none"
        if value in ("None", "linear", "Identity"):
            return "none"
        return foreign.block(value, tuple(BLOCKS)) or value if isinstance(value, str) else value
    return value


def _kinds(block: str) -> Sequence[str]:
    entry = BLOCKS[block]
    while isinstance(entry, Preset):
        entry = BLOCKS[entry.block]
    return tuple(entry.field_kinds())


def _bare(block: str) -> str | None:
    entry = BLOCKS[block]
    while isinstance(entry, Preset):
        entry = BLOCKS[entry.block]
    return entry.bare_field


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: object) -> bool:
    """Whether it can be written as it is: numbers, plain words, and lists and mappings of them."""
    if isinstance(value, str):
        return bool(_PLAIN.fullmatch(value.removesuffix("()")))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, Mapping):
        return all(_is_plain(key) and _is_plain(entry) for key, entry in value.items())
    return value is not None
