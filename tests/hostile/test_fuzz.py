"""Mutated specs: never a traceback, bounded, the same answer twice, and the change is what is blamed.

Every shipped spec is broken in ways in which people and tools break files. Any result is fine as long as
it is a network or located errors; for a typo, a wrong type, a doubled key and a lost field, one of the
places of the answer, primary or secondary, must lie on the changed line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netspec
from netspec.blocks import BLOCKS, Preset
from netspec.diagnostics import Diagnostic
from netspec.diagnostics.render import render_full
from netspec.elaborate.items import COMMON

SPECS = sorted((Path(__file__).parents[2] / "specs").rglob("*.yaml"))
TEXTS = [spec.read_text() for spec in SPECS]

HUGE = [
    "0",
    "-1",
    "1000000000",
    "99999999999",
    "1e9",
    "0.5",
    "''",
    "null",
    "[]",
    "{}",
    "$x",
    "&a",
    "*a",
]
_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")

Mutation = Callable[[st.DataObject, list[str]], list[str]]


def pick(data: st.DataObject, count: int) -> int:
    """A number below `count`."""
    return data.draw(st.integers(0, count - 1))


def drop(data: st.DataObject, lines: list[str]) -> list[str]:
    at = pick(data, len(lines))
    return lines[:at] + lines[at + 1 :]


def duplicate(data: st.DataObject, lines: list[str]) -> list[str]:
    at = pick(data, len(lines))
    return [*lines[:at], lines[at], *lines[at:]]


def swap(data: st.DataObject, lines: list[str]) -> list[str]:
    one, other = pick(data, len(lines)), pick(data, len(lines))
    lines = list(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def indent(data: st.DataObject, lines: list[str]) -> list[str]:
    at, by = pick(data, len(lines)), data.draw(st.integers(-4, 4))
    line = lines[at]
    changed = " " * by + line if by > 0 else line[min(-by, len(line) - len(line.lstrip())) :]
    return [*lines[:at], changed, *lines[at + 1 :]]


def rename(data: st.DataObject, lines: list[str]) -> list[str]:
    return _replaced(data, lines, _WORD, ["conv", "relu", "x", "layers", "none", "input", "$name"])


def enlarge(data: st.DataObject, lines: list[str]) -> list[str]:
    return _replaced(data, lines, _NUMBER, HUGE)


def characters(data: st.DataObject, lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    at = pick(data, len(text))
    added = data.draw(st.sampled_from(list("{}[]:,-#&*!|>'\"%@`$() \t\n\x00é\u2028")))
    return (text[:at] + added + text[at + data.draw(st.integers(0, 2)) :]).split("\n")


def _replaced(
    data: st.DataObject, lines: list[str], pattern: re.Pattern[str], words: list[str]
) -> list[str]:
    found = [(at, match) for at, line in enumerate(lines) for match in pattern.finditer(line)]
    if not found:
        return lines
    at, match = found[pick(data, len(found))]
    word = data.draw(st.sampled_from(words))
    changed = lines[at][: match.start()] + word + lines[at][match.end() :]
    return [*lines[:at], changed, *lines[at + 1 :]]


MUTATIONS: list[Mutation] = [drop, duplicate, swap, indent, rename, enlarge, characters]


def answer(text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a text; none when it is a network."""
    try:
        netspec.loads(text)
    except netspec.SpecError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_spec_is_a_network_or_located_errors(
    mutation: Mutation, data: st.DataObject
) -> None:
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        lines = mutation(data, lines)
    text = "\n".join(lines)
    found = answer(text)
    assert render_full(found) == render_full(answer(text))
    assert len(found) <= 1_000
    count = max(len(text.splitlines()), 1) + 1
    for diagnostic in found:
        assert 1 <= diagnostic.primary.span.start[0] <= count
    assert "None" not in "".join(diagnostic.message for diagnostic in found)


# -- the change is what is blamed


def _fields() -> frozenset[str]:
    blocks = [block for block in BLOCKS.values() if not isinstance(block, Preset)]
    return frozenset(field for block in blocks for field in block.infos())


KEYS = (_fields() | frozenset(BLOCKS) | frozenset(COMMON)) - {"doc", "layers"}
"""Without `layers`: in a block's definition it is told at the name of the block that lacks it."""
_DECLARATION = re.compile(r"\b(params|let|variants|as|over|import)\b|^\s*#")


def _keys(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """Where a line has a key of the language: `conv:`, `kernel_size:`; not where names are declared."""
    return [
        (at, match)
        for at, line in enumerate(lines)
        if not _DECLARATION.search(line)
        for match in re.finditer(r"(?<![\w$.])(\w+)(?=: )", line.partition(" #")[0])
        if match[1] in KEYS and len(match[1]) > 3
    ]


def blamed(lines: list[str], line: int, original: str) -> None:
    """The answer has a place, primary or secondary, on this line.

    Values in the body of a block that nothing uses are not evaluated: the network is the same.
    """
    text = "\n".join(lines)
    found = answer(text)
    if not found:
        assert netspec.loads(text).source() == netspec.loads(original).source()
        return
    spans = [label.span for one in found for label in (one.primary, *one.secondary)]
    assert any(span.start[0] <= line + 1 <= span.end[0] for span in spans), text.split("\n")[
        line
    ] + render_full(found)


@given(data=st.data())
@settings(max_examples=150)
def test_a_typo_in_a_key_is_found(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    found = _keys(lines)
    at, match = found[pick(data, len(found))]
    word = match[1]
    place = pick(data, len(word) - 1)
    changed = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[: place + 1] + word[place:],
                word[:place] + "q" + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    if changed == word or changed in KEYS:
        return
    lines[at] = lines[at][: match.start()] + changed + lines[at][match.end() :]
    blamed(lines, at, text)


@given(data=st.data())
@settings(max_examples=150)
def test_a_number_that_became_text_is_found(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    places = [
        (at, match)
        for at, line in enumerate(lines)
        if not _DECLARATION.search(line)
        for match in re.finditer(r"(?<=: )\d+(?=[,}\]\s]|$)", line.partition(" #")[0])
    ]
    at, match = places[pick(data, len(places))]
    lines[at] = lines[at][: match.start()] + "wide" + lines[at][match.end() :]
    blamed(lines, at, text)


@given(data=st.data())
@settings(max_examples=100)
def test_a_doubled_key_is_found(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    places = [
        (at, match)
        for at, line in enumerate(lines)
        for match in re.finditer(r"(?<=[{ ])(\w+): \w+(?=, |\})", line.partition(" #")[0])
        if "{" in line[: match.start()]
    ]
    at, match = places[pick(data, len(places))]
    lines[at] = f"{lines[at][: match.end()]}, {match[0]}{lines[at][match.end() :]}"
    blamed(lines, at, text)


@given(data=st.data())
@settings(max_examples=60)
def test_a_lost_field_is_found(data: st.DataObject) -> None:
    """`out_channels` of a convolution and the widths of an inception have no default."""
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    lost = re.compile(r"(?<=[{ ])(out_channels|conv1x1|conv3x3|pool_proj): (\[.*?\]|[\w$.]+)(, )?")
    places = [
        (at, match)
        for at, line in enumerate(lines)
        if re.search(r"- (conv|inception): \{.*\}\s*$", line)
        for match in lost.finditer(line)
    ]
    if not places:
        return
    at, match = places[pick(data, len(places))]
    lines[at] = lines[at][: match.start()] + lines[at][match.end() :]
    blamed(lines, at, text)
