"""Commands and their options are told: in the help of each, and in the README's table, and both are true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
import typer
from typer.core import TyperCommand

from netspec.cli import application
from tests.cli.conftest import ROOT

COMMANDS: Mapping[str, TyperCommand] = typer.main.get_group(application()).commands
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## The command line") : README.index("Exit codes:")]

every_command = pytest.mark.parametrize("name", COMMANDS)


def rows(name: str) -> Iterator[str]:
    """The lines of the table about a command."""
    for line in SECTION.splitlines():
        if re.match(rf"\| `netspec {name}\b", line):
            yield line


def options(command: TyperCommand) -> set[str]:
    """The long options of a command."""
    names = {name for parameter in command.params for name in parameter.opts}
    return {name for name in names if name.startswith("--")} | {"--help"}


def mentioned(text: str) -> set[str]:
    """The options that a text names in code."""
    return {name for code in re.findall(r"`[^`]+`", text) for name in re.findall(r"--[\w-]+", code)}


@every_command
def test_a_command_has_a_row_whose_options_it_has(name: str) -> None:
    found = list(rows(name))
    assert found, f"the README's table has no `netspec {name}`"
    assert mentioned("\n".join(found)) <= options(COMMANDS[name])


@every_command
def test_everything_that_a_command_takes_is_explained_in_its_help(name: str) -> None:
    command = COMMANDS[name]
    assert (command.help or "").strip().endswith(".")
    for parameter in command.params:
        words = getattr(parameter, "help", None)
        assert words, f"`netspec {name}` does not say what {parameter.opts[0]} is"
        assert words.endswith("."), words


def test_what_stands_below_the_table_is_true_of_every_command_that_opens_a_spec() -> None:
    table, _, below = SECTION.partition("\n\n`--variant")
    shared = mentioned(f"`--variant{below}")
    assert {"--variant", "--set", "--input", "--limit", "--plugin", "--help"} == shared
    for name in ("build", "check", "summary", "draw", "emit", "expand", "explain"):
        assert shared <= options(COMMANDS[name]), name
    assert "netspec" in table


def test_every_row_is_of_a_command() -> None:
    named = set(re.findall(r"^\| `netspec (\w+)", SECTION, re.MULTILINE))
    assert named == set(COMMANDS)
