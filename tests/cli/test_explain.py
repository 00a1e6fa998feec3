"""`netspec explain`: codes, and layers of a spec."""

from __future__ import annotations

import json
from pathlib import Path

import netspec
from tests.cli.conftest import SMALL, Run
from tests.installed import EFFICIENT


def test_a_layer_is_explained_as_text_and_as_json(run: Run, spec: Path) -> None:
    done = run("explain", "conv1", spec)
    assert done.code == 0
    assert done.out == netspec.load(spec).explain("conv1")
    assert f"{spec.name}:6" in done.out
    record = json.loads(run("explain", "conv1", spec, "--format", "json").out)
    assert (record["path"], record["params"]) == ("conv1", 224)


def test_it_takes_what_the_other_commands_take(run: Run, efficient: str) -> None:
    small = run("explain", "classifier", "-", "--set", "num_classes=3", stdin=SMALL)
    assert "nn.Linear(8, 3)" in small.out
    assert "8x14x14" in run("explain", "conv1", "-", "--input", "3x16x16", stdin=SMALL).out
    ghosts = EFFICIENT / "ghosts.yaml"
    done = run("explain", "stage1.0.eca_1", ghosts, "--plugin", efficient)
    assert "Mul" not in done.err
    assert "reads       32x32x32 from stage1.0.ghost_conv_1" in done.out
    assert "ghosts.yaml:17" in done.out


def test_a_code_still_means_its_page(run: Run) -> None:
    assert "NS402" in run("explain", "ns402").out
    lost = run("explain", "conv1")
    assert lost.code == 2
    assert "netspec explain conv1 net.yaml" in lost.err
