"""Diagnostics: the type, and its renderers. The sentences are in `netspec.messages`."""

from netspec.diagnostics.model import (
    Diagnostic,
    Finding,
    Fix,
    Label,
    Severity,
    SourceFile,
    Span,
    identity,
)

__all__ = ["Diagnostic", "Finding", "Fix", "Label", "Severity", "SourceFile", "Span", "identity"]
