"""Names, blocks as values, functions, laziness and bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.errors import ExpressionFault
from netspec.expressions import FUNCTIONS, Opaque, is_expression, parse
from netspec.expressions.values import MAX_LIST
from netspec.limits import CEILINGS, Limits


@dataclass(frozen=True, slots=True)
class BlockValue(Opaque):
    name: str
    fields: tuple[str, ...] = ()


def value(text, **values):
    return parse(text).evaluate(values)


def rule(text, **values):
    with pytest.raises(ExpressionFault) as caught:
        value(text, **values)
    return caught.value.rule


@pytest.mark.parametrize("text", ["$", "$a", "$(a)", "${A}", "$ 5"])
def test_what_starts_with_a_dollar_is_an_expression(text):
    assert is_expression(text)


@pytest.mark.parametrize("text", ["", "a", "a$b", " $a", "5$", "\\$a"])
def test_what_starts_otherwise_is_not(text):
    assert not is_expression(text)


def test_text_and_bools_are_written_as_in_yaml():
    assert value("""$('a "b"')""") == 'a "b"'
    assert value("""$("it's")""") == "it's"
    assert value("$([true, false])") == [True, False]
    assert value("$([1, 1.0, 1e-3, 'x',])") == [1, 1.0, 0.001, "x"]


def test_a_value_passes_through_as_the_same_object():
    block, rows = BlockValue("prelu"), [[1, 2], [3]]
    assert value("$act", act=block) is block
    assert value("$(act)", act=block) is block
    assert value("$rows.0", rows=rows) is rows[0]
    assert value("$(act if true else 1)", act=block) is block
    assert value("$([act][0])", act=block) is block


def test_a_number_that_is_passed_on_may_exceed_the_limit_of_computed_ones():
    assert value("$features", features=2**31) == 2**31
    assert rule("$(features + 0)", features=2**31) == "value-too-large"
    assert rule("$(0 * x)", x=float("inf")) == "value-too-large"
    assert rule("$(floor(x))", x=float("nan")) == "value-too-large"


def test_a_block_compares_with_text_by_its_name():
    block = BlockValue("squeeze_excite", ("reduction",))
    assert value("$(b == 'squeeze_excite')", b=block) is True
    assert value("$('none' != b)", b=block) is True
    assert value("$(b in ['none', 'squeeze_excite'])", b=block) is True
    assert value("$('none' not in [b])", b=block) is True


@pytest.mark.parametrize(
    "text",
    [
        "$(b == b)",
        "$(b == 1)",
        "$(b < 'a')",
        "$(b in 'ab')",
        "$(b + b)",
        "$(-b)",
        "$(b.0)",
        "$(not b)",
    ],
)
def test_a_block_does_nothing_else(text):
    assert rule(text, b=BlockValue("relu")) == "wrong-operand"


def test_a_tuple_counts_as_a_list_and_other_objects_only_pass_through():
    assert value("$(t[0] + len(t))", t=(4, 5)) == 6
    assert value("$(t == [4, 5])", t=(4, 5)) is True
    assert value("$x", x=None) is None
    with pytest.raises(ExpressionFault) as caught:
        value("$(x == 1)", x=None)
    assert caught.value.values["types"] == ("a value of another kind", "an int")


class Poisoned(Mapping[str, object]):
    """A mapping whose values fail in a way of their own."""

    def __getitem__(self, key: str) -> object:
        raise InterruptedError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


def test_what_the_mapping_raises_passes_through():
    with pytest.raises(InterruptedError, match="a"):
        parse("$(1 + a)").evaluate(Poisoned())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(1 if true else missing)", 1),
        ("$(missing if false else 2)", 2),
        ("$(false and missing)", False),
        ("$(true or 1 // 0 == 1)", True),
        ("$(2 < 1 < missing)", False),
    ],
)
def test_what_is_not_needed_is_not_evaluated(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(round(0.5))", 0),
        ("$(round(1.5))", 2),
        ("$(round(2.5))", 2),
        ("$(round(-2.5))", -2),
        ("$(round(2.6))", 3),
        ("$(round(2.345, 1))", 2.3),
        ("$(floor(-0.5))", -1),
        ("$(ceil(-0.5))", 0),
        ("$(sum([]))", 0),
        ("$(len([[1, 2], 3]))", 2),
        ("$(min(3, 1, 2))", 1),
        ("$(max([0.5, 2]))", 2),
    ],
)
def test_functions(text, expected):
    result = value(text)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("16", 16),
        ("12", 16),  # halves go up
        ("11.9", 16),  # 8 is less than 0.9 of it
        ("10, 9", 9),  # exactly 0.9 of it is enough
        ("83.7", 80),  # 87.7 is short of 88
        ("19", 24),
        ("67", 64),
        ("0", 8),
        ("1", 8),
        ("3, 4", 4),
        ("10, 4", 12),
        ("10, 8, 16", 16),
        ("11, 8, 8, 0.5", 8),
        ("11, 8, 8, 1.0", 16),
        ("37.5, 5", 40),
    ],
)
def test_make_divisible(arguments, expected):
    result = value(f"$(make_divisible({arguments}))")
    assert result == expected
    assert type(result) is int


@given(st.floats(1, 10**6), st.integers(1, 64))
def test_make_divisible_gives_a_near_multiple(v, q):
    result = value("$(make_divisible(v, q))", v=v, q=q)
    assert isinstance(result, int)
    assert result % q == 0
    assert result >= 0.9 * v
    assert result <= max(v + q, q)


def test_the_functions_are_sorted_and_show_their_own_name():
    assert list(FUNCTIONS) == sorted(FUNCTIONS)
    assert all(function.signature.startswith(f"{name}(") for name, function in FUNCTIONS.items())


def test_a_list_is_bounded_with_what_is_inside_it():
    half = list(range(MAX_LIST // 2))
    assert len(value("$(a + a)", a=half)) == MAX_LIST
    assert rule("$(a + a + [1])", a=half) == "list-too-long"
    assert rule("$([a, a])", a=half) == "list-too-long"
    assert value("$(a[1999])", a=[0] * 2000) == 0


def grown(text, start):
    """What 40 uses of one expression make, each from the value before."""
    result = start
    for _ in range(40):
        result = value(text, a=result)
    return result


@pytest.mark.parametrize(
    ("text", "reached"), [("$([a, a])", "list-too-long"), ("$([a])", "too-deep")]
)
def test_lists_of_lists_over_several_steps_stay_bounded(text, reached):
    with pytest.raises(ExpressionFault, match=reached):
        grown(text, [1])


def test_limits_are_those_given():
    wide = Limits(expression_length=1000, expression_value=10**12)
    assert parse("$(10 ** 12)", wide).evaluate({}) == 10**12
    assert parse("$(" + "1 + " * 200 + "1)", wide).evaluate({}) == 201
    with pytest.raises(ExpressionFault, match="too-deep"):
        parse("$(((1)))", Limits(expression_depth=2))
    assert parse("$(((1)))", Limits(expression_depth=3)).evaluate({}) == 1
    with pytest.raises(ExpressionFault, match="value-too-large"):
        parse(f"$({'9' * 5000})", Limits(expression_length=10**4))


BOUNDLESS = Limits(expression_length=10**6, expression_depth=CEILINGS["expression_depth"])
DENSE = "(" * 62 + "1" + ".0**1*1+1<1 and true or true if true else 1)" * 62


@pytest.mark.parametrize(
    "text",
    [
        "$(" + "(" * 10**5,
        "$(" + "-" * 10**5,
        "$(" + "2**" * 10**5 + "2)",
        "$(" + "1 if true else " * 10**5 + "1)",
        "$(a" + "[0]" * 10**4 + ")",
        "$a" + ".0" * 10**4,
        "$(" + "1 + " * 10**4 + "x)",
        "$(" + "true and " * 10**4 + "x)",
        "$(" + "1 < 2 > " * 10**4 + "x)",
        f"$({DENSE})",
        "$(" + "max([" * 10**4,
    ],
)
def test_no_text_however_long_meets_pythons_recursion_limit(text):
    with pytest.raises(ExpressionFault):
        parse(text, BOUNDLESS).evaluate({"a": [1]})
