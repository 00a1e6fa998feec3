"""Flow traps and look-alikes: one finding each with a fix that works, and no consequences."""

import pytest

from netspec.diagnostics import Finding
from netspec.source import read_text
from tests.source.reading import findings, marked, only, rules


def mended(text: str) -> str:
    """`text` with every sure fix that its findings propose applied, from the last to the first."""
    lines = text.split("\n")
    for finding in reversed(findings(text)):
        span, row = finding.span, finding.span.line - 1
        line = lines[row]
        fix = str(finding.values["replacement"])
        lines[row] = line[: span.column - 1] + fix + line[span.end_column - 1 :]
    return "\n".join(lines)


TRAPS = [
    (
        "{out_channels: $(max(a, 8))}",
        "comma-in-expression",
        "$(max(a, 8))",
        {"out_channels": "$(max(a, 8))"},
    ),
    ("[$(max(a, 8)), 2]", "comma-in-expression", "$(max(a, 8))", ["$(max(a, 8))", 2]),
    (
        "- conv: {a: $(x[0]), b: 2}",
        "comma-in-expression",
        "$(x[0])",
        [{"conv": {"a": "$(x[0])", "b": 2}}],
    ),
    ("[$(x[1:2])]", "comma-in-expression", "$(x[1:2])", ["$(x[1:2])"]),
    ("{a: $(x == 'b, c')}", "comma-in-expression", "$(x == 'b, c')", {"a": "$(x == 'b, c')"}),
    (
        "{a: $(f(b, (c, d)) + 1), e: 2}",
        "comma-in-expression",
        None,
        {"a": "$(f(b, (c, d)) + 1)", "e": 2},
    ),
    ("- conv:{out_channels: 64}", "missing-space", "conv:", [{"conv": {"out_channels": 64}}]),
    ("- conv:{}", "missing-space", "conv:", [{"conv": {}}]),
    ("- conv:64\n- gap", "missing-space", "conv:", [{"conv": 64}, "gap"]),
    ("- conv:[1, 2]", "missing-space", "conv:", [{"conv": [1, 2]}]),
    ("[conv:{a: 1}, gap]", "missing-space", "conv:", [{"conv": {"a": 1}}, "gap"]),
    ("{out_channels:64, b: 1}", "missing-space", "out_channels:", {"out_channels": 64, "b": 1}),
    ("name:net\nlayers: []", "missing-space", "name:", {"name": "net", "layers": []}),
    ("layers: []\nname:net", "missing-space", "name:", {"name": "net", "layers": []}),
    ("netspec:1", "missing-space", "netspec:", {"netspec": 1}),
    ("a: {{ x }}", "template", "{{ x }}", {"a": "$x"}),
    ("a: {{ x * 2 }}", "template", "{{ x * 2 }}", {"a": "$(x * 2)"}),
    ("{a: ${width}}", "template", "${width}", {"a": "$width"}),
    ("[{{ max(a, 2) }}]", "template", "{{ max(a, 2) }}", ["$(max(a, 2))"]),
    ("name: “net”", "lookalike-character", "“net”", {"name": "net"}),
    ("name: ‘net’", "lookalike-character", "‘net’", {"name": "net"}),
    ("“name”: net", "lookalike-character", "“name”", {"name": "net"}),
    ('name: "net”', "lookalike-character", "”", {"name": "net"}),
    ("{doc: “a, b”, c: 1}", "lookalike-character", "“a, b”", {"doc": "a, b", "c": 1}),
    ("- conv：64", "lookalike-character", "：", [{"conv": 64}]),
    ("{out_channels：64}", "lookalike-character", "：", {"out_channels": 64}),
    ("name：net\nlayers: []", "lookalike-character", "：", {"name": "net", "layers": []}),
    ("[1，2]", "lookalike-character", "，", [1, 2]),
    ("{a: 1，b: 2}", "lookalike-character", "，", {"a": 1, "b": 2}),
    ("a: 64\u00a0", "lookalike-character", "\u00a0", {"a": 64}),
    ("a:\u00a064\nb: 1", "lookalike-character", "\u00a0", {"a": 64, "b": 1}),
    ("a:\n\u00a0\u00a0b: 1", "lookalike-character", "\u00a0\u00a0", {"a": {"b": 1}}),
    ("a:\n  - b\n\u00a0\u00a0- c", "lookalike-character", "\u00a0\u00a0", {"a": ["b", "c"]}),
    ("a:\n  b: 1\n\u3000 c: 2", "lookalike-character", "\u3000", {"a": {"b": 1, "c": 2}}),
    ("– conv: 64", "lookalike-character", "–", [{"conv": 64}]),
    ("• gap", "lookalike-character", "•", ["gap"]),
]


