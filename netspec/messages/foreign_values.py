"""Values of others as ours: `SAME`, `(3, 3)`, `None`; beside `foreign`, which has the words for layers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netspec.blocks import BLOCKS
from netspec.messages import foreign

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PLAIN = re.compile(r"[$\w.+-]+")
_EXPRESSION = re.compile(r"\$\([^,:#{}\[\]'\"]*\)")  # what stands in braces without quotes


def as_yaml(value: object) -> object:
    """Text that another language reads as a list or a truth value, as YAML reads it: `(3, 3)`, `False`."""
    if isinstance(value, Mapping):
        return {key: as_yaml(entry) for key, entry in value.items()}
    if not isinstance(value, str) or not (value[:1] == "(" or value in ("True", "False")):
        return value
    found = read(value)
    return value if found is None else found


def read(text: str) -> object:
    """What stands behind `=` or between commas; None for what is no number and no plain word."""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if text[:1] in ("(", "[") and text[-1:] in (")", "]"):
        values = [read(part.strip()) for part in text[1:-1].split(",") if part.strip()]
        return None if None in values else values
    words: dict[str, object] = {"True": True, "False": False, "true": True, "false": False}
    plain = text.strip("'\"")
    return words.get(plain, plain if _PLAIN.fullmatch(plain) else None)


def meant(field: str, value: object) -> object:
    """A value of others as ours, for one of our fields: `SAME` is `same`, `ReLU()` is `relu`, `2x2` is 2."""
    text = value.lower() if isinstance(value, str) else ""
    if field in foreign.TRUTHS:
        return _block(field, value)
    if (field, text) in foreign.VALUES:
        return foreign.VALUES[field, text]
    if field == "dim" and value == -1:
        return 1
    if field == "init" and text:
        return {"weight": foreign.SCHEMES.get(text, text)}
    pair = re.fullmatch(r"(\d+)\s*[x×]\s*(\d+)", text)
    if pair is not None:
        sizes = [int(size) for size in pair.groups()]
        return sizes[0] if len(set(sizes)) == 1 else sizes
    return value


def _block(field: str, value: object) -> object:
    """A norm or an activation."""
    if isinstance(value, bool) or value in (0, 1):
        return foreign.TRUTHS[field] if value else "none"
    if value in ("None", "linear", "Identity"):
        return "none"
    return foreign.block(value, tuple(BLOCKS)) or value if isinstance(value, str) else value


def is_number(value: object) -> bool:
    """Whether it is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_plain(value: object) -> bool:
    """Whether it can be written as it is: numbers, plain words, and lists and mappings of them."""
    if isinstance(value, str):
        text = value.removesuffix("()")
        return bool(_PLAIN.fullmatch(text) or _EXPRESSION.fullmatch(text))
    if isinstance(value, list | tuple):
        return all(map(is_plain, value))
    if isinstance(value, Mapping):
        return all(is_plain(key) and is_plain(entry) for key, entry in value.items())
    return value is not None


def is_stray(value: object) -> bool:
    """Whether a value could be that of a parameter: plain, or a list of plain values."""
    entries = value if isinstance(value, list) else [value]
    return all(is_plain(entry) and not isinstance(entry, list | Mapping) for entry in entries)
