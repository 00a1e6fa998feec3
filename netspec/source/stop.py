"""Where and why a pass over the events ended; what the explanations of syntax errors look at."""

from __future__ import annotations

from dataclasses import dataclass

from netspec.source.events import ParseError
from netspec.source.lines import line_start


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

    @property
    def in_flow(self) -> bool:
        """Whether the place is inside brackets; the parser may stop before it has told of the opening one."""
        before = self.text[line_start(self.text, self.error.offset) : self.error.offset]
        opened = before.count("[") + before.count("{")
        return bool(self.flows) or opened > before.count("]") + before.count("}")
