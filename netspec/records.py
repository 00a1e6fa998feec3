"""Frozen records of which every layer makes dozens.

`dataclass(frozen=True)` sets each field through `object.__setattr__` and takes four times as long to make;
over 20,000 layers that was a tenth of the time. These are frozen for the type checker alone, which reads
every line of netspec. Where others hold an object, in the graph, it is really frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """A dataclass with slots whose fields nobody sets; compared by identity with `eq=False`."""
    return dataclass(slots=True, eq=eq, unsafe_hash=eq)
