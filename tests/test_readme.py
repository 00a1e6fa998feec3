"""Everything that the README says is run, and comes out as it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import netspec
from tests.installed import EFFICIENT, install
from tests.readme import Block, blocks, commands, matches, run_command

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
INSTALL = "sh"
MKDOCS = "yml"


def test_every_block_runs_and_prints_what_the_readme_shows(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    shutil.copytree(EFFICIENT, tmp_path / "examples" / EFFICIENT.name)
    install(EFFICIENT, tmp_path)  # as the README's `pip install` does
    update = request.config.getoption("--update-golden")
    text = README.read_text(encoding="utf-8")
    edits: list[tuple[int, int, str]] = []
    for block in blocks(text):
        if block.language in {INSTALL, MKDOCS}:
            continue  # commands for a fresh machine, and settings of MkDocs: see below
        assert block.language in {"yaml", "python", "console", "rst"}, block.language
        if block.file is not None:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        if block.language == "python":
            _run_python(block, tmp_path)
        if block.language == "rst":
            _build_page(block, tmp_path)
        if block.language == "console":
            edits += [(block.start, block.end, _run_console(block, tmp_path, update=update))]
    if update:
        for start, end, new in reversed(edits):
            text = text[:start] + new + text[end:]
        README.write_text(text, encoding="utf-8")


def _run_python(block: Block, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        cwd=folder, capture_output=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


def _build_page(block: Block, folder: Path) -> None:
    """A page of its own, in a folder beside that of the specs, built by Sphinx."""
    docs = folder / "docs"
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["netspec.ext.sphinx"]', encoding="utf-8")
    (docs / "index.rst").write_text(f"Page\n====\n\n{block.text}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-b", "html", str(docs), str(folder / "html")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<svg " in (folder / "html/index.html").read_text(encoding="utf-8")


def _run_console(block: Block, folder: Path, *, update: bool) -> str:
    new = []
    for command in commands(block):
        got = run_command(command.line, folder)
        if not update:
            assert matches(command.output, got), f"$ {command.line}\n{got}"
        new.append(f"$ {command.line}\n{command.output if matches(command.output, got) else got}")
    return "".join(new)


def test_the_two_commands_for_a_fresh_machine_are_those_that_ci_and_this_test_run(
    tmp_path: Path,
) -> None:
    install = [
        block.text.strip() for block in blocks(README.read_text()) if block.language == INSTALL
    ]
    assert install == [
        'pip install -e ".[torch]" && netspec build specs/googlenet.yaml',
        'pip install -e ".[dev]" && pytest',
    ]
    ci = (ROOT / ".ci/run").read_text()
    assert 'pip install -q -e ".[dev]"' in ci
    assert "\npytest\n" in ci
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    out = run_command("netspec build specs/googlenet.yaml", tmp_path)
    assert "13,378,280" in out
    assert "verified" in out


def test_the_picture_in_the_readme_is_what_netspec_draws(request: pytest.FixtureRequest) -> None:
    for spec, picture in (
        ("examples/stripes.yaml", "examples/pictures/stripes.svg"),
        ("specs/googlenet.yaml", "examples/pictures/googlenet.svg"),
    ):
        drawn = netspec.load(ROOT / spec).to_svg()
        file = ROOT / picture
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(drawn, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == drawn
        assert picture in README.read_text()


def test_the_spec_shown_first_is_the_example_and_has_fifteen_lines() -> None:
    first = next(block for block in blocks(README.read_text()) if block.language == "yaml")
    spec = (ROOT / "examples/stripes.yaml").read_text()
    assert first.text.split("\n", 1)[1] == spec
    assert len(spec.splitlines()) == 15


def test_the_settings_for_mkdocs_are_those_of_the_site_in_examples() -> None:
    """Which a test of its own builds."""
    (settings,) = (
        block.text.split("\n", 1)[1]
        for block in blocks(README.read_text())
        if block.language == MKDOCS
    )
    _, fence = settings.split("\n", 1)
    assert fence in (ROOT / "examples/mkdocs/mkdocs.yml").read_text()
