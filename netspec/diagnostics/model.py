"""The `Diagnostic` and the places it points at: plain frozen values, no sentences, no rendering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, eq=False)
class SourceFile:
    """A text and the name it is shown under. Compared by identity: one object per file and run."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; LF, CRLF and CR end a line, as editors have it."""
        return tuple(re.split(r"\r\n|\r|\n", self.text))

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty past the end of the text."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    file: SourceFile
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def start(self) -> tuple[int, int]:
        """Line and column of the first character."""
        return (self.line, self.column)

    @property
    def end(self) -> tuple[int, int]:
        """Line and column after the last character."""
        return (self.end_line, self.end_column)

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How bad it is. Warnings never change an exit code unless asked to."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A span and the few words that stand under it (may be empty)."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """A replacement for a span; `sure` when it can be applied without asking."""

    span: Span
    replacement: str
    sure: bool = False


Identity = tuple[str, str, tuple[int, int], tuple[int, int]]


def identity(code: str, span: Span) -> Identity:
    """What makes two findings the same one: code and primary place."""
    return (code, span.file.name, span.start, span.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: what, where, the numbers, and what would mend it.

    `message` is lower case without a final period; `primary` is the place, `secondary` other places
    that explain it; `notes` state rules and numbers, `help` says what to write instead.
    """

    code: str
    message: str
    primary: Label
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    fix: Fix | None = None
    severity: Severity = Severity.ERROR

    @property
    def identity(self) -> Identity:
        """What makes two findings the same one: code and primary place."""
        return identity(self.code, self.primary.span)

    @property
    def place(self) -> tuple[str, tuple[int, int]]:
        """File and start, to sort by."""
        return (self.primary.span.file.name, self.primary.span.start)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule with its place and numbers, before it has a sentence (see `netspec.messages`)."""

    rule: str
    span: Span
    values: dict[str, object] = field(default_factory=dict)
    secondary: tuple[Span, ...] = ()
