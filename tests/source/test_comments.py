"""Comments for netspec are found where they are comments, and nowhere else."""

from __future__ import annotations

import pytest

from netspec.limits import Limits
from netspec.source import comments
from netspec.source.events import OpenParser, libyaml_events, python_events
from netspec.source.reader import read_with

TEXT = """\
first: 1 # netspec: behind a number
second: "a # netspec: in double quotes"
'third # netspec: in a key': 1
fourth: |
  text # netspec: in a block scalar
  # netspec: and in a line of it

  more
# netspec: alone, over a comment and an empty line
# more

fifth: plain text # netspec: behind plain text
sixth: >-
    folded
    # netspec: in a folded scalar
  # netspec: alone, behind a folded scalar
seventh: [a, "b # netspec: in a list", c]   #netspec:behind a list
eighth: 'several
  lines # netspec: in single quotes
  end'  # netspec: behind single quotes
ninth: a#netspec
tenth: &anchor
  - "x # netspec: behind an anchor"
eleventh: *anchor  # of words # netspec: in a comment
# netspec: alone, at the end
"""
FOUND = [
    ("behind a number", 1),
    ("alone, over a comment and an empty line", 12),
    ("behind plain text", 12),
    ("alone, behind a folded scalar", 17),
    ("behind a list", 17),
    ("behind single quotes", 20),
    ("in a comment", 24),
    ("alone, at the end", 25),
]


@pytest.mark.parametrize("parser", [libyaml_events, python_events])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_is_found_with_its_line(parser: OpenParser, end: str) -> None:
    document = read_with(parser, TEXT.replace("\n", end), "net.yaml", Limits())
    found = list(comments(document))
    assert [(comment.text, comment.line) for comment in found] == FOUND
    for comment in found:
        span = comment.span(0, len(comment.text))
        assert span.file.line(span.line)[span.column - 1 : span.end_column - 1] == comment.text


def test_a_chain_of_aliases_is_walked_once() -> None:
    """2**9 paths lead to one scalar; each place is looked at once."""
    lines = ['a0: &a0 ["x # netspec: text"]']
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 10)]
    document = read_with(
        libyaml_events, "\n".join([*lines, "b: 1  # netspec: here"]), "n", Limits()
    )
    assert [comment.text for comment in comments(document)] == ["here"]
