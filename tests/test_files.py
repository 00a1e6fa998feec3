"""Files are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netspec.errors import UsageError
from netspec.files import folder_in, slug, write_file


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("googlenet", "googlenet"),
        ("../../x", "x"),
        ("CON", "CON_"),
        ("-rf", "rf"),
        ("a b/c", "a_b_c"),
        ("é", "network"),
    ],
)
def test_a_name_never_becomes_a_path(name: str, safe: str) -> None:
    assert slug(name) == safe


def test_a_failed_write_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    write_file(file, "old")

    def no_rename(self: Path, target: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", no_rename)
    with pytest.raises(UsageError) as caught:
        write_file(file, "new")
    assert caught.value.code == "NS503"
    assert "read-only file system" in caught.value.message
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]
    assert file.read_text() == "old"


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_file(file, "old")
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from netspec.files import folder_in, write_file\n"
        "from netspec.errors import UsageError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try:\n"
        f"    write_file(Path({str(file)!r}), 'x' * 1000)\n"
        "except UsageError as error:\n"
        "    sys.exit(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "NS503"
    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.txt"]


def test_links_to_the_input_are_seen_through(tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("netspec: 1")
    link = tmp_path / "net.svg"
    os.link(spec, link)
    with pytest.raises(UsageError) as caught:
        write_file(link, "<svg/>", inputs=[spec])
    assert caught.value.code == "NS505"


def test_new_files_have_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a.txt", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    file.chmod(0o600)
    write_file(file, "new")
    assert (file.stat().st_mode & 0o777, file.read_text()) == (0o600, "new")


def test_links_are_not_followed_out_of_the_output_folder(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "build/net").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError) as caught:
        folder_in(tmp_path / "build", "net")
    assert caught.value.code == "NS503"
    assert folder_in(tmp_path / "build", "other") == tmp_path / "build/other"


def test_a_link_at_a_files_name_is_replaced_and_its_target_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("old")
    link = tmp_path / "net.svg"
    link.symlink_to(target)
    write_file(link, "new")
    assert target.read_text() == "old"
    assert not link.is_symlink()
    assert link.read_text() == "new"


def test_killed_in_the_middle_of_a_build_the_old_files_are_whole(tmp_path: Path) -> None:
    """Many times, at different moments: every file is the old one or the new one, to the last byte."""
    spec = tmp_path / "net.yaml"

    def write_spec(width: int) -> None:
        lines = "".join(f"  - linear: {width}\n" for _ in range(150))
        spec.write_text(f"netspec: 1\nname: net\ninput: [8]\nlayers:\n{lines}")

    def texts() -> dict[str, str]:
        files = (tmp_path / "build/net").iterdir()
        return {file.name: file.read_text() for file in files if not file.name.startswith(".")}

    program = (
        "import os, signal, sys, threading\n"
        "from netspec import files\n"
        "replace, left = files.Path.replace, [int(sys.argv[1])]\n"
        "def stopping(self, target):\n"
        "    left[0] -= 1\n"
        "    if left[0] < 0:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return replace(self, target)\n"
        "files.Path.replace = stopping\n"
        "sys.argv = ['netspec', 'build', 'net.yaml']\n"
        "from netspec.cli import main\n"
        "main()\n"
    )

    def build(kill_after: int) -> int:
        command = [sys.executable, "-c", program, str(kill_after)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    write_spec(8)
    assert build(99) in (0, 2)  # 2: without torch the files are written all the same
    old = texts()
    write_spec(16)
    for kill_after in range(len(old)):
        assert build(kill_after) == -9
        found = texts()
        assert found.keys() == old.keys()
        changed = [name for name in old if found[name] != old[name]]
        assert len(changed) == kill_after
    assert build(99) in (0, 2)
    new = texts()
    assert all(found[name] in (old[name], new[name]) for name in old)
