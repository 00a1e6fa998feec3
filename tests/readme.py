"""Runs the code blocks of a Markdown file as a reader would, in order, in one folder.

A `yaml` or `python` block whose first line is a comment with a file name is saved under that name; every
`python` block is run; a `console` block's commands are run and their output compared, where `...` in
the text stands for anything. Nothing in the file is skipped: a block of another kind is an error.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"#\s*([\w./-]+\.(?:yaml|py))\s*")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and where the text stands in the file."""

    language: str
    text: str
    start: int
    end: int

    @property
    def file(self) -> str | None:
        match = _FILE.fullmatch(self.text.split("\n", 1)[0])
        return match[1] if match else None


@dataclass(frozen=True)
class Command:
    """A command of a console block and the output printed below it."""

    line: str
    output: str


def blocks(text: str) -> list[Block]:
    return [Block(m[1], m[2], m.start(2), m.end(2)) for m in _BLOCK.finditer(text)]


def commands(block: Block) -> list[Command]:
    found = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        found.append(Command(line, output))
    return found


def run_command(line: str, folder: Path) -> str:
    """The output of a command, both streams, as a terminal of 80 columns shows it.

    Packages in `folder` count as installed.
    """
    executables = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={
            "PATH": f"{executables}:/usr/bin:/bin",
            "COLUMNS": "80",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": f"{folder}:{ROOT}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.decode().splitlines())


def matches(expected: str, got: str) -> bool:
    """Whether `got` is `expected`, where `...` stands for anything."""
    pattern = ".*?".join(map(re.escape, expected.rstrip("\n").split("...")))
    return re.fullmatch(pattern, got.rstrip("\n"), re.DOTALL) is not None
