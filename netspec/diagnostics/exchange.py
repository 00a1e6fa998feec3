"""Diagnostics as other programs read them: annotations of GitHub Actions, and SARIF 2.1.0.

Both are lists of places with a sentence; what a person reads in the full form goes along as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from netspec.diagnostics.model import Diagnostic, Fix, Label, Span
from netspec.diagnostics.printable import printable

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://pypi.org/project/netspec-compiler/"


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """A workflow command for each: `::error file=net.yaml,line=7,col=13,...::message`.

    Whatever comes from a spec is escaped as GitHub asks for, so that it can neither end its command nor
    begin another one.
    """
    return "\n".join(map(_command, diagnostics))


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.primary.span
    properties = {
        "file": printable(span.file.name),
        "line": str(span.line),
        "col": str(span.column),
        "endLine": str(span.end_line),
        "endColumn": str(span.end_column),
        "title": diagnostic.code,
    }
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{diagnostic.severity} {listed}::{_data(_text(diagnostic))}"


def _text(diagnostic: Diagnostic) -> str:
    """Message, notes and help, a line each."""
    lines = [diagnostic.message]
    lines += [f"note: {note}" for note in diagnostic.notes]
    lines += [f"help: {line}" for line in diagnostic.help]
    return "\n".join(map(printable, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_sarif(
    diagnostics: Sequence[Diagnostic], *, version: str, titles: Mapping[str, str]
) -> str:
    """One SARIF run; `titles` says what each code means."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {
        "name": "netspec",
        "version": version,
        "informationUri": _HOME,
        "rules": [{"id": code, "shortDescription": {"text": titles[code]}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes) for diagnostic in diagnostics],
    }
    record = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(record, indent=2) + "\n"


def _result(diagnostic: Diagnostic, codes: Sequence[str]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": str(diagnostic.severity),
        "message": {"text": _text(diagnostic)},
        "locations": [_location(diagnostic.primary)],
    }
    if diagnostic.secondary:
        result["relatedLocations"] = [_location(label) for label in diagnostic.secondary]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix)]
    return result


def _location(label: Label) -> dict[str, object]:
    span = label.span
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": _artifact(span), "region": _region(span)}
    }
    if label.text:
        location["message"] = {"text": printable(label.text)}
    return location


def _artifact(span: Span) -> dict[str, object]:
    """A relative address; what has no file (standard input, `--set`) has its name quoted."""
    return {"uri": quote(span.file.name.replace("\\", "/"), errors="backslashreplace")}


def _region(span: Span) -> dict[str, object]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(fix: Fix) -> dict[str, object]:
    replacement = {
        "deletedRegion": _region(fix.span),
        "insertedContent": {"text": fix.replacement},
    }
    change = {"artifactLocation": _artifact(fix.span), "replacements": [replacement]}
    return {"artifactChanges": [change]}
