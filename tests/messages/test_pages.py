"""Every code has a page, its examples do what they say, and no rule is without a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic_core import core_schema

import netspec
from netspec.errors import SpecError
from netspec.messages import _TWINS, CODES, PAGES, RULES
from netspec.messages.explain import WIDTH, explain, explain_all

PACKAGE = Path(netspec.__file__).parent
CASES = PACKAGE.parent / "tests/errors"
RAISERS = {
    "ExpressionFault", "Finding", "Flaw", "Misfit", "PydanticCustomError", "ScalarFault",
    "flaw", "report", "warn",
}  # fmt: skip
"""What a rule is handed to, as its first argument that is text."""

SPEC_PAGES = [page for page in PAGES if page.language == "yaml"]


def calls() -> Iterator[tuple[str, str, str]]:
    """(file, what is called, its first text) of every call in the package, sentences apart."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.parent.name == "messages":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            name = (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", "")
            )
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield str(file.relative_to(PACKAGE)), name, argument.value


def constants() -> set[str]:
    """Every piece of text in the package, sentences apart."""
    return {
        node.value
        for file in PACKAGE.rglob("*.py")
        if file.parent.name != "messages"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_rule_that_is_raised_has_a_sentence() -> None:
    raised = {
        (rule.replace("_", "-"), file)
        for file, name, rule in calls()
        if name in RAISERS and re.fullmatch(r"[a-z]+([-_][a-z0-9]+)*", rule)
    }
    assert len(raised) > 100
    assert {(rule, file) for rule, file in raised if rule not in RULES} == set()


def test_every_sentence_has_a_rule_that_is_raised() -> None:
    own = {text.replace("_", "-") for text in constants()}
    pydantic = {name.replace("_", "-") for name in get_args(core_schema.ErrorType)}
    twins = set(_TWINS.values())
    assert set(RULES) - own - pydantic - twins == set()


def test_every_code_that_can_be_reported_has_a_case() -> None:
    reported = {code for code, _ in RULES.values()}
    reported |= {text for _, name, text in calls() if name == "UsageError"}
    folders = {folder.name[:5] for folder in CASES.iterdir() if folder.is_dir()}
    assert reported <= set(CODES)
    assert reported <= folders


def codes_of(text: str, folder: Path) -> set[str]:
    """The codes of what is said about a spec in a folder, warnings included."""
    file = folder / "net.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        return {warning.code for warning in netspec.load(file).warnings}
    except SpecError as error:
        return {diagnostic.code for diagnostic in error.diagnostics}


@pytest.mark.parametrize("page", SPEC_PAGES, ids=lambda page: page.code)
def test_the_examples_of_a_page(page: netspec.messages.Page, tmp_path: Path) -> None:
    """The wrong one gives exactly its code, the right one nothing."""
    for name, text in page.beside.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert codes_of(page.wrong, tmp_path) == {page.code}
    assert codes_of(page.right, tmp_path) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_a_page_is_whole(page: netspec.messages.Page) -> None:
    """A title without a period, a paragraph of sentences, both examples, at most 80 columns of prose."""
    assert re.fullmatch(r"NS\d{3}", page.code)
    assert page.title
    assert not page.title.endswith(".")
    assert page.explanation.endswith(".")
    assert page.wrong
    assert page.right
    text = explain(page.code)
    prose = text[: text.index("Wrong:")]
    assert max(map(len, prose.splitlines())) <= WIDTH
    assert page.wrong.splitlines()[0] in text
    assert text.endswith("\n")


def test_all_pages_are_one_markdown_document_in_the_order_of_codes() -> None:
    text = explain_all()
    headings = re.findall(r"^## (NS\d{3}): ", text, re.MULTILINE)
    assert headings == sorted(CODES)
    assert len(headings) == len(set(headings)) == len(PAGES)
    assert text.count("```") == sum(2 * (2 + len(page.beside)) for page in PAGES)
    assert text.startswith("# Error codes\n")
