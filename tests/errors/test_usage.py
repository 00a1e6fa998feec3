"""Mistakes outside the spec: a folder `NS5xx_slug` has the command, and what it says and exits with.

They run in a process of their own, in a copy of the folder, with the spec `net.yaml` beside them.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
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
IN_A_FILE = frozenset({"NS514"})
"""Codes of mistakes that have a place in a file."""
NEED_TORCH = frozenset({"NS511", "NS512", "NS513", "NS514"})
WITHOUT_TORCH = 'raise ModuleNotFoundError("no torch on this machine", name="torch")\n'


def timed(case: Path | str) -> object:
    """A case or code as a parameter of a test: slow where its commands import torch."""
    code = case if isinstance(case, str) else case.name[:5]
    return pytest.param(case, marks=pytest.mark.slow if code in NEED_TORCH else ())


def run(line: str, folder: Path, *, torch: bool = True) -> tuple[int, str]:
    """Exit code and standard error of a line of `netspec ...` commands, as a shell runs it."""
    (folder / "net.yaml").write_text(NET)
    if not torch:
        (folder / "torch.py").write_text(WITHOUT_TORCH)
    netspec = f'netspec() {{ {shlex.quote(sys.executable)} -m netspec "$@"; }}'
    done = subprocess.run(
        ["bash", "-c", f"{netspec}; {line}"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("case", list(map(timed, CASES)), ids=lambda path: path.name)
def test_a_command_says_what_is_wrong(
    case: Path, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    line = (case / "command.txt").read_text()
    code, said = run(line, tmp_path, torch="NS502" not in case.name)
    assert code == (1 if case.name[:5] in IN_A_FILE else 2)
    assert f"error[{case.name[:5]}]: " in said
    golden(str(case / "expected.txt"), said)


@pytest.mark.parametrize("code", list(map(timed, sorted({case.name[:5] for case in CASES}))))
def test_the_page_of_a_command(code: str, tmp_path: Path) -> None:
    """Its wrong example gives the code, its right one works."""
    page, has_torch = CODES[code], code != "NS502"
    exit_code, said = run(page.wrong, tmp_path, torch=has_torch)
    assert exit_code == (1 if code in IN_A_FILE else 2)
    assert said.count(f"error[{code}]") == 1
    exit_code, said = run(page.right, tmp_path, torch=has_torch)
    assert exit_code == 0, said
