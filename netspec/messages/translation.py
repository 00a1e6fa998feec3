"""A layer of another library, written as ours, with its numbers: what a message proposes to write.

    Conv2D: {filters: 64, kernel_size: 3}      conv: {out_channels: 64, kernel_size: 3}
    nn.Conv2d(3, 64, 3, padding=1)             conv: {out_channels: 64, kernel_size: 3, padding: 1}
    [-1, 1, nn.MaxPool2d, [2, 2]]              max_pool: {kernel_size: 2, stride: 2}

Nothing is proposed where a word is unknown or a value would need quotes: a wrong line is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from netspec.blocks import BLOCKS, COMMON, Block, FieldKind, Preset
from netspec.messages import foreign
from netspec.messages.words import flow

_CALL = re.compile(r"([A-Za-z_][\w.]*)\s*\((.*)\)")
_COMMA = re.compile(r",(?![^(\[]*[)\]])")  # outside of brackets
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PLAIN = re.compile(r"[$\w.+-]+")
_EXPRESSION = re.compile(r"\$\([^,:#{}\[\]'\"]*\)")  # what stands in braces without quotes
_KINDS = ("type", "block", "op", "kind", "module", "layer", "class_name", "layer_type")
_ROW = 4  # entries of a row: from, number, module, arguments
_CALLED = 3  # arguments of a convolution in PyTorch that cannot be left out: in, out, kernel
_IMAGE = (1, 3)  # channels of an image
_KERNELS = (1, 3, 5, 7, 9, 11)


def layer(name: str, value: object, known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """What stands behind the dash for a layer that others call `name`, with its fields or bare value.

    >>> layer("Conv2D", {"filters": 64, "kernel_size": 3, "padding": "SAME"})
    'conv: {out_channels: 64, kernel_size: 3, padding: same}'
    >>> layer("ReLU", {"inplace": True}), layer("Dense", 10), layer("nn.Linear(512, 10)", None)
    ('relu', 'linear: 10', 'linear: 10')
    """
    found = _meaning(name, value, known)
    if found is None:
        return None
    own, meant = found
    if isinstance(meant, Mapping) and list(meant) == [bare_field(own)]:
        (meant,) = meant.values()
    return own if meant is None else f"{own}: {flow(meant)}"


def part(name: str, value: object, known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """A norm or an activation as the value of a field: its name, or its name and fields in braces.

    >>> part("LeakyReLU(0.1)", None), part("group_norm", 8), part("ReLU", None)
    ('{leaky_relu: {negative_slope: 0.1}}', '{group_norm: {groups: 8}}', 'relu')
    """
    found = _meaning(name, value, known)
    if found is None:
        return None
    own, meant = found
    if meant is not None and not isinstance(meant, Mapping):
        meant = {bare_field(own): meant}
    return own if meant is None else flow({own: meant})


def _meaning(name: str, value: object, known: Sequence[str]) -> tuple[str, object] | None:
    """Our block, and its fields or its bare value; None for a block with nothing to give."""
    call = _CALL.fullmatch(name)
    if call is not None and value is None:
        value, name = _arguments(call[1], call[2], known), call[1]
        if value is None:
            return None
    own, (_, kernel) = foreign.block(name, known), foreign.window(name)
    if own is None or own not in BLOCKS or not (value is None or _is_plain(value)):
        return None
    if value is not None and not isinstance(value, Mapping):
        bare = bare_field(own)
        if bare is None:  # the number of its channels, which are inferred
            return (own, None) if all(map(_is_number, _listed(value))) else None
        is_nested = any(isinstance(entry, Mapping | list) for entry in _listed(value))
        if is_nested != (kinds(own)[bare] is not FieldKind.PLAIN):
            return None
        if kernel and bare != "kernel_size":
            value = {bare: value}
        elif isinstance(value, list) and _reads_input(own):
            value = in_order(own, value)
        else:
            return own, value
    fields = _fields(own, value) if isinstance(value, Mapping) else {}
    if fields is not None and kernel:
        fields.setdefault("kernel_size", kernel)
    return None if fields is None else (own, fields or None)


def typed(item: Mapping[object, object], known: Sequence[str] = tuple(BLOCKS)) -> str | None:
    """A layer whose block is the value of a key: `{type: Convolution, num_output: 64}`.

    >>> typed({"type": "InnerProduct", "name": "fc8", "num_output": 10})
    'linear: {name: fc8, out_features: 10}'
    """
    for kind in _KINDS:
        name = item.get(kind)
        if isinstance(name, str):
            fields = {key: value for key, value in item.items() if key != kind}
            is_known = foreign.block(name, known) is not None
            return layer(name, fields, known) if is_known else own_layer(name, fields)
    return None


def own_layer(name: str, fields: Mapping[object, object]) -> str | None:
    """A layer of a block that the file defines, with fields as they were written."""
    return f"{name}: {flow(fields)}" if _is_plain(name) and _is_plain(fields) else None


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
    fields = in_order(block, values)
    return None if fields is None else layer(block, fields)


def in_order(block: str, values: Sequence[object]) -> dict[object, object] | None:
    """Fields that were given as a list, the input left out; None for more than there are.

    >>> in_order("conv", [3, 16, 3]), in_order("linear", [512, 10])
    ({'out_channels': 16, 'kernel_size': 3}, {'out_features': 10})
    """
    if all(isinstance(value, Mapping) for value in values):
        return {k: v for value in values if isinstance(value, Mapping) for k, v in value.items()}
    bare = bare_field(block) if block in BLOCKS else None
    order = foreign.POSITIONAL.get(block, (bare,) if bare else ())
    if _reads_input(block) and _begins_with_input(values, len(order)):
        values = values[1:]
    return None if len(values) > len(order) else dict(zip(order, values, strict=False))


def _begins_with_input(values: Sequence[object], most: int) -> bool:
    """Whether a list is (in, out, kernel) as PyTorch has it, and not (out, kernel, stride)."""
    if len(values) > most or len(values) < _CALLED:
        return len(values) > most
    first, kernel, stride = values[:_CALLED]
    is_window = isinstance(kernel, int) and isinstance(stride, int) and stride <= kernel
    return first in _IMAGE or not (is_window and kernel in _KERNELS)


def _reads_input(block: str) -> bool:
    """Whether others give the channels or features of the input first."""
    return foreign.POSITIONAL.get(block, ())[:1] in (("out_channels",), ("out_features",))


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
    parts = [part.strip() for part in _COMMA.split(text) if part.strip()]
    values = [_value(part) for part in parts if "=" not in part]
    if None in values:
        return None
    if own and (bare_field(own) is None or (_reads_input(own) and _is_class(name))):
        values = values[1:]
    fields = in_order(own, values) if values else {}
    if fields is None:
        return None
    for key, _, value in (part.partition("=") for part in parts if "=" in part):
        fields[key.strip()] = _value(value.strip())
    return None if None in fields.values() else fields


def _is_class(name: str) -> bool:
    """Whether it is a class of PyTorch: those take what they read as their first argument."""
    is_keras = foreign.library(name) == "Keras" or name.endswith("D")
    return bool(re.search(r"[A-Z]|\.", name)) and not is_keras


def _value(text: str) -> object:
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]"):
        values = [_value(part.strip()) for part in text[1:-1].split(",") if part.strip()]
        return None if None in values else values
    words: dict[str, object] = {"True": True, "False": False, "true": True, "false": False}
    plain = text.strip("'\"")
    return words.get(plain, plain if _PLAIN.fullmatch(plain) else None)


def _fields(block: str, given: Mapping[object, object]) -> dict[object, object] | None:
    """Fields by our names, with our values; None where one has no place here."""
    known = (*kinds(block), *COMMON)
    fields: dict[object, object] = {}
    for key, value in given.items():
        name = str(key)
        if name in known:
            own: str | None = name
        elif name in foreign.NEEDLESS:
            continue
        else:
            own = foreign.field(name, known)
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


def kinds(block: str) -> Mapping[str, FieldKind]:
    """The fields of a built-in block or preset, and how each is read."""
    return _class_of(block).field_kinds()


def field_with_choice(block: str, word: str) -> str | None:
    """The field of a block that takes a word: `bilinear` is a `mode` of `upsample`."""
    infos = _class_of(block).infos() if block in BLOCKS else {}
    given = _given(block)
    found = (name for name, info in infos.items() if word in get_args(info.annotation))
    return next((name for name in found if name not in given), None)


def required(block: str) -> list[str]:
    """The fields that a block must have, and a preset does not give."""
    infos, given = _class_of(block).infos(), _given(block)
    return [name for name, info in infos.items() if info.is_required() and name not in given]


def _given(block: str) -> Mapping[str, object]:
    """The fields that a preset gives."""
    entry = BLOCKS.get(block)
    return entry.fields if isinstance(entry, Preset) else {}


def bare_field(block: str) -> str | None:
    """The field that `- block: value` gives."""
    return _class_of(block).bare_field


def _class_of(block: str) -> type[Block]:
    entry = BLOCKS[block]
    while isinstance(entry, Preset):
        entry = BLOCKS[entry.block]
    return entry


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: object) -> bool:
    """Whether it can be written as it is: numbers, plain words, and lists and mappings of them."""
    if isinstance(value, str):
        text = value.removesuffix("()")
        return bool(_PLAIN.fullmatch(text) or _EXPRESSION.fullmatch(text))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, Mapping):
        return all(_is_plain(key) and _is_plain(entry) for key, entry in value.items())
    return value is not None
