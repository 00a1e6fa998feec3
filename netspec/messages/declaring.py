"""How a parameter that is not there is declared, with a value that the field which reads it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.blocks import BLOCKS, Preset
from netspec.messages import foreign, translation
from netspec.messages.foreign_values import read

_USUAL: Mapping[str, object] = MappingProxyType(
    {
        "out_channels": 16,
        "out_features": 10,
        "kernel_size": 3,
        "stride": 1,
        "padding": 1,
        "scale_factor": 2,
        "repeat": 2,
        "p": 0.1,
        "bias": True,
        "when": True,
        "norm": "batch_norm",
        "activation": "relu",
        "attention": "squeeze_excite",
    }
)
"""A field -> a value that it is often given."""

_TYPES: Mapping[type, str] = MappingProxyType(
    {bool: "bool", int: "int", float: "float", str: "text"}
)


def type_name(value: object) -> str:
    """The type of a value as a declaration has it.

    >>> type_name(8), type_name([1, 2]), type_name("max")
    ('int', '[int, int]', 'text')
    """
    if isinstance(value, list) and value:
        return f"[{', '.join(map(type_name, value))}]"
    return _TYPES.get(type(value), "int")


def usual(field: str) -> object:
    """A plausible value of a field, by its name, by that of a bare block, or as others call it.

    >>> usual("conv"), usual("filters"), usual("num_classes"), usual("activation")
    (16, 16, 10, 'relu')
    """
    own = translation.bare_field(field) if field in BLOCKS else field
    own = own if own in _USUAL else foreign.field(field, tuple(_USUAL))
    return _USUAL.get(own or "", 16)


def example(block: str, field: str, declared: str = "") -> object:
    """A plausible value for a field of a built-in block, or as it is declared; `...` where there is none.

    >>> example("conv", "kernel_size"), example("pool", "mode"), example("stage", "channels")
    (3, 'max', '...')
    >>> example("stage", "channels", "int"), example("stage", "widths", "[int, int]")
    (16, [16, 16])
    """
    if declared.startswith("["):
        return [example(block, field, kind.strip()) for kind in declared[1:-1].split(",")]
    kind = next((kind for kind, word in _TYPES.items() if word == declared), None)
    if kind is not None and kind is not str:
        found = usual(field)
        return found if type(found) is kind else {bool: True, int: 16, float: 0.5}[kind]
    if block not in BLOCKS:
        return "..."
    words = translation.words_of(block, field)
    return _USUAL.get(field) or next(iter(words), None) or _of_example(block, field) or "..."


def _of_example(block: str, field: str) -> object:
    """The value of a field in the example of its block, as a list or a number; None where it has none.

    >>> _of_example("inception", "conv5x5"), _of_example("lrn", "size"), _of_example("conv", "bias")
    ([16, 32], 5, None)
    """
    entry = BLOCKS[block]
    text = "" if isinstance(entry, Preset) else entry.example.layers
    name = block if translation.bare_field(block) == field else field
    found = re.search(rf"\b(?:{field}|{name}): (\[[\d, ]+\]|\d+)", text)
    return None if found is None else read(found[1])


def declaration(name: str, path: Sequence[object]) -> tuple[str, str | None]:
    """`params: {...}` for a name that is read at `path`, and the block that it belongs to.

    >>> declaration("width", ("layers", 0, "conv"))
    ('params: {width: 16}', None)
    >>> declaration("width", ("blocks", "stage", "layers", 0, "conv"))
    ('params: {width: int}', 'stage')
    """
    keys = [key for key in path if isinstance(key, str)]
    value = usual(keys[-1] if keys else name)
    if keys[:1] == ["blocks"] and len(keys) > 1:
        kind = "block" if value in BLOCKS else _TYPES[type(value)]
        return f"params: {{{name}: {kind}}}", keys[1]
    written = str(value).lower() if isinstance(value, bool) else value
    return f"params: {{{name}: {written}}}", None
