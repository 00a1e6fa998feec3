"""The colours of a picture: one table that both painters read, and the tests check for contrast.

Never colour alone: every box also says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Theme(StrEnum):
    """Which colours a picture has."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"  # light or dark, as the page around it
    MONO = "mono"  # black on white, for print


ROUND = frozenset({"clash", "input", "output"})
"""Kinds of boxes that no layer is: they have round ends."""

OUTLINE = 1.25
_BOLD = 2.5


@dataclass(frozen=True, slots=True)
class Paint:
    """The inside and the outline of a box, and how wide the outline is."""

    fill: str
    stroke: str
    width: float = OUTLINE


@dataclass(frozen=True)
class Palette:
    """Colours by the kind of box; `text` is for first lines and titles, `quiet` for the small ones.

    Some kinds say what is the matter instead of what it is: `added`, `removed` and `changed` in a picture of
    two networks, `broken`, `clash` (what goes in and does not fit) and `unknown` in one that is wrong.
    """

    paints: Mapping[str, Paint]
    frame: Paint
    text: str
    quiet: str
    edge: str
    paper: str

    def paint(self, kind: str) -> Paint:
        """The colours of a kind; one that the table does not know is drawn plainly."""
        return self.paints.get(kind, self.frame)


LIGHT = Palette(
    paints=MappingProxyType(
        {
            "activation": Paint("#cffafe", "#0e7490"),
            "added": Paint("#d3f5dc", "#15803d", _BOLD),
            "block": Paint("#eef2f7", "#64748b"),
            "broken": Paint("#fecaca", "#991b1b", _BOLD),
            "changed": Paint("#fdeab5", "#b45309", _BOLD),
            "changed-frame": Paint("#f8fafc", "#b45309", _BOLD),
            "clash": Paint("#ffffff", "#b91c1c"),
            "conv": Paint("#dbeafe", "#2563eb"),
            "input": Paint("#ffffff", "#57606a"),
            "linear": Paint("#ede9fe", "#7c3aed"),
            "merge": Paint("#dcfce7", "#15803d"),
            "norm": Paint("#e0e7ff", "#6366f1"),
            "output": Paint("#ffffff", "#57606a"),
            "pointwise": Paint("#fef3c7", "#b45309"),
            "pool": Paint("#fee2e2", "#dc2626"),
            "regularize": Paint("#f1f5f9", "#64748b"),
            "reshape": Paint("#f1f5f9", "#64748b"),
            "removed": Paint("#fde0e0", "#b91c1c"),
            "same": Paint("#f8fafc", "#7d8ca3"),
            "softmax": Paint("#fef9c3", "#a16207"),
            "unknown": Paint("#ffffff", "#7d8ca3"),
        }
    ),
    frame=Paint("#f8fafc", "#7d8ca3"),
    text="#0f172a",
    quiet="#475569",
    edge="#475569",
    paper="#ffffff",
)

DARK = Palette(
    paints=MappingProxyType(
        {
            "activation": Paint("#123a42", "#22b8cf"),
            "added": Paint("#12391f", "#4ade80", _BOLD),
            "block": Paint("#232c3b", "#8b9bb4"),
            "broken": Paint("#7f1d1d", "#fca5a5", _BOLD),
            "changed": Paint("#43300b", "#f0a93b", _BOLD),
            "changed-frame": Paint("#161d29", "#f0a93b", _BOLD),
            "clash": Paint("#0d1117", "#f98080"),
            "conv": Paint("#17305c", "#6ea8fe"),
            "input": Paint("#161b22", "#9aa7b8"),
            "linear": Paint("#33235e", "#b197fc"),
            "merge": Paint("#12391f", "#4ade80"),
            "norm": Paint("#262a5e", "#97a0f9"),
            "output": Paint("#161b22", "#9aa7b8"),
            "pointwise": Paint("#43300b", "#f0a93b"),
            "pool": Paint("#4a1d1f", "#f98080"),
            "regularize": Paint("#1f2733", "#8b9bb4"),
            "reshape": Paint("#1f2733", "#8b9bb4"),
            "removed": Paint("#4a1d1f", "#f98080"),
            "same": Paint("#161d29", "#7184a0"),
            "softmax": Paint("#3d330a", "#e0b93c"),
            "unknown": Paint("#0d1117", "#8b9bb4"),
        }
    ),
    frame=Paint("#161d29", "#7184a0"),
    text="#f1f5f9",
    quiet="#b6c2d2",
    edge="#a3b1c4",
    paper="#0d1117",
)

_INK = "#000000"
_BLANK = Paint("#ffffff", _INK)
_TINT = Paint("#eeeeee", _INK)
_SHADE = Paint("#dcdcdc", _INK)

MONO = Palette(
    paints=MappingProxyType(
        {
            "activation": _BLANK,
            "added": Paint(_SHADE.fill, _INK, _BOLD),
            "block": _TINT,
            "broken": Paint(_SHADE.fill, _INK, 2 * _BOLD),
            "changed": Paint(_BLANK.fill, _INK, _BOLD),
            "changed-frame": Paint(_BLANK.fill, _INK, _BOLD),
            "clash": _BLANK,
            "conv": _SHADE,
            "input": _BLANK,
            "linear": _SHADE,
            "merge": _BLANK,
            "norm": _BLANK,
            "output": _BLANK,
            "pointwise": _TINT,
            "pool": _BLANK,
            "regularize": _BLANK,
            "reshape": _BLANK,
            "removed": _BLANK,
            "same": Paint(_BLANK.fill, "#666666"),
            "softmax": _BLANK,
            "unknown": Paint(_BLANK.fill, "#666666"),
        }
    ),
    frame=Paint("#ffffff", "#666666"),
    text=_INK,
    quiet="#333333",
    edge=_INK,
    paper="#ffffff",
)

PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.AUTO: LIGHT, Theme.MONO: MONO}
)
"""What a theme begins with; `auto` changes to `DARK` where the page is dark."""
