"""`--plugin`: on every command that opens a spec, and the list of what is installed."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import get_type_hints

import pytest
from jsonschema import Draft7Validator
from typer.models import ArgumentInfo, CommandInfo

import netspec
from netspec.cli import application
from netspec.source import read_text
from tests.cli.conftest import ROOT, Run
from tests.installed import EFFICIENT

GHOSTS = EFFICIENT / "ghosts.yaml"


def data(*layers: object) -> dict[str, object]:
    """A small spec."""
    return {"netspec": 1, "name": "x", "input": [16, 8, 8], "layers": list(layers)}


def arguments(command: CommandInfo) -> Iterator[str]:
    """What the arguments of a command are called in its help."""
    assert command.callback is not None
    for parameter in get_type_hints(command.callback, include_extras=True).values():
        for entry in getattr(parameter, "__metadata__", ()):
            if isinstance(entry, ArgumentInfo):
                yield str(entry.metavar).rstrip(".")


def test_every_command_that_opens_a_spec_takes_the_option() -> None:
    opening = {"SPEC", "FILE", "PATH"}
    taking = set()
    for command in application().registered_commands:
        if opening & set(arguments(command)):
            assert command.callback is not None
            assert "plugin" in signature(command.callback).parameters, command.name
            taking.add(command.name)
    assert {"build", "check", "list", "summary", "draw", "emit", "expand", "blocks"} <= taking


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("list",),
        ("summary",),
        ("emit",),
        ("expand",),
        ("draw", "-o", "ghosts.svg"),
        ("build", "-o", "out"),
        ("blocks", "bottleneck"),
        ("schema",),
    ],
    ids=lambda words: words[0],
)
def test_commands_enable_it(
    words: tuple[str, ...],
    efficient: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *rest = words
    arguments = [*rest, GHOSTS] if command == "blocks" else [GHOSTS, *rest]
    done = run(command, *arguments, "--plugin", efficient)
    assert done.code == 0, done.err
    assert done.out


def test_the_schema_knows_its_fields_with_and_without_a_file(efficient: str, run: Run) -> None:
    general = json.loads(run("schema", "--plugin", efficient).out)
    of_file = json.loads(run("schema", GHOSTS, "--plugin", efficient).out)
    ghosts = read_text(GHOSTS.read_text(encoding="utf-8"), "ghosts.yaml").data
    for found in (general, of_file):
        assert "ratio" in found["definitions"]["value_ghost_conv"]["properties"]
        assert [error.message for error in Draft7Validator(found).iter_errors(ghosts)] == []
    wrong = data({"ghost_conv": {"ration": 2}})
    assert list(Draft7Validator(general).iter_errors(wrong))


def test_the_exception_of_a_plugin_is_the_cause_of_the_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    broken = ROOT / "tests/errors/NS508_exceptions"
    shutil.copytree(broken, tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(data("forgets"), plugins=["netspec-broken"])
    assert isinstance(caught.value.__cause__, KeyError)
    file = tmp_path / "net.yaml"
    file.write_text(json.dumps(data("forgets")), encoding="utf-8")
    quiet = run("summary", file, "--plugin", "netspec-broken")
    assert quiet.code == 1
    assert "Traceback" not in quiet.err
    monkeypatch.setenv("NETSPEC_TRACEBACK", "1")
    loud = run("summary", file, "--plugin", "netspec-broken")
    assert re.search(r"Traceback.*in lower.*KeyError: 'width'", loud.err, re.DOTALL)
    del sys.modules["netspec_broken"]


def test_no_plugin_is_an_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("blocks", "--installed").out == "no plug-in is installed\n"


def test_the_installed_plugins_are_listed_without_importing_them(efficient: str, run: Run) -> None:
    first, *_ = run("blocks", "--installed").out.splitlines()
    assert first.split() == [efficient, "eca,", "ghost_conv"]
    assert "netspec_efficient" not in sys.modules
