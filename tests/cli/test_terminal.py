"""The command line as a program: streams, colours, exit codes, names out of specs, files that stay whole.

Run in processes of its own, because terminals, closed pipes and full disks exist only there.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from netspec.blocks import BLOCKS
from netspec.cli import application
from tests.cli.conftest import ROOT, SMALL, Run

COMMANDS = [command.name or "" for command in application().registered_commands]
SPEC_COMMANDS = {
    "build": ["build", "-"],
    "check": ["check", "-"],
    "summary": ["summary", "-"],
    "emit": ["emit", "-"],
    "draw": ["draw", "-", "-o", "net.svg"],
}
PROGRAM = [sys.executable, "-m", "netspec"]


def environment(**more: str) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS"}}
    return {**plain, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "80", **more}


def finish(
    *arguments: str, stdin: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], input=stdin, capture_output=True, text=True, check=False,
        cwd=cwd, env=environment(),
    )  # fmt: skip


def on_a_terminal(*arguments: str, env: Mapping[str, str] | None = None, both: bool = False) -> str:
    """What a command writes to standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stderr=theirs,
        stdout=theirs if both else subprocess.DEVNULL,
        env=environment(**(env or {})),
    ):
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            seen += part
    os.close(ours)
    return seen.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples_at_80_columns(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert run(command, "-h").out == done.out
    assert re.search(rf"Examples: netspec {command}\b", " ".join(done.out.split()))
    assert max(map(len, done.out.splitlines())) <= 80


def test_help_lists_every_command_with_what_it_does(run: Run) -> None:
    text = run("--help").out
    assert max(map(len, text.splitlines())) <= 80
    for command in COMMANDS:
        assert re.search(rf"│ {command} +[A-Z][^│]*\. *│", text)  # a whole sentence in one line
    alone = run()
    assert alone.code == 2
    assert "error" not in alone.err.lower().split("╭")[0]


def test_what_people_read_fits_80_columns(run: Run, spec: Path, tmp_path: Path) -> None:
    lines = run("summary", spec).out + run("build", spec, "-o", tmp_path).out
    lines += run("blocks").out + "".join(run("blocks", name).out for name in BLOCKS)
    lines += run("explain", "NS402").out
    for name in ("googlenet", "resnet", "lenet5"):
        lines += run("summary", ROOT / f"specs/{name}.yaml").out
    long = [line for line in lines.splitlines() if len(line) > 80]
    assert [line for line in long if not line.startswith("wrote")] == []  # paths are as they are


@pytest.mark.parametrize("command", SPEC_COMMANDS)
def test_a_dash_reads_standard_input(
    run: Run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*SPEC_COMMANDS[command], stdin=SMALL)
    assert done.code == 0, done.err
    bad = run(*SPEC_COMMANDS[command], stdin=SMALL.replace("conv:", "cnov:"))
    assert bad.code == 1
    assert "<stdin>:6:5" in bad.err
    assert bad.out == ""


def test_colour_is_for_terminals_and_never_against_no_color(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.replace("conv:", "cnov:"), encoding="utf-8")
    assert "\x1b[1;31m" in on_a_terminal("check", str(bad))
    assert "\x1b" not in on_a_terminal("check", str(bad), env={"NO_COLOR": "1"})
    piped = finish("check", str(bad))
    assert "\x1b" not in piped.stdout + piped.stderr
    assert piped.stderr == on_a_terminal("check", str(bad), env={"NO_COLOR": "1"}).replace(
        "\r\n", "\n"
    )
    assert "\x1b" not in finish("check", "--help").stdout


def test_files_and_standard_output_never_get_colour(spec: Path) -> None:
    assert "\x1b" not in on_a_terminal("summary", str(spec), both=True)
    assert "\x1b" not in on_a_terminal("emit", str(spec), both=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("frob",),
        ("check",),
        ("draw", "specs/lenet5.yaml", "-o", "a.svg", "--check", "b.svg"),
        ("draw", "specs/lenet5.yaml", "--level", "block"),
        ("summary", "specs/lenet5.yaml", "--depth", "0"),
        ("summary", "specs/lenet5.yaml", "--depth", "deep"),
        ("summary", "specs/lenet5.yaml", "--format", "bmp"),
        ("check", "--nonsense"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_of_ours(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2
    message, help_ = done.err.splitlines()
    assert re.fullmatch(r"error\[NS506\]: [^A-Z'.][^A-Z']*(`[^`]+`.*|--nonsense)", message), message
    assert not message.endswith(".")
    assert help_.startswith("  = help: ")


LEFT = {
    "a long text": ("explain --all", 0),
    "help": ("--help", 0),
    "a spec that is wrong": ("check net.yaml bad.yaml", 1),
    "a wrong command line": ("frob", 2),
    "several writes": ("build net.yaml -o out", 0),
}
LEAVING = [
    pytest.param(how, marks=pytest.mark.slow if "build" in line else ())
    for how, (line, _) in LEFT.items()
]


@pytest.mark.parametrize("how", LEAVING)
def test_a_reader_who_leaves_early_changes_nothing(tmp_path: Path, how: str) -> None:
    """No word is said about it, and the command does its work and ends as it would have."""
    line, code = LEFT[how]
    (tmp_path / "net.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(SMALL.replace("conv:", "cnov:"), encoding="utf-8")
    reader, closed = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, *line.split()],
        stdout=closed, stderr=closed if how == "a wrong command line" else subprocess.PIPE,
        text=True, check=False, cwd=tmp_path, env=environment(),
    )  # fmt: skip
    os.close(closed)
    assert done.returncode == code
    assert not re.search(r"pipe|Error|Traceback", done.stderr or "")
    if how == "several writes":
        assert (tmp_path / "out/small/graph.json").stat().st_size > 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_full_disk_behind_standard_output_is_said_in_one_line() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [*PROGRAM, "blocks"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment(),
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        "error[NS503]: cannot write to standard output: no space left on device\n"
    )


BROKEN = """
import sys
import netspec.cli.check
def broken(*_): raise ZeroDivisionError("a bug")
netspec.cli.check.open_document = broken
from netspec.cli import main
sys.argv = ["netspec", "check", "net.yaml"]
main()
"""


@pytest.mark.parametrize("traceback", [False, True])
def test_a_bug_of_ours_asks_for_a_report_and_shows_the_traceback_only_on_request(
    traceback: bool,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], capture_output=True, text=True, check=False,
        env=environment(NETSPEC_TRACEBACK="1" if traceback else "0"),
    )  # fmt: skip
    assert done.returncode == 101
    assert "has a bug: ZeroDivisionError: a bug" in done.stderr
    assert "Please report it with the spec and this command: netspec check net.yaml" in done.stderr
    assert ("Traceback (most recent call last)" in done.stderr) is traceback


@pytest.mark.parametrize("name", ["../../x", "-rf", "a/b", "/etc/passwd", "~", "nul.txt"])
def test_a_name_that_could_be_a_path_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    text = SMALL.replace("name: small", f"name: '{name}'")
    done = run("build", "-", "-o", tmp_path / "out", stdin=text)
    assert done.code == 1
    assert "NS303" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["CON", "aux", "Lpt1"])
def test_a_name_that_is_a_device_elsewhere_gets_files_that_are_not(
    run: Run, tmp_path: Path, name: str
) -> None:
    done = run("build", "-", "-o", tmp_path, stdin=SMALL.replace("name: small", f"name: {name}"))
    assert done.code == 0, done.err
    assert [folder.name for folder in tmp_path.iterdir()] == [f"{name}_"]
    assert (tmp_path / f"{name}_" / f"{name}_.py").exists()


@pytest.mark.parametrize("how", ["itself", "symbolic link", "hard link", "roundabout"])
@pytest.mark.parametrize("command", ["draw", "emit"])
def test_the_spec_is_never_overwritten(run: Run, tmp_path: Path, command: str, how: str) -> None:
    spec = tmp_path / "net.svg"
    spec.write_text(SMALL, encoding="utf-8")
    target = {"itself": spec, "roundabout": tmp_path / "a/../net.svg"}.get(how)
    (tmp_path / "a").mkdir()
    if target is None:
        target = tmp_path / "b.svg"
        if how == "hard link":
            os.link(spec, target)
        else:
            target.symlink_to(spec)
    done = run(command, spec, "-o", target)
    assert done.code == 2
    assert "NS505" in done.err
    assert spec.read_text(encoding="utf-8") == SMALL


@pytest.mark.parametrize("how", ["itself", "link"])
def test_an_imported_file_is_never_overwritten(run: Run, tmp_path: Path, how: str) -> None:
    """Nor one that is imported by what is imported."""
    inner = tmp_path / "inner.yaml"
    inner.write_text("blocks: {unit: {layers: [tanh]}}\n", encoding="utf-8")
    outer = tmp_path / "outer.yaml"
    outer.write_text("import: [inner.yaml]\nblocks: {two: {layers: [unit, unit]}}\n")
    spec = tmp_path / "net.yaml"
    spec.write_text(
        SMALL.replace("input:", "import: [outer.yaml]\ninput:").replace(
            "  - gap", "  - two\n  - gap"
        )
    )
    for file in (inner, outer):
        before = file.read_text(encoding="utf-8")
        target = file
        if how == "link":
            target = tmp_path / f"{file.stem}.py"
            target.hardlink_to(file)
        done = run("emit", spec, "-o", target)
        assert (done.code, "NS505" in done.err) == (2, True)
        assert "is a file that is read for this" in done.err
        assert file.read_text(encoding="utf-8") == before


def test_build_never_overwrites_its_spec(run: Run, tmp_path: Path) -> None:
    """The spec lies where a file of the build would."""
    spec = tmp_path / "small/summary.txt"
    spec.parent.mkdir()
    spec.write_text(SMALL, encoding="utf-8")
    done = run("build", spec, "-o", tmp_path)
    assert done.code == 2
    assert "NS505" in done.err
    assert spec.read_text(encoding="utf-8") == SMALL


def test_a_spec_with_errors_leaves_earlier_files_as_they_are(run: Run, tmp_path: Path) -> None:
    run("build", "-", "-o", tmp_path, stdin=SMALL)
    before = {file.name: file.read_bytes() for file in (tmp_path / "small").iterdir()}
    assert run("build", "-", "-o", tmp_path, stdin=SMALL.replace("conv:", "cnov:")).code == 1
    assert {file.name: file.read_bytes() for file in (tmp_path / "small").iterdir()} == before


def test_the_version_is_one_line(run: Run) -> None:
    assert re.fullmatch(r"netspec \d+\.\d+\.\d+\n", run("--version").out)


EVERYTHING = """
import sys
import netspec.cli
for line in sys.stdin.read().splitlines():
    sys.argv = ["netspec", *line.split()]
    try:
        netspec.cli.main()
    except SystemExit as stop:
        if stop.code not in (0, 1):
            sys.exit(f"{line}: {stop.code}")
"""
PRINTED = [
    *(f"{command} --help" for command in COMMANDS),
    "--help",
    "summary net.yaml",
    "draw net.yaml",
    "explain conv1 net.yaml",
    "blocks conv",
    "emit net.yaml",
    "check bad.yaml",
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "width"), [("ascii", "40"), ("latin-1", "80"), ("utf-8", "40")]
)
def test_a_plain_locale_and_a_narrow_terminal_are_no_error(
    tmp_path: Path, encoding: str, width: str
) -> None:
    (tmp_path / "net.yaml").write_text(
        SMALL.replace("name: small", "name: small\ndoc: 'Größe ×, │ ─ 网'"), encoding="utf-8"
    )
    (tmp_path / "bad.yaml").write_text(SMALL.replace("conv:", "cönv:"), encoding="utf-8")
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": width}
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING], input="\n".join(PRINTED).encode(),
        capture_output=True, check=False, cwd=tmp_path,
        env=environment(PYTHONIOENCODING=encoding, NO_COLOR="1", **locale),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stdout.count(b"Examples:") == len(COMMANDS)


@pytest.mark.parametrize("command", ["check", "list"])
def test_standard_input_is_read_once(run: Run, command: str) -> None:
    done = run(command, "-", "-", stdin=SMALL)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[NS506]: standard input can be read only once\n")
