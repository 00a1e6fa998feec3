"""What can be wrong inside `[...]` and `{...}`: commas, colons and closers."""

from __future__ import annotations

import re

from netspec.source.brackets import unclosed_bracket
from netspec.source.flaws import Flaw
from netspec.source.lines import rest_of_value
from netspec.source.scalars import shorten
from netspec.source.stop import Stop
from netspec.source.traps import quote

KEY_COLON = re.compile(r":(?=\s|$)")
_WORD_BEFORE = re.compile(r"([ \t]+)[^\s,\[\]{}:]+[ \t]*$")


def in_flow(stop: Stop) -> Flaw:
    """An entry that cannot follow: a bracket stayed open, or a comma is missing or too many."""
    text, offset = stop.text, stop.error.offset
    if stop.flows and (found := unclosed_bracket(text, stop.flows, offset)):
        return found
    character = text[offset : offset + 1]
    if character == ",":
        return Flaw("stray-comma", offset, offset + 1, {"received": ","})
    if character == ":":
        return _flow_colon(stop)
    at = len(text[:offset].rstrip())
    return Flaw("missing-comma", at, at, {"received": shorten(rest_of_value(text, offset, True))})


def glued_colon(stop: Stop) -> Flaw:
    """`{conv:[1]}` and `{a:}`, which libyaml refuses; or a colon too many in front of a bracket."""
    text, began, offset = stop.text, stop.error.began, stop.error.offset
    if text[offset + 1 : offset + 2] not in ("[", "{") and stop.flows:
        if found := unclosed_bracket(text, stop.flows, offset):
            return found
        entry = max(text.rfind(mark, 0, offset) for mark in ",[{\n") + 1
        if KEY_COLON.search(text, entry, began):
            return _flow_colon(stop)
    received = text[began : offset + 1]
    values: dict[str, object] = {"received": received, "replacement": received + " "}
    return Flaw("missing-space", began, offset + 1, values)


def _flow_colon(stop: Stop) -> Flaw:
    """A colon in a flow collection: no key before it, two entries without a comma, or two colons."""
    text, offset = stop.text, stop.error.offset
    entry = max(text.rfind(mark, 0, offset) for mark in ",[{\n") + 1
    before = text[entry:offset]
    earlier = KEY_COLON.search(before)
    if not before.strip():
        return Flaw("key-not-text", offset, offset + 1, {"received": "", "kind": "null"})
    gap = _WORD_BEFORE.search(before, earlier.end() if earlier else 0)
    if gap and before[earlier.end() if earlier else 0 : gap.start()].strip():
        at = entry + gap.start()
        received = shorten(rest_of_value(text, entry + gap.end(1), True))
        return Flaw("missing-comma", at, at, {"received": received})
    return nested_colon(text, entry + (earlier.end() if earlier else 0), flow=True)


def nested_colon(text: str, after: int, *, flow: bool) -> Flaw:
    """A value with a colon of its own, which begins behind offset `after`."""
    start = after + len(text[after:]) - len(text[after:].lstrip(" \t"))
    received = rest_of_value(text, start, flow)
    values: dict[str, object] = {
        "received": shorten(received),
        "suggestion": shorten(quote(received)),
    }
    return Flaw("nested-colon", start, start + len(received), values)
