"""What becomes of one weight."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netspec.shape import Shape


class Outcome(StrEnum):
    """What became of a weight."""

    MATCHED = "matched"  # loaded, under the same name
    MOVED = "moved"  # loaded, under another name
    RESHAPED = "reshaped"  # loaded, in another shape that means the same
    UNFIT = "unfit"  # found, but it cannot be loaded
    MISSING = "missing"  # in the model only
    UNEXPECTED = "unexpected"  # in the source only

    @property
    def loaded(self) -> bool:
        """Whether the model has it now."""
        return self in {Outcome.MATCHED, Outcome.MOVED, Outcome.RESHAPED}


@dataclass(frozen=True, slots=True)
class Transfer:
    """One weight: `key` in the model, `source_key` in the source; the reason says why, where one asks."""

    outcome: Outcome
    key: str | None = None
    shape: Shape | None = None
    source_key: str | None = None
    source_shape: Shape | None = None
    dtype: str | None = None
    """The source's."""
    reason: str = ""

    @property
    def units(self) -> tuple[str, str]:
        """The paths of the two modules; empty for the side that has none."""
        return (self.key or "").rpartition(".")[0], (self.source_key or "").rpartition(".")[0]

    @property
    def names(self) -> tuple[str, str]:
        """The names of the tensor in the two modules."""
        return (self.key or "").rpartition(".")[2], (self.source_key or "").rpartition(".")[2]
