"""NS221 to NS224: expressions, from their spelling to their values."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netspec.expressions import FUNCTIONS
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.unreadable import unknown_name
from netspec.messages.words import (
    choices,
    code,
    count,
    did_you_mean,
    join,
    only_guess,
    raised,
    written,
)

_FUNCTIONS = {"int": "floor", "trunc": "floor", "maximum": "max", "minimum": "min", "size": "len"}
"""A function of others -> ours, for numbers from 0 up."""


def bad_number(*, text: str, instead: str | None = None, **_: object) -> Said:
    """`4x`, `1_000`."""
    return Said(
        message=f"{code(text)} is no number",
        label="not a number",
        help=(f"write {written(instead)}",) if instead else (),
        fix=instead,
    )


def dollar_inside(*, name: str, **_: object) -> Said:
    """`$(4 * $width)`."""
    return Said(
        message="a second `$` inside an expression",
        label="`$` begins an expression, and this is one already",
        help=(f"write {written(name)} without `$`",) if name else ("delete it",),
        fix=name,
    )


def empty_expression(**_: object) -> Said:
    """`$` or `$()`."""
    return Said(
        message="an expression without content",
        label="nothing to evaluate",
        help=("write `$name` or `$(width * 2)`",),
    )


def trailing_text(*, text: str, instead: str | None = None, **_: object) -> Said:
    """`$width * 2`."""
    if not text.strip():
        return Said(message="a space after an expression", label="a space", help=("delete it",))
    return Said(
        message=f"{code(text.strip())} follows an expression that is over",
        label="not a part of the expression",
        notes=("an expression is a whole value: `$name` or `$(...)`",),
        help=(f"put all of it in parentheses: {written(instead)}",) if instead else (),
    )


def unclosed_expression(*, bracket: str, missing: str, **_: object) -> Said:
    """`$(a + b`."""
    return Said(
        message=f"{code(bracket)} is never closed",
        label="opened here",
        help=(f"add {code(missing)} at the end",),
    )


def unclosed_text(*, quote: str, **_: object) -> Said:
    """`$(mode == 'max)`."""
    return Said(
        message=f"the quote {code(quote)} is never closed",
        label="text begins here",
        help=(f"put {code(quote)} behind the text",),
    )


def unexpected_token(*, found: str, expected: str, instead: str | None = None, **_: object) -> Said:
    """Something where something else must stand."""
    return Said(
        message=f"expected {expected}, found {code(found)}",
        label=f"expected {expected}",
        help=(f"write {written(instead)}",) if instead else (),
        fix=instead if instead is not None and "x if c" not in instead else None,
    )


def not_allowed(*, what: str, instead: str | None = None, text: str = "", **_: object) -> Said:
    """A construct of Python that expressions do not have."""
    called = re.search(r"\b(?:np|numpy|math|torch)\.(\w+)", text)
    if called is not None and called[1] in FUNCTIONS:
        instead = f"{code(called[1])} alone: a function has no module here"
    section = re.search(r"\b(?:params|let)\.(\w+)", text)
    if section is not None:
        start = "$" if text.startswith("$" + section[0]) else ""
        instead = f"{code(start + section[1])}: parameters are read by their names"
    return Said(
        message=f"{what} is not a part of expressions",
        label="not here",
        notes=(
            "expressions have numbers, text, lists, arithmetic, comparisons and a few functions",
        ),
        help=(f"write {instead}",) if instead else (),
    )


def unknown_function(*, name: str, functions: Sequence[str], **_: object) -> Said:
    """`$(sqrt(2))`."""
    listed = f"functions are {choices(functions, 'and')}"
    own = _FUNCTIONS.get(name)
    return Said(
        message=f"there is no function {code(name)}",
        label="unknown function",
        help=(f"write {code(own)}",) if own else did_you_mean(name, functions) or (listed,),
        fix=own or only_guess(name, functions),
        sure=True,
    )


def division_by_zero(*, operator: str, **_: object) -> Said:
    """`$(1 // 0)`."""
    if operator == "**":
        return Said(message="a negative power of zero", label="divides by zero")
    return Said(message="a division by zero", label="this is zero")


def complex_result(*, base: object, exponent: object, **_: object) -> Said:
    """`$((-8) ** 0.5)`."""
    return Said(
        message=f"{code(f'({base}) ** {exponent}')} is not a real number",
        label="a root of a negative number",
    )


def index_out_of_range(*, index: int, length: int, **_: object) -> Said:
    """`$depths.9`."""
    if not length:
        return Said(message=f"there is no element {index}: the list is empty", label="no element")
    last = f"0 to {length - 1}" if length > 1 else "0 only"
    return Said(
        message=f"there is no element {index} in a list of {length}",
        label=f"elements are {last}",
        notes=("elements are counted from 0",),
    )


def wrong_operand(*, operator: str, types: Sequence[str], expected: str, **_: object) -> Said:
    """`$('a' + 1)`."""
    what = {"[]": "an index", "[:]": "a slice", "if": "a condition"}.get(operator, code(operator))
    return Said(
        message=f"{what} needs {expected}, got {join(list(types))}",
        label=f"needs {expected}",
        help=("compare it with something: `depth != 0`",)
        if expected == "a bool" and types and types[0] in ("an int", "a float")
        else (),
    )


def wrong_arguments(*, function: str, signature: str, expected: str, got: str, **_: object) -> Said:
    """`$(max())`."""
    return Said(
        message=f"{code(function)} needs {expected}, got {got}",
        label=f"needs {expected}",
        notes=(f"it is called as {choices(signature.split(' or '))}",),
    )


def too_long(*, length: int, maximum: int, **_: object) -> Said:
    """A text that is longer than an expression may be."""
    return Said(
        message=f"an expression of {length} characters",
        label=f"at most {maximum} characters",
        notes=raised("expression_length"),
        help=("name parts of it under `let:`",),
    )


def too_deep(*, maximum: int, **_: object) -> Said:
    """`((((...`."""
    return Said(
        message=f"an expression nested more than {maximum} levels deep",
        label="one level too deep",
        notes=raised("expression_depth"),
        help=("name parts of it under `let:`",),
    )


def value_too_large(*, value: str, maximum: int, **_: object) -> Said:
    """`$(9 ** 99)`."""
    return Said(
        message=f"the value {code(value)} is too large for an expression",
        label=f"at most {maximum}",
        notes=raised("expression_value"),
    )


def list_too_long(*, length: int, maximum: int, **_: object) -> Said:
    """A list that grows beyond its limit."""
    return Said(
        message=f"a list of {count(length, 'element')} or more",
        label=f"at most {maximum}",
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS221",
        "an expression that cannot be read",
        """
        `$name` reads a value, `$name.0` an element of it, `$(...)` computes. An expression is the whole
        value of a field. Inside stand numbers, text in quotes, lists, names without `$`, arithmetic,
        comparisons, `and`, `or`, `not`, `x if c else y` and a few functions; nothing else of Python.
        """,
        wrong=spec("- linear: $width * 2", input_="[8]", sections="params: {width: 4}"),
        right=spec("- linear: $(width * 2)", input_="[8]", sections="params: {width: 4}"),
        rules={
            "bad-number": bad_number,
            "dollar-inside": dollar_inside,
            "empty-expression": empty_expression,
            "trailing-text": trailing_text,
            "unclosed-expression": unclosed_expression,
            "unclosed-text": unclosed_text,
            "unexpected-token": unexpected_token,
            "not-allowed": not_allowed,
        },
    ),
    page(
        "NS222",
        "a name in an expression that does not exist",
        """
        An expression sees the parameters and `let` names around it, the index of a repeat, and the sizes
        of the block's own input (`in_channels`, `in_height`, `in_width`, `in_features`). A block under
        `blocks:` sees its own parameters, never those of the file.
        """,
        wrong=spec("- linear: $num_clases", input_="[8]", sections="params: {num_classes: 10}"),
        right=spec("- linear: $num_classes", input_="[8]", sections="params: {num_classes: 10}"),
        rules={"unknown-name": unknown_name, "unknown-function": unknown_function},
    ),
    page(
        "NS223",
        "an expression that has no value",
        """
        The expression reads well, but its operands do not go together: a division by zero, an element
        that is not there, text where a number is needed. Truth values are no numbers: write `x != 0`.
        """,
        wrong=spec("- linear: $(width // 0)", input_="[8]", sections="params: {width: 4}"),
        right=spec("- linear: $(width // 2)", input_="[8]", sections="params: {width: 4}"),
        rules={
            "division-by-zero": division_by_zero,
            "complex-result": complex_result,
            "index-out-of-range": index_out_of_range,
            "wrong-operand": wrong_operand,
            "wrong-arguments": wrong_arguments,
        },
    ),
    page(
        "NS224",
        "an expression that is too large",
        """
        Expressions have limits, so that a short spec cannot keep a reader busy: 256 characters, 32
        levels, values up to 1,000,000,000. A long expression is clearer in parts, named under `let:`.
        """,
        wrong=spec("- linear: $(9 ** 99)", input_="[8]"),
        right=spec("- linear: $(9 ** 3)", input_="[8]"),
        rules={
            "too-long": too_long,
            "too-deep": too_deep,
            "value-too-large": value_too_large,
            "list-too-long": list_too_long,
        },
    ),
)
