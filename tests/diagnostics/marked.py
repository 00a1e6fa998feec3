"""Diagnostics made from text in which the places stand between marks."""

from __future__ import annotations

from netspec.diagnostics import Diagnostic, Fix, Label, Severity, SourceFile, Span

OPEN, CLOSE = "«", "»"


def spans(marked: str, name: str = "net.yaml") -> tuple[SourceFile, list[Span]]:
    """The text without its marks, as a file, and the span of each marked part, in order."""
    text = marked.replace(OPEN, "").replace(CLOSE, "")
    file = SourceFile(name, text)
    found = []
    clean = 0
    starts: list[int] = []
    for character in marked:
        if character == OPEN:
            starts.append(clean)
        elif character == CLOSE:
            found.append(Span(file, *place(text, starts.pop()), *place(text, clean)))
        else:
            clean += 1
    return file, sorted(found, key=lambda span: span.start)


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def finding(
    primary: Span,
    label: str = "here",
    *secondary: Label,
    message: str = "something is wrong",
    notes: tuple[str, ...] = (),
    help: tuple[str, ...] = (),  # noqa: A002 - the name of the field
    fix: Fix | None = None,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """A diagnostic with as little as a test needs."""
    return Diagnostic(
        code="NS401",
        message=message,
        primary=Label(primary, label),
        secondary=secondary,
        notes=notes,
        help=help,
        fix=fix,
        severity=severity,
    )
