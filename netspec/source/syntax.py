"""What libyaml could not read, in terms of what was written.

The parser's words ("did not find expected key") name its own state, not the mistake. So only its place
and the kind of construct are taken from it, and the mistake is found in the text around the place; both
parsers stop at the same places, and get the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from netspec.source.block_errors import (
    after_document,
    dash_after_key,
    in_block,
    no_colon,
    second_colon,
)
from netspec.source.flaws import Flaw
from netspec.source.flow_errors import glued_colon, in_flow
from netspec.source.lines import (
    line_end,
    line_start,
    lines_before,
    rest_of_value,
    without_comment,
)
from netspec.source.scalars import shorten
from netspec.source.stop import Stop
from netspec.source.traps import (
    braces,
    expression_end,
    lookalike_in_line,
    quote,
    split_expression,
)

_ESCAPE = re.compile(r"\\(?:x\w{0,2}|u\w{0,4}|U\w{0,8}|[^\r\n])?")
_TAG = re.compile(r"!\S*")
_TAB_LINES = re.compile(r"(?:^|[\r\n])[ ]*\t")


def explain(stop: Stop) -> Flaw:
    """The one flaw behind a parser's error."""
    text, offset = stop.text, stop.error.offset
    if text[offset : offset + 1] == "\t":
        return _tab(stop)
    for cause in (_percent, _expression, _lookalike, _unclosed_quote):
        if found := cause(stop):
            return found
    words = f"{stop.error.context} {stop.error.problem}"
    for pattern, explanation in _EXPLANATIONS:
        if pattern.search(words):
            return explanation(stop)
    return _unreadable(stop)


# -- causes that hide behind many different errors


def _tab(stop: Stop) -> Flaw:
    text, offset = stop.text, stop.error.offset
    end = offset + len(text[offset:]) - len(text[offset:].lstrip("\t"))
    lines = len(_TAB_LINES.findall(text))
    leading = not text[line_start(text, offset) : offset].strip()
    return Flaw("tab-indentation", offset, end, {"lines": max(lines, 1), "leading": leading})


def _percent(stop: Stop) -> Flaw | None:
    """A line that begins with `%` is a directive to YAML, in the middle of a file too."""
    text = stop.text
    start = line_start(text, len(text[: stop.error.offset].rstrip("\r\n")))
    if text[start : start + 1] != "%":
        return None
    received = rest_of_value(text, start, False)
    values: dict[str, object] = {"received": shorten(received), "character": "%"}
    values["suggestion"] = shorten(quote(received))
    return Flaw("reserved-character", start, start + len(received), values)


def _expression(stop: Stop) -> Flaw | None:
    """`$(x[0])` or `${x}` in a flow collection, whose brackets the parser took for its own."""
    text, offset = stop.text, stop.error.offset
    if not stop.flows:
        return None
    start = text.rfind("$", stop.flows[-1], offset + 1)
    if start < 0 or text[stop.flows[-1] : start].rstrip()[-1:] not in (*":,[{",):
        return None
    if text.startswith("$(", start) and (expression_end(text, start) or 0) > offset:
        return split_expression(text, start)
    found = braces(text, start)
    return found if found is not None and found.end > offset else None


def _lookalike(stop: Stop) -> Flaw | None:
    text, error = stop.text, stop.error
    starts = dict.fromkeys((line_start(text, error.offset), line_start(text, error.began)))
    for start in starts:
        end = start + len(without_comment(text[start : line_end(text, start)]))
        if found := lookalike_in_line(text, start, end):
            return found
    if "mapping values" in error.problem:  # the line above was meant to be a key
        above = next(lines_before(text, error.offset), None)
        return lookalike_in_line(text, above[0], above[0] + len(above[1])) if above else None
    return None


def _unclosed_quote(stop: Stop) -> Flaw | None:
    """A quoted scalar over several lines with something right behind it lost its closing quote."""
    text, start, offset = stop.text, stop.quoted, stop.error.offset
    if start is None or start > offset or text[start : start + 1] not in ('"', "'"):
        return None
    mark = text[start]
    end = text.rfind(mark, start + 1, offset)
    together = end > 0 and not text[end + 1 : offset].strip(" \t")
    if not together or not re.search(r"[\r\n]", text[start:end]):
        return None
    return _open_quote(text, start)


def _open_quote(text: str, start: int) -> Flaw:
    mark = text[start]
    return Flaw("unclosed", start, start + 1, {"received": mark, "closing": mark})


# -- one explanation for each kind of error


def _reserved(stop: Stop) -> Flaw:
    text, offset = stop.text, stop.error.offset
    received = rest_of_value(text, offset, stop.in_flow)
    values: dict[str, object] = {
        "received": shorten(received),
        "character": text[offset : offset + 1],
    }
    values["suggestion"] = shorten(quote(received))
    return Flaw("reserved-character", offset, offset + len(received), values)


def _quoted(stop: Stop) -> Flaw:
    text, error = stop.text, stop.error
    if not re.search("escape|hex", error.problem):
        return _open_quote(text, error.began)
    start = max(text.rfind("\\", 0, error.offset + 1), error.began)
    match = _ESCAPE.match(text, start)
    end = match.end() if match else start + 1
    return Flaw("escape", start, end, {"received": text[start:end]})


def _tag(stop: Stop) -> Flaw:
    start = stop.error.began
    match = _TAG.search(stop.text, start, line_end(stop.text, start))
    begin, end = match.span() if match else (start, start + 1)
    return Flaw("tag", begin, end, {"received": shorten(stop.text[begin:end])})


def _anchor(stop: Stop) -> Flaw:
    start = stop.error.began
    return Flaw(
        "syntax", start, start + 1, {"problem": "anchor-name", "received": stop.text[start]}
    )


def _block_scalar(stop: Stop) -> Flaw:
    start, offset = stop.error.began, stop.error.offset
    received = rest_of_value(stop.text, start, False)
    values: dict[str, object] = {"problem": "block-scalar-header", "received": shorten(received)}
    return Flaw("syntax", start, max(start + len(received), offset), values)


def _unreadable(stop: Stop) -> Flaw:
    text, offset = stop.text, stop.error.offset
    received = rest_of_value(text, offset, False)
    values: dict[str, object] = {"problem": "unreadable", "received": shorten(received)}
    return Flaw("syntax", offset, offset + max(len(received), 0), values)


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Callable[[Stop], Flaw]], ...] = (
    (re.compile("cannot start any token|mapping keys are not allowed"), _reserved),
    (re.compile("quoted scalar"), _quoted),
    (re.compile(r"\btag\b"), _tag),
    (re.compile("an (anchor|alias)"), _anchor),
    (re.compile("block scalar"), _block_scalar),
    (re.compile("unexpected ':'"), glued_colon),
    (re.compile("mapping values are not allowed"), second_colon),
    (re.compile("could not find expected ':'"), no_colon),
    (re.compile("sequence entries are not allowed"), dash_after_key),
    (re.compile("a flow (node|mapping|sequence)"), in_flow),
    (re.compile("document start"), after_document),
    (re.compile("a block|expected"), in_block),
)
"""The first pattern that is found in the parser's context and problem names the explanation."""
