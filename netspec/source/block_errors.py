"""What can be wrong in a block: indentation, colons, and text where nothing can follow."""

from __future__ import annotations

import re

from netspec.source.flaws import Flaw
from netspec.source.flow_errors import KEY_COLON, nested_colon
from netspec.source.lines import (
    content_start,
    indentations,
    line_end,
    line_start,
    lines_before,
    rest_of_value,
    without_comment,
)
from netspec.source.scalars import shorten
from netspec.source.stop import Stop
from netspec.source.traps import missing_space

_BRACED = re.compile(r"[A-Za-z_]\w* +[{\[]", re.ASCII)
_LONE_ITEM = re.compile(r"\s*- +[A-Za-z_]\w*\s*(?:#.*)?", re.ASCII)
_OPEN_ITEM = re.compile(r"\s*- +([A-Za-z_]\w*):\s*(?:#.*)?", re.ASCII)

MOST_KEY = 1_024
"""The longest key that YAML accepts without a `?`, in characters (YAML 1.2.2, section 7.4.2)."""


def in_block(stop: Stop) -> Flaw:
    """Something that cannot follow in a block."""
    text, offset = stop.text, stop.error.offset
    character = text[offset : offset + 1]
    start = line_start(text, offset)
    if text.startswith("...", start) and start == offset:
        return Flaw("empty", 0, 0)
    if character == ":":
        return Flaw("key-not-text", offset, offset + 1, {"received": "", "kind": "null"})
    if character in ("]", "}"):
        return Flaw("unopened", offset, offset + 1, {"received": character})
    if character == ",":
        return Flaw("stray-comma", offset, offset + 1, {"received": ","})
    if not text[start:offset].strip():
        return _indentation(stop, offset)
    received = rest_of_value(text, offset, False)
    before = text[start:offset].rstrip()
    values: dict[str, object] = {"received": shorten(received), "after": before[-1:]}
    return Flaw("trailing-text", offset, offset + len(received), values)


def after_document(stop: Stop) -> Flaw:
    """Something after the end of the document: a second one, or a line further out than the first."""
    above = next(lines_before(stop.text, stop.error.offset), None)
    if above is not None and above[1].startswith("..."):
        offset = stop.error.offset
        return Flaw(
            "several-documents", above[0], above[0] + 3, {"received": "..."}, ((offset, offset),)
        )
    return in_block(stop)


def second_colon(stop: Stop) -> Flaw:
    """A colon behind something that is a value already, or that began on a line above."""
    text, offset = stop.text, stop.error.offset
    start = line_start(text, offset)
    content = content_start(text, start)
    earlier = KEY_COLON.search(text, content, offset)
    if earlier is not None and _BRACED.match(text, content):
        return _missing_colon(text, start)
    if earlier is not None:
        return nested_colon(text, earlier.end(), flow=stop.in_flow)
    if offset - content > MOST_KEY:
        values: dict[str, object] = {"what": "key", "value": offset - content, "maximum": MOST_KEY}
        return Flaw("limit", content, offset, values)
    above = next(lines_before(text, offset), None)
    if above is None:
        return nested_colon(text, content, flow=stop.in_flow)
    key = content_start(text, above[0])
    if found := missing_space(text, key, None):
        return found
    line = above[1]
    deeper = key - above[0] < content - start
    is_name = deeper and _LONE_ITEM.fullmatch(line)
    follows = deeper or KEY_COLON.search(line) or line.lstrip().startswith("- ")
    return (
        _indentation(stop, content) if follows and not is_name else _missing_colon(text, above[0])
    )


def no_colon(stop: Stop) -> Flaw:
    """A line among keys without a colon."""
    text, began = stop.text, stop.error.began
    start = line_start(text, began)
    found = missing_space(text, content_start(text, start), None)
    return found or _missing_colon(text, start)


def dash_after_key(stop: Stop) -> Flaw:
    """`key: - item`, which needs a line of its own or brackets."""
    text, offset = stop.text, stop.error.offset
    received = rest_of_value(text, offset, False)
    item = received.removeprefix("-").strip()
    values = {"received": shorten(received), "suggestion": shorten(f"[{item}]")}
    return Flaw("dash-after-key", offset, offset + len(received), dict(values))


def _missing_colon(text: str, start: int) -> Flaw:
    content = content_start(text, start)
    received = without_comment(text[content : line_end(text, content)])
    values: dict[str, object] = {
        "received": shorten(received),
        "suggestion": shorten(received) + ":",
    }
    return Flaw("missing-colon", content, content + len(received), values)


def _indentation(stop: Stop, offset: int) -> Flaw:
    """A line that begins at a column where nothing is open, or as the wrong kind at one where something is."""
    text = stop.text
    start = line_start(text, offset)
    begin = start + len(text[start:offset]) - len(text[start:offset].lstrip(" "))
    column = begin - start + 1
    received = without_comment(text[begin : line_end(text, begin)])
    item = received.startswith("- ") or received == "-"
    values: dict[str, object] = {"received": shorten(received), "column": column}
    for above, line in lines_before(text, offset):
        indent = len(line) - len(line.lstrip(" ")) + 1
        other = text.startswith(("- ", "-\n", "-\r"), above + indent - 1)
        if indent <= column:
            if indent == column and other != item:
                values["kind"] = "list item" if item else "key"
                opened = _OPEN_ITEM.fullmatch(line)
                values["block"] = opened[1] if opened else ""
                return Flaw("mixed-collection", begin, begin + len(received), values)
            break
    values["expected"] = indentations(text, offset, column)
    return Flaw("indentation", begin, begin + len(received), values)
