"""Files are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netspec.errors import UsageError
from netspec.files import slug, write_file


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
        "from netspec.files import write_file\n"
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
        write_file(link, "<svg/>", inputs=[str(spec)])
    assert caught.value.code == "NS505"


def test_new_files_have_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a.txt", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
