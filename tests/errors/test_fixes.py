"""Help that does not help is worse than none: what a message proposes is done, and the error is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec.diagnostics import Diagnostic, Label
from tests.errors.cases import CASES, HERE, SPEC, Case, findings
from tests.errors.conftest import Enter
from tests.errors.mending import (
    declared,
    fixed,
    layers_to_write,
    proposals,
    renamed_field,
    with_field,
    with_layer,
)
from tests.errors.rewriting import rewrites


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def read(spec: Path) -> str:
    return spec.read_bytes().decode("utf-8", errors="surrogateescape")


def is_gone(finding: Diagnostic, case: Case, spec: Path, text: str) -> bool:
    """Whether the finding is no longer there with another text; the old one is put back."""
    old = spec.read_bytes()
    spec.write_bytes(text.encode("utf-8", errors="surrogateescape"))
    left = findings(case)
    spec.write_bytes(old)
    same_place = [
        other
        for other in left
        if other.code == finding.code
        and other.primary.span.line == finding.primary.span.line
        and other.primary.span.column == finding.primary.span.column
    ]
    return not same_place


def new_messages(case: Case, spec: Path, text: str) -> set[str]:
    """What is said about the layers of another text, and not about those of the old one."""
    before = {one.message for one in findings(case)}
    old = spec.read_bytes()
    spec.write_text(text)
    after = [one.message for one in findings(case) if one.code in WHOLE_LAYERS]
    spec.write_bytes(old)
    return set(after) - before


def is_repeated(label: Label) -> bool:
    """Whether a label stands at a layer with `repeat`."""
    return "in copy" in label.text


def test_a_fix_mends(case: Case, enter: Enter) -> None:
    spec = enter(case)
    for finding in findings(case):
        if finding.fix is not None and finding.fix.span.file.name == SPEC:
            text = fixed(read(spec), finding.fix)
            assert is_gone(finding, case, spec, text), f"{finding.message}:\n{text}"


def test_a_sure_fix_replaces_what_the_message_is_about(case: Case, enter: Enter) -> None:
    """What is applied without asking stands at the primary place, and nowhere else."""
    enter(case)
    for finding in findings(case):
        if finding.fix is not None and finding.fix.sure:
            assert finding.fix.span == finding.primary.span


def test_a_value_that_the_help_proposes_mends(case: Case, enter: Enter) -> None:
    spec = enter(case)
    for finding in findings(case):
        for field, value in proposals(finding):
            place = next(filter(is_repeated, finding.secondary), finding.primary)
            span = place.span if field == "repeat" else finding.primary.span
            text = with_field(read(spec), span, field, value)
            assert is_gone(finding, case, spec, text), f"{field}: {value}\n{text}"


def test_what_the_help_of_a_merge_says_mends(case: Case, enter: Enter) -> None:
    """Each line by itself: the error is gone, and no other has come."""
    spec = enter(case)
    before = findings(case)
    old = read(spec)
    for finding in before:
        if finding.code == "NS401" and finding.primary.span.file.name == SPEC:
            done = list(rewrites(finding, old))
            assert {rewrite.said for rewrite in done} == set(finding.help) != set(), finding
            for rewrite in done:
                spec.write_text(rewrite.text)
                after = findings(case)
                assert len(after) < len(before), f"{rewrite.said}:\n{rewrite.text}"
                assert {one.message for one in after} < {one.message for one in before}
            spec.write_text(old)


WHOLE_LAYERS = ("NS201", "NS202", "NS203", "NS204", "NS208", "NS209")
"""Codes whose help gives the line as it should be."""


def test_a_layer_that_the_help_writes_mends(case: Case, enter: Enter) -> None:
    spec = enter(case)
    for finding in findings(case):
        if finding.code in WHOLE_LAYERS and finding.primary.span.file.name == SPEC:
            for layer in layers_to_write(finding):
                text = with_layer(read(spec), finding.primary.span, layer)
                assert text is None or is_gone(finding, case, spec, text), f"{layer}\n{text}"
                assert text is None or not new_messages(case, spec, text), f"{layer}\n{text}"


def test_a_field_that_the_help_writes_mends(case: Case, enter: Enter) -> None:
    spec = enter(case)
    for finding in findings(case):
        if text := renamed_field(read(spec), finding):
            assert is_gone(finding, case, spec, text), text


def test_a_parameter_that_the_help_declares_mends(case: Case, enter: Enter) -> None:
    """No other error comes instead of it."""
    spec = enter(case)
    before = findings(case)
    old = read(spec)
    for finding in before:
        if finding.code in ("NS202", "NS222") and (text := declared(old, finding)):
            spec.write_text(text)
            after = {one.message for one in findings(case) if not one.code.startswith("NS9")}
            assert after < {one.message for one in before}, text


def test_there_is_something_to_try(enter: Enter) -> None:
    """The tests above are not empty."""
    assert len(CASES) > 100
    enter(Case(HERE / "NS402_deep"))
    (finding,) = findings(Case(HERE / "NS402_deep"))
    assert list(proposals(finding)) == [("kernel_size", "2"), ("padding", "1")]
