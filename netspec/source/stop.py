"""Where and why a pass over the events ended; what the explanations of syntax errors look at."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.source.events import ParseError


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a pass ended.

    `flows` are where the open flow collections begin, outermost first; `quoted` is where the last scalar
    begins when it was quoted.
    """

    text: str
    error: ParseError
    flows: tuple[int, ...]
    quoted: int | None
