"""Scalars that were meant to be something else: flow traps, missing spaces, look-alike characters.

Each check sees one plain scalar where the parser put it, so text in quotes, comments and block scalars is
never touched. Searching the raw text instead was rejected: it finds `$(a, b)` in a comment.
"""

from __future__ import annotations

import re
from enum import Enum

from netspec.source.flaws import Flaw

BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_ZERO_WIDTH = "\u200b\u2060\ufeff"
_QUOTES = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"}
_OPENING = "“„«‘‚"
_STRUCTURE = {"：": ": ", "，": ", ", "［": "[", "］": "]", "｛": "{", "｝": "}", "＃": "#"}

_GLUED = re.compile(rf"[A-Za-z_]\w*:(?=[^\s:/\\{BLANKS}])", re.ASCII)
_GLUED_FLOW = re.compile(r"[A-Za-z_]\w*:(?=[\[{])", re.ASCII)
_NAME = re.compile(r"\$?[A-Za-z_][\w.]*", re.ASCII)
_BRACES = re.compile(r"\$\{([^{}\r\n]*)\}")
_TUPLE = re.compile(r"\(((?:[^\S\r\n]*[\w.]+[^\S\r\n]*,?)+)\)")
_DOUBLE_BRACES = re.compile(r"\{\{([^{}\r\n]*)\}\}")
_LEADING_BLANKS = re.compile(rf"(?:-|[A-Za-z_][A-Za-z0-9_]*:)?([{BLANKS}]+)")
_TRAILING_BLANKS = re.compile(rf"[{BLANKS}]+$")
_WIDE = re.compile(r"[\w$.()+* -]*([：，［］｛｝])", re.ASCII)
_BULLET = re.compile(rf"([–—−•])[ {BLANKS}]")  # noqa: RUF100 - dashes that word processors make of `-`
_SMART_QUOTED = re.compile(rf"[{_OPENING}”]([^{''.join(_QUOTES)}\r\n]*)[”»“’‘]")
_NEAR = re.compile(
    rf"(?:^|[:,\[{{-])[ ]*(?:(?P<blank>[{BLANKS}]+)|(?P<quote>[{_OPENING}]))"
    r"|(?P<closing>[”»])(?=\s*(?:$|[,\]}]))"
    r"|(?<![^\x00-\x7f])(?P<wide>[：，［］｛｝＃])"
)


class Role(Enum):
    """What a scalar is to the collection around it."""

    ROOT = "root"
    KEY = "key"
    VALUE = "value"
    ITEM = "item"


def quote(text: str) -> str:
    """`text` as a quoted scalar: single quotes unless it has some itself."""
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def expression_end(text: str, start: int, most: int = 1_024) -> int | None:
    """The offset after the `)` that closes the `$(` at `start`; None when it stays open."""
    depth = 0
    inside = ""
    for offset in range(start + 1, min(len(text), start + most)):
        character = text[offset]
        if inside:
            inside = "" if character == inside else inside
        elif character in "'\"":
            inside = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return offset + 1
    return None


def split_expression(text: str, start: int) -> Flaw:
    """The flaw of an expression at `start` that the flow collection around it cuts into pieces."""
    end = expression_end(text, start)
    if end is None:
        return Flaw("unclosed", start, start + 2, {"received": "$(", "closing": ")"})
    received = " ".join(text[start:end].split())
    cut = next((character for character in received if character in ",[]{}:"), ",")
    values: dict[str, object] = {"received": received, "character": cut}
    return Flaw("comma-in-expression", start, end, {**values, "replacement": quote(received)})


def braces(text: str, start: int, pattern: re.Pattern[str] = _BRACES) -> Flaw | None:
    """The flaw of `${x}` (or, with the other pattern, `{{ x }}`) at `start`, which netspec writes `$x`."""
    match = pattern.match(text, start)
    if match is None:
        return None
    inner = match[1].strip()
    fixed = f"${inner.removeprefix('$')}" if _NAME.fullmatch(inner) else f"$({inner})"
    fixed = quote(fixed) if any(character in fixed for character in ",[]{}:#") else fixed
    return Flaw("template", *match.span(), {"received": match.group(), "replacement": fixed})


