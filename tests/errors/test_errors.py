"""Every case in this folder gives the code that its name begins with, at a place, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netspec.diagnostics.render import render_concise, render_full, render_json
from netspec.errors import SpecError
from netspec.limits import Limits
from netspec.network import document, given, network

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("NS*/spec.yaml"))


def failure(spec: Path) -> SpecError:
    limits = Limits()
    overrides = spec.with_name("params.json")
    params = json.loads(overrides.read_text()) if overrides.exists() else None
    with pytest.raises(SpecError) as caught:  # noqa: PT012 - reading and elaborating both may raise
        read = document(spec.read_bytes(), "spec.yaml", limits)
        network(read, given(params, None, limits), limits)
    return caught.value


@pytest.mark.parametrize("spec", CASES, ids=lambda spec: spec.parent.name)
def test_a_case_gives_its_code_and_no_other(spec: Path) -> None:
    found = failure(spec).diagnostics
    assert {diagnostic.code for diagnostic in found} == {spec.parent.name[:5]}
    for form in (render_full, render_concise, render_json):
        assert spec.parent.name[:5] in form(found)
    for diagnostic in found:
        assert not diagnostic.message.endswith(".")
        assert "None" not in diagnostic.message


def test_six_mistakes_print_exactly_six_errors() -> None:
    assert len(failure(HERE / "six_mistakes/spec.yaml").diagnostics) == 6
