"""Where a list of layers is elaborated: what it sees, and what is around it. Plain frozen values."""

from __future__ import annotations

from typing import NamedTuple

from netspec.blocks import Values
from netspec.elaborate.definitions import YamlBlock
from netspec.elaborate.environment import Env
from netspec.elaborate.initialisation import Inits
from netspec.elaborate.items import Item
from netspec.elaborate.names import Names
from netspec.elaborate.origin import Origin
from netspec.graph import POISON, Value
from netspec.records import record
from netspec.source import At

FAILURE: Values = (POISON,)
"""What a failed layer gives: who reads it cannot know how many values there should have been."""


class Site(NamedTuple):
    """A place for layers: names and values in sight, and the uses and copies around.

    A tuple, because every layer and part makes one or two, and a dataclass takes five times as long.
    """

    env: Env
    names: Names
    origin: Origin | None = None
    inits: tuple[Inits, ...] = ()
    top: bool = True
    """At the top level, or in a top-level group: heads may stand here."""
    depth: int = 0
    entered: tuple[YamlBlock, ...] = ()
    """The YAML blocks whose bodies are around, outermost first."""
    parts: tuple[tuple[str, At], ...] = ()
    """The norms and activations around, by name and where they were written, outermost first."""
    copies: int = 1
    """How many copies of this list the repeats around it make."""


@record()
class Place:
    """A layer being built: where, and as written."""

    site: Site
    item: Item


def too_few(inputs: Values, wanted: int) -> bool:
    """Whether values are missing only because the layer that should give them failed."""
    return len(inputs) < wanted and any(value.poisoned for value in inputs)


def contains(outer: At, at: At) -> bool:
    """Whether `at` was written inside `outer`."""
    return at.document is outer.document and at.path[: len(outer.path)] == outer.path


def as_values(result: Value | Values) -> Values:
    """What `Block.lower` gives, always as a tuple."""
    return result if isinstance(result, tuple) else (result,)
