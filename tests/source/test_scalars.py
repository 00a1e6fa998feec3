"""Plain scalars follow YAML 1.2; what other readers read differently is refused with what to write."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.source import read_text
from netspec.source.scalars import ScalarFault, resolve
from tests.source.reading import marked, only


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64),
        ("-1", -1),
        ("+5", 5),
        ("0", 0),
        ("999999999999999999", 10**18 - 1),
        ("3.0", 3.0),
        ("1e3", 1000.0),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("1.", 1.0),
        ("-2.5E+2", -250.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Null", "Null"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("2020-01-01", "2020-01-01"),
        ("3x3", "3x3"),
        ("1.2.3", "1.2.3"),
        ("0xg", "0xg"),
        ("1_a", "1_a"),
        ("-", "-"),
        (".", "."),
        ("$(a * 2)", "$(a * 2)"),
    ],
)
def test_core_schema(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "rule", "suggestion"),
    [
        ("010", "octal-integer", "10"),
        ("-007", "octal-integer", "-7"),
        ("08", "octal-integer", "8"),
        ("00", "octal-integer", "0"),
        ("0o17", "octal-integer", "15"),
        ("0x10", "hex-integer", "16"),
        ("0XfF", "hex-integer", "255"),
        ("0b11", "binary-integer", "3"),
        ("3:30", "sexagesimal", '"3:30"'),
        ("1:02:03", "sexagesimal", '"1:02:03"'),
        ("1_000", "underscore-integer", "1000"),
        ("1_000.5", "underscore-integer", "1000.5"),
        ("１", "number-not-ascii", "1"),
        ("１２８", "number-not-ascii", "128"),
        ("٣", "number-not-ascii", "3"),
        ("−1", "number-not-ascii", "-1"),
        ("1．5", "number-not-ascii", "1.5"),
    ],
)
def test_refused_with_what_to_write(text: str, rule: str, suggestion: str) -> None:
    finding = only(f"kernel_size: {text}\n")
    assert (finding.rule, finding.values["received"]) == (rule, text)
    assert finding.values["suggestion"] == suggestion
    assert marked(finding.span) == text


def test_a_refusal_says_what_other_readers_would_take_it_for() -> None:
    assert only("a: 010").values["octal"] == 8
    assert "octal" not in only("a: 08").values
    assert only("a: 3:30").values["sexagesimal"] == 210


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf", "+.INF", "1e999", "-1e400"])
def test_numbers_are_finite(text: str) -> None:
    assert only(f"a: {text}").rule == "not-finite"


@pytest.mark.parametrize("digits", [19, 31, 5000])
def test_integers_have_at_most_18_digits(digits: int) -> None:
    finding = only("a: " + "9" * digits)
    assert finding.rule == "integer-too-long"
    assert finding.values["digits"] == digits
    assert finding.values["maximum"] == 18
    assert len(str(finding.values["received"])) <= 60


@pytest.mark.parametrize("text", ["010", "3", "true", "null", "~", ".nan", "１", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_scalars_are_text(text: str, quote: str) -> None:
    document = read_text(f"a: {quote}{text}{quote}", "x")
    assert document.data == {"a": text}
    assert (document.at() / "a").quoted


def test_block_scalars_are_text() -> None:
    document = read_text("a: |\n  010\nb: >-\n  3\n", "x")
    assert document.data == {"a": "010\n", "b": "3"}
    assert (document.at() / "b").quoted
    assert not document.at().quoted


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_short_integer_reads_as_itself(number: int) -> None:
    assert resolve(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_reads_as_itself(number: float) -> None:
    found = resolve(repr(number))
    assert found == number
    assert isinstance(found, float)
    assert math.copysign(1, found) == math.copysign(1, number)


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_a_scalar_or_a_named_refusal(text: str) -> None:
    try:
        found = resolve(text)
    except ScalarFault as fault:
        found = fault.values["received"]
    assert found is None or isinstance(found, str | int | float)
