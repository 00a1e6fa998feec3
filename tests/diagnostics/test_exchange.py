"""GitHub annotations and SARIF: what other programs read, with nothing forged."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from netspec.diagnostics import Fix, Label, Severity
from netspec.diagnostics.exchange import render_github, render_sarif
from tests.diagnostics.marked import finding, spans

TITLES = {"NS401": "the inputs of a merge do not go together"}


def sarif(*diagnostics: object) -> dict[str, object]:
    text = render_sarif(list(diagnostics), version="1.2.3", titles=TITLES)  # type: ignore[arg-type]
    (run,) = json.loads(text)["runs"]
    return run  # type: ignore[no-any-return]


def test_an_annotation_has_its_place_and_all_that_is_said() -> None:
    _, (span,) = spans("a: 1\nb: «cnov»\n")
    text = render_github([finding(span, notes=("n",), help=("h",))])
    assert text == (
        "::error file=net.yaml,line=2,col=4,endLine=2,endColumn=8,title=NS401::"
        "something is wrong%0Anote: n%0Ahelp: h"
    )
    assert render_github([finding(span, severity=Severity.WARNING)]).startswith("::warning ")


def test_what_a_spec_holds_cannot_end_a_command_or_begin_one() -> None:
    _, (span,) = spans("b: «cnov»\n", "a,b:c\n::error ::x.yaml")
    text = render_github([finding(span, message="50%\r\n::error ::x", help=("%0A::warning ::y",))])
    assert len(text.splitlines()) == 1
    properties = text.split("::")[1]
    assert properties.count(",") == 5
    assert "%25" in text
    assert "%0A::warning" not in text.replace("%250A::warning", "")


def test_sarif_has_rules_places_and_fixes() -> None:
    _, (one, two) = spans("«a»: 1\nb: «cnov»\n")
    run = sarif(finding(two, "unknown", Label(one, "near"), fix=Fix(two, "conv")), finding(one))
    driver = run["tool"]["driver"]  # type: ignore[index]
    assert driver["name"] == "netspec"
    assert driver["version"] == "1.2.3"
    assert driver["rules"] == [{"id": "NS401", "shortDescription": {"text": TITLES["NS401"]}}]
    first, second = run["results"]  # type: ignore[misc]
    region = {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 8}
    assert first["locations"][0]["physicalLocation"]["region"] == region
    assert first["relatedLocations"][0]["message"] == {"text": "near"}
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "conv"}}
    ]
    assert "fixes" not in second
    assert driver["rules"][second["ruleIndex"]]["id"] == second["ruleId"]
    assert {first["level"], second["level"]} <= {"error", "warning", "note", "none"}


def test_sarif_addresses_are_relative_and_escaped() -> None:
    _, (span,) = spans("b: «cnov»\n", "my nets/a#b?.yaml")
    (result,) = sarif(finding(span))["results"]  # type: ignore[misc]
    address = urlsplit(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
    assert (address.scheme, address.query, address.fragment) == ("", "", "")
    assert PurePosixPath(unquote(address.path)) == PurePosixPath("my nets/a#b?.yaml")


def test_sarif_counts_columns_in_characters() -> None:
    _, (span,) = spans("doc: 🙂卷 «x»\n")
    run = sarif(finding(span))
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]  # type: ignore[misc]
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 9
