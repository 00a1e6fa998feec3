"""Letters of other alphabets that look like those of a word: which stand there, and what was meant.

The table has the single letters that Unicode's list of confusables (UTS #39, confusables.txt) gives for the
Cyrillic and Greek alphabets; wide and styled letters are known to `unicodedata` itself. A library for the
whole list was rejected: it is longer than netspec, and names of fields hold no other scripts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from netspec.diagnostics import Span

_LETTERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "CYRILLIC SMALL LETTER": MappingProxyType(
            {"a": "A", "c": "ES", "d": "KOMI DE", "e": "IE", "h": "SHHA", "j": "JE", "o": "O"}
            | {"i": "BYELORUSSIAN-UKRAINIAN I", "p": "ER", "q": "QA", "s": "DZE", "w": "WE"}
            | {"x": "HA", "y": "U"}
        ),
        "CYRILLIC CAPITAL LETTER": MappingProxyType(
            {"A": "A", "B": "VE", "C": "ES", "E": "IE", "H": "EN", "K": "KA", "M": "EM", "O": "O"}
            | {"P": "ER", "T": "TE", "X": "HA", "Y": "U"}
        ),
        "GREEK SMALL LETTER": MappingProxyType(
            {"a": "ALPHA", "i": "IOTA", "k": "KAPPA", "n": "ETA", "o": "OMICRON", "p": "RHO"}
            | {"t": "TAU", "u": "UPSILON", "v": "NU", "x": "CHI", "y": "GAMMA"}
        ),
        "GREEK CAPITAL LETTER": MappingProxyType(
            {"A": "ALPHA", "B": "BETA", "E": "EPSILON", "H": "ETA", "I": "IOTA", "K": "KAPPA"}
            | {"M": "MU", "N": "NU", "O": "OMICRON", "P": "RHO", "T": "TAU", "X": "CHI"}
            | {"Y": "UPSILON", "Z": "ZETA"}
        ),
    }
)
"""An alphabet -> the letter that each of its letters looks like."""

_NAMED = 3  # letters of one word that are named


@cache
def _latin() -> Mapping[str, str]:
    """A letter of another alphabet -> the one that it looks like."""
    return MappingProxyType(
        {
            unicodedata.lookup(f"{alphabet} {name}"): letter
            for alphabet, letters in _LETTERS.items()
            for letter, name in letters.items()
        }
    )


def latin(text: str) -> str:
    r"""The text with the letters that it seems to have; what cannot be seen is left out.

    >>> latin("c\N{CYRILLIC SMALL LETTER O}nv"), latin("\N{FULLWIDTH LATIN SMALL LETTER C}onv")
    ('conv', 'conv')
    """
    return text if text.isascii() else "".join(map(_as_seen, text))


def _as_seen(character: str) -> str:
    """One letter as it looks; itself when it looks like no letter of ASCII."""
    if unicodedata.category(character) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return _latin().get(character, plain if plain.isascii() and plain.isalnum() else character)


def notes(span: Span) -> tuple[str, ...]:
    """A line for each letter in one word of a spec that is not the one it seems to be."""
    end = span.end_column - 1 if span.end_line == span.line else None
    text = span.file.line(span.line)[span.column - 1 : end]
    if text.isascii() or len(text.split()) != 1:
        return ()
    odd = [one for one in dict.fromkeys(text) if not one.isascii() and _as_seen(one) != one]
    return tuple(map(_note, odd[:_NAMED]))


def _note(character: str) -> str:
    what = f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
    seen = _as_seen(character)
    return (
        f"`{character}` is {what}, and not `{seen}`"
        if seen
        else f"{what} is there and cannot be seen"
    )
