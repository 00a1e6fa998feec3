"""Facts -> sentences."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.diagnostics import Diagnostic, Finding, Label


def diagnose(finding: Finding, labels: Sequence[Label] = ()) -> Diagnostic:
    values = ", ".join(f"{k}={v!r}" for k, v in finding.values.items())
    return Diagnostic(code="NS000", message=f"{finding.rule}: {values}", primary=Label(finding.span), secondary=tuple(labels))
