"""The columns that a table can have: a name, a heading, and what it shows of a row.

Every number comes from the rows, so the columns of text, Markdown and CSV cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from netspec.analysis.memory import MEMORY_RULE
from netspec.analysis.rows import MAC_RULE, Row
from netspec.errors import UsageError
from netspec.shape import spell


@dataclass(frozen=True, slots=True)
class Column:
    """`text` is the whole cell; `rule` says what is counted, and is printed once under the table."""

    name: str
    heading: str
    text: Callable[[Row], str]
    doc: str
    rule: str = ""
    is_number: bool = True


def _pixels(sizes: Sequence[float] | None) -> str:
    """`195` where the axes are equal, `7x1` where not; nothing for what is not known."""
    if not sizes:
        return ""
    words = [str(size) if isinstance(size, int) else f"{size:.4g}" for size in sizes]
    return words[0] if len(set(words)) == 1 else "x".join(words)


_FIELD_RULE = (
    "Receptive field and stride: the input elements that one output element sees, and their step."
)

_ALL = (
    Column(
        "input", "input", lambda row: ", ".join(map(spell, row.inputs)), "shapes read", "", False
    ),
    Column(
        "output", "output", lambda row: ", ".join(map(spell, row.outputs)), "shapes made", "", False
    ),
    Column("params", "params", lambda row: f"{row.params:,}", "trainable scalars"),
    Column("macs", "MACs", lambda row: f"{row.macs:,}", "multiply–accumulates", MAC_RULE),
    Column(
        "live",
        "live bytes",
        lambda row: f"{row.live_bytes:,}",
        "the most activation memory while the row runs in inference",
        MEMORY_RULE,
    ),
    Column(
        "saved",
        "saved bytes",
        lambda row: f"{row.saved_bytes:,}",
        "what backward needs of the row in training",
        MEMORY_RULE,
    ),
    Column(
        "receptive_field",
        "receptive field",
        lambda row: _pixels(row.receptive_field),
        "input elements that one output element sees",
        _FIELD_RULE,
    ),
    Column(
        "stride",
        "stride",
        lambda row: _pixels(row.stride),
        "input elements from one output element to the next",
        _FIELD_RULE,
    ),
)

COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in _ALL})
"""Name -> column, in the order of a table with all of them."""

DEFAULT: tuple[str, ...] = ("output", "params", "macs")
"""The columns of a table that was not asked for others."""


def pick(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once.

    Raises:
        UsageError: there is no such column (NS506).
    """
    for name in names:
        if name not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise UsageError("NS506", f"there is no column `{name}`", help=f"columns: {known}")
    return tuple(dict.fromkeys(names))
