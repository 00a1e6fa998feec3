"""Mistakes outside the spec: a folder `NS5xx_slug` has the command, and what it says and exits with.

They run in a process of their own, in a copy of the folder, with the spec `net.yaml` beside them.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from netspec.messages import CODES
from tests.errors.cases import HERE

ROOT = HERE.parent.parent
CASES = sorted(path.parent for path in HERE.glob("NS*/command.txt"))
NET = """\
netspec: 1
name: net
input: [3, 32, 32]
params: {num_classes: 10}
layers:
  - gap
  - flatten
  - linear: $num_classes
"""
WITHOUT_TORCH = 'raise ModuleNotFoundError("no torch on this machine", name="torch")\n'


def run(words: Sequence[str], folder: Path, *, torch: bool = True) -> tuple[int, str]:
    """Exit code and standard error of `netspec ...`; environment variables may stand before it."""
    (folder / "net.yaml").write_text(NET)
    if not torch:
        (folder / "torch.py").write_text(WITHOUT_TORCH)
    settings = [word for word in words if "=" in word and word.split("=")[0].isupper()]
    rest = words[len(settings) + 1 :]
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"}
    environment |= dict(word.split("=", 1) for word in settings)
    done = subprocess.run(
        [sys.executable, "-m", "netspec", *rest],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_command_says_what_is_wrong(
    case: Path, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    words = shlex.split((case / "command.txt").read_text())
    code, said = run(words, tmp_path, torch="NS502" not in case.name)
    assert code == 2
    assert f"error[{case.name[:5]}]: " in said
    golden(str(case / "expected.txt"), said)


@pytest.mark.parametrize("code", sorted({case.name[:5] for case in CASES}))
def test_the_page_of_a_command(code: str, tmp_path: Path) -> None:
    """Its wrong example gives the code, its right one works."""
    page, has_torch = CODES[code], code != "NS502"
    exit_code, said = run(shlex.split(page.wrong), tmp_path, torch=has_torch)
    assert (exit_code, said.count(f"error[{code}]")) == (2, 1)
    exit_code, said = run(shlex.split(page.right), tmp_path, torch=has_torch)
    assert exit_code == 0, said
