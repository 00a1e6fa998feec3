"""Diagnostics as text for people, as lines for editors, and as JSON for programs.

The full form follows rustc's, which people know: header, place, marked lines, notes, help. It is plain
string building, so that the same diagnostics give the same bytes everywhere; colour is added only when
asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.diagnostics.model import Diagnostic, Fix, Label, Severity, SourceFile, Span
from netspec.diagnostics.paragraph import wrapped
from netspec.diagnostics.printable import printable
from netspec.diagnostics.snippet import Row, snippet
from netspec.diagnostics.together import together

WIDTH = 100
"""Columns that the full form keeps to; a piece of code is longer rather than broken."""

NARROWEST = 40
"""The least width that is of use."""

JSON_VERSION = 1
"""Raised when a field of the JSON form changes its meaning or goes; new fields do not count."""

LIMIT = 50
"""Diagnostics printed at most; the rest is counted, and the forms for programs have all."""

_PASSED = "NS115"
"""The code of a limit that was passed: the search for other errors ended there."""

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "bold": "1",
    "gutter": "1;34",
    "secondary": "1;34",
    "": "",
}


@dataclass(frozen=True, slots=True)
class _Painter:
    """Adds colour, or none. `primary` marks have the colour of their severity."""

    color: bool
    severity: Severity

    def __call__(self, text: str, style: str) -> str:
        code = _STYLES[str(self.severity) if style == "primary" else style]
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text else text


def render_full(
    diagnostics: Sequence[Diagnostic],
    *,
    color: bool = False,
    width: int = WIDTH,
    limit: int = LIMIT,
) -> str:
    """Every diagnostic with its lines, a blank line between two; without a line break at the end.

    The same said of several places is said once.
    """
    page = max(width, NARROWEST)
    said = together(diagnostics)
    blocks = ["\n".join(_block(diagnostic, color, page)) for diagnostic in said[:limit]]
    blocks += _rest(said, limit)
    return "\n\n".join(blocks)


def render_concise(diagnostics: Sequence[Diagnostic], *, limit: int = LIMIT) -> str:
    """A line for each: `net.yaml:7:13: error[NS201]: there is no block ...`."""
    lines = [
        f"{_place(diagnostic.primary.span)}: {diagnostic.severity}[{diagnostic.code}]: "
        f"{printable(diagnostic.message)}"
        for diagnostic in diagnostics[:limit]
    ]
    return "\n".join([*lines, *_rest(diagnostics, limit)])


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """All of them as JSON: `{"version": 1, "diagnostics": [...]}`; lines and columns count from 1."""
    record = {"version": JSON_VERSION, "diagnostics": [_record(entry) for entry in diagnostics]}
    return json.dumps(record, indent=2) + "\n"


def _rest(diagnostics: Sequence[Diagnostic], limit: int) -> list[str]:
    """How many are not printed."""
    parts = []
    for severity in Severity:
        count = sum(1 for entry in diagnostics[limit:] if entry.severity is severity)
        if count:
            parts.append(f"{count} more {severity}{'' if count == 1 else 's'}")
    at_least = "at least " if any(entry.code == _PASSED for entry in diagnostics) else ""
    return [f"... and {at_least}{' and '.join(parts)}"] if parts else []


def _place(span: Span) -> str:
    return f"{printable(span.file.name)}:{span.line}:{span.column}"


# -- the full form


def _block(diagnostic: Diagnostic, color: bool, page: int) -> Iterator[str]:
    paint = _Painter(color, diagnostic.severity)
    yield from _head(diagnostic, paint, page)
    groups = _by_file(diagnostic)
    last = max(label.span.end_line for labels in groups.values() for label, _ in labels)
    width = page - len(str(last)) - 3
    snippets = {file: snippet(file, labels, width) for file, labels in groups.items()}
    gutter = max(len(str(row.number or "")) for rows in snippets.values() for row in rows)
    margin = " " * gutter
    for file, rows in snippets.items():
        primary = file is diagnostic.primary.span.file
        if not primary:
            yield paint(f"{margin} |", "gutter")
        first = groups[file][0][0].span
        yield paint(f"{margin}{'-->' if primary else ':::'}", "gutter") + f" {_place(first)}"
        yield paint(f"{margin} |", "gutter")
        for row in rows:
            yield _row(row, gutter, paint)
    if diagnostic.notes or diagnostic.help:
        yield paint(f"{margin} |", "gutter")
    for kind, texts in (("note", diagnostic.notes), ("help", diagnostic.help)):
        for text in texts:
            lead = f"{margin} = {kind}: "
            first_line, *others = [
                line
                for part in text.split("\n")
                for line in wrapped(printable(part), page - len(lead))
            ]
            yield f"{paint(f'{margin} =', 'gutter')} {paint(kind, 'bold')}: {first_line}"
            yield from (" " * len(lead) + line for line in others)


def _head(diagnostic: Diagnostic, paint: _Painter, page: int) -> Iterator[str]:
    """Code and message; a second line of it begins below the first."""
    kind = f"{diagnostic.severity}[{diagnostic.code}]"
    indent = len(kind) + 2
    first_line, *others = wrapped(printable(diagnostic.message), page - indent)
    yield paint(kind, str(diagnostic.severity)) + paint(f": {first_line}", "bold")
    yield from (" " * indent + paint(line, "bold") for line in others)


def _by_file(diagnostic: Diagnostic) -> dict[SourceFile, list[tuple[Label, bool]]]:
    """The labels of each file, that of the primary span first."""
    groups = {diagnostic.primary.span.file: [(diagnostic.primary, True)]}
    for label in dict.fromkeys(diagnostic.secondary):
        groups.setdefault(label.span.file, []).append((label, False))
    return groups


def _row(row: Row, gutter: int, paint: _Painter) -> str:
    text = "".join(paint(part, style) for part, style in row.canvas.runs())
    if row.number == 0:
        lead = paint("...", "gutter")
        return (lead + " " * gutter + text).rstrip() if text else lead
    number = "" if row.number is None else str(row.number)
    lead = paint(f"{number:>{gutter}} |", "gutter")
    return f"{lead} {text}" if text else lead


# -- JSON


def _record(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": printable(diagnostic.message),
        "primary": _label(diagnostic.primary),
        "secondary": [_label(label) for label in diagnostic.secondary],
        "notes": list(diagnostic.notes),
        "help": list(diagnostic.help),
        "fix": _fix(diagnostic.fix),
    }


def _label(label: Label) -> dict[str, object]:
    return {**_span(label.span), "label": printable(label.text)}


def _span(span: Span) -> dict[str, object]:
    return {
        "file": span.file.name,
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _fix(fix: Fix | None) -> dict[str, object] | None:
    if fix is None:
        return None
    return {**_span(fix.span), "replacement": fix.replacement, "sure": fix.sure}
