"""A wrong command line is answered with what to write, and that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from netspec.cli import application
from netspec.cli.strays import OTHER_NAMES
from tests.cli.conftest import ROOT, SMALL, Run

COMMANDS = typer.main.get_group(application()).commands


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(
        f"{SMALL}variants: {{wide: {{num_classes: 20}}}}\n".replace("shape: [10]", "macs: 194480"),
        encoding="utf-8",
    )
    (tmp_path / "two.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


ADDED = {
    "draw net.yaml net.svg": "-o net.svg",
    "draw net.yaml NET.PDF": "-o NET.PDF",
    "emit net.yaml net.py": "-o net.py",
    "weights net.yaml net.safetensors": "-o net.safetensors",
    "summary net.yaml wide": "--variant wide",
    "summary net.yaml num_classes=3": "--set num_classes=3",
    "expand net.yaml 3x64x64": "--input 3x64x64",
}


@pytest.mark.parametrize("line", ADDED)
def test_an_argument_too_many_is_answered_with_its_option(run: Run, line: str) -> None:
    done = run(*line.split())
    *right, stray = line.split()
    assert done.code == 2
    said, help_ = done.err.splitlines()
    assert said == f"error[NS506]: `netspec {right[0]}` got 1 argument too many: `{stray}`"
    assert help_.endswith((f": {ADDED[line]}", f" by {ADDED[line]}"))
    assert {name for name in ADDED[line].split() if name.startswith("-")} <= {
        name for parameter in COMMANDS[right[0]].params for name in parameter.opts
    }


@pytest.mark.parametrize(
    "line", ["summary net.yaml wide", "summary net.yaml num_classes=3", "expand net.yaml 3x64x64"]
)
def test_with_its_option_it_works(run: Run, line: str) -> None:
    *right, _ = line.split()
    done = run(*right, *ADDED[line].split())
    assert done.code in (0, 1)
    assert "NS506" not in done.err


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("net.yaml", "to build it: netspec build net.yaml"),
        ("./net.yaml", "to build it: netspec build ./net.yaml"),
        ("resnet", "netspec ships `resnet`: netspec new mynet --from resnet"),
        ("nett.yml", "to build it: netspec build nett.yml"),
        ("buidl net.yaml", "did you mean netspec build?"),
        ("validate net.yaml", "that is netspec check"),
        (
            "build net.yaml two.yaml",
            "give one spec; netspec check takes several, and netspec diff compares two",
        ),
        ("diff net.yaml two.yaml diff.svg", "to draw the difference: -o diff.svg"),
        ("check --variant", "--variant NAME: one of the spec's variants; `netspec list`"),
        ("check", "netspec check PATH...: specs, folders of specs, or `-` for standard input"),
        ("summary net.yaml --depth two", "--depth N: show rows down to this level; 1 is the top"),
        ("summary net.yaml --depht 2", "did you mean --depth?"),
        ("summary net.yaml --json", "write --format json"),
        ("check net.yaml --json", "write --error-format json"),
        ("check net.yaml --format json", "did you mean --error-format?"),
        ("summary net.yaml -o table.txt", "it prints; write netspec summary ... > FILE"),
        ("draw net.yaml --level ful", "did you mean full?"),
        ("explain NS402 net.yaml", "a code is explained alone: netspec explain NS402"),
        ("explain net.yaml conv1", "the layer comes first: netspec explain conv1 net.yaml"),
        ("explain gap", "that is a block: netspec blocks gap"),
        ("new mine --from specs/resnet.yaml", "did you mean resnet?"),
        ("-v", "did you mean --version?"),
        ("explain net.yaml", "name a layer of it too: netspec explain conv_1 net.yaml"),
        ("blocks net.yaml conv", "the block comes first: netspec blocks conv net.yaml"),
    ],
)  # fmt: skip
def test_what_was_meant_is_said(run: Run, line: str, help_: str) -> None:
    done = run(*line.split())
    assert done.code == 2
    said, advice = done.err.splitlines()
    assert re.match(r"error\[NS506\]: [^A-Z]", said)
    assert advice == f"  = help: {help_}"


def test_other_programs_names_lead_to_commands_and_are_none() -> None:
    assert {name for name in OTHER_NAMES.values() if name[:2] != "--"} <= set(COMMANDS)
    assert not set(OTHER_NAMES) & set(COMMANDS)
    assert list(OTHER_NAMES) == sorted(OTHER_NAMES)


def test_nothing_is_written_for_a_wrong_line(run: Run, folder: Path) -> None:
    before = sorted(folder.iterdir())
    run("net.yaml")
    run("draw", "net.yaml", "net.svg")
    assert sorted(folder.iterdir()) == before
    assert (ROOT / "specs").is_dir()
