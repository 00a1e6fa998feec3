"""Everything that the README says is run, and comes out as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import netspec
from tests.installed import EFFICIENT, install
from tests.readme import Block, blocks, commands, matches, run_command

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
INSTALL = "sh"
SETTINGS = "yml"


@pytest.mark.slow
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
        if block.language in {INSTALL, SETTINGS}:
            continue  # commands for a fresh machine, and settings of other programs: see below
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


@pytest.mark.slow
def test_the_two_commands_for_a_fresh_machine_are_those_that_ci_and_this_test_run(
    tmp_path: Path,
) -> None:
    install = [
        block.text.strip() for block in blocks(README.read_text()) if block.language == INSTALL
    ]
    assert install == [
        'pip install -e ".[torch]" && netspec build specs/googlenet.yaml',
        "python -m tests.benchmarks modules",
        'pip install -e ".[dev]" && pytest',
    ]
    assert (ROOT / "tests/benchmarks/modules.py").is_file()  # it takes minutes: not run here
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


def settings(file: str) -> str:
    """The settings that the README shows for a file of another program."""
    (found,) = (
        block.text.split("\n", 1)[1]
        for block in blocks(README.read_text())
        if block.language == SETTINGS and block.text.startswith(f"# {file}\n")
    )
    return found


def test_the_settings_for_mkdocs_are_those_of_the_site_in_examples() -> None:
    """Which a test of its own builds."""
    _, fence = settings("mkdocs.yml").split("\n", 1)
    assert fence in (ROOT / "examples/mkdocs/mkdocs.yml").read_text()


@pytest.mark.slow
def test_the_workflow_marks_a_mistake_in_a_spec_and_passes_without(tmp_path: Path) -> None:
    steps = yaml.safe_load(settings(".github/workflows/specs.yml"))["jobs"]["specs"]["steps"]
    (install, check) = (step["run"] for step in steps if "run" in step)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert install == f"pip install {project['name']}"
    python = next(step["with"]["python-version"] for step in steps if "with" in step)
    assert f"Programming Language :: Python :: {python}" in project["classifiers"]
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    fine = run_command(f"{check}; echo $?", tmp_path).splitlines()
    assert fine[-1] == "0"
    assert [line for line in fine if line.startswith("::")] == []
    spec = tmp_path / "specs/lenet5.yaml"
    spec.write_text(spec.read_text().replace("- flatten", "- flaten"))
    wrong = run_command(f"{check}; echo $?", tmp_path).splitlines()
    assert wrong[-1] == "1"
    (mark,) = (line for line in wrong if line.startswith("::"))
    assert mark.startswith("::error file=specs/lenet5.yaml,line=")


def test_the_hook_for_pre_commit_checks_the_specs_that_are_staged() -> None:
    """It is called as pre-commit calls it: its entry, with the names of the files that its pattern finds."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] in README.read_text()
    assert (hook["language"], hook["types"]) == ("python", ["yaml"])
    names = ["specs/lenet5.yaml", "specs/vgg.yaml", "examples/stripes.yaml", "a/specs/b.yaml"]
    found = [name for name in names if re.search(hook["files"], name)]
    assert found == ["specs/lenet5.yaml", "specs/vgg.yaml", "a/specs/b.yaml"]
    out = run_command(f"{hook['entry']} {' '.join(found[:2])}; echo $?", ROOT)
    assert out.endswith("2 specs, 10 networks: ok\n0\n")
    assert run_command(f"{hook['entry']} {found[2]}; echo $?", ROOT).endswith("2\n")


def test_input_in_a_block_of_ones_own_is_what_the_block_reads() -> None:
    assert "block of your own, `from: input` reads what the block reads" in README.read_text()
    side = {"conv": {"name": "side", "from": "input", "out_channels": 4, "kernel_size": 1}}
    spec = {
        "netspec": 1,
        "name": "x",
        "input": [3, 8, 8],
        "blocks": {"unit": {"layers": [{"max_pool": 2}, side]}},
        "layers": [{"conv": {"out_channels": 5, "kernel_size": 3}}, "unit"],
    }
    graph = netspec.loads(spec).graph
    (conv,) = (node for node in graph.nodes if node.path == "unit_1.side")
    assert conv.inputs[0].shape == (5, 6, 6)
