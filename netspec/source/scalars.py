"""Plain scalars: the YAML 1.2 core schema, and a refusal for whatever other readers read differently.

PyYAML follows YAML 1.1 (`no` is false, `010` is 8, `3:30` is 210, `1e3` is text). Reading such a number
our own way would be silent disagreement with the next tool, and reading it theirs is a trap; so it is
refused with what to write instead. Words like `no` and `True` are text: nothing else can be meant where
text is wanted, and where a boolean is wanted the text is refused there.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable

from netspec.errors import Fact

Scalar = str | int | float | bool | None
Values = dict[str, object]

_WORDS: dict[str, Scalar] = {"": None, "null": None, "~": None, "true": True, "false": False}
_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_LEADING_ZERO = re.compile(r"([-+]?)0+([0-9]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_RADIX = re.compile(
    r"(?P<sign>[-+]?)0(?:[xX](?P<hex>[0-9a-fA-F_]+)|o(?P<octal>[0-7_]+)|b(?P<binary>[01_]+))"
)
_SEXAGESIMAL = re.compile(r"([-+]?)([0-9][0-9_]*(?::[0-9]+)+)(?:\.[0-9_]*)?")
_UNDERSCORES = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?")
_ASCII_SIGNS = {"−": "-", "－": "-", "–": "-", "＋": "+", "．": "."}  # U+2212, U+FF0D, U+2013, ...


class ScalarFault(Fact):
    """A plain scalar that is refused; `rule` and `values` as in the package's table."""


def shorten(text: str, most: int = 60) -> str:
    """`text`, cut to `most` characters with an ellipsis; what a message quotes stays short."""
    return text if len(text) <= most else text[: most - 1] + "…"


def resolve(text: str, integer_digits: int = 18) -> Scalar:
    """The value of a plain (unquoted) scalar.

    Raises:
        ScalarFault: for a number that other readers read differently, or that is not finite or too long.

    >>> resolve("64"), resolve("1e-3"), resolve("true"), resolve("no"), resolve("~")
    (64, 0.001, True, 'no', None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        return _number(text, integer_digits)
    if not text.isascii():
        _refuse_foreign_digits(text)
    return text


def _number(text: str, integer_digits: int) -> Scalar:
    if _INTEGER.fullmatch(text):
        digits = len(text.lstrip("+-"))
        if digits > integer_digits:
            received = shorten(text)
            raise ScalarFault(
                "integer-too-long", received=received, digits=digits, maximum=integer_digits
            )
        return int(text)
    for pattern, refuse in _REFUSED:
        if match := pattern.fullmatch(text):
            refuse(match)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if math.isinf(value):
            raise ScalarFault("not-finite", received=shorten(text))
        return value
    if not text.isascii():
        _refuse_foreign_digits(text)
    return text


def _refuse_not_finite(match: re.Match[str]) -> None:
    raise ScalarFault("not-finite", received=match.group())


def _refuse_leading_zero(match: re.Match[str]) -> None:
    sign, digits = match.groups()
    octal: Values = {}
    if len(digits) <= 18 and set(digits) <= set("01234567"):
        octal = {"octal": int(sign + digits, 8)}
    suggestion = shorten(sign.replace("+", "") + digits)
    raise ScalarFault(
        "octal-integer", received=shorten(match.group()), suggestion=suggestion, **octal
    )


def _refuse_radix(match: re.Match[str]) -> None:
    rule = {"hex": "hex-integer", "octal": "octal-integer", "binary": "binary-integer"}
    kind = str(match.lastgroup)
    values: Values = {"received": shorten(match.group())}
    digits = match[kind].replace("_", "")
    if digits and len(digits) <= 15:
        number = int(match["sign"] + digits, {"hex": 16, "octal": 8, "binary": 2}[kind])
        values["suggestion"] = str(number)
    raise ScalarFault(rule[kind], **values)


def _refuse_sexagesimal(match: re.Match[str]) -> None:
    text = match.group()
    values: Values = {"received": shorten(text), "suggestion": shorten(f'"{text}"')}
    parts = match[2].replace("_", "").split(":")
    if all(len(part) <= 6 for part in parts) and len(parts) <= 6:
        value = 0
        for part in parts:
            value = value * 60 + int(part)
        values["sexagesimal"] = -value if match[1] == "-" else value
    raise ScalarFault("sexagesimal", **values)


def _refuse_underscores(match: re.Match[str]) -> None:
    text = match.group()
    if "_" in text:
        suggestion = shorten(text.replace("_", ""))
        raise ScalarFault("underscore-integer", received=shorten(text), suggestion=suggestion)


_REFUSED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], None]], ...] = (
    (_NOT_FINITE, _refuse_not_finite),
    (_LEADING_ZERO, _refuse_leading_zero),
    (_RADIX, _refuse_radix),
    (_SEXAGESIMAL, _refuse_sexagesimal),
    (_UNDERSCORES, _refuse_underscores),
)


def _refuse_foreign_digits(text: str) -> None:
    """A number in full-width or other digits looks like one and is text to every reader."""
    if len(text) > 40:
        return
    folded = "".join(_ascii_digit(character) for character in text)
    if _FLOAT.fullmatch(folded):
        raise ScalarFault("number-not-ascii", received=text, suggestion=folded)


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return _ASCII_SIGNS.get(character, character) if digit is None else str(digit)
