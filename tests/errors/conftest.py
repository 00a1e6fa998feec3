"""A case in a folder of its own, so that a test can change it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.errors.cases import Case

Enter = Callable[[Case], Path]


@pytest.fixture
def enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Copy a case to a new folder and work there; gives the path of its spec."""

    def go(case: Case) -> Path:
        folder = tmp_path / case.name
        shutil.copytree(case.folder, folder)
        monkeypatch.chdir(folder)
        return folder / "spec.yaml"

    return go
