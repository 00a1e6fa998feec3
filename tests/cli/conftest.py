"""Running the command line in this process, as a terminal would, with both streams apart."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from netspec.cli import main

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("check", "net.yaml")`: its exit code and what it printed."""

    def call(*arguments: str | Path, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["netspec", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        monkeypatch.setenv("COLUMNS", "80")
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        streams = capsys.readouterr()
        return Done(code, streams.out, streams.err)

    return call


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A small spec that is right."""
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


SMALL = """\
netspec: 1
name: small
params: {num_classes: 10}
input: [3, 32, 32]
layers:
  - conv: {name: conv1, out_channels: 8, kernel_size: 3, activation: relu}
  - max_pool: 2
  - gap
  - flatten
  - linear: {name: classifier, out_features: $num_classes}
expect: {params: 314, shape: [10]}
"""
