"""Finding the bracket that was never closed.

The parser notices at the end of the file, or at the first thing that cannot follow; the mistake is where
the innermost bracket opens that has no partner before the next line of the block around it.
"""

from __future__ import annotations

import re

from netspec.source.flaws import Flaw
from netspec.source.lines import line_start

_CLOSING = {"[": "]", "{": "}"}
_TOKEN = re.compile(
    r"(?P<quoted>(?<![^\s,\[{:])(?:'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"))"
    r"|(?P<comment>(?<=[\s])#[^\r\n]*)"
    r"|(?P<line>(?:\r\n|\r|\n)(?P<indent>[ ]*)(?P<item>(?:- |-$|[^\s#:,'\"\[\]{}][^\r\n:,\[\]{}]*:(?=\s)))?)"
    r"|(?P<bracket>[\[\]{}])",
    re.DOTALL | re.MULTILINE,
)


def unclosed_bracket(text: str, flows: tuple[int, ...], offset: int) -> Flaw | None:
    """The bracket among those of the open flow collections that has no partner, if that is the mistake.

    `flows` are where the flow collections begin that were open when the parser stopped at `offset`.
    """
    first = flows[0]
    start = line_start(text, first)
    margin = len(text[start:first]) - len(text[start:first].lstrip(" "))
    opened: list[int] = []
    position = first
    while match := _TOKEN.search(text, position):
        position = match.end()
        if match["bracket"]:
            if match["bracket"] in _CLOSING:
                opened.append(match.start())
                continue
            if _CLOSING[text[opened[-1]]] != match["bracket"]:
                return _unclosed(text, opened[-1], match.start(), match.end())
            opened.pop()
            if not opened:
                return None
        elif match["item"] and len(match["indent"]) <= margin:
            begin = match.start("item")
            return _unclosed(text, opened[-1], begin, match.end("item"))
    end = max(len(text.rstrip()), offset)
    return _unclosed(text, opened[-1], end, end)


def _unclosed(text: str, opened: int, start: int, end: int) -> Flaw:
    """`start` to `end` is what stands where the closing bracket is missing."""
    bracket = text[opened]
    values: dict[str, object] = {"received": bracket, "closing": _CLOSING[bracket]}
    found = text[start:end].strip()
    if found in ("]", "}"):
        values["found"] = found
    return Flaw("unclosed", opened, opened + 1, values, ((start, end),))
