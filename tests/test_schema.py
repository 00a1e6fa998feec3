"""The JSON Schema never complains about a spec that is right, and knows the mistakes that it can know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import netspec
from netspec.blocks import BLOCKS, Preset
from netspec.elaborate import library_of
from netspec.emit.records import to_json
from netspec.limits import Limits
from netspec.messages import PAGES
from netspec.schema import FILE, schema
from netspec.source import Document, Project, TextFault, read_text
from netspec.starting import start
from tests.readme import blocks as readme_blocks

ROOT = Path(__file__).parent.parent
PACKAGED = Path(netspec.__file__).parent / FILE
GENERAL = Draft7Validator(json.loads(to_json(schema())))
ERRORS = sorted((ROOT / "tests/errors").glob("*/spec.yaml"))


def right() -> Iterator[tuple[str, str, Path | None]]:
    """Every text in the project that is a right spec: name, text, file."""
    for file in sorted((ROOT / "specs").glob("*.yaml")):
        yield file.stem, file.read_text(encoding="utf-8"), file
    yield "start", start("mynet"), None
    yield "preset", "blocks: {pointwise: {doc: It mixes channels., conv: {kernel_size: 1}}}\n", None
    for page in PAGES:
        if page.right.startswith("netspec: ") and not page.beside:  # their blocks are elsewhere
            yield page.code, page.right, None
    for block in readme_blocks((ROOT / "README.md").read_text(encoding="utf-8")):
        if block.language == "yaml" and "out_chanels" not in block.text:
            yield str(block.file), block.text, None
    for name, entry in BLOCKS.items():
        layers = "".join(f"  {line}\n" for line in entry.example.layers.splitlines())
        head = f"netspec: 1\nname: x\ninput: {list(entry.example.input)}\n"
        yield f"block {name}", f"{head}layers:\n{layers}", None


RIGHT = list(right())


def own_validator(document: Document, file: Path | None) -> Draft7Validator:
    library, _ = library_of(document, Limits(), Project(file))
    return Draft7Validator(json.loads(to_json(schema(library))))


@pytest.mark.parametrize(("name", "text", "file"), RIGHT, ids=[name for name, *_ in RIGHT])
def test_no_right_spec_is_refused(name: str, text: str, file: Path | None) -> None:
    document = read_text(text, f"{name}.yaml")
    for validator in (GENERAL, own_validator(document, file)):
        assert [error.message for error in validator.iter_errors(document.data)] == []


@pytest.mark.parametrize("spec", ERRORS, ids=[spec.parent.name for spec in ERRORS])
def test_every_error_case_can_be_validated(spec: Path) -> None:
    """And what the schema says about a case with a misspelt field or key is an error too."""
    try:
        document = read_text(spec.read_bytes(), "spec.yaml")
    except TextFault:
        return  # no data: nothing for a schema
    found = list(GENERAL.iter_errors(document.data))
    known = {"NS202_typo", "NS202_nothing_near", "NS202_top_level", "NS202_of_another_block"}
    known |= {"NS205_ranges", "NS206_null", "NS211_version"}
    if spec.parent.name in known:
        assert found


def test_a_wrong_field_is_one_error_at_its_place() -> None:
    text = "netspec: 1\nname: x\ninput: [3, 8, 8]\nlayers: [conv: {out_chanels: 3}]\n"
    (error,) = GENERAL.iter_errors(read_text(text, "x.yaml").data)
    assert list(error.absolute_path) == ["layers", 0, "conv"]
    assert "'out_chanels' was unexpected" in error.message


def test_unknown_blocks_are_fine_until_the_file_is_known() -> None:
    text = "netspec: 1\nname: x\ninput: [3, 8, 8]\nblocks: {unit: {params: {size: int}, layers: [relu]}}\n"
    for layer, is_right in (
        ("unit: 3", True), ("unit: {size: 3, repeat: 2}", True), ("unit: {sise: 3}", False),
        ("unit: {size: x}", False), ("unti: 3", False), ("unti", False), ("$unit: {a: 1}", True),
    ):  # fmt: skip
        document = read_text(f"{text}layers: [{layer}]\n", "x.yaml")
        assert not list(GENERAL.iter_errors(document.data)), layer
        assert own_validator(document, None).is_valid(document.data) is is_right, layer


def test_the_packaged_schema_is_fresh(request: pytest.FixtureRequest) -> None:
    text = to_json(schema())
    if request.config.getoption("--update-golden"):
        PACKAGED.write_text(text, encoding="utf-8")
    assert PACKAGED.read_text(encoding="utf-8") == text, "run pytest --update-golden"
    Draft7Validator.check_schema(json.loads(text))


def test_every_block_and_field_has_words_for_an_editor() -> None:
    definitions = schema()["definitions"]
    for name, entry in BLOCKS.items():
        value = definitions[f"value_{name}"]
        assert value["description"], name
        if not isinstance(entry, Preset):
            assert len(value["properties"]) == len(entry.model_fields)
        for field, form in value["properties"].items():
            assert form["description"], (name, field)
    assert definitions["value_conv"]["properties"]["stride"]["default"] == 1
    words = definitions["value_conv"]["properties"]["padding_mode"]["else"]
    assert "reflect" in words["enum"]
