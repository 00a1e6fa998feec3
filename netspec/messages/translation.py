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
from netspec.messages.foreign_values import as_yaml, is_number, is_plain, meant, read
from netspec.messages.words import flow

_CALL = re.compile(r"([A-Za-z_][\w.]*)\s*\((.*)\)")
COMMA = re.compile(r",(?![^(\[]*[)\]])")  # outside of brackets
_ASSIGNMENT = re.compile(r"(?:self\.)?([A-Za-z_]\w*)\s*=\s*([^=].*)")
_NUMBERED = re.compile(r"([A-Za-z_.]*[A-Za-z])_?\d+")
_KINDS = ("type", "block", "op", "kind", "module", "layer", "class_name", "layer_type")
_DEEPER = ("config", "params", "args", "kwargs", "options")
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
    if found is None or found[0] not in BLOCKS:
        return None
    own, meant = found
    if meant is not None and not isinstance(meant, Mapping):
        meant = {bare_field(own): meant}
    return own if meant is None else flow({own: meant})


def typed(
    item: Mapping[object, object],
    known: Sequence[str] = tuple(BLOCKS),
    *,
    foreign_only: bool = False,
) -> str | None:
    """A layer whose block is the value of a key: `{type: Convolution, num_output: 64}`.

    Its fields can stand one level deeper, as `config` of Keras and `convolution_param` of Caffe. With
    `foreign_only` the block must be known.

    >>> typed({"type": "InnerProduct", "name": "fc8", "inner_product_param": {"num_output": 10}})
    'linear: {name: fc8, out_features: 10}'
    """
    kind = next((kind for kind in _KINDS if isinstance(item.get(kind), str)), None)
    if kind is None:
        return None
    name = str(item[kind])
    fields: dict[object, object] = {}
    for key, value in item.items():
        deeper = isinstance(value, Mapping) and (key in _DEEPER or str(key).endswith("_param"))
        if key != kind:
            fields |= value if deeper and isinstance(value, Mapping) else {key: value}
    if "name" in fields and fields.get("top") == fields["name"]:
        del fields["top"]
    if foreign.block(name, known) is not None:
        return layer(name, fields, known)
    return None if foreign_only else own_layer(name, fields)


