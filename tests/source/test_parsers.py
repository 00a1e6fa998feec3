"""libyaml and PyYAML's own parser give the same documents, places and findings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.limits import Limits
from netspec.source import At, TextFault
from netspec.source.events import OpenParser, libyaml_events, python_events
from netspec.source.reader import read_with
from tests.source.test_document import TEXT
from tests.source.test_traps import FINE, TRAPS

TEXTS = [
    TEXT,
    TEXT.replace("\n", "\r\n"),
    *(text for text, *_ in TRAPS),
    *(text for text, _ in FINE),
    "a: [b\nc: d\n",
    "a: {b: 1, \nc: d\n- x\n",
    "a: 'b\nc: d\n",
    "a: b: c\n",
    "a: @x\n",
    "\ta: b\n",
    "a:\n  - b\n\t- c\n",
    "a: {x:\n\t1}\n",
    "a: |\n\tb\n",
    "a: !foo!bar 1\n",
    "a: !<foo 1\n",
    "a: -1\n b: c\n",
    "- conv: {a: 1}}\n",
    "a: [1,,2]\n",
    "a: ]\n",
    "a: - b\n",
    "a: ? b\n",
    "a:\n  - b\n c\n",
    "a:\n  - b\n  c: d\n",
    "  a: 1\nb: 2\n",
    "name:googlenet\nlayers: 3\n",
    "{conv:{a: 1}}\n",
    "{a:}",
    'a: "\\d"\n',
    'a: "\\ud800"\n',
    'a: "\\U00110000"\n',
    'a: "x" y\n',
    "a: {b: 1 c: 2}\n",
    "a: & b\n",
    "a: |x\n  b\n",
    "? a\n: b\n: c\n",
    "{: a}",
    "[a: ]",
    "{a: , b}",
    "{a, b}",
    "[{a: 1}: x]",
    "%x\n",
    "a: 1\n%b\n",
    "a: 1\n...\nb: 2\n",
    "a: 1\n---\n",
    "---\n",
    "\ufeffa: 1",
    "a: &x [*x]\nb: *y\n",
    "k" * 1030 + ": 1\n",
]


def tree(at: At) -> object:
    """Every span below a place."""
    keys = (
        at.data
        if isinstance(at.data, dict)
        else range(len(at.data))
        if isinstance(at.data, list)
        else ()
    )
    spans = (at.span.start, at.span.end, at.key_span.start, at.key_span.end, at.quoted)
    return spans, [tree(at / key) for key in keys]


def outcome(parser: OpenParser, text: str) -> object:
    try:
        document = read_with(parser, text, "x", Limits())
    except TextFault as fault:
        return [
            (found.rule, found.span.start, found.span.end, found.values, len(found.secondary))
            for found in fault.findings
        ]
    return document.data, tree(document.at())


@pytest.mark.parametrize("text", TEXTS)
def test_both_parsers_agree(text: str) -> None:
    assert outcome(libyaml_events, text) == outcome(python_events, text)


WORDS = [
    "a",
    "conv:",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "$(x, 1)",
    "'",
    '"',
    "&b ",
    "*b",
    "1",
    "010",
    "é",
    "“",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_any_text_is_read_or_refused_with_findings_inside_it(text: str) -> None:
    """No other exception, and every span lies in the text, whichever parser reads."""
    size = [len(line) for line in text.split("\n")]
    for parser in (libyaml_events, python_events):
        found = outcome(parser, text)
        starts_and_ends = (
            [place for finding in found for place in finding[1:3]]
            if isinstance(found, list)
            else []
        )
        assert found
        assert all(
            line <= len(size) and column <= size[line - 1] + 1 for line, column in starts_and_ends
        )
