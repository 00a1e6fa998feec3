"""What the parser cannot read is told in terms of what was written, never in the parser's words."""

import pytest

from netspec.source import read_text
from tests.source.reading import marked, only, rules


@pytest.mark.parametrize(
    ("text", "opened", "line", "closing"),
    [
        ("input: [3, 224, 224\nlayers:\n  - gap\n", "[", 1, "]"),
        ("a: {b: 1\nc: d\n", "{", 1, "}"),
        ("layers:\n  - conv: {a: 1, b: [2, 3}\n  - gap\n", "[", 2, "]"),
        ("layers:\n  - conv: {a: 1\n  - gap\n  - x: 1\n", "{", 2, "}"),
        ("a: [1,\n  2,\n\nb: 3\nc: 4\n", "[", 1, "]"),
        ("a: [", "[", 1, "]"),
        ("a: [1, {b: 2]", "{", 1, "}"),
        ("a: 'b\nc: d\n", "'", 1, "'"),
        ('a: 1\nb: "c\nd: e\n', '"', 2, '"'),
        ("a: 'x\nlayers:\n  - b: 'c'\n", "'", 1, "'"),
        ('a: {b: "x}\nc: "d"\n', '"', 1, '"'),
        ('a: "b\n---\nc"\n', '"', 1, '"'),
    ],
)
def test_unclosed(text: str, opened: str, line: int, closing: str) -> None:
    finding = only(text)
    assert (finding.rule, finding.values["closing"]) == ("unclosed", closing)
    assert (marked(finding.span), finding.span.line) == (opened, line)


def test_an_unclosed_bracket_says_where_its_closer_is_missing() -> None:
    finding = only("input: [3, 224\nlayers:\n  - gap\n")
    assert marked(finding.secondary[0]) == "layers:"
    finding = only("a: [b, c}\n")
    assert finding.values["found"] == "}"
    assert marked(finding.secondary[0]) == "}"


def test_what_an_unclosed_bracket_swallows_is_no_finding() -> None:
    text = "a: 010\ninput: [3,\nb: 0x1\nb: 1_0\nc: 3\n"
    assert rules(text) == ["octal-integer", "unclosed"]


@pytest.mark.parametrize(
    ("text", "received"), [("a: b]\n", None), ("- conv: {a: 1}}\n", "}"), ("a: [1]]\n", "]")]
)
def test_unopened(text: str, received: str | None) -> None:
    if received is None:
        assert read_text(text, "x").data == {"a": "b]"}
        return
    finding = only(text)
    assert finding.rule == "unopened"
    assert marked(finding.span) == finding.values["received"] == received


@pytest.mark.parametrize(
    ("text", "received", "suggestion"),
    [
        ("a: b: c\n", "b: c", "'b: c'"),
        ("doc: it's: x # c\n", "it's: x", '"it\'s: x"'),
        ("a: {b: c: d, e: 1}\n", "c: d", "'c: d'"),
        ("[b: c: d]", "c: d", "'c: d'"),
    ],
)
def test_nested_colon(text: str, received: str, suggestion: str) -> None:
    finding = only(text)
    assert finding.rule == "nested-colon"
    assert marked(finding.span) == received
    assert finding.values["suggestion"] == suggestion


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("a: @x\n", "@x"),
        ("a: `x` # c\n", "`x`"),
        ("a: %x\n", "%x"),
        ("[@x, 1]", "@x"),
        ("{% if x %}: 1", "% if x %"),
        ("a: ? b\n", "? b"),
        ("a: 1\n%b: 2\n", "%b: 2"),
    ],
)
def test_reserved_characters_need_quotes(text: str, received: str) -> None:
    finding = only(text)
    assert (finding.rule, marked(finding.span)) == ("reserved-character", received)
    assert finding.values["character"] == received[0]
    assert finding.values["suggestion"] == f"'{received}'"


@pytest.mark.parametrize(
    "text", ["\ta: b\n", "a:\n\t- b\n", "a:\n  - b\n\t- c\n", "a: {b:\n \t1}\n", "a: [1\n\t]\n"]
)
def test_tabs_do_not_indent(text: str) -> None:
    finding = only(text)
    assert finding.rule == "tab-indentation"
    assert marked(finding.span) == "\t"
    assert finding.values == {"lines": 1, "leading": True}


