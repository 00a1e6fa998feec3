"""Graphviz paints in bounded time or is answered clearly, whatever the program does."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import netspec
from netspec import Limits, UsageError
from netspec.emit.raster import Engine, raster
from tests.conftest import require_program

NET = "netspec: 1\nname: net\ninput: [3, 8, 8]\nlayers: [gap, flatten, linear: 2]\n"


def program(folder: Path, body: str) -> str:
    """A shell script in place of `dot`."""
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def failure(monkeypatch: pytest.MonkeyPatch, dot: str, seconds: int = 20) -> UsageError:
    monkeypatch.setenv("DOT_BINARY", dot)
    with pytest.raises(UsageError) as caught:
        raster("digraph {}", "png", Limits(dot_seconds=seconds))
    assert caught.value.code == "NS504"
    return caught.value


def test_png_and_pdf_are_painted() -> None:
    require_program("dot")
    document = netspec.loads(NET).to_gv()
    png = raster(document, "png", Limits())
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert raster(document, "pdf", Limits()).startswith(b"%PDF-")
    assert raster(document, "png", Limits(), engine=Engine.DOT) != png


def test_a_missing_program_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    error = failure(monkeypatch, "/nowhere/dot")
    assert error.message == "a .png needs Graphviz: no `/nowhere/dot` found"
    assert "install" in (error.help or "")


def test_a_program_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    error = failure(monkeypatch, program(tmp_path, "cat >/dev/null; echo no fonts >&2; exit 3"))
    assert error.message.endswith("failed (exit code 3): no fonts")


def test_a_program_that_crashes_or_paints_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "signal 11" in failure(monkeypatch, program(tmp_path, "kill -SEGV $$")).message
    assert "it said nothing" in failure(monkeypatch, program(tmp_path, "cat >/dev/null")).message


def test_what_cannot_be_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "dot"
    path.write_bytes(b"\x00 no program")
    path.chmod(0o755)
    assert "cannot run" in failure(monkeypatch, str(path)).message


def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = f"sleep 300 & echo $! > {tmp_path}/child; sleep 300"
    error = failure(monkeypatch, program(tmp_path, body), seconds=1)
    assert "took longer than 1 s" in error.message
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if _gone(child):
            break
        time.sleep(0.05)
    assert _gone(child)


def _gone(process: int) -> bool:
    """Whether a process has ended; one that nobody waited for yet has."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"
