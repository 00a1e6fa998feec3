"""The full form: marks stand under their text whatever the text is made of, and nothing leaks from it."""

from __future__ import annotations

import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.diagnostics import Diagnostic, Label, Severity
from netspec.diagnostics.printable import columns, printable
from netspec.diagnostics.render import LIMIT, WIDTH, render_full
from tests.diagnostics.marked import finding, spans


def shown(*diagnostics: Diagnostic, **options: int) -> str:
    return render_full(diagnostics, **options)


def block(text: str) -> str:
    return inspect.cleandoc(text)


def test_a_place_with_its_label() -> None:
    _, (span,) = spans("a: 1\nb: «cnov»\n")
    assert shown(finding(span, "unknown")) == block(
        """
        error[NS401]: something is wrong
         --> net.yaml:2:4
          |
        2 | b: cnov
          |    ^^^^ unknown
        """
    )


def test_a_span_of_several_lines_has_a_bar_beside_it() -> None:
    _, (span,) = spans("a: 1\nb:\n  «- one\n  - two\n  - three»\nc: 2\n")
    text = shown(finding(span, "not branches"))
    assert " --> net.yaml:3:3" in text
    for number, line in ((3, "- one"), (5, "- three")):
        assert re.search(rf"^{number} \|.*{line}", text, re.MULTILINE)
    assert text.count("not branches") == 1
    assert "^" in text


def test_far_lines_are_left_out() -> None:
    _, (first, last) = spans("«a»: 1\n" + "b: 2\n" * 20 + "«c»: 3\n")
    text = shown(finding(last, "again", Label(first, "first")))
    assert "..." in text.splitlines()
    assert len(text.splitlines()) < 12


def test_tabs_are_four_columns_and_marks_move_with_them() -> None:
    _, (span,) = spans("\ta:\t«b»\n")
    line, marks = shown(finding(span)).splitlines()[3:5]
    assert "\t" not in line
    assert marks.index("^") == line.index("b")


def test_wide_letters_are_two_columns() -> None:
    _, (span,) = spans("doc: 卷积 «é̂t»\n")
    line, marks = shown(finding(span)).splitlines()[3:5]
    before = line[: line.index("é")]
    assert columns(marks[: marks.index("^")]) == columns(before)
    assert marks.count("^") == columns("é̂t") == 2


def test_a_long_line_is_cut_around_the_mark() -> None:
    _, (span,) = spans("x: [" + "aaaa, " * 80 + "«here»" + ", bbbb" * 80 + "]\n")
    text = shown(finding(span, "this one"))
    line, marks = text.splitlines()[3:5]
    assert line[4:].startswith("...")
    assert line.endswith("...")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "here"
    assert max(map(len, text.splitlines())) <= WIDTH


def test_labels_of_one_line_hang_one_below_the_other() -> None:
    _, (one, two, three) = spans("- add: {from: [«main», «proj»], to: «end»}\n")
    text = shown(finding(two, "128x32x32", Label(one, "96x32x32"), Label(three, "and this")))
    assert (
        text.splitlines()[3:]
        == block(
            """
        1 | - add: {from: [main, proj], to: end}
          |                ----  ^^^^       --- and this
          |                |     |
          |                |     128x32x32
          |                96x32x32
        """
        ).splitlines()
    )


def test_a_label_that_does_not_fit_stands_below_and_further_left() -> None:
    _, (span,) = spans(
        "- conv: {out_channels: 8, kernel_size: 3, stride: 1, padding: 1, mode: «x»}\n"
    )
    text = shown(finding(span, "must be `zeros`, `reflect`, `replicate` or `circular`"), width=80)
    assert max(map(columns, text.splitlines())) <= 80
    assert "`circular`" in text


def test_another_file_has_its_own_part() -> None:
    _, (use,) = spans("- «unit»: 3\n")
    _, (definition,) = spans("blocks:\n  unit: {«width»: int}\n", "blocks/unit.yaml")
    text = shown(finding(definition, "required", Label(use, "used here")))
    assert " --> blocks/unit.yaml:2:10" in text
    assert " ::: net.yaml:1:3" in text
    assert text.index("-->") < text.index(":::")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_gives_the_same_text(end: str) -> None:
    _, (span,) = spans(f"a: 1{end}b: «cnov»{end}c: 2{end}")
    assert shown(finding(span)).splitlines()[1:4] == [" --> net.yaml:2:4", "  |", "2 | b: cnov"]


def test_a_place_behind_the_end_of_a_line_has_a_caret() -> None:
    _, (span,) = spans("stride: «»\n")
    line, marks = shown(finding(span)).splitlines()[3:5]
    assert marks.index("^") == len(line) + 1


