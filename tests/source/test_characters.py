"""Encodings and characters: what is not UTF-8 text is refused at its place, with what it looks like."""

import pytest

from netspec.source import read_text
from tests.source.reading import marked, only, rules


def test_latin_1_is_refused_at_its_first_byte() -> None:
    finding = only("a: 1\ndoc: café é\n".encode("latin-1"))
    assert finding.rule == "encoding"
    assert finding.values == {"received": "latin-1", "byte": "0xE9", "character": "é"}
    assert finding.span.start == (2, 9)
    assert finding.span.file.line(1) == "a: 1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_and_32_are_named(encoding: str) -> None:
    finding = only("a: 1\nb: 2\n".encode(encoding))
    assert finding.rule == "encoding"
    assert str(finding.values["received"]) == encoding[:6]
    assert "a: 1" in finding.span.file.text


def test_utf_8_with_byte_order_mark_is_fine() -> None:
    assert read_text("a: é".encode("utf-8-sig"), "x").data == {"a": "é"}


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "NUL"),
        ("\x07", "BEL"),
        ("\x1b", "ESC"),
        ("\x7f", "DEL"),
        ("\x9b", "control character"),
        ("\ud800", "lone surrogate"),
        ("\ufffe", "control character"),
    ],
)
@pytest.mark.parametrize("around", ["a: {}x\n", "# {}\na: 1\n", "a: '{}'\n", "{}"])
def test_control_characters_stand_nowhere(character: str, name: str, around: str) -> None:
    finding = only(around.replace("{}", character))
    assert finding.rule == "control-character"
    assert finding.values == {"received": f"U+{ord(character):04X}", "name": name}
    assert marked(finding.span) == character


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("around", ["a: {}x\nb: 1\n", "# {}\na: 1\n", "a: '{}'\n"])
def test_line_separators_that_editors_do_not_know(character: str, around: str) -> None:
    finding = only(around.replace("{}", character))
    assert finding.rule == "line-separator"
    assert finding.values["received"] == f"U+{ord(character):04X}"
    assert marked(finding.span) == character


def test_all_of_them_are_reported_up_to_a_hundred() -> None:
    assert rules("a: \x07\nb: \x85\n") == ["control-character", "line-separator"]
    assert len(rules("\x07" * 10_000)) == 100


def test_escapes_may_make_control_characters() -> None:
    assert read_text('a: "\\a\\x1b\\u2028"', "x").data == {"a": "\x07\x1b\u2028"}
