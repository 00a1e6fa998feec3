"""The parser's view of the tokens: one token ahead, the open brackets, and the faults of form."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass

from netspec.errors import ExpressionFault
from netspec.expressions.lexer import KEYWORDS, Token, TokenKind, next_token

# Words of Python, and of YAML, that cannot be names; what to write instead, where there is something.
_FOREIGN: Mapping[str, str | None] = {
    **dict.fromkeys(set(keyword.kwlist) - KEYWORDS),
    "False": "`false`",
    "None": '`"none"`',
    "True": "`true`",
    "is": "`==`",
    "null": '`"none"`',
}

_SLIPS: Mapping[str, str] = {
    "=": "==",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "^": "**",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "?": "x if c else y",
}


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket and what closes it; `commas` where it holds several values."""

    text: str
    start: int
    closing: str
    commas: bool

    @property
    def expected(self) -> str:
        """What may follow a value inside, in words."""
        return f"an operator{', `,`' if self.commas else ''} or `{self.closing}`"


class Reader:
    """The tokens of one text. `token` is the next one; only `advance`, `enter` and `close` move on."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self._open = [_Bracket("$(", 0, ")", commas=False)]
        self.token = next_token(text, position)

    def at(self, *symbols: str) -> bool:
        """Whether the next token is one of these operators or keywords."""
        return self.token.is_symbol(*symbols)

    def at_close(self) -> bool:
        """Whether the next token closes the innermost bracket."""
        return self.at(self._open[-1].closing)

    def advance(self) -> Token:
        """Step past the next token; that token."""
        token = self.token
        self.token = next_token(self.text, token.end)
        return token

    def enter(self, *, commas: bool) -> int:
        """Step past an opening bracket; its offset."""
        token = self.token
        closing = "]" if token.text == "[" else ")"
        self._open.append(_Bracket(token.text, token.start, closing, commas))
        self.advance()
        return token.start

    def close(self) -> int:
        """Step past the bracket that closes the innermost open one; the offset after it.

        What follows the last one is no token: it may be anything.
        """
        if not self.at_close():
            raise self.unexpected(self._open[-1].expected)
        end = self.token.end
        self._open.pop()
        if self._open:
            self.advance()
        return end

    def unexpected(self, expected: str) -> ExpressionFault:
        """The next token is not what it should be."""
        token = self.token
        if token.kind is TokenKind.END:
            return self._unclosed()
        if self.at_foreign():
            return self.foreign()
        return ExpressionFault(
            "unexpected-token",
            token.start,
            token.end,
            found=token.text,
            expected=expected,
            instead=_SLIPS.get(token.text),
        )

    def at_foreign(self) -> bool:
        """Whether the next token is a word that no name can be."""
        return self.token.kind is TokenKind.NAME and self.token.text in _FOREIGN

    def foreign(self) -> ExpressionFault:
        """The next token is a word of Python's or YAML's that expressions lack."""
        word = self.token.text
        return not_allowed(self.token.start, self.token.end, f"`{word}`", _FOREIGN[word])

    def _unclosed(self) -> ExpressionFault:
        bracket = self._open[-1]
        missing = "".join(open_.closing for open_ in reversed(self._open))
        return ExpressionFault(
            "unclosed-expression",
            bracket.start,
            bracket.start + len(bracket.text),
            bracket=bracket.text,
            missing=missing,
        )


def not_allowed(start: int, end: int, what: str, instead: str | None = None) -> ExpressionFault:
    """A construct that expressions do not have."""
    return ExpressionFault("not-allowed", start, end, what=what, instead=instead)
