"""Text → tokens, one at a time: what follows the closing `)` is never read as an expression.

Characters that belong to no token become a token of their own, so that the parser can say what it
expected in their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from netspec.errors import ExpressionFault

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?")
_SUFFIX = re.compile(r"_.*|[eE][0-9_]*|and|else|if|in|not|or")  # after a number: no name
KEYWORDS = frozenset({"and", "else", "false", "if", "in", "not", "or", "true"})


class TokenKind(Enum):
    """What a token is. KEYWORD and OPERATOR are told apart by their text."""

    NUMBER = auto()
    ELEMENT = auto()  # .0 after a value
    NAME = auto()
    TEXT = auto()
    KEYWORD = auto()
    OPERATOR = auto()
    STRAY = auto()  # no token of the language
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text."""

    kind: TokenKind
    text: str
    start: int
    end: int

    def is_symbol(self, *texts: str) -> bool:
        """Whether it is one of these operators or keywords."""
        return self.kind in {TokenKind.OPERATOR, TokenKind.KEYWORD} and self.text in texts


_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(
    rf"""
    (?P<number>[0-9](?:(?<=[eE])[+-](?=[0-9])|[0-9A-Za-z_.])*)
  | (?P<element>\.[0-9]+)
  | (?P<attribute>\.\s*{NAME})
  | (?P<name>{NAME})
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<unclosed>["'].*)
  | (?P<dollar>\$\(?(?:{NAME})?)
  | (?P<operator>\*\*|//|==|!=|<=|>=|[-+*/%<>()\[\],:=])
  | (?P<stray>&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "number": TokenKind.NUMBER,
    "element": TokenKind.ELEMENT,
    "name": TokenKind.NAME,
    "text": TokenKind.TEXT,
    "operator": TokenKind.OPERATOR,
    "stray": TokenKind.STRAY,
}


def next_token(text: str, position: int) -> Token:
    """The first token at or after `position`; END at the end of the text. Raises ExpressionFault."""
    space = _SPACE.match(text, position)
    start = space.end() if space else position
    match = _TOKEN.match(text, start)
    if match is None:
        return Token(TokenKind.END, "", start, start)
    group = str(match.lastgroup)
    token = Token(_KINDS.get(group, TokenKind.STRAY), match[0], start, match.end())
    if group not in _KINDS:
        raise _refused(group, token)
    if token.kind is TokenKind.NUMBER and not NUMBER.fullmatch(token.text):
        raise bad_number(token)
    if token.kind is TokenKind.TEXT and "\\" in token.text:
        what = "a backslash in text"
        raise ExpressionFault("not-allowed", start, token.end, what=what, instead=None)
    if token.text in KEYWORDS:
        return Token(TokenKind.KEYWORD, token.text, start, token.end)
    return token


def _refused(group: str, token: Token) -> ExpressionFault:
    start, end = token.start, token.end
    if group == "unclosed":
        return ExpressionFault("unclosed-text", start, end, quote=token.text[0])
    if group == "dollar":
        return ExpressionFault("dollar-inside", start, end, name=token.text.lstrip("$("))
    what, instead = "reading an attribute", "an index, like `.0`"
    return ExpressionFault("not-allowed", start, end, what=what, instead=instead)


def bad_number(token: Token) -> ExpressionFault:
    """A number that is not written like one, with what was meant where that is clear."""
    text, instead = token.text, _meant(token.text)
    return ExpressionFault("bad-number", token.start, token.end, text=text, instead=instead)


def _meant(text: str) -> str | None:
    product = re.fullmatch(rf"({NUMBER.pattern})({NAME})", text)
    if product and product[1] != "0" and not _SUFFIX.fullmatch(product[4]):
        return f"{product[1]} * {product[4]}"
    plain = re.sub(r"^0+(?=[0-9])|_|\.$", "", f"0{text}")
    return plain if NUMBER.fullmatch(plain) else None
