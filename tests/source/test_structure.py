"""Keys, tags, aliases, documents: what YAML allows and a spec does not, all of it in one run."""

import pytest

from netspec.source import read_text
from tests.source.reading import findings, marked, only, rules


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n# comments\n", "---\n", "\ufeff", "...\n"])
def test_empty(text: str) -> None:
    assert only(text).rule == "empty"
    assert only(text.encode()).rule == "empty"


@pytest.mark.parametrize(
    "text", ["a: 1\n---\nb: 2\n", "a: 1\n...\nb: 2\n", "a: 1\n...\n---\nb: 2\n"]
)
def test_several_documents(text: str) -> None:
    finding = only(text)
    assert finding.rule == "several-documents"
    assert marked(finding.span) == finding.values["received"]


@pytest.mark.parametrize("text", ["%YAML 1.1\n---\na: 1\n", "# c\n%TAG ! x\n---\na: 1\n", "%x\n"])
def test_directives(text: str) -> None:
    finding = only(text)
    assert finding.rule == "directive"
    assert marked(finding.span) == finding.values["received"]


@pytest.mark.parametrize(
    ("text", "key", "first", "second"),
    [
        ("name: a\ninput: 1\nname: b\n", "name", (1, 1), (3, 1)),
        ("layers:\n  - conv:\n      k: 1\n      k: 2\n", "k", (3, 7), (4, 7)),
        ("- conv: {k: 1, 'k': 2}\n", "k", (1, 10), (1, 16)),
    ],
)
def test_duplicate_keys_point_at_both(
    text: str, key: str, first: tuple[int, int], second: tuple[int, int]
) -> None:
    finding = only(text)
    assert (finding.rule, finding.values["received"]) == ("duplicate-key", key)
    assert finding.span.start == second
    assert [span.start for span in finding.secondary] == [first]


def test_reading_goes_on_after_a_finding() -> None:
    text = "a: 010\na: !x 1\nb: {<<: {c: 1}, 1: 2, d: 0x1, d: .nan}\nc: *z\ne: 1_0\n"
    assert rules(text) == [
        "octal-integer",
        "duplicate-key",
        "tag",
        "merge-key",
        "key-not-text",
        "hex-integer",
        "duplicate-key",
        "not-finite",
        "undefined-alias",
        "underscore-integer",
    ]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("a: !!python/object/apply:os.system [ls]\n", "!!python/object/apply:os.system"),
        ("a: !x 1\n", "!x"),
        ("a: &b !x {c: 1}\n", "!x"),
        ("a: !!binary aGk=\n", "!!binary"),
        ("!!map {a: 1}\n", "!!map"),
        ("a: !foo!bar 1\n", "!foo!bar"),
        ("a: ! 1\n", "!"),
        ("!k a: 1\n", "!k"),
    ],
)
def test_tags(text: str, tag: str) -> None:
    finding = only(text)
    assert (finding.rule, finding.values["received"]) == ("tag", tag)
    assert marked(finding.span) == tag


@pytest.mark.parametrize(
    ("text", "received", "kind"),
    [
        ("1: a\n", "1", "integer"),
        ("1.5: a\n", "1.5", "float"),
        ("010: a\n", "010", "number"),
        ("true: a\n", "true", "boolean"),
        ("null: a\n", "null", "null"),
        ("? [a]\n: b\n", "[a]", "list"),
        ("{a: 1}: b\n", "{a: 1}", "mapping"),
        ("[{: a}]\n", "", "null"),
        ("a: 1\n: c\n", "", "null"),
        ("a: &x 1\n*x : 2\n", "*x", "integer"),
    ],
)
def test_keys_are_text(text: str, received: str, kind: str) -> None:
    finding = only(text)
    assert finding.rule == "key-not-text"
    assert (finding.values["received"], finding.values["kind"]) == (received, kind)


def test_quoted_and_odd_keys_are_text() -> None:
    assert read_text("{'1': a, \"true\": b, no: c, '<<': d, '': e}", "x").data == {
        "1": "a",
        "true": "b",
        "no": "c",
        "<<": "d",
        "": "e",
    }
    assert read_text("a: &x k\n*x : 2\n", "x").data == {"a": "k", "k": 2}
    assert read_text("? a\n: 1\n? b\n", "x").data == {"a": 1, "b": None}


@pytest.mark.parametrize(
    "text", ["<<: {a: 1}\n", "- conv: {<<: {a: 1}}\n", "a: &x {b: 1}\n<<: *x\n"]
)
def test_merge_keys(text: str) -> None:
    finding = only(text)
    assert finding.rule == "merge-key"
    assert marked(finding.span) == "<<"


def test_merge_as_a_value_is_text() -> None:
    assert read_text("a: <<", "x").data == {"a": "<<"}


def test_undefined_alias_says_which_there_are() -> None:
    finding = only("a: &base 1\nb: *bse\n")
    assert finding.rule == "undefined-alias"
    assert finding.values == {"received": "bse", "known": ("base",)}
    assert marked(finding.span) == "*bse"


@pytest.mark.parametrize("text", ["a: &x [*x]\n", "&x {a: *x}\n", "a: &x\n  b: {c: [*x]}\n"])
def test_a_node_cannot_hold_itself(text: str) -> None:
    finding = only(text)
    assert finding.rule == "alias-cycle"
    assert marked(finding.span) == "*x"


def test_findings_stand_in_the_order_of_the_text() -> None:
    found = findings("b: 1\nc: 0x1\nb: 010\na: .inf\n")
    starts = [finding.span.start for finding in found]
    assert starts == sorted(starts)
