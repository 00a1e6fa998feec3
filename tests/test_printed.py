"""The networks that posts and notes print come out with every shape and count that they print.

`data/printed.json` holds their numbers: rows of type, shape and parameters, in the printed order. Where a
source prints no parameters, they were counted with torch in a network rebuilt from its code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import netspec
from netspec.emit.torchsummary import torchsummary_table
from netspec.errors import SpecError
from netspec.network import Network

ROOT = Path(__file__).parent.parent
PRINTED: dict[str, Any] = json.loads((ROOT / "tests/data/printed.json").read_text())
TORCHSUMMARY = [name for name, entry in PRINTED.items() if "megabytes" in entry]
LAYER_BY_LAYER = [name for name, entry in PRINTED.items() if "megabytes" not in entry]


def printed(name: str) -> Network:
    return netspec.load(ROOT / f"specs/as_printed/{name}.yaml")


def test_every_printed_network_has_a_spec_and_the_other_way_round() -> None:
    assert {file.stem for file in (ROOT / "specs/as_printed").iterdir()} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_totals_are_those_printed(name: str) -> None:
    rows = printed(name).rows
    assert rows.params == PRINTED[name]["params"]
    assert rows.macs == PRINTED[name]["macs"]


@pytest.mark.parametrize("name", LAYER_BY_LAYER)
def test_every_layer_has_the_printed_shape_and_count(name: str) -> None:
    rows = [row for row in printed(name).rows.rows if row.depth == 0]
    expected = PRINTED[name]["rows"]
    assert [list(row.outputs[0]) for row in rows] == [shape for _, shape, _ in expected]
    assert [row.params for row in rows] == [params for _, _, params in expected]


@pytest.mark.parametrize("name", TORCHSUMMARY)
def test_the_torchsummary_table_is_the_printed_one_line_by_line(name: str) -> None:
    entry = PRINTED[name]
    expected = [f"{'Layer (type)':>20}  {'Output Shape':>25} {'Param #':>15}"]
    for number, (kind, shape, params) in enumerate(entry["rows"], start=1):
        expected.append(f"{f'{kind}-{number}':>20}  {[-1, *shape]!s:>25} {params:>15,}")
    sizes = entry["megabytes"]
    expected += [
        f"Total params: {entry['params']:,}",
        f"Trainable params: {entry['params']:,}",
        "Non-trainable params: 0",
        f"Input size (MB): {sizes['input_size_mb']:.2f}",
        f"Forward/backward pass size (MB): {sizes['forward_backward_mb']:.2f}",
        f"Params size (MB): {sizes['params_size_mb']:.2f}",
        f"Estimated Total Size (MB): {sizes['estimated_total_mb']:.2f}",
    ]
    table = torchsummary_table(printed(name).graph).splitlines()
    assert [line for line in table if line.strip("-=")] == expected


def test_the_printed_googlenet_runs_from_253_pixels_and_says_so() -> None:
    """The text runs it at 256; a run of its code works from 253 to 284."""
    spec = ROOT / "specs/as_printed/googlenet.yaml"
    assert printed("googlenet").rows.smallest_input == (3, 253, 253)
    assert netspec.load(spec, input=(3, 253, 253)).rows.smallest_input == (3, 253, 253)
    for size in (252, 224):
        with pytest.raises(SpecError) as caught:
            netspec.load(spec, input=(3, size, size))
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == "NS402"
        assert "3x253x253" in " ".join((*diagnostic.help, *diagnostic.notes))
