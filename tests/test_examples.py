"""The programs in examples/ run and do what they say."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import netspec

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


def test_the_toy_network_learns_to_tell_stripes() -> None:
    program = runpy.run_path(str(EXAMPLES / "train_stripes.py"))
    assert program["main"]() > 0.9


def test_every_spec_in_examples_is_right(efficient: str) -> None:
    specs = sorted(EXAMPLES.glob("**/*.yaml"))
    assert specs
    for spec in specs:
        netspec.load(spec, plugins=[efficient] * (spec.parent.name == efficient))


@pytest.mark.slow
def test_the_site_in_examples_is_built_by_sphinx(tmp_path: Path) -> None:
    """Every page, in HTML, without a warning."""
    source = EXAMPLES / "docs"
    command = ["-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(tmp_path / "doctrees")]
    done = subprocess.run(
        [sys.executable, *command, str(source), str(tmp_path / "html")],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for page in sorted(source.glob("*.rst")):
        html = (tmp_path / "html" / f"{page.stem}.html").read_text(encoding="utf-8")
        drawn = re.findall(r"^\.\. netspec::", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert html.count('class="ns-paper"') == len(drawn) > 0
