"""Two processes that share a batch train as one does: DDP, and FSDP2 by block."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.parallel import STEPS, model, train

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["ddp", "fsdp"])
def test_two_processes_have_the_losses_of_one(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "losses.json"
    command = [sys.executable, "-m", "tests.tools.parallel", kind]
    processes = [
        subprocess.Popen([*command, str(rank), "2", str(file)], cwd=ROOT, stderr=subprocess.PIPE)
        for rank in range(2)
    ]
    try:
        errors = [process.communicate(timeout=240)[1].decode() for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [process.returncode for process in processes] == [0, 0], errors
    alone = train(model())
    assert json.loads(file.read_text()) == pytest.approx(alone, rel=1e-4)
    assert len(alone) == STEPS
    assert alone[-1] != pytest.approx(
        alone[0], rel=1e-2
    )  # it trains, so the comparison says something
