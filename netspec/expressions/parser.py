"""Tokens → tree: a Pratt parser with Python's precedence.

Nesting is counted where the parser calls itself, so that deep text is refused and never meets
Python's own recursion limit. Only the first fault of a text is reported: a parser that goes on
guesses, and an expression is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netspec.errors import ExpressionFault
from netspec.expressions import tree
from netspec.expressions.functions import FUNCTIONS
from netspec.expressions.lexer import NUMBER, Token, TokenKind, bad_number
from netspec.expressions.reader import Reader, not_allowed
from netspec.expressions.values import bounded, too_large
from netspec.limits import Limits

MAX_DEPTH = 64
"""However high `Limits.expression_depth` is set: one level takes up to nine of Python's frames."""

_CONDITIONAL, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER = range(1, 10)

_LEVELS: Mapping[str, int] = {
    "if": _CONDITIONAL,
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not"), _COMPARISON),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "//", "%"), _PRODUCT),
    "**": _POWER,
}


class Parser:
    """Reads one expression at the start of a text, from `position` on.

    Afterwards `names` are the names it has met, and `end` is where the expression ends.
    """

    def __init__(self, text: str, position: int, limits: Limits) -> None:
        self.names: set[str] = set()
        self.end = 0
        self._reader = Reader(text, position)
        self._limits = limits
        self._deepest = min(limits.expression_depth, MAX_DEPTH)
        self._depth = 0
        self._infix: Mapping[int, Callable[[tree.Node], tree.Node]] = {
            _CONDITIONAL: self._conditional,
            _OR: self._logical,
            _AND: self._logical,
            _COMPARISON: self._comparison,
            _SUM: self._arithmetic,
            _PRODUCT: self._arithmetic,
            _POWER: self._power,
        }

    def expression(self) -> tree.Node:
        """The rest of a `$(...)`, from behind its `(`. Raises ExpressionFault."""
        if self._reader.at(")"):
            raise ExpressionFault("empty-expression", 0, self._reader.token.end)
        node = self._inside(0)
        self.end = self._reader.close()
        return node

    def reference(self) -> tree.Node:
        """The rest of `$name.0`, which is all of the text. Raises ExpressionFault."""
        if self._reader.token.kind is not TokenKind.NAME:
            raise self._reader.unexpected("a name")
        node = self._subscripts(self._name())
        self.end = node.end
        return node

    # Operators

    def _expression(self, level: int) -> tree.Node:
        """An expression whose operators bind at least as tightly as `level`."""
        self._depth += 1
        if self._depth > self._deepest:
            raise self._too_deep()
        node = self._operand(level)
        while (found := self._level()) >= level:
            node = self._infix[found](node)
        self._depth -= 1
        return node

    def _too_deep(self) -> ExpressionFault:
        start = min(self._reader.token.start, len(self._reader.text) - 1)  # the end is no character
        end = max(self._reader.token.end, start + 1)
        return ExpressionFault("too-deep", start, end, maximum=self._deepest)

    def _level(self) -> int:
        """How tightly the next token binds as an operator between two values; 0 if it is none."""
        token = self._reader.token
        return _LEVELS.get(token.text, 0) if self._reader.at(token.text) else 0

    def _arithmetic(self, first: tree.Node) -> tree.Node:
        level = self._level()
        rest: list[tuple[str, tree.Node]] = []
        while self._level() == level:
            operator = self._reader.advance().text
            rest.append((operator, self._expression(level + 1)))
        return tree.Arithmetic(first.start, rest[-1][1].end, first, tuple(rest))

    def _power(self, base: tree.Node) -> tree.Node:
        self._reader.advance()
        exponent = self._expression(_SIGN)  # binds to the right, and takes a sign: 2 ** -1 ** 2
        return tree.Arithmetic(base.start, exponent.end, base, (("**", exponent),))

    def _comparison(self, first: tree.Node) -> tree.Node:
        rest: list[tuple[str, tree.Node]] = []
        while self._level() == _COMPARISON:
            operator = self._reader.advance().text
            if operator == "not":
                if not self._reader.at("in"):
                    raise self._reader.unexpected("`in` after `not`")
                operator = f"not {self._reader.advance().text}"
            rest.append((operator, self._expression(_COMPARISON + 1)))
        return tree.Comparison(first.start, rest[-1][1].end, first, tuple(rest))

    def _logical(self, first: tree.Node) -> tree.Node:
        level, operator = self._level(), self._reader.token.text
        operands = [first]
        while self._level() == level:
            self._reader.advance()
            operands.append(self._expression(level + 1))
        return tree.Logical(first.start, operands[-1].end, operator, tuple(operands))

    def _conditional(self, value: tree.Node) -> tree.Node:
        self._reader.advance()
        condition = self._expression(_OR)
        if not self._reader.at("else"):
            raise self._reader.unexpected("`else`")
        self._reader.advance()
        otherwise = self._expression(_CONDITIONAL)
        return tree.Conditional(value.start, otherwise.end, value, condition, otherwise)

    # Operands

    def _operand(self, level: int) -> tree.Node:
        token = self._reader.token
        if self._reader.at("-", "+"):
            self._reader.advance()
            operand = self._expression(_SIGN)
            return tree.Signed(token.start, operand.end, token.text, operand)
        if self._reader.at("not") and level <= _NOT:
            self._reader.advance()
            operand = self._expression(_NOT)
            return tree.Not(token.start, operand.end, operand)
        return self._subscripts(self._primary())

    def _primary(self) -> tree.Node:
        token = self._reader.token
        if token.kind is TokenKind.NUMBER:
            return self._number(self._reader.advance())
        if token.kind is TokenKind.TEXT:
            self._reader.advance()
            return tree.Literal(token.start, token.end, token.text[1:-1])
        if token.kind is TokenKind.NAME:
            return self._name()
        if self._reader.at("true", "false"):
            self._reader.advance()
            return tree.Literal(token.start, token.end, token.text == "true")
        if self._reader.at("("):
            start = self._reader.enter(commas=False)
            inner = self._inside(start)
            return tree.Group(start, self._reader.close(), inner)
        if self._reader.at("["):
            start = self._reader.enter(commas=True)
            items = self._several()
            return tree.ListDisplay(start, self._reader.close(), items)
        if token.kind is TokenKind.ELEMENT:
            raise bad_number(token)
        raise self._reader.unexpected("a value")

    def _inside(self, start: int) -> tree.Node:
        """The one value inside parentheses that open at `start`."""
        if self._reader.at(")"):
            raise not_allowed(start, self._reader.token.end, "an empty pair of parentheses")
        inner = self._expression(_CONDITIONAL)
        if self._reader.at(","):
            comma, what = self._reader.token, "several values in parentheses"
            raise not_allowed(comma.start, comma.end, what, "a list, like `[a, b]`")
        return inner

    def _number(self, token: Token) -> tree.Node:
        match = NUMBER.fullmatch(token.text)
        if match is None:
            raise bad_number(token)
        # As a float first: Python refuses to read an int of very many digits.
        if abs(float(token.text)) > self._limits.expression_value:
            raise too_large(token.text, token.start, token.end, self._limits)
        whole = not match["fraction"] and not match["exponent"]
        value = int(token.text) if whole else float(token.text)
        value = bounded(value, token.start, token.end, self._limits)
        return tree.Literal(token.start, token.end, value)

    def _name(self) -> tree.Node:
        if self._reader.at_foreign():
            raise self._reader.foreign()
        token = self._reader.advance()
        if self._reader.at("("):
            return self._call(token)
        self.names.add(token.text)
        return tree.Name(token.start, token.end, token.text)

    def _call(self, name: Token) -> tree.Node:
        function = FUNCTIONS.get(name.text)
        if function is None:
            functions = tuple(FUNCTIONS)
            raise ExpressionFault(
                "unknown-function", name.start, name.end, name=name.text, functions=functions
            )
        self._reader.enter(commas=True)
        arguments = self._several()
        if arguments and self._reader.at("="):
            start, end = arguments[-1].start, self._reader.token.end
            raise not_allowed(start, end, "naming an argument", f"`{function.signature}`")
        end = self._reader.close()
        function.check_count(len(arguments), name.start, end)
        return tree.Call(name.start, end, function, arguments)

    def _several(self) -> tuple[tree.Node, ...]:
        """Values with commas between them, up to what closes the bracket."""
        nodes: list[tree.Node] = []
        while not self._reader.at_close():
            nodes.append(self._expression(_CONDITIONAL))
            if not self._reader.at(","):
                break
            self._reader.advance()
        return tuple(nodes)

    def _subscripts(self, base: tree.Node) -> tree.Node:
        steps: list[tree.Index | tree.Slice] = []
        while True:
            if self._reader.token.kind is TokenKind.ELEMENT:
                steps.append(self._element())
            elif self._reader.at("["):
                steps.append(self._bracketed())
            elif self._reader.at("("):
                end = self._reader.token.end
                raise not_allowed(base.start, end, "calling anything but a function")
            else:
                break
        return tree.Subscript(base.start, steps[-1].end, base, tuple(steps)) if steps else base

    def _element(self) -> tree.Index:
        token = self._reader.advance()
        digits = Token(TokenKind.NUMBER, token.text[1:], token.start + 1, token.end)
        return tree.Index(self._number(digits), token.end)

    def _bracketed(self) -> tree.Index | tree.Slice:
        self._reader.enter(commas=False)
        first = None if self._reader.at(":") else self._expression(_CONDITIONAL)
        if first is not None and not self._reader.at(":"):
            return tree.Index(first, self._reader.close())
        self._reader.advance()
        last = None if self._reader.at("]", ":") else self._expression(_CONDITIONAL)
        if self._reader.at(":"):
            place = self._reader.token
            raise not_allowed(place.start, place.end, "a step in a slice")
        return tree.Slice(first, last, self._reader.close())
