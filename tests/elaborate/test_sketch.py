"""A sketch of a spec with errors: the same errors, nothing dropped, and the broken layers are named."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from netspec.cli.opening import given_by, project_of
from netspec.diagnostics import Diagnostic
from netspec.elaborate import Sketch, sketch
from netspec.errors import SpecError
from netspec.limits import Limits
from netspec.network import network
from netspec.pictures import Drawing, picture
from netspec.reading import document, given
from tests.errors.cases import CASES, SPEC, Case

LIMITS = Limits()
HEAD = (
    "netspec: 1\nname: x\ninput: [3, 32, 32]\ndefaults: {conv: {kernel_size: 3, padding: same}}\n"
)


def sketched(text: str) -> Sketch:
    return sketch(document(HEAD + text, "x.yaml", LIMITS), given(None, None, LIMITS), LIMITS)


def told(error: Diagnostic) -> tuple[str, str, str]:
    return error.code, error.message, str(error.primary.span)


def broken(found: Sketch) -> dict[str, str]:
    """Path -> code, of the nodes with errors."""
    return {node.path: error.code for node, error in found.broken.items()}


def drawn(found: Sketch, **options: object) -> dict[str, tuple[str, str]]:
    """Id -> kind and second line, of every box."""
    drawing = Drawing(found.shown, picture(options), found.broken)
    ET.fromstring(drawing.to_svg())
    boxes = list(drawing.layout.view.root.boxes())
    assert len({box.id for box in boxes}) == len(boxes)
    return {box.id: (box.kind, box.detail) for box in boxes}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_sketch_has_the_errors_of_the_spec_and_can_be_drawn(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case.folder)
    try:
        read = document((case.folder / SPEC).read_bytes(), SPEC, LIMITS)
    except SpecError:
        return  # text that cannot be read has nothing to show
    chosen = given_by(case.settings, None, case.variant, LIMITS)
    if case.params is not None:
        chosen = given(case.params, None, LIMITS, case.variant)
    found = sketch(read, chosen, LIMITS, project_of(SPEC, LIMITS))
    expected: tuple[Diagnostic, ...] = ()
    try:
        network(read, chosen, LIMITS, project_of(SPEC, LIMITS))
    except SpecError as error:
        expected = error.diagnostics
    assert list(map(told, found.errors)) == list(map(told, expected))
    if found.graph is not None and found.graph.nodes:
        for level in ("overview", "blocks", "full"):
            assert drawn(found, level=level)


def test_a_clash_is_on_the_edges_of_the_failing_merge() -> None:
    found = sketched(
        "layers:\n"
        "  - conv: {name: a, out_channels: 8}\n"
        "  - conv: {name: b, out_channels: 4}\n"
        "  - add: {name: both, from: [a, b]}\n"
        "  - gap\n"
        "  - inception: {name: mix, conv1x1: 4, conv3x3: [4, 8], conv5x5: [2, 4], pool_proj: 4}\n"
    )
    assert broken(found) == {"both": "NS401"}
    boxes = drawn(found)
    assert boxes["both"] == ("broken", "error NS401")
    assert {kind for kind, _ in (boxes["both input 1"], boxes["both input 2"])} == {"clash"}
    assert boxes["gap_1"] == ("unknown", "?")
    assert boxes["mix"] == ("unknown", "?")
    view = Drawing(found.shown, picture({}), found.broken).layout.view
    edges = {(edge.source, edge.target, edge.kind) for edge in view.edges}
    assert {
        ("a", "both input 1", "clash"),
        ("b", "both input 2", "clash"),
        ("both input 1", "both", "clash"),
        ("both input 2", "both", "clash"),
        ("both", "gap_1", ""),
    } <= edges
    labels = {box.id: box.label for box in view.root.boxes()}
    assert (labels["both input 1"], labels["both input 2"]) == ("8 · 32×32", "4 · 32×32")


def test_of_copies_only_the_one_that_failed_is_broken() -> None:
    found = sketched("layers:\n  - max_pool: {name: p, kernel_size: 2, repeat: 7}\n")
    assert broken(found) == {"p.5": "NS402"}
    assert [box for box, (kind, _) in drawn(found).items() if kind == "unknown"] == ["p.6"]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("  - cov: 8\n  - gap\n", {"cov_1": "NS201"}),
        ("  - conv: {name: c, out_chanels: 8}\n  - gap\n", {"c": "NS202"}),
        ("  - conv: {name: c, from: nowhere, out_channels: 8}\n  - gap\n", {"c": "NS301"}),
        ("  - conv: {name: c, out_channels: 8, activation: rlu}\n  - gap\n", {"c": "NS201"}),
        ("  - linear: {name: l, out_features: 8}\n  - relu\n", {"l": "NS403"}),
        ("  - conv: {name: c, out_channels: 8, groups: 2}\n  - gap\n", {"c": "NS405"}),
        ("  - conv: {name: c, out_channels: $(8 +), repeat: 2}\n  - gap\n", {"c.0": "NS221"}),
        ("  - gap: {name: g, expect: {shape: [4, 1, 1]}}\n  - flatten\n", {"g": "NS408"}),
        ("  - residual: {name: r, layers: [conv: 8], shortcut: [conv: 9]}\n", {"r": "NS401"}),
    ],
)  # fmt: skip
def test_every_kind_of_error_finds_its_layer(layers: str, expected: dict[str, str]) -> None:
    found = sketched(f"layers:\n{layers}")
    assert broken(found) == expected
    assert [d.code for d in found.errors] == list(broken(found).values())
    assert sum(kind == "broken" for kind, _ in drawn(found).values()) == 1


def test_a_right_spec_has_nothing_broken() -> None:
    found = sketched("layers: [conv: 8, gap]\n")
    assert not found.errors
    assert not found.broken
    assert {kind for kind, _ in drawn(found).values()} == {"input", "conv", "pool", "output"}