def own_layer(name: str, fields: Mapping[object, object]) -> str | None:
    """A layer of a block that the file defines, with fields as they were written."""
    return f"{name}: {flow(fields)}" if is_plain(name) and is_plain(fields) else None


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
    given = [entry for entry in values if is_number(entry)]
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
    >>> in_order("inception", [192, 64, 96, 128, 16, 32, 32])
    {'conv1x1': 64, 'conv3x3': [96, 128], 'conv5x5': [16, 32], 'pool_proj': 32}
    """
    if all(isinstance(value, Mapping) for value in values):
        return {k: v for value in values if isinstance(value, Mapping) for k, v in value.items()}
    bare = bare_field(block) if block in BLOCKS else None
    order = foreign.POSITIONAL.get(block, (bare,) if bare else ())
    if any(isinstance(value, list) for value in values):
        order = tuple(dict.fromkeys(order))
    is_window = "kernel_size" in order
    if _reads_input(block) and _begins_with_input(values, len(order), is_window=is_window):
        values = values[1:]
    if len(values) > len(order):
        return None
    fields: dict[object, object] = dict(zip(order, values, strict=False))
    for name in {name for name in fields if order.count(str(name)) > 1}:
        fields[name] = [v for key, v in zip(order, values, strict=False) if key == name]
    return fields


def _meaning(name: str, value: object, known: Sequence[str]) -> tuple[str, object] | None:
    """Our block, and its fields or its bare value; None for a block with nothing to give."""
    called = value is None and (_ASSIGNMENT.fullmatch(name) or _CALL.fullmatch(name))
    if called:
        return _called(called, known)
    own = foreign.block(name, known)
    if own is None:
        numbered = _NUMBERED.fullmatch(name)
        found = _meaning(numbered[1], value, known) if numbered else None
        return None if found is None else (found[0], _named(name, *found))
    if own not in BLOCKS:
        return None
    value = as_yaml(value)
    return _with_fields(own, name, value) if value is None or is_plain(value) else None


def _called(call: re.Match[str], known: Sequence[str]) -> tuple[str, object] | None:
    """The same for `nn.Conv2d(3, 64, 3)`, and for `self.conv1 = nn.Conv2d(3, 64, 3)`."""
    if call.re is _ASSIGNMENT:
        found = _meaning(call[2], None, known)
        return None if found is None else (found[0], _named(call[1], *found))
    own = foreign.block(call[1], known)
    if own is not None and own not in BLOCKS:  # a block of the file
        value = read(call[2].strip())
        return None if value is None else (own, value)
    arguments = _arguments(call[1], call[2], known)
    return None if arguments is None else _meaning(call[1], arguments, known)


def _with_fields(own: str, name: str, value: object) -> tuple[str, object] | None:
    """The same for one of our blocks, which others call `name`."""
    kernel = foreign.window(name)[1]
    if value is not None and not isinstance(value, Mapping):
        bare = bare_field(own)
        if bare is None or _has_input(own, name):
            return (own, None) if all(map(is_number, _listed(value))) else None
        if kinds(own)[bare] is FieldKind.BRANCHES and foreign.are_names(value):
            return own, {"from": value}
        is_nested = any(isinstance(entry, Mapping | list) for entry in _listed(value))
        if is_nested != (kinds(own)[bare] is not FieldKind.PLAIN):
            return None
        if kernel and bare != "kernel_size":
            value = {bare: value}
        elif isinstance(value, list) and (_reads_input(own) or own == "group_norm"):
            value = in_order(own, value)
        else:
            return own, value
    fields = _fields(own, name, value) if isinstance(value, Mapping) else {}
    if fields is not None and kernel:
        fields.setdefault("kernel_size", kernel)
    return None if fields is None else (own, fields or None)


def _named(name: str, own: str, meant: object) -> Mapping[object, object]:
    """The fields of a layer, with a name."""
    if meant is not None and not isinstance(meant, Mapping):
        meant = {bare_field(own): meant}
    return {"name": name, **(meant if isinstance(meant, Mapping) else {})}


def _begins_with_input(values: Sequence[object], most: int, *, is_window: bool) -> bool:
    """Whether a list is (in, out, kernel) as PyTorch has it, and not (out, kernel, stride)."""
    if len(values) > most or len(values) < _CALLED or not is_window:
        return len(values) > most
    first, kernel, stride = values[:_CALLED]
    in_ours = isinstance(kernel, int) and isinstance(stride, int) and stride <= kernel
    return first in _IMAGE or not (in_ours and kernel in _KERNELS)


def _reads_input(block: str) -> bool:
    """Whether others give the channels or features of the input first."""
    firsts = ("out_channels", "out_features", "conv1x1")
    return any(name in firsts for name in foreign.POSITIONAL.get(block, ())[:1])


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
    own = own if own in BLOCKS else ""
    parts = [part.strip() for part in COMMA.split(text) if part.strip()]
    values = [read(part) for part in parts if "=" not in part]
    if None in values:
        return None
    if own and (bare_field(own) is None or (_reads_input(own) and _is_class(name))):
        values = values[1:]
    fields = in_order(own, values) if values else {}
    if fields is None:
        return None
    for key, _, value in (part.partition("=") for part in parts if "=" in part):
        fields[key.strip()] = read(value.strip())
    return None if None in fields.values() else fields


def _has_input(own: str, name: str) -> bool:
    """Whether the bare value is about the input, which is known: its channels, or its batch."""
    return (own in foreign.INFERS and _is_class(name)) or foreign.key(name) == "view"


def _is_class(name: str) -> bool:
    """Whether it is a class of PyTorch: those take what they read as their first argument."""
    is_keras = foreign.library(name) == "Keras" or name.endswith("D")
    return bool(re.search(r"[A-Z]|\.", name)) and not is_keras


def _fields(block: str, name: str, given: Mapping[object, object]) -> dict[object, object] | None:
    """Fields by our names, with our values; None where one has no place here."""
    known = (*kinds(block), *COMMON)
    fields: dict[object, object] = {}
    for key, value in given.items():
        word = str(key)
        own = foreign.FIELDS_OF.get((name, word))
        if own is None and word in foreign.NEEDLESS and word not in known:
            continue
        own = own or (word if word in known else foreign.field(word, known, value))
        is_index = own == "from" and not foreign.are_names(value)
        if own is None or is_index or not is_plain(value):
            return None
        fields[own] = meant(own, value)
    return fields


def field_with_choice(block: str, word: str) -> str | None:
    """The field of a block that takes a word: `bilinear` is a `mode` of `upsample`."""
    infos = _class_of(block).infos() if block in BLOCKS else {}
    given = _given(block)
    found = (name for name, info in infos.items() if word in get_args(info.annotation))
    return next((name for name in found if name not in given), None)


def words_of(block: str, field: str) -> tuple[object, ...]:
    """The words that a field of a built-in block takes; none where it takes other values."""
    info = _class_of(block).infos().get(field)
    words = get_args(info.annotation) if info is not None else ()
    return words if all(isinstance(word, str) for word in words) else ()


def required(block: str) -> list[str]:
    """The fields that a block must have, and a preset does not give."""
    infos, given = _class_of(block).infos(), _given(block)
    return [name for name, info in infos.items() if info.is_required() and name not in given]


def _given(block: str) -> Mapping[str, object]:
    """The fields that a preset gives."""
    entry = BLOCKS.get(block)
    return entry.fields if isinstance(entry, Preset) else {}


def kinds(block: str) -> Mapping[str, FieldKind]:
    """The fields of a built-in block or preset, and how each is read."""
    return _class_of(block).field_kinds()


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
