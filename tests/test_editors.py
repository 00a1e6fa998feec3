"""Specs in an editor: completion, hover and mistakes, by the server that VS Code runs for YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netspec.blocks import BLOCKS
from netspec.elaborate import library_of
from netspec.emit.records import to_json
from netspec.limits import Limits
from netspec.schema import schema
from netspec.source import Project, read_text
from tests.language_server import LanguageServer, language_server
from tests.test_schema import ROOT

pytestmark = pytest.mark.slow

MODELINE = "# yaml-language-server: $schema=netspec.json\n"
HEAD = f"{MODELINE}netspec: 1\nname: x\ninput: [3, 8, 8]\nlayers:\n"
SPECS = sorted((ROOT / "specs").rglob("*.yaml"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """With `netspec schema > netspec.json` done in its folder, and `netspec schema resnet.yaml` too."""
    folder = tmp_path_factory.mktemp("editor")
    (folder / "netspec.json").write_text(to_json(schema()), encoding="utf-8")
    file = ROOT / "specs/resnet.yaml"
    document = read_text(file.read_text(encoding="utf-8"), file.name)
    library, _ = library_of(document, Limits(), Project(file))
    (folder / "resnet.json").write_text(to_json(schema(library)), encoding="utf-8")
    with language_server(folder) as running:
        yield running


def test_it_completes_the_names_of_blocks(server: LanguageServer) -> None:
    offered = server.completions("names.yaml", f"{HEAD}  - ")
    assert set(BLOCKS) <= set(offered)


def test_it_completes_fields_with_their_docs(server: LanguageServer) -> None:
    offered = server.completions("fields.yaml", f"{HEAD}  - conv:\n      ")
    assert {"out_channels", "kernel_size", "padding", "name", "from", "repeat"} <= set(offered)
    assert "Number of filters" in offered["out_channels"]


def test_it_completes_the_choices_of_a_field(server: LanguageServer) -> None:
    offered = server.completions("choices.yaml", f"{HEAD}  - conv:\n      padding_mode: ")
    assert {"zeros", "reflect", "replicate", "circular"} <= set(offered)
    offered = server.completions("padding.yaml", f"{HEAD}  - conv:\n      padding: ")
    assert {"same", "same_tf"} <= set(offered)
    offered = server.completions("norm.yaml", f"{HEAD}  - conv:\n      norm: ")
    assert {"batch_norm", "none"} <= set(offered)


def test_it_completes_the_keys_of_a_spec(server: LanguageServer) -> None:
    offered = server.completions("keys.yaml", f"{MODELINE}netspec: 1\nname: x\n")
    assert {"input", "layers", "params", "blocks", "defaults", "expect"} <= set(offered)


@pytest.mark.parametrize("block", ["conv", "max_pool", "inception"])
def test_hover_shows_the_docs_of_a_block(server: LanguageServer, block: str) -> None:
    text = f"{HEAD}  - {block}: {{}}\n"
    shown = server.hover(f"hover_{block}.yaml", text, f"{block}:")
    first = BLOCKS[block].doc if not isinstance(BLOCKS[block], type) else BLOCKS[block].__doc__
    words = str(first).split("\n")[0].partition(":")[2].strip()[:20]
    assert words in shown.replace("\\", "")


def test_an_unknown_field_is_underlined(server: LanguageServer) -> None:
    found = server.mistakes("field.yaml", f"{HEAD}  - conv: {{out_chanels: 3, kernel_size: 1}}\n")
    assert [(line, "out_chanels" in message) for line, message in found if line == 6] != []
    assert any("out_chanels" in message for _, message in found)


def test_an_unknown_key_is_underlined(server: LanguageServer) -> None:
    found = server.mistakes("key.yaml", f"{HEAD}  - gap\nlayer: 3\n")
    assert [line for line, _ in found] == [7]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_no_spec_of_the_zoo_is_underlined(server: LanguageServer, spec: Path) -> None:
    assert server.mistakes(spec.name, MODELINE + spec.read_text(encoding="utf-8")) == []


def test_the_schema_of_a_file_knows_its_own_blocks(server: LanguageServer) -> None:
    """Their names and parameters are completed as those of built-in ones."""
    text = (ROOT / "specs/resnet.yaml").read_text(encoding="utf-8")
    own = MODELINE.replace("netspec.json", "resnet.json")
    assert server.mistakes("own.yaml", own + text) == []
    offered = server.completions("own_names.yaml", HEAD.replace(MODELINE, own) + "  - ")
    assert {"basic", "bottleneck"} <= set(offered)
