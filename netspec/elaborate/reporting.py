"""Collecting findings: each once, none the consequence of another.

`Reported` ends the work on one thing after its error has been told; whoever catches it goes on with a
poisoned value and stays silent about everything that follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from netspec.diagnostics import Diagnostic, Finding, Label, Severity, Span, identity
from netspec.graph import Poisoned
from netspec.messages import code_of, diagnose


class Reported(Poisoned):
    """What was wrong has been reported; stop here, as for every poisoned value, quietly."""


class Exhausted(Exception):  # noqa: N818 - a signal, not an error
    """A limit on the whole network was passed, which has been reported: the run ends here."""


class Sink:
    """The diagnostics of one run. The same code at the same place is told once, and said once."""

    def __init__(self, most: int | None = None) -> None:
        """With `most` errors the run ends: each one costs time, and nobody reads thousands."""
        self._found: dict[tuple[object, ...], Diagnostic] = {}
        self._most = most
        self.cause: BaseException | None = None
        """The first exception of a plug-in's code that became a finding, for its traceback."""

    def report(
        self,
        rule: str,
        span: Span,
        labels: Sequence[Label] = (),
        /,
        **values: object,
    ) -> Reported:
        """Add a finding; returns the signal, so that a caller can `raise sink.report(...)`.

        Raises:
            Exhausted: this is one error more than a run tells.
        """
        if not self.knows(code_of(rule, values), span):
            self.add(diagnose(Finding(rule, span, values), labels))
        return Reported()

    def knows(self, code: str, span: Span) -> bool:
        """Whether it has been told."""
        return identity(code, span) in self._found

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a finished diagnostic.

        Raises:
            Exhausted: this is one error more than a run tells.
        """
        count = len(self._found)
        if diagnostic.identity in self._found:
            return
        if self._most is not None and count >= self._most:
            facts = {"what": "found_errors", "value": count + 1, "maximum": self._most}
            limit = diagnose(Finding("limit", diagnostic.primary.span, facts))
            self._found.setdefault(limit.identity, limit)
            raise Exhausted
        self._found[diagnostic.identity] = diagnostic

    @property
    def failed(self) -> bool:
        """Whether there is an error among the findings."""
        return any(found.severity is Severity.ERROR for found in self._found.values())

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings in the order of the text."""
        return tuple(sorted(self._found.values(), key=lambda found: found.place))