def test_a_tab_behind_a_dash_is_not_leading() -> None:
    assert only("-\ta: b\n").values["leading"] is False


def test_tabs_elsewhere_are_fine() -> None:
    assert read_text("a:\tb\nc: 'd\te' \t# f\n", "x").data == {"a": "b", "c": "d\te"}


def test_one_finding_for_all_lines_with_tabs() -> None:
    assert only("a:\n\tb: 1\n\tc: 2\n").values["lines"] == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("a: 1\n  b: 2\n", 2, 3, (1,)),
        ("a:\n    b: 1\n  c: 2\n", 3, 3, (1, 5)),
        ("  a: 1\nb: 2\n", 2, 1, (3,)),
        ("- a\n b: 2\n", 2, 2, (1, 3)),
        ("a: 'x'\n  b: 1\n", 2, 3, (1,)),
        ("a: |\n  foo\n bar\n", 3, 2, (1, 3)),
        ("layers:\n  - conv: 1\n   gap: 2\n", 3, 4, (1, 3, 5)),
    ],
)
def test_indentation(text: str, line: int, column: int, expected: tuple[int, ...]) -> None:
    finding = only(text)
    assert finding.rule == "indentation"
    assert finding.span.start == (line, column)
    assert finding.values["column"] == column
    assert finding.values["expected"] == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a: 1\n- b\n", "list item"), ("- a\nb: 1\n", "key"), ("a:\n  - b\n  c: d\n", "key")],
)
def test_keys_and_list_items_do_not_mix(text: str, kind: str) -> None:
    finding = only(text)
    assert (finding.rule, finding.values["kind"]) == ("mixed-collection", kind)


@pytest.mark.parametrize(
    ("text", "received"), [("b: 2\na\n", "a"), ("a\nb: 2\n", "a"), ("a: 1\ngap # x\nb: 2\n", "gap")]
)
def test_missing_colon(text: str, received: str) -> None:
    finding = only(text)
    assert (finding.rule, marked(finding.span)) == ("missing-colon", received)
    assert finding.values["suggestion"] == f"{received}:"


@pytest.mark.parametrize(
    ("text", "column"),
    [("{a: 1 b: 2}", 6), ("[[1] [2]]", 5), ("{a: 'x' b: 2}", 8), ("[{a: 1} {b: 2}]", 8)],
)
def test_missing_comma(text: str, column: int) -> None:
    finding = only(text)
    assert finding.rule == "missing-comma"
    assert finding.span.start == finding.span.end == (1, column)


@pytest.mark.parametrize("text", ["[1,,2]", "{a: 1,, b: 2}", "[, 1]", "a: ,b\n"])
def test_stray_comma(text: str) -> None:
    finding = only(text)
    assert (finding.rule, marked(finding.span)) == ("stray-comma", ",")


@pytest.mark.parametrize(
    ("text", "received", "after"),
    [('a: "x" y\n', "y", '"'), ("a: 'it's'\n", "s'", "'"), ("a: [1] b # c\n", "b", "]")],
)
def test_text_behind_a_finished_value(text: str, received: str, after: str) -> None:
    finding = only(text)
    assert (finding.rule, marked(finding.span)) == ("trailing-text", received)
    assert finding.values["after"] == after


def test_a_list_does_not_begin_behind_its_key() -> None:
    finding = only("a: - b\n")
    assert (finding.rule, marked(finding.span)) == ("dash-after-key", "- b")
    assert finding.values["suggestion"] == "[b]"


@pytest.mark.parametrize("escape", ["\\d", "\\ud800", "\\U00110000", "\\xg1"])
def test_escapes(escape: str) -> None:
    finding = only(f'a: "x{escape}"\n')
    assert finding.rule == "escape"
    assert marked(finding.span).startswith(escape[:2])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: & b\n", "anchor-name"),
        ("a: *\n", "anchor-name"),
        ("a: |x\n  b\n", "block-scalar-header"),
    ],
)
def test_the_rest_is_called_syntax(text: str, problem: str) -> None:
    finding = only(text)
    assert (finding.rule, finding.values["problem"]) == ("syntax", problem)


def test_a_key_longer_than_yaml_allows() -> None:
    finding = only("k" * 1030 + ": 1\n")
    assert (finding.rule, finding.values["what"]) == ("limit", "key")
    assert (finding.values["value"], finding.values["maximum"]) == (1030, 1024)
