"""Where Python has the construct, precedence and values are Python's: `eval` is the oracle."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netspec.errors import ExpressionFault
from netspec.expressions import parse
from netspec.limits import Limits

WIDE = Limits(expression_value=10**300, expression_length=10**5, expression_depth=60)
NAMES = {"a": 3, "b": -2, "c": 0.75, "d": 0}
ROWS = {"rows": [[4, 8], [16, 32, 64], [5]]}


def python_value(text, values=NAMES):
    source = text.replace("true", "True").replace("false", "False")
    return eval(source, {"__builtins__": {}}, values)  # noqa: S307 - text made by this test


def agree(text, values=NAMES):
    """Ours and Python's value, and their types, are the same; or both divide by zero."""
    try:
        expected = python_value(text, values)
    except ZeroDivisionError:
        with pytest.raises(ExpressionFault, match="division-by-zero"):
            parse(f"$({text})", WIDE).evaluate(values)
        return
    result = parse(f"$({text})", WIDE).evaluate(values)
    assert result == expected
    assert type(result) is type(expected)


def flat(operands, operators):
    """Texts `x op y op z`, without parentheses: only precedence decides how they group."""
    rest = st.lists(st.tuples(operators, operands), max_size=4)
    return st.builds(
        lambda first, pairs: " ".join([first, *(word for pair in pairs for word in pair)]),
        operands,
        rest,
    )


atoms = st.one_of(
    st.integers(0, 9).map(str),
    st.sampled_from(["0.5", "2.25", "1e-3", "1e2", "7.0"]),
    st.sampled_from(sorted(NAMES)),
)
signs = st.sampled_from(["", "", "", "-", "+", "--", "- +"])
signed = st.builds(str.__add__, signs, atoms)
# An int as exponent keeps powers real; a sign before a power and in an exponent is the hard part.
powers = st.one_of(
    signed,
    st.builds("{}**{}{}".format, signed, st.sampled_from(["", "-"]), st.sampled_from("0123")),
)
numbers = st.recursive(
    flat(powers, st.sampled_from(["+", "-", "*", "/", "//", "%"])),
    lambda inner: flat(inner.map("({})".format), st.sampled_from(["+", "-", "*", "/", "//", "%"])),
    max_leaves=4,
)
comparisons = st.builds(
    " ".join,
    st.lists(numbers, min_size=2, max_size=3).flatmap(
        lambda terms: st.lists(
            st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
            min_size=len(terms) - 1,
            max_size=len(terms) - 1,
        ).map(
            lambda signs: [
                terms[0],
                *(w for pair in zip(signs, terms[1:], strict=True) for w in pair),
            ]
        )
    ),
)
bools = st.one_of(comparisons, st.sampled_from(["true", "false"]))
negated = st.builds(str.__add__, st.sampled_from(["", "", "not ", "not not "]), bools)
logic = flat(negated, st.sampled_from(["and", "or"]))
conditions = st.recursive(
    logic,
    lambda inner: flat(inner.map("({})".format), st.sampled_from(["and", "or"])),
    max_leaves=3,
)


@given(numbers)
def test_arithmetic_is_pythons(text):
    agree(text)


@given(comparisons)
def test_comparisons_chain_as_in_python(text):
    agree(text)


@settings(max_examples=60, deadline=None)  # large texts
@given(conditions)
def test_logic_binds_and_stops_as_in_python(text):
    agree(text)


@settings(max_examples=40, deadline=None)  # large texts
@given(numbers, conditions, numbers, conditions, numbers)
def test_conditionals_nest_as_in_python(first, test, second, other, third):
    agree(f"{first} if {test} else {second} if {other} else {third}")
    agree(f"({first} if {test} else {second}) + 1 if {other} else {third}")


@given(
    st.sampled_from(["rows", "rows[0]", "rows[1:]", "rows[-1] + rows[0]", "[rows[0], [a], []]"]),
    st.data(),
)
def test_indices_and_slices_are_pythons(base, data):
    bound = st.one_of(st.just(""), st.integers(-4, 4).map(str))
    step = st.one_of(st.integers(-4, 4).map(str), st.builds("{}:{}".format, bound, bound))
    text = f"({base})[{data.draw(step)}]"
    values = {**NAMES, **ROWS}
    try:
        expected = python_value(text, values)
    except IndexError:
        with pytest.raises(ExpressionFault, match="index-out-of-range"):
            parse(f"$({text})").evaluate(values)
        return
    assert parse(f"$({text})").evaluate(values) == expected


@given(st.integers(-12, 12), st.integers(-12, 12), st.lists(st.integers(-3, 3), max_size=5))
def test_membership_and_list_equality_are_pythons(a, b, items):
    values = {"a": a, "b": b, "items": items}
    agree("a in items or b not in items", values)
    agree("[a, b] == items[:2] or items != [a] + items[1:]", values)
    agree("[a] in [items[:1], [b]]", values)


@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="'\\"), max_size=3
    ),
    st.sampled_from(["", "a", "ab", "max"]),
)
def test_text_compares_as_in_python(one, other):
    values = {"one": one, "other": other}
    agree(f"one == other or '{one}' != other", values)
    agree("one in other", values)
    agree("other not in [one, 'b', \"max\"]", values)


@given(st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6))
def test_rounding_functions_are_pythons(value):
    assert parse("$(round(x))").evaluate({"x": value}) == round(value)
    assert parse("$(round(x, 2))").evaluate({"x": value}) == round(value, 2)
    assert parse("$(floor(x) <= x and x <= ceil(x))").evaluate({"x": value}) is True
    assert parse("$(ceil(x) - floor(x) < 2)").evaluate({"x": value}) is True
    assert type(parse("$(floor(x))").evaluate({"x": value})) is int


@given(st.lists(st.integers(-100, 100) | st.floats(-100, 100), min_size=1, max_size=6))
def test_list_functions_are_pythons(items):
    total = 0
    for item in items:
        total += item
    values = {"items": items}
    assert parse("$(len(items))").evaluate(values) == len(items)
    assert parse("$(sum(items))").evaluate(values) == total
    assert parse("$(min(items))").evaluate(values) == min(items)
    assert parse("$(max(items))").evaluate(values) == max(items)
    if len(items) > 1:
        assert parse("$(max(items[0], items[1]))").evaluate(values) == max(items[:2])


@given(st.integers(2, 40), st.integers(0, 12), st.integers(0, 12))
def test_a_value_is_computed_or_over_the_limit(base, exponent, factor):
    """No power within the limit is refused by the check that comes before it is computed."""
    text = f"$({base} ** {exponent} * {factor})"
    expected = base**exponent
    assume(factor)
    if max(expected, expected * factor) <= 10**9:
        assert parse(text).evaluate({}) == expected * factor
    else:
        with pytest.raises(ExpressionFault, match="value-too-large"):
            parse(text).evaluate({})
