"""The shipped specs are short, say where they are from, and stand in the README with what they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.parity.references import REFERENCES, Library
from tests.zoo import Family, families, members, zoo_table

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(
    r"(?<=<!-- zoo: written by pytest --update-golden -->\n).*?(?=<!-- /zoo -->)", re.DOTALL
)

MOST_LINES = {
    "googlenet": 55,
    "googlenet_bn": 55,
    "resnet": 60,
    "inception_v3": 95,
    "inception_v4": 65,
    "vgg": 32,
}
"""Lines of YAML, without comments and blank lines, that a family may take."""


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_a_family_is_short(family: Family) -> None:
    assert family.lines <= MOST_LINES.get(family.name, 80)


def test_every_member_has_a_reference() -> None:
    assert set(members()) == set(REFERENCES)


def test_every_member_says_its_parameters_and_macs_itself() -> None:
    for member, expected in members().items():
        assert {"params", "macs"} <= set(expected), member


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_the_doc_names_the_paper_and_the_library(family: Family) -> None:
    """`Lin et al. 2013`, and `torchvision` or `timm` where outputs were compared with one of them."""
    assert re.search(r"[A-Z]\w+ (et al\. |and [A-Z]\w+ )?\d{4}\b", family.data["doc"])
    for member in family.expected:
        reference = REFERENCES[member]
        if isinstance(reference, Library) and reference.package:
            assert reference.package in family.data["doc"]


def test_the_table_in_the_readme_is_the_zoo(request: pytest.FixtureRequest) -> None:
    sources = {member: reference.source for member, reference in REFERENCES.items()}
    libraries = {m: ref for m, ref in REFERENCES.items() if isinstance(ref, Library)}
    table = zoo_table(sources, {member for member, ref in libraries.items() if ref.outputs})
    text = README.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = TABLE.sub(lambda _: table, text)
        README.write_text(text, encoding="utf-8")
    assert TABLE.findall(text) == [table]
