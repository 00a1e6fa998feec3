"""What a stranger writes in `doc` stays words in everything that netspec writes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import netspec
from netspec.emit.torch_module import check_on_meta
from tests.hostile.isolation import Isolation

DOCS = (
    '"""; import os; os.system("touch owned")',
    "'''; import os",
    'ends with a quote"',
    '"' * 7,
    "ends with backslashes\\\\\\",
    "\\N{BULLET} \\x41 \\u0041 \\",
    "one line\nanother\n\n  deeper\n\ta tab",
    "{x} %s {{y}} $x ${HOME} `id`",
    "--> ]]> <script>alert(1)</script> &amp; %%\n```\n```mermaid\nclick a",
    "\x1b[31m red \x07 \u202e evil \u2066 \u200b \x00",
    "# type: ignore\n# noqa\r\nraise SystemExit",
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def spec(doc: str) -> str:
    """A spec with this text wherever a text can stand."""
    words = json.dumps(doc)
    return f"""netspec: 1
name: net
doc: {words}
params: {{width: {{type: int, default: 3, doc: {words}}}}}
input: [3, 8, 8]
blocks:
  unit:
    doc: {words}
    params: {{k: {{type: int, default: 1, doc: {words}}}}}
    layers: [conv: {{out_channels: 4, kernel_size: $k, doc: {words}}}, relu]
layers:
  - unit: {{name: u, doc: {words}}}
  - conv: {{name: c, out_channels: $width, kernel_size: 1, doc: {words}}}
  - sequential: {{name: s, doc: {words}, layers: [relu, unit]}}
"""


@pytest.fixture(scope="module")
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    running = Isolation(tmp_path_factory.mktemp("outputs"))
    yield running
    running.close()


@pytest.mark.parametrize("doc", DOCS)
def test_the_source_has_the_same_code_whatever_the_docs_say(doc: str) -> None:
    net, plain = netspec.loads(spec(doc)), netspec.loads(spec("words"))
    assert not CONTROL.search(net.source())
    assert _code(net.source()) == _code(plain.source())
    assert not check_on_meta(net.graph)


def _code(source: str) -> str:
    """The statements of a file, without its docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            del node.body[0]
    return ast.dump(tree)


@pytest.mark.parametrize("doc", DOCS)
def test_pictures_and_tables_hold_no_control_characters(
    doc: str, isolation: Isolation, tmp_path: Path
) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(spec(doc))
    written = [tmp_path / f"net.{form}" for form in ("svg", "gv", "html", "mmd", "txt", "json")]
    commands = [("draw", str(file), "-o", str(path)) for path in written]
    commands += [("summary", str(file), "--format", form) for form in ("text", "md", "csv", "json")]
    for command in commands:
        outcome = isolation.run(*command)
        assert outcome.code == 0, outcome.err
        assert not CONTROL.search(outcome.out + outcome.err), command
    for path in written:
        text = path.read_text()
        assert not CONTROL.search(text), path.suffix
        assert "<script>alert" not in text or path.suffix not in (".svg", ".html")
    assert {path.name for path in tmp_path.iterdir()} == {"spec.yaml", *(p.name for p in written)}
