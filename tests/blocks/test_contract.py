"""The contract of every block in the registry, of presets, and of blocks that a file defines."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from netspec.blocks import BLOCKS, Block, Build, Example, FieldKind, Preset
from netspec.pages import block_page, overview, text_page
from tests.blocks.contract import (
    Subject,
    block_class,
    built_in,
    check_example,
    check_picture,
    check_source,
    example_fields,
)

HERE = Path(__file__).parent
CLASSES = sorted({block_class(name) for name in BLOCKS}, key=lambda block: block.block_name)

SECTIONS = """\
blocks:
  widen:
    params: {channels: int, ratio: 2}
    layers:
      - conv: {out_channels: $channels, kernel_size: 3, padding: same, activation: relu}
      - conv: {out_channels: $(channels * ratio), kernel_size: 1}
  conv7x1: {conv: {kernel_size: [7, 1], padding: same}}
"""
IN_YAML = (
    Subject("widen", Example("- widen: 8", (3, 9, 9), (16, 9, 9)), SECTIONS),
    Subject("conv7x1", Example("- conv7x1: 8", (3, 9, 9), (8, 9, 9)), SECTIONS),
)

every_subject = pytest.mark.parametrize(
    "subject", [*map(built_in, BLOCKS), *IN_YAML], ids=lambda subject: subject.name
)
every_name = pytest.mark.parametrize("name", BLOCKS)
every_class = pytest.mark.parametrize("block", CLASSES, ids=lambda block: block.block_name)


@every_subject
@pytest.mark.parametrize(
    "check", [check_example, check_picture, check_source], ids=lambda check: check.__name__
)
def test_a_block_keeps_the_contract(subject: Subject, check: Callable[[Subject], None]) -> None:
    check(subject)


# The registry


def test_every_block_of_the_package_is_in_the_registry_once() -> None:
    folder = Path(inspect.getfile(Block)).parent
    for file in folder.glob("*.py"):
        importlib.import_module(f"netspec.blocks.{file.stem}")
    ours = {block for block in _leaves(Block) if block.__module__.startswith("netspec.blocks.")}
    assert set(CLASSES) == ours
    for name, entry in BLOCKS.items():
        assert name == (entry.name if isinstance(entry, Preset) else entry.block_name)


def _leaves(block: type[Block]) -> set[type[Block]]:
    below = block.__subclasses__()
    return set().union(*map(_leaves, below)) if below else {block}


@every_class
def test_every_block_has_a_test_file(block: type[Block]) -> None:
    file = HERE / f"test_{block.__module__.rpartition('.')[2]}.py"
    assert file.exists(), f"`{block.block_name}` needs {file.name}: what is true of it alone"


@pytest.mark.parametrize(
    "preset",
    [entry for entry in BLOCKS.values() if isinstance(entry, Preset)],
    ids=lambda p: p.name,
)
def test_a_preset_gives_fields_that_its_block_has(preset: Preset) -> None:
    block = block_class(preset.name)
    assert {*preset.fields, *preset.hidden} <= set(block.infos())
    given = {**preset.fields, **example_fields(preset.name)}
    assert not set(preset.hidden) & set(given)
    block.model_validate(given)


def test_contributing_names_every_verb_that_a_block_builds_with() -> None:
    text = (HERE.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    start = text.index("the verbs of `Build`:")
    told = re.findall(r"`(\w+)`", text[start : text.index("A block has no shape rule")])
    assert set(told) - {"Build"} == {name for name in vars(Build) if not name.startswith("_")}


# Documentation


@every_name
def test_the_first_line_says_shape_to_shape(name: str) -> None:
    entry = BLOCKS[name]
    doc = entry.doc if isinstance(entry, Preset) else inspect.cleandoc(entry.__doc__ or "")
    left, arrow, right = doc.splitlines()[0].partition(" -> ")
    assert arrow
    assert left.strip()
    assert right.strip()
    assert doc.partition("\n\n")[0].endswith(".")


@every_class
def test_every_field_is_documented_and_has_a_kind(block: type[Block]) -> None:
    assert list(block.docs()) == list(block.infos())
    for name, doc in block.docs().items():
        assert doc, f"`{name}` of `{block.block_name}` has no docstring"
        assert doc.endswith(".")
    assert list(block.field_kinds()) == list(block.infos())
    assert block.bare_field is None or block.bare_field in block.infos()


@every_name
def test_the_page_prints_at_80_columns_and_says_everything(name: str) -> None:
    page = block_page(name)
    text = text_page(page)
    assert max(map(len, text.splitlines())) <= 80
    assert {field.name for field in page.fields} <= set(text.split())
    assert page.example.layers.splitlines()[0] in text
    assert "Misfit" not in text
    assert "None" not in text


def test_the_overview_lists_every_block_at_80_columns() -> None:
    lines = overview().splitlines()
    assert max(map(len, lines)) <= 80
    assert {line.split()[0] for line in lines if line} >= set(BLOCKS)


@every_name
def test_the_schema_accepts_the_example(name: str) -> None:
    schema = block_class(name).model_json_schema()
    Draft202012Validator.check_schema(schema)
    entry = BLOCKS[name]
    given = dict(entry.fields) if isinstance(entry, Preset) else {}
    Draft202012Validator(schema).validate({**given, **example_fields(name)})
    assert schema["additionalProperties"] is False


@every_class
def test_a_field_that_is_a_list_of_layers_is_read_as_one(block: type[Block]) -> None:
    schema = block.model_json_schema().get("properties", {})
    for name, kind in block.field_kinds().items():
        if kind is FieldKind.LAYERS:
            assert schema[name]["type"] == "array"
