"""`netspec draw`: every form and every option, and what stays when it cannot be painted."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Run
from tests.conftest import require_program

GOOGLENET = ROOT / "specs/googlenet.yaml"

STARTS = {".svg": b"<svg ", ".gv": b"digraph ", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-"}


def drawn(run: Run, tmp_path: Path, *options: str) -> str:
    """The SVG of GoogLeNet with options."""
    file = tmp_path / "net.svg"
    done = run("draw", GOOGLENET, "-o", file, *options)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"wrote {file}\n"
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", STARTS)
def test_every_form_is_written_whole_and_again_with_the_same_bytes(
    run: Run, spec: Path, tmp_path: Path, suffix: str
) -> None:
    if suffix in {".png", ".pdf"}:
        require_program("dot")
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    assert run("draw", spec, "-o", one).code == 0
    assert run("draw", spec, "-o", other).code == 0
    assert one.read_bytes().startswith(STARTS[suffix])
    assert one.read_bytes() == other.read_bytes()


def test_without_graphviz_its_document_is_written(
    run: Run, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOT_BINARY", "/nowhere/dot")
    done = run("draw", spec, "-o", tmp_path / "net.png")
    assert done.code == 2
    assert done.out == f"wrote {tmp_path / 'net.gv'}\n"
    assert done.err.startswith("error[NS504]: a .png needs Graphviz")
    assert len(done.err.splitlines()) == 2
    assert not (tmp_path / "net.png").exists()
    run("draw", spec, "-o", tmp_path / "same.gv")
    assert (tmp_path / "net.gv").read_text() == (tmp_path / "same.gv").read_text()


def test_without_graphviz_no_file_is_overwritten(
    run: Run, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOT_BINARY", "/nowhere/dot")
    (tmp_path / "net.gv").write_text("mine")
    (tmp_path / "net.png").write_text("old")
    done = run("draw", spec, "-o", tmp_path / "net.png")
    assert (done.code, done.out) == (2, "")
    assert (tmp_path / "net.gv").read_text() == "mine"
    assert (tmp_path / "net.png").read_text() == "old"


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_a_painted_picture_never_overwrites_the_spec(
    run: Run, spec: Path, tmp_path: Path, suffix: str
) -> None:
    require_program("dot")
    trap = tmp_path / f"trap{suffix}"
    trap.write_text(spec.read_text())
    done = run("draw", trap, "-o", trap)
    assert done.code == 2
    assert "NS505" in done.err
    assert trap.read_text() == spec.read_text()


@pytest.mark.parametrize("name", ["net.png", "net.svg"])
def test_a_full_disk_leaves_the_old_picture_whole(spec: Path, tmp_path: Path, name: str) -> None:
    require_program("dot")
    file = tmp_path / name
    file.write_text("old")
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        f"sys.argv = ['netspec', 'draw', {str(spec)!r}, '-o', {str(file)!r}]\n"
        "from netspec.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == f"error[NS503]: cannot write `{file}`: file too large\n"
    assert file.read_text() == "old"
    assert {entry.name for entry in tmp_path.iterdir()} == {name, spec.name}


@pytest.mark.parametrize("name", ["net.svg", "net.gv", "net.png"])
def test_graphviz_lays_it_out_when_asked(run: Run, spec: Path, tmp_path: Path, name: str) -> None:
    require_program("dot")
    ours, theirs = tmp_path / name, tmp_path / f"dot_{name}"
    assert run("draw", spec, "-o", ours).code == 0
    assert run("draw", spec, "-o", theirs, "--engine", "dot").code == 0
    assert ours.read_bytes() != theirs.read_bytes()
    if name == "net.svg":
        texts = [
            sorted(
                each.text or "" for each in ET.parse(file).iter("{http://www.w3.org/2000/svg}text")
            )
            for file in (ours, theirs)
        ]
        assert texts[0] == texts[1]