HOSTILE = {
    "escape": "\x1b[31m",
    "OSC 8": "\x1b]8;;https://x.y\x1b\\",
    "bidi": "\u202e",
    "carriage return": "\r\x08",
    "bell": "\x07",
    "line separator": "\u2028",
    "a private character": "\ue000",
}


@pytest.mark.parametrize("character", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_of_a_spec_moves_the_cursor(character: str) -> None:
    name = f"net{character}.yaml"
    _, (span,) = spans(f"doc: «a{character.replace(chr(13), '')}b»\n", name)
    diagnostic = finding(
        span, f"x{character}", message=f"y{character}", notes=(character,), help=(character,)
    )
    text = shown(diagnostic)
    assert text == "\n".join(map(printable, text.split("\n")))
    assert all(ord(c) >= 32 for c in text.replace("\n", ""))


def test_rich_markup_is_text() -> None:
    markup = "[link=https://x.y][bold red]click[/]"
    _, (span,) = spans(f"doc: «{markup}»\n")
    text = shown(finding(span, markup, message=markup, help=(markup,)))
    assert text.count(markup) == 4


def test_colour_is_added_only_when_asked_for() -> None:
    _, (span,) = spans("b: «cnov»\n")
    plain, colored = render_full([finding(span)]), render_full([finding(span)], color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert "\x1b[1;31m" in colored
    warning = finding(span, severity=Severity.WARNING)
    assert "\x1b[1;33m" in render_full([warning], color=True)
    assert render_full([warning]).startswith("warning[NS401]: ")


def test_notes_and_help_wrap_and_code_stays_whole() -> None:
    _, (span,) = spans("b: «cnov»\n")
    code = "`conv: {out_channels: 96, kernel_size: 1, from: proj}`"
    words = f"give `proj` 96 channels, or put a projection behind it: {code}, and read that one"
    lines = shown(
        finding(span, notes=(words,), help=(words,), message=words), width=60
    ).splitlines()
    assert max(map(len, lines)) <= 74
    assert sum(code in line for line in lines) == 3
    assert "          " + code + "," in "\n".join(lines)


def test_after_the_limit_there_is_a_count() -> None:
    _, (span,) = spans("b: «cnov»\n")
    found = [finding(span, message=f"mistake {number}") for number in range(LIMIT + 3)]
    assert shown(*found).endswith("\n\n... and 3 more errors")
    assert shown(*found[:2], limit=1).endswith("... and 1 more error")


def test_the_same_of_several_places_is_said_once() -> None:
    """Three more places are marked, and the lines of the rest are listed; another message stands alone."""
    _, places = spans("- «a»\n- «a»\n- «a»\n- «a»\n- «a»\n- «a»\n")
    found = [finding(place) for place in places]
    assert shown(*found) == block(
        """
        error[NS401]: something is wrong
         --> net.yaml:1:3
          |
        1 | - a
          |   ^ here
        2 | - a
          |   - and here
        3 | - a
          |   - and here
        4 | - a
          |   - and here
          |
          = note: the same on lines 5, 6
        """
    )
    assert shown(*found[:2], finding(places[0], message="else")).count("error[NS401]") == 2
    _, (elsewhere,) = spans("- «a»\n", "other.yaml")
    assert shown(found[0], finding(elsewhere)).count("error[NS401]") == 2


def test_a_terminal_of_eighty_columns_is_kept_to() -> None:
    _, (one, two) = spans("- «add»: {" + "field: value, " * 10 + "from: «[main, proj]»}\n")
    text = shown(
        finding(two, "all inputs must have the same shape", Label(one, "one")),
        width=80,
    )
    assert max(map(columns, text.splitlines())) <= 80


words = st.text(
    st.characters(blacklist_characters="«»\n\r", blacklist_categories=["Cs"]), max_size=30
)


@given(before=words, marked=words, behind=words, label=words, width=st.integers(40, 120))
def test_carets_stand_under_any_text(
    before: str, marked: str, behind: str, label: str, width: int
) -> None:
    """Whatever the letters are, the row of marks has as many columns before it as the text."""
    _, (span,) = spans(f"{before}«{marked}»{behind}\n")
    text = shown(finding(span, label), width=width)
    line, marks = text.split("\n")[3:5]
    assert "^" in marks
    if "..." not in line:
        escaped = printable(before).replace("\\t", "    ")
        assert columns(marks[: marks.index("^")].removeprefix("  | ")) == columns(escaped)
    assert text == "\n".join(map(printable, text.split("\n")))
