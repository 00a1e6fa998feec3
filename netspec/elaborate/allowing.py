"""`# netspec: allow NS908`: warnings that the author of a spec has seen and wants as they are.

An allowance belongs to a line: its own, or the one below a comment that stands alone. It silences the
warnings whose place begins on that line. One for a whole file was rejected: it would silence what is not
written yet. Errors cannot be silenced, and an allowance that silences nothing is told as a warning, or
comments would stay behind when what they were about has gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.diagnostics import Diagnostic, Finding, Severity, Span
from netspec.elaborate.reporting import Sink
from netspec.messages import CODES, diagnose
from netspec.source import Comment, Document, comments

UNNEEDED = "NS900"
"""The warning about an allowance that silences nothing; it is mended by deleting the comment."""

_WORD = re.compile(r"([A-Za-z][\w-]*)[ \t]*")
_CODE = re.compile(r"NS\w+")
_CODES = re.compile(r"NS\w+(?:[ \t]*,[ \t]*NS\w+)*(?!\w)")


_About = tuple[str, str, int]
"""A code, and the file and line where it may be broken."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A code that may be broken on a line, and where it was written."""

    code: str
    line: int
    span: Span

    @property
    def about(self) -> _About:
        """The findings that it silences."""
        return (self.code, self.span.file.name, self.line)


def allowances(document: Document, sink: Sink) -> tuple[Allowance, ...]:
    """What the comments of a document allow; a comment that cannot be followed is reported."""
    return tuple(found for comment in comments(document) for found in _read(comment, sink))


def _read(comment: Comment, sink: Sink) -> Iterator[Allowance]:
    text = comment.text
    word = _WORD.match(text)
    if word is None or word[1] != "allow":
        if _CODE.search(text):
            end = word.end(1) if word is not None else len(text)
            sink.report("unknown-comment", comment.span(0, end), received=text[:end])
        return
    codes = _CODES.match(text, word.end())
    if codes is None:
        sink.report("allow-nothing", comment.span(0, len(text)), received=text[word.end() :])
        return
    for found in _CODE.finditer(text, codes.start(), codes.end()):
        code, span = found[0], comment.span(*found.span())
        page = CODES.get(code)
        if page is None or page.severity is not Severity.WARNING:
            known = tuple(code for code, page in CODES.items() if page.severity == "warning")
            sink.report("allow-unknown", span, received=code, error=page is not None, known=known)
        elif code == UNNEEDED:
            sink.report("allow-unneeded", span)
        else:
            yield Allowance(code, comment.line, span)


def without_allowed(
    found: Sequence[Diagnostic], allowed: Sequence[Allowance]
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Warnings as (told, allowed)."""
    about = {one.about for one in allowed}
    told = tuple(diagnostic for diagnostic in found if _about(diagnostic) not in about)
    silent = tuple(diagnostic for diagnostic in found if _about(diagnostic) in about)
    return told, silent


def unneeded(allowed: Sequence[Allowance], silent: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A warning for each allowance that silences none of the findings."""
    needed = {_about(diagnostic) for diagnostic in silent}
    return tuple(
        diagnose(Finding("allowance-unneeded", one.span, {"code": one.code, "line": one.line}))
        for one in allowed
        if one.about not in needed
    )


def _about(diagnostic: Diagnostic) -> _About:
    """What an allowance of it is about."""
    place = diagnostic.primary.span
    return (diagnostic.code, place.file.name, place.line)
