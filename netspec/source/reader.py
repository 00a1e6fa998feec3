"""Text to `Document`, with every finding that can be told apart in one run.

A pass that meets a flow trap is followed by a pass over the mended text (see `flaws`), so later mistakes
are reported and consequences are not. Passes are bounded: a hostile file gets its first findings, not more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from netspec.diagnostics import Finding, SourceFile
from netspec.limits import Limits
from netspec.source.builder import Reading, build
from netspec.source.characters import decode
from netspec.source.document import Document, LineMap, TextFault
from netspec.source.events import OpenParser, best_parser
from netspec.source.flaws import Edit, Flaw, Revision
from netspec.source.leaves import MOST_FLAWS

_DEFAULTS = Limits()
_MOST_PASSES = 50
_MOST_NODES = 100_000  # over all passes after the second, about a fifth of a second
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?[\r\n]+)*(%[^\r\n]*)")


def read_text(text: str | bytes, name: str, limits: Limits = _DEFAULTS) -> Document:
    """The document in `text`; `name` is what messages call the file.

    Raises:
        TextFault: with all findings, in the order of the text.

    >>> read_text("input: [3, 224, 224]", "net.yaml").data
    {'input': [3, 224, 224]}
    """
    return read_with(best_parser(), text, name, limits)


def read_with(parser: OpenParser, text: str | bytes, name: str, limits: Limits) -> Document:
    """`read_text` with a parser of choice; both give the same documents and findings."""
    file, flaws = decode(text, name, limits)
    if not flaws and (directive := _DIRECTIVE.match(file.text)):
        received = directive[1].rstrip()
        start = directive.start(1)
        flaws = [Flaw("directive", start, start + len(received), {"received": received})]
    if flaws:
        raise TextFault(_located(file, flaws))
    reading, flaws = _passes(file.text, parser, limits)
    if flaws:
        from netspec.source.foreign_files import foreign_file  # a right spec has no use for it

        foreign = foreign_file(file.text)
        raise TextFault(_located(file, flaws if foreign is None else [foreign]))
    return Document(file, reading.data, reading.place)


def _passes(text: str, parser: OpenParser, limits: Limits) -> tuple[Reading, list[Flaw]]:
    """The last reading, and all flaws in offsets of `text`."""
    edits: list[Edit] = []
    mended: list[Flaw] = []
    nodes = 0
    for number in range(1, _MOST_PASSES + 1):
        revision = Revision(text, edits)
        reading = build(revision.text, parser, limits)
        nodes += reading.nodes
        found: list[Flaw] = []
        for flaw in reading.flaws:
            edit = revision.edit(flaw)
            if edit is not None and not any(_touch(edit, other) for other in edits):
                edits.append(edit)
                found.append(_original(revision, flaw))
        if not found:
            break
        mended += found
        spent = number >= 2 and (nodes > _MOST_NODES or len(mended) >= MOST_FLAWS)
        if spent or number == _MOST_PASSES:
            return reading, mended
    return reading, [*mended, *(_original(revision, flaw) for flaw in reading.flaws)]


def _touch(edit: Edit, other: Edit) -> bool:
    return edit == other or (edit.start < other.end and other.start < edit.end)


def _original(revision: Revision, flaw: Flaw) -> Flaw:
    move = revision.original
    secondary = tuple((move(start), move(end)) for start, end in flaw.secondary)
    return Flaw(flaw.rule, move(flaw.start), move(flaw.end), flaw.values, secondary)


def _located(file: SourceFile, flaws: Iterable[Flaw]) -> list[Finding]:
    lines = LineMap(file)
    size = len(file.text)

    def finding(flaw: Flaw) -> Finding:
        span = lines.span(min(flaw.start, size), min(flaw.end, size))
        secondary = tuple(
            lines.span(min(start, size), min(end, size)) for start, end in flaw.secondary
        )
        return Finding(flaw.rule, span, flaw.values, secondary)

    return [finding(flaw) for flaw in sorted(flaws, key=lambda flaw: (flaw.start, flaw.end))]
