"""How much of a network a picture shows, and which numbers: the options of a view, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from netspec.limits import Limits

DEFAULT_LIMITS = Limits()


class Level(StrEnum):
    """How much of a network a picture shows."""

    OVERVIEW = "overview"  # one node per layer of the top level
    BLOCKS = "blocks"  # composites as frames, a conv unit as one node, equal copies folded
    FULL = "full"  # every op a node, every copy

    @property
    def deeper(self) -> Level:
        """The next level that shows more."""
        return Level.BLOCKS if self is Level.OVERVIEW else Level.FULL


class Annotate(StrEnum):
    """Which numbers stand on boxes and frames."""

    DEFAULT = "default"  # shapes, and the parameters of frames
    SHAPE = "shape"
    PARAMS = "params"
    MACS = "macs"
    ALL = "all"
    NONE = "none"

    @property
    def shapes(self) -> bool:
        """Whether channels and sizes are shown."""
        return self in {Annotate.DEFAULT, Annotate.SHAPE, Annotate.ALL}

    @property
    def params(self) -> bool:
        """Whether each box has its parameters."""
        return self in {Annotate.PARAMS, Annotate.ALL}

    @property
    def macs(self) -> bool:
        """Whether each box has its multiply-accumulates."""
        return self in {Annotate.MACS, Annotate.ALL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is shown.

    `only` is the path of a layer that is the whole picture. Layers whose path matches a pattern of
    `expand` are shown one level deeper. `fold` makes neighbours of one block with other widths one frame
    with a table; without `copies` equal neighbours stand by themselves. In an overview the layers of the paths
    `opened` are frames. A picture above `limits` shows less, and says so.
    """

    level: Level = Level.BLOCKS
    only: str | None = None
    expand: tuple[str, ...] = ()
    fold: bool = False
    copies: bool = True
    opened: frozenset[str] = frozenset()
    annotate: Annotate = Annotate.DEFAULT
    limits: Limits = DEFAULT_LIMITS

    def expands(self, path: str) -> bool:
        """Whether a layer is to be shown one level deeper."""
        return any(fnmatchcase(path, pattern) for pattern in self.expand)
