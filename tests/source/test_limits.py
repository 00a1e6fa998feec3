"""Bombs end at a limit that acts while reading, with its value and maximum, and without a crash."""

import resource
import subprocess
import sys

import pytest

from netspec.limits import Limits
from netspec.source import TextFault, read_text
from netspec.source.events import OpenParser, libyaml_events, python_events
from netspec.source.reader import read_with
from tests.source.reading import marked, only, rules


def limited(text: str | bytes, limits: Limits | None = None) -> tuple[object, object, object]:
    finding = only(text, limits)
    assert finding.rule == "limit"
    return finding.values["what"], finding.values["value"], finding.values["maximum"]


def aliases(levels: int, width: int) -> str:
    lines = [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]"
        for level in range(1, levels)
    ]
    return "\n".join(["a0: &a0 [x, x]", *lines])


@pytest.mark.parametrize("parser", [libyaml_events, python_events])
@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[{a: ", "- ? "])
def test_nesting(unit: str, parser: OpenParser) -> None:
    with pytest.raises(TextFault) as caught:
        read_with(parser, unit * 100_000, "bomb", Limits())
    (finding,) = caught.value.findings
    assert finding.values == {"what": "yaml_depth", "value": 65, "maximum": 64}
    assert finding.span.start[0] == 1


def test_nesting_of_blocks() -> None:
    text = "".join("  " * depth + "- sequential:\n" for depth in range(300))
    assert limited(text) == ("yaml_depth", 65, 64)
    assert read_text("[" * 64 + "]" * 64, "x").data


@pytest.mark.parametrize(("levels", "width"), [(9, 9), (20, 2), (20, 9)])
def test_alias_bombs(levels: int, width: int) -> None:
    what, value, maximum = limited(aliases(levels, width))
    assert (what, maximum) == ("alias_nodes", 50_000)
    assert isinstance(value, int)
    assert value > 50_000


def test_aliases_do_not_get_around_the_nesting_limit() -> None:
    assert limited(aliases(300, 1)) == ("yaml_depth", 65, 64)


def test_aliases_within_the_limit_are_fine() -> None:
    data = read_text(aliases(5, 3), "x").data
    assert isinstance(data, dict)
    assert len(data["a4"]) == 3


def test_merge_bombs_are_refused_key_by_key() -> None:
    text = "a0: &a0 {x: 1}\n" + "".join(
        f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 5)}]}}\n"
        for level in range(1, 5)
    )
    assert rules(text) == ["merge-key"] * 4


def test_bytes() -> None:
    assert limited("a: " + "x" * 10_000_000) == ("file_bytes", 10_000_003, 1 << 20)
    assert limited(b"a: 1\n" * 2_000_000) == ("file_bytes", 10_000_000, 1 << 20)
    assert limited("é" * 600_000) == ("file_bytes", 1_200_000, 1 << 20)
    assert limited("# 123456789", Limits(file_bytes=10)) == ("file_bytes", 11, 10)


def test_nodes() -> None:
    assert limited("[" + "1," * 260_000 + "]") == ("yaml_nodes", 250_001, 250_000)
    keys = "{" + "".join(f"{number:x}z," for number in range(130_000)) + "}"
    assert limited(keys) == ("yaml_nodes", 250_001, 250_000)
    assert limited("[a, b, c]", Limits(yaml_nodes=3)) == ("yaml_nodes", 4, 3)


@pytest.mark.parametrize("text", ["a: 'X'", "a: X", "X: 1", "'X': 1", "? X\n: 1", "a: |\n  X"])
def test_scalars(text: str) -> None:
    what, value, maximum = limited(text.replace("X", "x" * 1_000), Limits(scalar_bytes=999))
    assert (what, maximum) == ("scalar_bytes", 999)
    assert value in (1_000, 1_001)
    assert limited("a: " + "é" * 60, Limits(scalar_bytes=100)) == ("scalar_bytes", 120, 100)


def test_a_limit_keeps_what_was_found_before() -> None:
    assert rules("a: 010\nb: [[[[1]]]]\n", Limits(yaml_depth=3)) == ["octal-integer", "limit"]


def test_a_limit_points_at_the_node_that_passes_it() -> None:
    finding = only("a: [[1]]", Limits(yaml_depth=2))
    assert marked(finding.span) == "["
    assert finding.span.column == 5


def test_findings_are_bounded() -> None:
    assert len(rules("a: 1\n" * 200_000)) == 1_000


HOSTILE = [
    '"[" * 500_000 + "]" * 500_000',
    '"[\\n" + "\'a\\n" * 200_000',
    '"a: [" + "\\"\\\\\\\\" * 250_000',
    '"[" + "“a, " * 100_000',
    '"a: b\\n" + "# \' \\n" * 200_000 + "  c: d"',
    '"- conv:64\\n" * 100_000',
    '"[\\t" + "1," * 100_000 + "]"',
    '"a:\\r" + "- x\\r" * 100_000 + " b"',
    '"{a: " * 60 + "\\\\" * 500_000',
]


@pytest.mark.parametrize("expression", HOSTILE)
def test_hostile_text_ends_within_memory_and_without_a_traceback(expression: str) -> None:
    """In a process of its own, because a crash of the C parser would end this one."""
    code = (
        "from netspec.source import TextFault, read_text\n"
        f"text = {expression}\n"
        "try:\n    read_text(text, 'hostile')\nexcept TextFault as fault:\n"
        "    print(len(fault.findings))\nelse:\n    print(0)\n"
    )

    def cap() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=cap,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) >= 0
