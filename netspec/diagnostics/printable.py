"""Text made safe to print: what a spec holds may reach a terminal, a log or a web page.

Control characters and escapes could move the cursor, bidi marks could reorder a line, and a line break
could forge one. Each is shown as Python would write it; letters of every script stay as they are.
Rejected: an ASCII-only output, which makes a Chinese `doc:` unreadable.
"""

from __future__ import annotations

import unicodedata

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    r"""`text` in one line without control, format and bidi characters.

    >>> printable("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(printable_character, text))


def printable_character(character: str) -> str:
    """One character, or its escape."""
    if character.isascii() and character.isprintable():
        return character
    if unicodedata.category(character) not in _ESCAPED:
        return character
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _SHORT.get(character, f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")


def columns(text: str) -> int:
    """How many terminal columns printable `text` takes: two for wide letters, none for accents.

    >>> columns("conv"), columns("卷积")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in _COMBINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
