"""The programs in examples/ run and do what they say."""

from __future__ import annotations

import runpy
from pathlib import Path

import netspec

EXAMPLES = Path(__file__).parent.parent / "examples"


def test_the_toy_network_learns_to_tell_stripes() -> None:
    program = runpy.run_path(str(EXAMPLES / "train_stripes.py"))
    assert program["main"]() > 0.9


def test_every_spec_in_examples_is_right(efficient: str) -> None:
    specs = sorted(EXAMPLES.glob("**/*.yaml"))
    assert specs
    for spec in specs:
        netspec.load(spec, plugins=[efficient] * (spec.parent.name == efficient))
