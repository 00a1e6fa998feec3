"""Every case gives its golden texts; what they have in common is audited beside them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from netspec.diagnostics.printable import printable
from netspec.diagnostics.render import render_concise, render_full, render_json
from tests.errors.audit import carets, flaws, text_of, too_long, unversioned
from tests.errors.cases import CASES, HERE, Case, findings
from tests.errors.conftest import Enter

TYPICAL = {
    "unknown block": "NS201_typo",
    "typo in a field": "NS202_typo",
    "missing field": "NS203_field",
    "wrong type": "NS204_numbers",
    "kernel too large": "NS402_deep",
    "add of different shapes": "NS401_add_channels",
    "concat of different sizes": "NS401_concat_sizes",
    "undefined name": "NS301_undefined",
    "duplicate name": "NS302_duplicate",
    "duplicate key": "NS109_duplicate_key",
    "wrong parameter by --set": "NS202_set",
    "wrong parameter in the file": "NS204_text_and_lists",
    "comma inside an expression in braces": "NS107_comma_in_braces",
}
"""The mistakes that everybody makes, and the case of each."""


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_a_case_gives_its_texts(
    case: Case, enter: Enter, golden: Callable[[str, str], None]
) -> None:
    enter(case)
    found = findings(case)
    golden(str(case.folder / "expected.txt"), render_full(found) + "\n")
    golden(str(case.folder / "expected.json"), render_json(found))


def test_a_case_gives_its_code_and_no_other(case: Case, enter: Enter) -> None:
    enter(case)
    codes = {finding.code for finding in findings(case)}
    assert codes == {case.code} if case.code else len(codes) > 1


def test_a_case_is_said_well(case: Case, enter: Enter) -> None:
    """Spans lie in the file, words are whole, JSON is versioned, lines fit a page."""
    enter(case)
    found = findings(case)
    assert [flaw for finding in found for flaw in flaws(finding)] == []
    assert unversioned(render_json(found), found) == ""
    assert too_long(render_full(found)) == []


def test_carets_stand_under_the_place(case: Case, enter: Enter) -> None:
    """The carets of the printed form stand under exactly the text of the primary span."""
    enter(case)
    for finding in findings(case):
        (above, *_) = carets(render_full([finding]))
        place = printable(text_of(finding.primary.span).replace("\t", "    "))
        assert above.rstrip() == place.rstrip() or above.endswith("...") or not place


def test_findings_stand_in_the_order_of_the_text(case: Case, enter: Enter) -> None:
    enter(case)
    found = findings(case)
    lines = render_concise(found).split("\n")
    assert len(lines) == len(found)
    for before, after in pairwise(found):
        if before.primary.span.file is after.primary.span.file:
            assert before.primary.span.start <= after.primary.span.start


@pytest.mark.parametrize("folder", TYPICAL.values(), ids=TYPICAL.keys())
def test_a_typical_mistake_has_a_case(folder: str) -> None:
    assert (HERE / folder / "expected.txt").exists()


def test_six_mistakes_print_exactly_six_errors(enter: Enter) -> None:
    """None of them is the consequence of another."""
    case = Case(HERE / "six_mistakes")
    enter(case)
    assert len(findings(case)) == 6
