"""What a text mentions: the names in its expressions, and every word that can be the name of a block.

Read off the text and not off one elaboration, so that what only another variant reads, or a line whose
`when` is false, is mentioned all the same. It errs on the side of being mentioned: a warning about what
is not used must never be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from netspec.blocks import Preset
from netspec.elaborate.definitions import Library
from netspec.errors import ExpressionFault
from netspec.expressions import is_expression, parse
from netspec.limits import Limits
from netspec.source import At
from netspec.spec import BlockSection, PresetSection, Section, Spec

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NO_BLOCKS = frozenset({"name", "from", "doc"})
"""Fields of every layer whose text is no block."""

_ROOTS = ("params", "variants", "let", "layers")
"""The sections of a spec whose words can lead to a block; `defaults` lead there by their values."""


def words(data: object, *, layers: bool = False) -> set[str]:
    """The keys and texts in plain data; in `layers` without names and docs."""
    found: set[str] = set()
    waiting = [data]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            found.add(here)
        elif isinstance(here, list | tuple):
            waiting += here
        elif isinstance(here, Mapping):
            found.update(here)
            for key, entry in here.items():
                if not (layers and key in _NO_BLOCKS and not isinstance(entry, dict)):
                    waiting.append(entry)
    return found


def names_in(places: Iterable[At | None], limits: Limits) -> set[str]:
    """The names that expressions in some places read, in branches that are not taken too."""
    found: set[str] = set()
    for text in words([at.data for at in places if at is not None]):
        if is_expression(text):
            try:
                found |= parse(text, limits).names
            except ExpressionFault:
                continue  # a word that no expression is, in a `doc` perhaps
    return found


def _block_words(data: object, *, layers: bool = False) -> Iterator[str]:
    """Every word that can name a block: as it stands, or as text inside an expression."""
    for word in words(data, layers=layers):
        if is_expression(word):
            yield from (single or double for single, double in _QUOTED.findall(word))
        else:
            yield word


def passed(data: object) -> Iterator[str]:
    """The fields that layers give to a block whose name is an expression: `- $block: {stride: 2}`."""
    if isinstance(data, list | tuple):
        for entry in data:
            yield from passed(entry)
    elif isinstance(data, Mapping):
        for key, entry in data.items():
            if is_expression(key) and isinstance(entry, Mapping):
                yield from entry
            yield from passed(entry)


class Reach:
    """The blocks that a file mentions, and those that its layers lead to."""

    def __init__(self, spec: Spec, library: Library, given: Iterable[At] = ()) -> None:
        self._library = library
        self._bodies = {name: set(_of_section(entry)) for name, entry in spec.blocks.items()}
        self.roots: set[str] = set()
        for key in _ROOTS:
            self.roots |= set(_block_words(_data(spec.get(key)), layers=key == "layers"))
        for at in (*given, *_values(spec.mapping("defaults"))):
            self.roots |= set(_block_words(at.data))

    def used(self) -> set[str]:
        """What the layers of the spec lead to, through the bodies of its own blocks."""
        return self._closed(self.roots)

    def mentioned(self) -> set[str]:
        """What anything in the file mentions, blocks that nothing uses among it."""
        return self._closed(self.roots.union(*self._bodies.values()))

    def _closed(self, start: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = [*start]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            waiting += self._bodies.get(name, ())
            entry = self._library.find(name)
            if isinstance(entry, Preset):
                waiting.append(entry.block)
        return found


def _of_section(section: Section) -> Iterator[str]:
    """The words in the definition of a block that can name another one."""
    if isinstance(section, PresetSection):
        yield section.block
        yield from _block_words(section.fields.data)
    elif isinstance(section, BlockSection):
        for key, at in section.sections.items():
            if key in ("params", "let", "layers"):
                yield from _block_words(at.data, layers=key == "layers")
        for at in _values(section.sections.get("defaults")):
            yield from _block_words(at.data)


def _data(at: At | None) -> object:
    return at.data if at is not None else None


def _values(section: At | None) -> Iterator[At]:
    """The values in a mapping of mappings."""
    if section is not None and isinstance(section.data, dict):
        yield from (section / key for key in section.data)
