"""How the tests of `netspec.source` read: the findings of a text, short enough to stand in a table."""

from __future__ import annotations

from netspec.diagnostics import Finding, Span
from netspec.limits import Limits
from netspec.source import TextFault, read_text


def findings(text: str | bytes, limits: Limits | None = None) -> tuple[Finding, ...]:
    """What is wrong with `text`; nothing when it can be read."""
    try:
        read_text(text, "net.yaml", limits or Limits())
    except TextFault as fault:
        return fault.findings
    return ()


def only(text: str | bytes, limits: Limits | None = None) -> Finding:
    """The one thing that is wrong with `text`."""
    found = findings(text, limits)
    assert len(found) == 1, [(finding.rule, str(finding.span)) for finding in found]
    return found[0]


def rules(text: str | bytes, limits: Limits | None = None) -> list[str]:
    """The rules that `text` breaks, in the order of the text."""
    return [finding.rule for finding in findings(text, limits)]


def marked(span: Span) -> str:
    """The characters that a span of one line points at."""
    assert span.line == span.end_line
    return span.file.line(span.line)[span.column - 1 : span.end_column - 1]
