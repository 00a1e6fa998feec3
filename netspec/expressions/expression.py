"""A scalar that starts with `$`, as a value: its text, the names it reads, and how to evaluate it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from netspec.errors import ExpressionFault
from netspec.expressions import tree
from netspec.expressions.lexer import NAME
from netspec.expressions.parser import Parser
from netspec.expressions.values import Context, is_int
from netspec.limits import Limits

DEFAULT_LIMITS = Limits()

_PLAIN = re.compile(rf"\$(?:{NAME})(?:\.(?:[0-9]+|{NAME}))*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name and the indices into its value: `$depths.0` is `Reference("depths", (0,))`."""

    name: str
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression.

    `text` is the whole scalar. `names` are all names in it, whether a branch with them is taken or
    not. `reference` is set when the expression only names a value or an element by indices that are
    written out and not negative (`$a`, `$a.0`, `$(a)`, `$(a[0])`): the value is then the literal that
    stands at that place.

    Example:
        >>> parse("$(width * 4)").evaluate({"width": 16})
        64
        >>> parse("$depths.1").reference
        Reference(name='depths', path=(1,))
    """

    text: str
    names: frozenset[str]
    reference: Reference | None
    _root: tree.Node = field(repr=False)
    _limits: Limits = field(repr=False)

    def evaluate(self, values: Mapping[str, object]) -> object:
        """The value, with names looked up in `values` as they are needed (see the package for laziness).

        A number that is only passed on (`$name`) is not held to the limit of computed ones.

        Raises:
            ExpressionFault: an unknown name, operands that do not go together, a bound exceeded.
                What `values` raises, other than KeyError, passes through.
        """
        return self._root.evaluate(Context(values, self._limits))


def is_expression(text: str) -> bool:
    """Whether a scalar with this text is an expression: it starts with `$`."""
    return text.startswith("$")


def parse(text: str, limits: Limits = DEFAULT_LIMITS) -> Expression:
    """Read a scalar that starts with `$`.

    Raises:
        ExpressionFault: the text is no expression; see the package for the rules.
        ValueError: the text does not start with `$`.
    """
    if not is_expression(text):
        raise ValueError("an expression starts with `$`")
    length, maximum = len(text), limits.expression_length
    if length > maximum:
        raise ExpressionFault("too-long", maximum, length, length=length, maximum=maximum)
    if text.startswith("${"):
        inside = re.match(r"\$\{([^}]*)\}?", text)
        name, end = (inside[1], inside.end()) if inside else ("", length)
        raise ExpressionFault("shell-style", 0, end, name=name)
    if text == "$":
        raise ExpressionFault("empty-expression", 0, 1)
    parser, root = _enclosed(text, limits) if text.startswith("$(") else _plain(text, limits)
    if parser.end < length:
        rest, instead = text[parser.end :], _enclose(text, limits)
        raise ExpressionFault("trailing-text", parser.end, length, text=rest, instead=instead)
    return Expression(text, frozenset(parser.names), _reference(root), root, limits)


def _enclosed(text: str, limits: Limits) -> tuple[Parser, tree.Node]:
    parser = Parser(text, 2, limits)
    return parser, parser.expression()


def _plain(text: str, limits: Limits) -> tuple[Parser, tree.Node]:
    match = _PLAIN.match(text)
    if match is None:
        expected = "a name or `(`"
        raise ExpressionFault(
            "unexpected-token", 1, 2, found=text[1], expected=expected, instead=None
        )
    parser = Parser(match[0], 1, limits)
    return parser, parser.reference()


def _enclose(text: str, limits: Limits) -> str | None:
    """All of the text inside one `$(...)`, if that is an expression."""
    whole = f"$({text[1:]})"
    try:
        parser, _ = _enclosed(whole, limits)
    except ExpressionFault:
        return None
    return whole if parser.end == len(whole) <= limits.expression_length else None


def _reference(node: tree.Node) -> Reference | None:
    match node:
        case tree.Group(inner=inner):
            return _reference(inner)
        case tree.Name(name=name):
            return Reference(name)
        case tree.Subscript(base=base, steps=steps):
            return _element(_reference(base), steps)
        case _:
            return None


def _element(
    base: Reference | None, steps: tuple[tree.Index | tree.Slice, ...]
) -> Reference | None:
    path: list[int] = []
    for step in steps:
        match step:
            case tree.Index(index=tree.Literal(value=value)) if is_int(value):
                path.append(value)
            case _:
                return None
    return base and Reference(base.name, (*base.path, *path))
