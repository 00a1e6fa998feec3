"""Small views of raw text around an offset, for explaining what the parser could not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BREAK = re.compile(r"[\r\n]")
_BREAKS = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_QUOTED = re.compile(r"'(?:[^'\r\n]|'')*'|\"(?:[^\"\\\r\n]|\\.)*\"")
_DASHES = re.compile(r"[ ]*(?:-[ ]+)*")


def line_start(text: str, offset: int) -> int:
    """The offset at which the line of `offset` begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """The offset at which the line of `offset` ends, before its line break."""
    match = _BREAK.search(text, offset)
    return match.start() if match else len(text)


def without_comment(line: str) -> str:
    """`line` with quoted text kept and its comment and trailing spaces cut off."""
    masked = _QUOTED.sub(lambda match: "x" * len(match.group()), line)
    comment = _COMMENT.search(masked)
    return (line[: comment.start()] if comment else line).rstrip()


def lines_before(text: str, offset: int) -> Iterator[tuple[int, str]]:
    """Start and text of the lines above the one of `offset`, upwards, without comments and blank lines."""
    starts = [0, *(match.end() for match in _BREAKS.finditer(text, 0, line_start(text, offset)))]
    for start, following in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        line = without_comment(text[start:following].rstrip("\r\n"))
        if line.strip():
            yield start, line


def rest_of_value(text: str, offset: int, in_flow: bool) -> str:
    """What stands from `offset` to the end of the line, or in a flow collection to its next `,`, `]`, `}`."""
    rest = without_comment(text[offset : line_end(text, offset)])
    cut = re.search(r"[,\]}]", rest) if in_flow else None
    return rest[: cut.start()].rstrip() if cut else rest


def content_start(text: str, start: int) -> int:
    """Where the content of a line begins: behind its indentation and its `- ` markers."""
    match = _DASHES.match(text, start)
    return match.end() if match else start


def indentations(text: str, offset: int, column: int) -> tuple[int, ...]:
    """The columns (from 1) at which a line below those above `offset` may begin, outermost first.

    `column` is where it begins; a deeper line may add one more level, which is not counted here.
    """
    columns: list[int] = []
    lowest = None
    for _start, line in lines_before(text, offset):
        dashes = content_start(line, 0)
        own = {index + 1 for index in range(dashes) if line[index] == "-"} | {dashes + 1}
        columns += sorted(
            (found for found in own if lowest is None or found < lowest), reverse=True
        )
        lowest = min(own) if lowest is None else min(lowest, *own)
        if lowest == 1:
            break
    return tuple(sorted(found for found in set(columns) if found != column))
