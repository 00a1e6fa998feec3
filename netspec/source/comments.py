"""Comments for netspec: `# netspec: ...` in a text that has been read.

YAML's events drop comments, so they are found in the text, and what stands inside a quoted or block
scalar is text and no comment: the places of the data say which stretches those are. Rejected: a second
scanner for comments alone, which would have to know all of YAML's quoting again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.diagnostics import Span
from netspec.source.document import Document, Place

_MARK = re.compile(r"(?<!\S)#[ \t]*netspec[ \t]*:[ \t]*(?=([^\r\n]*))")  # more can stand on a line


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: what follows `netspec:`, where that begins, and the line that the comment is about.

    That is its own line; for a comment that stands alone, the next line that is neither empty nor a
    comment.
    """

    document: Document
    text: str
    start: int
    line: int

    def span(self, start: int, end: int) -> Span:
        """The place of characters `start` up to `end` of `text`."""
        return self.document.line_map.span(self.start + start, self.start + end)


def comments(document: Document) -> Iterator[Comment]:
    """The comments for netspec, in the order of the text."""
    found = [*_MARK.finditer(document.file.text)]
    if not found:
        return
    quoted = sorted(_quoted(document.at().place))
    starts = [start for start, _ in quoted]
    subjects = _subjects(document.file.lines)
    for match in found:
        before = bisect_right(starts, match.start()) - 1
        if before >= 0 and match.start() < quoted[before][1]:
            continue
        text = match[1].rstrip()
        line = document.line_map.span(match.start(), match.start()).line
        yield Comment(document, text, match.start(1), subjects[line - 1])


def _subjects(lines: Sequence[str]) -> list[int]:
    """For each line the one that a comment on it is about: itself, or the next one with more than that."""
    subjects = [*range(1, len(lines) + 1)]
    below = 0
    for number in reversed(range(len(lines))):
        text = lines[number].strip()
        if text.startswith("#"):
            subjects[number] = below or number + 1
        elif text:
            below = number + 1
    return subjects


def _quoted(root: Place) -> Iterator[tuple[int, int]]:
    """The stretches of quoted and block scalars, keys included; what an alias repeats is there once."""
    waiting, seen = [root], set()
    while waiting:
        place = waiting.pop()
        children = place.children
        if children is None:
            if place.quoted:
                yield place.start, place.end
            continue
        if id(children) in seen:
            continue
        seen.add(id(children))
        if isinstance(children, dict):
            yield from ((child.key_start, child.key_end) for child in children.values())
            waiting += children.values()
        else:
            waiting += children
