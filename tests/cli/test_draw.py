"""`netspec draw`: every form and every option, and what stays when it cannot be painted."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from netspec.cli.build import More
from netspec.emit.palette import PALETTES, Theme
from netspec.emit.raster import Engine
from netspec.layout import Direction
from netspec.pictures import FORMS
from netspec.view import Annotate, Level
from tests.cli.conftest import ROOT, Run
from tests.conftest import require_program

SPACE = "{http://www.w3.org/2000/svg}"
GOOGLENET = ROOT / "specs/googlenet.yaml"

STARTS = {
    ".svg": b"<svg ",
    ".gv": b"digraph ",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".pdf": b"%PDF-",
    ".html": b"<!doctype html>",
    ".mmd": b"flowchart TB",
    ".txt": b"small\n",
    ".json": b'{\n  "netspec_drawing": 1,',
}


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


@pytest.mark.parametrize(
    ("options", "what"), [((), "a .png"), (("--engine", "dot"), "--engine dot")]
)
def test_without_graphviz_its_document_is_written(
    run: Run,
    spec: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    what: str,
) -> None:
    monkeypatch.setenv("DOT_BINARY", "/nowhere/dot")
    done = run("draw", spec, "-o", tmp_path / "net.png", *options)
    assert done.code == 2
    assert done.out == f"wrote {tmp_path / 'net.gv'}\n"
    assert done.err.startswith(f"error[NS504]: {what} needs Graphviz")
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
            sorted(each.text or "" for each in ET.parse(file).iter(f"{SPACE}text"))
            for file in (ours, theirs)
        ]
        assert texts[0] == texts[1]


def test_the_end_of_a_name_may_be_in_capitals(run: Run, spec: Path, tmp_path: Path) -> None:
    assert run("draw", spec, "-o", tmp_path / "NET.SVG").code == 0
    assert (tmp_path / "NET.SVG").read_bytes().startswith(b"<svg ")
    refused = run("draw", spec, "--check", tmp_path / "NET.PNG")
    assert refused.code == 2


def test_every_form_is_tried_here() -> None:
    assert list(STARTS) == list(FORMS)


def test_without_a_file_the_picture_is_printed(run: Run, spec: Path, tmp_path: Path) -> None:
    printed = run("draw", spec)
    assert (printed.code, printed.err) == (0, "")
    assert printed.out == (
        "small\n"
        "\n"
        "input            3 · 32×32\n"
        "conv 3×3         8 · 30×30 · ReLU\n"
        "maxpool 2×2 / 2  8 · 15×15\n"
        "global avgpool   8 · 1×1\n"
        "flatten          8\n"
        "linear           10\n"
        "output           10\n"
    )
    run("draw", spec, "-o", tmp_path / "net.txt")
    assert (tmp_path / "net.txt").read_text(encoding="utf-8") == printed.out


@pytest.mark.parametrize("suffix", [".html", ".mmd", ".txt", ".json"])
def test_graphviz_does_not_write_our_own_forms(
    run: Run, spec: Path, tmp_path: Path, suffix: str
) -> None:
    done = run("draw", spec, "-o", tmp_path / f"net{suffix}", "--engine", "dot")
    assert done.code == 2
    assert "NS506" in done.err
    assert not (tmp_path / f"net{suffix}").exists()


def boxes(svg: str) -> list[str]:
    """What stands in the boxes of a picture, without their small lines."""
    groups = [
        each for each in ET.fromstring(svg).iter(f"{SPACE}g") if "ns-box" in each.get("class", "")
    ]
    return [each.findtext(f"{SPACE}text") or "" for each in groups]


def titles(svg: str) -> list[str]:
    """The titles of the frames of a picture."""
    groups = [
        each for each in ET.fromstring(svg).iter(f"{SPACE}g") if "ns-frame" in each.get("class", "")
    ]
    return [each.findtext(f"{SPACE}text") or "" for each in groups]


def size(svg: str) -> tuple[float, float]:
    root = ET.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def test_level(run: Run, tmp_path: Path) -> None:
    counts = [
        len(boxes(drawn(run, tmp_path, "--level", each))) for each in ("overview", "blocks", "full")
    ]
    assert counts == sorted(set(counts))
    assert counts[1] == len(boxes(drawn(run, tmp_path)))
    assert "inception_3a" in boxes(drawn(run, tmp_path, "--level", "overview"))


def test_only_and_expand(run: Run, tmp_path: Path) -> None:
    one = drawn(run, tmp_path, "--only", "inception_3a")
    assert titles(one) == []
    assert boxes(one).count("conv 1×1") == 4
    opened = drawn(
        run, tmp_path, "--level", "overview", "--expand", "inception_3*", "--expand", "aux1"
    )
    assert titles(opened) == ["inception_3a", "inception_3b", "aux1"]
    wrong = run("draw", GOOGLENET, "-o", tmp_path / "x.svg", "--only", "incption_3a")
    assert wrong.code == 2
    assert wrong.err == (
        "error[NS506]: `only`: no layer has the path `incption_3a`\n"
        "  = help: did you mean `inception_3a`, `inception_3b` or `inception_4a`?\n"
    )
    assert not (tmp_path / "x.svg").exists()


def test_fold(run: Run, tmp_path: Path) -> None:
    assert "inception_3a … inception_3b ×2" in titles(drawn(run, tmp_path, "--fold"))
    assert "inception_3a … inception_3b ×2" not in titles(drawn(run, tmp_path))


@pytest.mark.parametrize(
    ("numbers", "there", "missing"),
    [
        ("default", "192 → 256 · 28×28 · 163.7k", "params"),
        ("shape", "192 → 256 · 28×28", "163.7k"),
        ("params", "163.7k params", "28×28"),
        ("macs", "128.0M MACs", "params"),
        ("all", "192 → 256 · 28×28 · 163.7k params · 128.0M MACs", "163.7k each"),
        ("none", "inception_3a", "163.7k"),
    ],
)
def test_annotate(run: Run, tmp_path: Path, numbers: str, there: str, missing: str) -> None:
    svg = drawn(run, tmp_path, "--annotate", numbers)
    words = [each.text or "" for each in ET.fromstring(svg).iter(f"{SPACE}text")]
    assert there in words
    assert not any(missing in word for word in words)


def test_direction_and_wrap(run: Run, tmp_path: Path) -> None:
    wide, high = size(drawn(run, tmp_path, "--direction", "TB"))
    assert high > 2 * wide
    wide, high = size(drawn(run, tmp_path, "--direction", "LR"))
    assert wide > 2 * high
    wide, high = size(drawn(run, tmp_path, "--wrap"))
    assert 0.5 < wide / high < 2


@pytest.mark.parametrize("theme", Theme)
def test_theme(run: Run, tmp_path: Path, theme: Theme) -> None:
    svg = drawn(run, tmp_path, "--theme", theme)
    assert PALETTES[theme].paint("conv").fill in svg
    assert ("prefers-color-scheme" in svg) == (theme is Theme.AUTO)


def test_check(run: Run, spec: Path, tmp_path: Path) -> None:
    file = tmp_path / "docs/net.svg"
    missing = run("draw", spec, "--check", file)
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == f"{file} is not up to date: draw it anew with `-o {file}`\n"
    run("draw", spec, "-o", file, "--theme", "auto")
    before = file.read_bytes()
    assert run("draw", spec, "--check", file).code == 1
    fresh = run("draw", spec, "--check", file, "--theme", "auto")
    assert (fresh.code, fresh.out, fresh.err) == (0, f"{file} is up to date\n", "")
    spec.write_text(
        spec.read_text().replace("out_channels: 8", "out_channels: 9").replace("314", "348")
    )
    assert run("draw", spec, "--check", file, "--theme", "auto").code == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("suffix", [".svg", ".gv", ".html", ".mmd", ".txt", ".json"])
def test_what_is_written_is_up_to_date(run: Run, spec: Path, tmp_path: Path, suffix: str) -> None:
    run("draw", spec, "-o", tmp_path / f"net{suffix}")
    assert run("draw", spec, "--check", tmp_path / f"net{suffix}").code == 0


def test_limits_reach_the_picture_and_graphviz(
    run: Run, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("draw", spec, "-o", tmp_path / "net.svg", "--limit", "diagram_nodes=3")
    assert done.code == 0
    assert done.err.startswith("note: the picture would have 7 nodes")
    slow = tmp_path / "dot"
    slow.write_text("#!/bin/sh\nsleep 300\n")
    slow.chmod(0o755)
    monkeypatch.setenv("DOT_BINARY", str(slow))
    hung = run("draw", spec, "-o", tmp_path / "net.png", "--limit", "dot_seconds=1")
    assert hung.code == 2
    assert "took longer than 1 s" in hung.err


def test_the_help_names_every_choice(run: Run) -> None:
    words = " ".join(run("draw", "--help").out.replace("│", " ").split())
    for choices in (Level, Annotate, Direction, Theme, Engine):
        assert all(str(choice) in words for choice in choices)
    assert all(f"{suffix}" in words for suffix in FORMS)


def test_build_writes_more_pictures_when_asked(
    run: Run, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netspec.emit.torch_module.check_on_meta", lambda _: [])
    require_program("dot")
    more = [word for form in More for word in ("--picture", form)]
    done = run("build", spec, "-o", tmp_path / "out", *more)
    assert (done.code, done.err) == (0, "")
    for form in More:
        name = f"small.{form}"
        assert name in done.out
        assert (tmp_path / "out/small" / name).read_bytes().startswith(STARTS[f".{form}"])
    monkeypatch.setenv("DOT_BINARY", "/nowhere/dot")
    less = run("build", spec, "-o", tmp_path / "less", *more)
    assert less.code == 2
    assert less.err.count("error[NS504]") == 2
    there = {file.suffix for file in (tmp_path / "less/small").iterdir()}
    assert there == {".py", ".svg", ".gv", ".txt", ".json", ".html", ".mmd"}
