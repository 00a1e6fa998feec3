"""A read text: plain data, and beside it a tree of places.

Wrapper types (a `str` that knows its line) were rejected: they leak into every model, compare and
pickle strangely, and cannot exist for `None` and `True`. So the data stays plain, and a parallel tree
of `Place` keeps offsets into the text, six slots a node; a `Span` is made only when somebody asks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from netspec.diagnostics import Finding, SourceFile, Span
from netspec.records import record

_LINE_END = re.compile(r"\r\n|\r|\n")


class TextFault(Exception):  # noqa: N818 - a fact like those of netspec.errors; it never reaches a user
    """The text cannot be read; `findings` has everything that was found, in the order of the text."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)


class Place:
    """Where one node of the data stands, as offsets into the text; `children` mirrors the data.

    `key_start` and `key_end` are those of its key in a mapping, and equal `start` and `end` elsewhere.
    """

    __slots__ = ("children", "end", "key_end", "key_start", "quoted", "start")

    def __init__(
        self,
        start: int,
        end: int,
        quoted: bool = False,
        children: dict[str, Place] | list[Place] | None = None,
    ) -> None:
        self.start = self.key_start = start
        self.end = self.key_end = end
        self.quoted = quoted
        self.children = children


class LineMap:
    """Turns offsets into a text into lines and columns; LF, CRLF and CR end a line."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(file.text))]

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to `end`."""
        return Span(self._file, *self._position(start), *self._position(max(start, end)))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


@dataclass(frozen=True, eq=False)
class Document:
    """One file as plain data (dict, list, str, int, float, bool, None), and the places in it."""

    file: SourceFile
    data: object
    _root: Place = field(repr=False)

    def at(self) -> At:
        """The root, from which `/` leads to any place."""
        return At(self, (), self.data, self._root)

    @cached_property
    def line_map(self) -> LineMap:
        """Offsets to lines; made on the first span that is asked for."""
        return LineMap(self.file)


@record()
class At:
    """A place in a document: `document.at() / "layers" / 0 / "conv"`. Cheap to make and to keep."""

    document: Document
    path: tuple[str | int, ...]
    data: object = field(repr=False, compare=False)
    """The plain value there."""
    _place: Place = field(repr=False, compare=False)

    def __truediv__(self, key: str | int) -> At:
        """The place of one key or index. Raises KeyError or IndexError where there is none."""
        children = self._place.children
        if isinstance(key, str):
            if not isinstance(children, dict) or not isinstance(self.data, dict):
                raise KeyError(key)
            return At(self.document, (*self.path, key), self.data[key], children[key])
        if not isinstance(children, list) or not isinstance(self.data, list) or key < 0:
            raise IndexError(key)
        return At(self.document, (*self.path, key), self.data[key], children[key])

    def get(self, key: str | int) -> At | None:
        """The place of one key or index, or None where there is none."""
        try:
            return self / key
        except LookupError:
            return None

    @property
    def place(self) -> Place:
        """The offsets of the value, and of what is inside it."""
        return self._place

    @property
    def span(self) -> Span:
        """Where the value stands, without anchors and comments."""
        return self.document.line_map.span(self._place.start, self._place.end)

    @property
    def key_span(self) -> Span:
        """Where its key stands; the value's span for a list item and for the root."""
        return self.document.line_map.span(self._place.key_start, self._place.key_end)

    @property
    def quoted(self) -> bool:
        """Whether the scalar was quoted or a block scalar, and so can only be text."""
        return self._place.quoted
