"""The colours of a picture: one table that both painters read, and the tests check for contrast.

Never colour alone: every box also says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Paint:
    """The inside and the outline of a box."""

    fill: str
    stroke: str


@dataclass(frozen=True)
class Theme:
    """Colours by the kind of box; `text` is for first lines and titles, `quiet` for second lines."""

    paints: Mapping[str, Paint]
    frame: Paint
    text: str
    quiet: str
    edge: str
    paper: str

    def paint(self, kind: str) -> Paint:
        """The colours of a kind; one that the table does not know is drawn plainly."""
        return self.paints.get(kind, self.frame)


_PLAIN = Paint("#ffffff", "#57606a")
_QUIET = Paint("#f1f5f9", "#64748b")

LIGHT = Theme(
    paints=MappingProxyType(
        {
            "activation": Paint("#cffafe", "#0e7490"),
            "block": Paint("#eef2f7", "#64748b"),
            "conv": Paint("#dbeafe", "#2563eb"),
            "input": _PLAIN,
            "linear": Paint("#ede9fe", "#7c3aed"),
            "merge": Paint("#dcfce7", "#15803d"),
            "norm": Paint("#e0e7ff", "#6366f1"),
            "output": _PLAIN,
            "pointwise": Paint("#fef3c7", "#b45309"),
            "pool": Paint("#fee2e2", "#dc2626"),
            "regularize": _QUIET,
            "reshape": _QUIET,
            "softmax": Paint("#fef9c3", "#a16207"),
        }
    ),
    frame=Paint("#f8fafc", "#7d8ca3"),
    text="#0f172a",
    quiet="#475569",
    edge="#475569",
    paper="#ffffff",
)
