"""What is true of every message: the invariants beside the golden files of the cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from netspec.diagnostics import Diagnostic, Label, Span
from netspec.diagnostics.printable import columns, printable

LONGEST = 100
_DOUBLED = re.compile(r"\b([a-z]+) \1\b")
_CODE = re.compile(r"`[^`]*`")


def flaws(diagnostic: Diagnostic) -> Iterator[str]:
    """What is wrong with one finding, in words."""
    texts = [diagnostic.message, diagnostic.primary.text, *diagnostic.notes, *diagnostic.help]
    texts += [label.text for label in diagnostic.secondary]
    if re.match(r"[A-Z][a-z]", diagnostic.message) or not diagnostic.message:
        yield f"message begins in capitals: {diagnostic.message!r}"
    if not diagnostic.help and not diagnostic.notes and not diagnostic.primary.text:
        yield f"neither label, note nor help: {diagnostic.message!r}"
    for text in texts:
        yield from _flaws_of_text(text)
    for label in (diagnostic.primary, *diagnostic.secondary):
        yield from _flaws_of_span(label)


def _flaws_of_text(text: str) -> Iterator[str]:
    prose = _CODE.sub("`x`", text)
    if text.endswith("."):
        yield f"ends in a period: {text!r}"
    if re.search(r"\bNone\b|\bTrue\b|\bFalse\b|<[a-z_.]+ object|\{[a-z_]+\}", prose):
        yield f"speaks Python: {text!r}"
    if _DOUBLED.search(prose):
        yield f"a doubled word: {text!r}"
    if "  " in prose or prose != prose.strip() or re.search(r" [,;:]| \.(?!\.)|,,|``", prose):
        yield f"stray spaces, commas or backticks: {text!r}"
    if text.count("`") % 2:
        yield f"an open backtick: {text!r}"
    if text != printable(text):
        yield f"not printable: {text!r}"


def _flaws_of_span(label: Label) -> Iterator[str]:
    span = label.span
    lines = span.file.lines
    inside = 1 <= span.line <= span.end_line <= len(lines) and span.start <= span.end
    if not inside:
        yield f"{span} to {span.end} is not in the file of {len(lines)} lines"
    elif span.column > len(lines[span.line - 1]) + 1:
        yield f"{span} lies behind the end of its line"
    elif span.end_column > len(lines[span.end_line - 1]) + 1:
        yield f"{span} ends at {span.end}, behind the end of that line"


def text_of(span: Span) -> str:
    """The first line of what a span covers."""
    line = span.file.line(span.line)
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    return line[span.column - 1 : end]


def carets(rendered: str) -> Iterator[str]:
    """What stands above the carets of each finding's first marked line, as printed."""
    lines = rendered.split("\n")
    for number, line in enumerate(lines):
        mark = re.search(r"^ *\| .*?(\^+)", line)
        if mark:
            yield _cut(lines[number - 1], *mark.span(1))


def _cut(line: str, start: int, end: int) -> str:
    """The part of a line between two terminal columns."""
    result, column = "", 0
    for character in line:
        if start <= column < end:
            result += character
        column += columns(character)
    return result


def unversioned(text: str, diagnostics: Sequence[Diagnostic]) -> str:
    """Why the JSON form is wrong; empty when it parses, is versioned and has everything."""
    record = json.loads(text)
    if record.get("version") != 1:
        return f"version {record.get('version')}"
    codes = [entry["code"] for entry in record["diagnostics"]]
    wanted = [diagnostic.code for diagnostic in diagnostics]
    return "" if codes == wanted else f"codes {codes}, not {wanted}"


def too_long(rendered: str) -> list[str]:
    """Lines of a rendered text that are wider than a page; a piece of code is never broken."""
    return [
        line
        for line in rendered.split("\n")
        if columns(line) > LONGEST
        and not any(len(code) > LONGEST - 20 for code in _CODE.findall(line))
    ]
