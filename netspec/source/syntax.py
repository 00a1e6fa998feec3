"""What libyaml could not read, in terms of what was written.

The parser's words ("did not find expected key") name its own state, not the mistake. So only its place
and the kind of construct are taken from it, and the mistake is found in the text around the place; both
parsers stop at the same places, and get the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from netspec.source.brackets import unclosed_bracket
from netspec.source.events import ParseError
from netspec.source.flaws import Flaw
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
from netspec.source.traps import (
    braces,
    expression_end,
    lookalike_in_line,
    missing_space,
    quote,
    split_expression,
)

MOST_KEY = 1_024
"""The longest key that YAML accepts without a `?`, in characters (YAML 1.2.2, section 7.4.2)."""

_KEY_COLON = re.compile(r":(?=\s|$)")
_TAG = re.compile(r"!\S*")
_WORD_BEFORE = re.compile(r"([ \t]+)[^\s,\[\]{}:]+[ \t]*$")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a pass ended.

    `flows` are where the open flow collections begin, outermost first; `quoted` is where the last scalar
    begins when it was quoted.
    """

    text: str
    error: ParseError
    flows: tuple[int, ...]
    quoted: int | None

    @property
    def line(self) -> tuple[int, int]:
        """Start and end of the line where the parser stopped."""
        return line_start(self.text, self.error.offset), line_end(self.text, self.error.offset)


def explain(stop: Stop) -> Flaw:
    """The one flaw behind a parser's error."""
    text, offset = stop.text, stop.error.offset
    if text[offset : offset + 1] == "\t":
        return _tab(stop)
    for cause in (_expression, _lookalike, _unclosed_quote):
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
    lines = len(re.findall(r"(?:^|[\r\n])[ ]*\t", text))
    return Flaw("tab-indentation", offset, end, {"lines": max(lines, 1)})


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
    received = rest_of_value(text, offset, bool(stop.flows))
    values: dict[str, object] = {
        "received": shorten(received),
        "character": text[offset : offset + 1],
    }
    values["suggestion"] = shorten(quote(received))
    return Flaw("reserved-character", offset, offset + len(received), values)


def _quoted(stop: Stop) -> Flaw:
    text, error = stop.text, stop.error
    if "escape" not in error.problem:
        return _open_quote(text, error.began)
    start = max(text.rfind("\\", 0, error.offset + 1), error.began)
    received = text[start : start + 2]
    return Flaw("escape", start, start + len(received), {"received": received})


def _tag(stop: Stop) -> Flaw:
    start = stop.error.began
    match = _TAG.search(stop.text, start, line_end(stop.text, start))
    begin, end = match.span() if match else (start, start + 1)
    return Flaw("tag", begin, end, {"received": shorten(stop.text[begin:end])})


def _colon(stop: Stop) -> Flaw:
    """A colon behind something that is a value already, or that began on a line above."""
    text, offset = stop.text, stop.error.offset
    start = line_start(text, offset)
    content = content_start(text, start)
    earlier = _KEY_COLON.search(text, content, offset)
    if earlier is not None:
        return _nested_colon(text, earlier.end(), bool(stop.flows))
    if offset - content > MOST_KEY:
        values: dict[str, object] = {"what": "key", "value": offset - content, "maximum": MOST_KEY}
        return Flaw("limit", content, offset, values)
    above = next(lines_before(text, offset), None)
    if above is None:
        return _nested_colon(text, content, bool(stop.flows))
    key = content_start(text, above[0])
    if found := missing_space(text, key, None):
        return found
    line = above[1]
    if _KEY_COLON.search(line) or line.lstrip().startswith("- "):
        return _indentation(stop, content)
    if key - above[0] < content - start:
        return _indentation(stop, content)
    return _missing_colon(text, above[0])


def _nested_colon(text: str, after: int, flow: bool) -> Flaw:
    start = after + len(text[after:]) - len(text[after:].lstrip(" \t"))
    received = rest_of_value(text, start, flow)
    values: dict[str, object] = {
        "received": shorten(received),
        "suggestion": shorten(quote(received)),
    }
    return Flaw("nested-colon", start, start + len(received), values)


def _no_colon(stop: Stop) -> Flaw:
    text, began = stop.text, stop.error.began
    start = line_start(text, began)
    found = missing_space(text, content_start(text, start), None)
    return found or _missing_colon(text, start)


def _missing_colon(text: str, start: int) -> Flaw:
    content = content_start(text, start)
    received = without_comment(text[content : line_end(text, content)])
    values: dict[str, object] = {
        "received": shorten(received),
        "suggestion": shorten(received) + ":",
    }
    return Flaw("missing-colon", content, content + len(received), values)


def _dash(stop: Stop) -> Flaw:
    text, offset = stop.text, stop.error.offset
    received = rest_of_value(text, offset, False)
    item = received.removeprefix("-").strip()
    values = {"received": shorten(received), "suggestion": shorten(f"[{item}]")}
    return Flaw("dash-after-key", offset, offset + len(received), dict(values))


def _flow(stop: Stop) -> Flaw:
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


def _flow_colon(stop: Stop) -> Flaw:
    """A colon in a flow collection: no key before it, two entries without a comma, or two colons."""
    text, offset = stop.text, stop.error.offset
    entry = max(text.rfind(mark, 0, offset) for mark in ",[{\n") + 1
    before = text[entry:offset]
    earlier = _KEY_COLON.search(before)
    if not before.strip():
        return Flaw("key-not-text", offset, offset + 1, {"received": "", "kind": "null"})
    gap = _WORD_BEFORE.search(before, earlier.end() if earlier else 0)
    if gap and before[earlier.end() if earlier else 0 : gap.start()].strip():
        at = entry + gap.start()
        received = shorten(rest_of_value(text, entry + gap.end(1), True))
        return Flaw("missing-comma", at, at, {"received": received})
    return _nested_colon(text, entry + (earlier.end() if earlier else 0), True)


def _glued(stop: Stop) -> Flaw:
    """`{a:}` or `{conv:[1]}`, as libyaml sees it."""
    text, began, offset = stop.text, stop.error.began, stop.error.offset
    received = text[began : offset + 1]
    values: dict[str, object] = {"received": received, "replacement": received + " "}
    return Flaw("missing-space", began, offset + 1, values)


def _block(stop: Stop) -> Flaw:
    text, offset = stop.text, stop.error.offset
    character = text[offset : offset + 1]
    start = line_start(text, offset)
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
        other = text[above + indent - 1 :].startswith(("- ", "-\n", "-\r"))
        if indent <= column:
            if indent == column and other != item:
                values["kind"] = "list item" if item else "key"
                return Flaw("mixed-collection", begin, begin + len(received), values)
            break
    values["expected"] = indentations(text, offset, column)
    return Flaw("indentation", begin, begin + len(received), values)


def _document(stop: Stop) -> Flaw:
    """Something after the end of the document: a second one, or a line further out than the first."""
    above = next(lines_before(stop.text, stop.error.offset), None)
    if above is not None and above[1].startswith("..."):
        offset = stop.error.offset
        return Flaw(
            "several-documents", above[0], above[0] + 3, {"received": "..."}, ((offset, offset),)
        )
    return _block(stop)


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
    (re.compile("unexpected ':'"), _glued),
    (re.compile("mapping values are not allowed"), _colon),
    (re.compile("could not find expected ':'"), _no_colon),
    (re.compile("sequence entries are not allowed"), _dash),
    (re.compile("a flow (node|mapping|sequence)"), _flow),
    (re.compile("document start"), _document),
    (re.compile("a block|expected"), _block),
)
"""The first pattern that is found in the parser's context and problem names the explanation."""