def double_braces(text: str, start: int) -> Flaw | None:
    """The flaw of `{{ x }}` at `start`."""
    return braces(text, start, _DOUBLE_BRACES)


def missing_space(text: str, start: int, role: Role | None) -> Flaw | None:
    """The flaw of a key whose colon has no space behind it; `role` None when the scalar must be a key."""
    pattern = _GLUED_FLOW if role is Role.KEY else _GLUED
    match = pattern.match(text, start)
    if match is None:
        return None
    glued = match.group()
    return Flaw("missing-space", *match.span(), {"received": glued, "replacement": glued + " "})


def plain_trap(text: str, start: int, value: str, role: Role, flow: bool) -> Flaw | None:
    """What else a plain scalar at `start` was meant to be, if it looks like it."""
    if flow and "$" in value:
        if value.startswith("$(") and expression_end(value, 0) is None:
            return split_expression(text, start)
        if value.endswith("$") and (found := braces(text, start + len(value) - 1)):
            return found
    if value.startswith("(") and (match := _TUPLE.match(text, start)):
        listed = f"[{match[1].strip().rstrip(',')}]"
        return Flaw("tuple", *match.span(), {"received": match.group(), "replacement": listed})
    if ":" in value and role is not Role.VALUE and (found := missing_space(text, start, role)):
        return found
    return None if value.isascii() else _lookalike(text, start, value, role, flow)


def _lookalike(text: str, start: int, value: str, role: Role, flow: bool) -> Flaw | None:
    match = _LEADING_BLANKS.match(value)
    if match and (role is not Role.VALUE or not value[0].isalpha()):
        return _blanks(start + match.start(1), match[1])
    match = _TRAILING_BLANKS.search(value)
    if match and "\n" not in text[start : start + len(value)]:
        return _blanks(start + match.start(), match.group())
    if value[0] in _QUOTES and (found := _smart_quotes(text, start, value, flow)):
        return found
    outside = role is not Role.VALUE
    if (match := _BULLET.match(value)) and outside:
        return _character(start, match[1], "-")
    match = _WIDE.match(value)
    if match and (flow or (outside and match[1] == "：") or match.start(1) == 0):
        return _character(start + match.start(1), match[1], _STRUCTURE[match[1]])
    return None


def _smart_quotes(text: str, start: int, value: str, flow: bool) -> Flaw | None:
    """Quotes of a word processor around a scalar; in a flow collection a comma may have cut it."""
    match = _SMART_QUOTED.match(text, start)
    if match and (flow or match.group() == value) and "\\" not in match[1]:
        straight = _QUOTES[value[0]]
        if straight not in match[1]:
            return _character(start, match.group(), f"{straight}{match[1]}{straight}")
    return _character(start, value[0], _QUOTES[value[0]]) if flow and value[0] in _OPENING else None


def lookalike_in_line(text: str, start: int, end: int) -> Flaw | None:
    """The first character from `start` up to `end`, a line that cannot be read, that looks like syntax."""
    line = text[start:end]
    match = None if line.isascii() else _NEAR.search(line)
    if match is None or match.lastgroup is None:
        return None
    kind = match.lastgroup
    offset, found = start + match.start(kind), match[kind]
    if kind == "blank":
        return _blanks(offset, found)
    if kind == "closing" and not re.search("['\"]", line[: match.start(kind)]):
        return None
    return _character(offset, found, (_STRUCTURE if kind == "wide" else _QUOTES)[found])


def _blanks(offset: int, blanks: str) -> Flaw:
    spaces = "".join("" if blank in _ZERO_WIDTH else " " for blank in blanks)
    return _character(offset, blanks, spaces)


def _character(offset: int, found: str, replacement: str) -> Flaw:
    code = f"U+{ord(found[0]):04X}"
    values: dict[str, object] = {"received": found, "code": code, "replacement": replacement}
    return Flaw("lookalike-character", offset, offset + len(found), values)
