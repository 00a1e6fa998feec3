"""A file of another program where a spec should be: which one, and its layers as far as they can be read.

Looked for only in text that YAML cannot read, because each line of such a file would be a mistake of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from netspec.source.flaws import Flaw

_PROTOTXT = re.compile(r"^[ \t]*layers?[ \t]*\{", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*(\[[\w.-]+\])[ \t]*(?:[#;].*)?$", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]*([\w.-]+)[ \t]*=([^#;\r\n]*)", re.MULTILINE)
_PYTHON = re.compile(r"^(?:import \w|from [\w.]+ import |class \w+\b.*:[ \t]*$)", re.MULTILINE)
_FIELD = re.compile(r"\b(\w+)[ \t]*(?::[ \t]*(\"[^\"]*\"|[^\s{}]+)|:?[ \t]*\{)|\}")
_MOST = 10
_LONGEST = 10_000
"""How many layers are read, and how many characters of one: a message shows the first that it knows."""


def foreign_file(text: str) -> Flaw | None:
    """The one flaw of a text that is a prototxt, an INI file or Python; None for any other."""
    if python := _PYTHON.search(text):
        return Flaw("foreign-file", *python.span(), {"format": "Python", "layers": []})
    if prototxt := _PROTOTXT.search(text):
        layers = [*_prototxt(text)]
        return Flaw("foreign-file", *prototxt.span(), {"format": "prototxt", "layers": layers})
    section = _SECTION.search(text)
    is_first = section is not None and not text[: section.start()].strip("# \t\r\n")
    if section is None or not is_first or not _PAIR.search(text):
        return None
    values: dict[str, object] = {"format": "INI", "layers": [*_ini(text)]}
    return Flaw("foreign-file", *section.span(1), values)


def _ini(text: str) -> Iterator[dict[str, object]]:
    """The sections as mappings, each with its name as `type`."""
    places = [*_SECTION.finditer(text)][:_MOST]
    ends = [place.start() for place in places[1:]] + [len(text)]
    for place, end in zip(places, ends, strict=False):
        pairs = _PAIR.findall(text, place.end(), min(end, place.end() + _LONGEST))
        yield {"type": place[1][1:-1]} | {key: value.strip() for key, value in pairs}


def _prototxt(text: str) -> Iterator[dict[str, object]]:
    """The layers as mappings; what is nested in one is a mapping too."""
    for start in [*_PROTOTXT.finditer(text)][:_MOST]:
        root: dict[str, object] = {}
        open_ = [root]
        for found in _FIELD.finditer(text, start.end(), start.end() + _LONGEST):
            name, value = found.groups()
            if name is None:
                open_.pop()
            elif value is None:
                inner: dict[str, object] = {}
                open_[-1][name] = inner
                open_.append(inner)
            else:
                open_[-1].setdefault(name, value.strip('"'))
            if not open_:
                break
        yield root