@pytest.mark.parametrize(("text", "rule", "stretch", "meant"), TRAPS)
def test_one_finding_whose_fix_gives_what_was_meant(
    text: str, rule: str, stretch: str | None, meant: object
) -> None:
    finding = only(text)
    assert finding.rule == rule
    if stretch is not None:
        assert marked(finding.span) == stretch
    assert read_text(mended(text), "mended").data == meant


def test_traps_hide_neither_each_other_nor_other_findings() -> None:
    text = (
        "layers:\n"
        "  - conv: {a: $(max(x, [1, 2])), b: $(y[0]), b: 3}\n"
        "  - conv:{a: 1, a: 2}\n"
        "  - pool: 010\n"
        "  - x: {a: 1,, b: 2}\n"
    )
    found = findings(text)
    assert [(finding.rule, finding.span.line) for finding in found] == [
        ("comma-in-expression", 2),
        ("comma-in-expression", 2),
        ("duplicate-key", 2),
        ("missing-space", 3),
        ("duplicate-key", 3),
        ("octal-integer", 4),
        ("stray-comma", 5),
    ]
    assert marked(found[4].span) == "a"
    assert found[4].span.column == 17
    assert marked(found[4].secondary[0]) == "a"
    assert marked(found[6].span) == ","


def test_two_glued_lines_are_two_findings() -> None:
    assert rules("name:net\ninput:[3, 2]\nlayers: []\n") == ["missing-space"] * 2


FINE = [
    ("conv: $(max(a, 8))", {"conv": "$(max(a, 8))"}),
    ("conv: $(x[0])", {"conv": "$(x[0])"}),
    ("{conv: '$(max(a, 8))'}", {"conv": "$(max(a, 8))"}),
    ("{conv: $(a * (b + 1)), c: 1}  # $(a, b)", {"conv": "$(a * (b + 1))", "c": 1}),
    ("['$(a', 'b)']", ["$(a", "b)"]),
    ("doc: see $(a, b), {{ x }} and conv:64", {"doc": "see $(a, b), {{ x }} and conv:64"}),
    ("a: ${HOME}", {"a": "${HOME}"}),
    ("- https://example.org", ["https://example.org"]),
    ("a: b:c", {"a": "b:c"}),
    ("doc: it’s a “quoted” word — fine", {"doc": "it’s a “quoted” word — fine"}),
    ("doc: “a” and “b”", {"doc": "“a” and “b”"}),
    ("doc: 网络：结构，层", {"doc": "网络：结构，层"}),
    ("doc: 10\u00a0km", {"doc": "10\u00a0km"}),
    ("doc: |\n  - conv：64 “x”\n  \u00a0y\n", {"doc": "- conv：64 “x”\n\u00a0y\n"}),
    ("doc: '“x”, conv：1'", {"doc": "“x”, conv：1"}),
    ("a: 1 # “comment” conv：1 \u00a0", {"a": 1}),
    ('{"a":1}', {"a": 1}),
    ("name: é", {"name": "é"}),
]


@pytest.mark.parametrize(("text", "data"), FINE)
def test_text_that_only_looks_like_a_trap_is_left_alone(text: str, data: object) -> None:
    assert read_text(text, "x").data == data


def test_an_expression_that_never_closes() -> None:
    finding: Finding = only("a: [$(max(a, b), 1]\n")
    assert finding.rule == "unclosed"
    assert finding.values == {"received": "$(", "closing": ")"}
    assert marked(finding.span) == "$("


def test_many_traps_are_bounded_and_still_reported() -> None:
    """Each of these stops the parser: the first fifty are reported, and reading ends."""
    found = rules("a:\n" + "  - {a: $(x[0])}\n" * 2000)
    assert 10 < len(found) <= 50
    assert set(found) == {"comma-in-expression"}
