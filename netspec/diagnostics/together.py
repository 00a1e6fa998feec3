"""The same said of several places is printed once, with all of them: a name that is missing is one mistake.

A misspelt declaration would otherwise bring an error for each of its uses. Compilers of C do so for
undeclared names. Forms for programs keep every finding: an editor marks each place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netspec.diagnostics.model import Diagnostic, Label

_MARKED = 3
"""Further places that are shown with their lines; of the rest the lines are counted out."""
_LISTED = 10


def together(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings, those of one file that say the very same as one at the first of their places."""
    groups: dict[object, list[Diagnostic]] = {}
    for one in diagnostics:
        key = (one.code, one.primary.span.file.name, one.message, one.notes, one.help, one.severity)
        groups.setdefault(key, []).append(one)
    return [_together(*group) for group in groups.values()]


def _together(first: Diagnostic, *others: Diagnostic) -> Diagnostic:
    if not others:
        return first
    shown = [Label(one.primary.span, "and here") for one in others[:_MARKED]]
    labels = [label for one in (first, *others) for label in one.secondary]
    lines = list(dict.fromkeys(str(one.primary.span.line) for one in others[_MARKED:]))
    notes = first.notes
    if lines:
        rest = f" and {len(lines) - _LISTED} more" * (len(lines) > _LISTED)
        what = "line" if len(lines) == 1 else "lines"
        notes = (*notes, f"the same on {what} {', '.join(lines[:_LISTED])}{rest}")
    return replace(first, secondary=tuple(dict.fromkeys((*labels, *shown))), notes=notes)
