"""A case in a folder of its own, so that a test can change it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.errors.cases import Case

Enter = Callable[[Case], Path]


@pytest.fixture
def enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enter]:
    """Copy a case to a new folder and work there, its packages installed; gives the path of its spec."""

    def go(case: Case) -> Path:
        folder = tmp_path / case.name
        shutil.copytree(case.folder, folder)
        monkeypatch.chdir(folder)
        if list(folder.glob("*.dist-info")):
            monkeypatch.syspath_prepend(folder)
        return folder / "spec.yaml"

    before = set(sys.modules)
    yield go
    for name in [name for name in set(sys.modules) - before if name.startswith("netspec_")]:
        del sys.modules[name]
