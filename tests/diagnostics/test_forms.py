"""The other forms: one line each, and JSON for programs."""

from __future__ import annotations

import json

from netspec.diagnostics import Fix, Label, Severity
from netspec.diagnostics.render import LIMIT, render_concise, render_json
from tests.diagnostics.marked import finding, spans


def test_concise_is_a_line_for_each() -> None:
    _, (span,) = spans("a: 1\nb: «cnov»\n")
    warning = finding(span, severity=Severity.WARNING)
    assert render_concise([finding(span), warning]).split("\n") == [
        "net.yaml:2:4: error[NS401]: something is wrong",
        "net.yaml:2:4: warning[NS401]: something is wrong",
    ]


def test_concise_never_breaks_a_line() -> None:
    _, (span,) = spans("b: «cnov»\n", "a\nb.yaml")
    text = render_concise([finding(span, message="x\r\ny\u2028z\x1b[0m" * 30)])
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


def test_concise_stops_at_the_limit() -> None:
    _, (span,) = spans("b: «cnov»\n")
    lines = render_concise([finding(span)] * (LIMIT + 2)).split("\n")
    assert len(lines) == LIMIT + 1
    assert lines[-1] == "... and 2 more errors"


def test_json_has_everything() -> None:
    _, (one, two) = spans("«a»: 1\nb: «cnov»\n")
    fix = Fix(two, "conv", sure=True)
    diagnostic = finding(two, "unknown", Label(one, "near"), notes=("n",), help=("h",), fix=fix)
    record = json.loads(render_json([diagnostic]))
    assert record["version"] == 1
    place = {"file": "net.yaml", "start": {"line": 2, "column": 4}, "end": {"line": 2, "column": 8}}
    assert record["diagnostics"] == [
        {
            "code": "NS401",
            "severity": "error",
            "message": "something is wrong",
            "primary": {**place, "label": "unknown"},
            "secondary": [
                {
                    "file": "net.yaml",
                    "start": {"line": 1, "column": 1},
                    "end": {"line": 1, "column": 2},
                    "label": "near",
                }
            ],
            "notes": ["n"],
            "help": ["h"],
            "fix": {**place, "replacement": "conv", "sure": True},
        }
    ]


def test_json_leaves_nothing_out() -> None:
    """A program wants them all: no limit, and an empty list when there is nothing to say."""
    _, (span,) = spans("b: «cnov»\n")
    assert len(json.loads(render_json([finding(span)] * (LIMIT + 5)))["diagnostics"]) == LIMIT + 5
    assert json.loads(render_json([])) == {"version": 1, "diagnostics": []}


def test_json_is_ascii() -> None:
    """What a terminal could act on is escaped, and the text survives a round trip."""
    _, (span,) = spans("b: «卷\x1b积»\n")
    text = render_json([finding(span, fix=Fix(span, "卷积"))])
    assert text.isascii()
    assert json.loads(text)["diagnostics"][0]["fix"]["replacement"] == "卷积"
