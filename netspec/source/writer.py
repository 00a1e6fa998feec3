"""Plain data to YAML text of our own, so that `loads(dict)` has a text for diagnostics to point at.

Reading the data directly was rejected: there would be two ways into the language with two sets of limits
and no place to show. The text has blocks at the top and flow collections where they fit a line; every
string that would not read back as itself is quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from netspec.limits import Limits
from netspec.source.characters import FORBIDDEN
from netspec.source.document import Document
from netspec.source.reader import read_text
from netspec.source.scalars import ScalarFault, resolve
from netspec.source.traps import expression_end

Path = tuple[str | int, ...]

_DEFAULTS = Limits()
_WIDTH = 88
_LONG_KEY = 1_000  # YAML wants a `?` before keys over 1,024 characters
_BARE = re.compile(r"\$?[A-Za-z0-9_+./-]*[A-Za-z0-9_]", re.ASCII)
_BARE_EXPRESSION = re.compile(r"\$\([\w +*/().<>=!%'\"-]*\)", re.ASCII)
_ESCAPED = re.compile(f'[\\\\"\n\r\t\xa0\ufeff]|{FORBIDDEN.pattern}')
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def read_data(
    data: Mapping[str, object], name: str = "<dict>", limits: Limits = _DEFAULTS
) -> Document:
    r"""The document that says `data`; tuples count as lists.

    Raises:
        TypeError: for a key that is no text, or a value that YAML has no word for; it names the path.
        TextFault: for what is refused in a text too, such as infinity or too deep nesting.

    >>> read_data({"input": (3, 224, 224), "name": "3:30"}).file.text
    'input: [3, 224, 224]\nname: "3:30"\n'
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"{name}: expected a mapping, got {type(data).__name__}")
    pieces = _Writer(name, limits).block(data, 0, 1, ()) if data else ("{}\n",)
    return read_text("".join(pieces), name, limits)


class _Writer:
    """Writes until it is past a limit of reading; the reader then refuses the text, at the place."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._deepest = limits.yaml_depth + 1
        self._room = limits.file_bytes + 1

    def block(self, data: object, indent: int, depth: int, path: Path) -> Iterator[str]:
        """A collection that is not empty, one entry a line; the first line carries no indentation."""
        margin = ""
        listed = not isinstance(data, Mapping)
        for key, value in _entries(data):
            if self._room <= 0:
                return
            inner = (*path, self._checked(key, path, listed=listed))
            lead = "-" if listed else _key(str(key), indent)
            layer = listed and isinstance(value, Mapping) and len(value) == 1  # `- conv: {...}`
            width = 0 if layer else _WIDTH - indent - len(lead)
            flow = self._flow(value, inner, width)
            deeper = indent + 2
            if flow is None and depth >= self._deepest:
                flow = "null"
            if flow is not None:
                text = f"{margin}{lead} {flow}\n"
            else:
                text = f"{margin}{lead} " if lead == "-" else f"{margin}{lead}\n{' ' * deeper}"
            self._room -= len(text)
            yield text
            if flow is None:
                yield from self.block(value, deeper, depth + 1, inner)
            margin = " " * indent

    def _flow(self, value: object, path: Path, width: int) -> str | None:
        """`value` on one line: always for a scalar, for a collection only within `width` characters."""
        if not isinstance(value, Mapping | list | tuple):
            return self._scalar(value, path)
        parts: list[str] = []
        listed = not isinstance(value, Mapping)
        left = width - 2
        for key, item in _entries(value):
            inner = (*path, self._checked(key, path, listed=listed))
            lead = "" if listed else f"{_key(str(key), 0)} "
            text = self._flow(item, inner, left - len(lead)) if left > len(lead) else None
            if text is None:
                return None
            left -= len(lead) + len(text) + 2
            parts.append(lead + text)
        if left < -2:
            return None
        inside = ", ".join(parts)
        return f"[{inside}]" if listed else f"{{{inside}}}"

    def _checked(self, key: object, path: Path, *, listed: bool) -> str | int:
        if isinstance(key, str) or (listed and isinstance(key, int)):
            return key
        kind = type(key).__name__
        raise TypeError(f"{self._where(path)}: keys must be text, got {key!r} ({kind})")

    def _scalar(self, value: object, path: Path) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, int):
            return format(Decimal(value), "f")  # str() refuses more than 4,300 digits
        if isinstance(value, float):
            return _float(value)
        kind = type(value).__name__
        raise TypeError(
            f"{self._where(path)}: expected dict, list, str, int, float, bool or None, got {kind}"
        )

    def _where(self, path: Path) -> str:
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        return f"{self._name}: {steps.removeprefix('.')}" if steps else self._name


def _entries(data: object) -> Iterator[tuple[object, object]]:
    if isinstance(data, Mapping):
        yield from data.items()
    elif isinstance(data, list | tuple):
        yield from enumerate(data)


def _key(key: str, indent: int) -> str:
    text = _text(key)
    return f"{text}:" if len(text) < _LONG_KEY else f"? {text}\n{' ' * indent}:"


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


def _text(text: str) -> str:
    text = str.__str__(text)  # of an enumeration's member too
    if _BARE.fullmatch(text) and _reads_back(text):
        return text
    if _BARE_EXPRESSION.fullmatch(text) and expression_end(text, 0) == len(text):
        return text
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _reads_back(text: str) -> bool:
    try:
        return resolve(text) == text
    except ScalarFault:
        return False


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code <= 0xFF:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
