"""How far the gradient of one element reaches is the field; the smallest input is the last that fits."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec
from netspec.errors import SpecError
from netspec.network import Network

ROOT = Path(__file__).parent.parent.parent


def network(layers: str, size: int = 96) -> Network:
    return netspec.loads(f"netspec: 1\nname: net\ninput: [1, {size}, {size}]\nlayers:\n{layers}")


PLAIN = """
  - conv: {out_channels: 2, kernel_size: 5, stride: 2, padding: 2}
  - avg_pool: {kernel_size: 3, stride: 2}
  - conv: {out_channels: 2, kernel_size: 3, padding: 2, dilation: 2}
"""
UNEVEN = """
  - conv: {out_channels: 1, kernel_size: [7, 1], stride: [2, 1]}
  - conv: {out_channels: 1, kernel_size: [1, 3], stride: [1, 3]}
  - avg_pool: {kernel_size: [2, 3], stride: 1}
"""
BRANCHES = """
  - conv: {name: stem, out_channels: 2, kernel_size: 3, stride: 2, padding: 1}
  - residual:
      - conv: {out_channels: 2, kernel_size: 3, padding: 1}
      - conv: {out_channels: 2, kernel_size: 5, padding: 2}
  - concat:
    - [conv: {out_channels: 1, kernel_size: 1}]
    - [conv: {out_channels: 1, kernel_size: 7, padding: 3}]
    - []
  - avg_pool: 2
"""


@pytest.mark.parametrize("layers", [PLAIN, UNEVEN, BRANCHES], ids=["plain", "uneven", "branches"])
def test_a_gradient_reaches_just_as_far(layers: str) -> None:
    """All weights are one, so that no path cancels another."""
    net = network(layers)
    module = net.compile().eval().double()
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(1)
    image = torch.rand(1, *net.graph.input.shape, dtype=torch.double, requires_grad=True)
    out = module(image)
    row = net.rows.rows[-1]
    centre = [size // 2 for size in out.shape[2:]]
    out[0, :, centre[0], centre[1]].sum().backward(retain_graph=True)
    assert row.receptive_field == _reach(image)[0]
    first = _reach(image)[1]
    image.grad = None
    out[0, :, centre[0] + 1, centre[1] + 1].sum().backward()
    steps = tuple(b - a for a, b in zip(first, _reach(image)[1], strict=True))
    assert row.stride == steps


def _reach(image: torch.Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(height, width) of what the gradient touches, and where that begins."""
    assert image.grad is not None
    touched = image.grad[0, 0].nonzero()
    low, high = touched.min(0).values, touched.max(0).values
    return tuple((high - low + 1).tolist()), tuple(low.tolist())


@pytest.mark.parametrize(
    ("spec", "path", "size"),
    [
        # torchvision, measured with a gradient probe on the real model
        ("alexnet", "max_pool_3", 195),
        ("resnet", "layer4", 427),
    ],
)
def test_known_networks_have_their_known_fields(spec: str, path: str, size: int) -> None:
    rows = netspec.load(ROOT / f"specs/{spec}.yaml").rows.rows
    (row,) = [row for row in rows if row.path == path]
    assert row.receptive_field == (size, size)


def test_a_global_pool_and_what_follows_see_the_whole_map() -> None:
    net = network(
        "  - conv: {out_channels: 2, kernel_size: 3}\n  - gap\n  - flatten\n  - linear: 4", 8
    )
    fields = [row.receptive_field for row in net.rows.rows]
    assert fields == [(3, 3), (8, 8), (8, 8), (8, 8)]


FITTING = {
    "floor": """
  - conv: {out_channels: 2, kernel_size: 7, stride: 2}
  - max_pool: {kernel_size: 3, stride: 2}
""",
    "ceil": """
  - max_pool: {kernel_size: 3, stride: 2, ceil_mode: true}
  - avg_pool: {kernel_size: 5, stride: 3, ceil_mode: true}
""",
    "padded ceil": """
  - conv: {out_channels: 2, kernel_size: 3, padding: 1}
  - max_pool: {kernel_size: 4, stride: 4, padding: 2, ceil_mode: true}
  - conv: {out_channels: 1, kernel_size: 3}
""",
    "branches": """
  - concat:
    - [max_pool: 2, conv: {out_channels: 2, kernel_size: 5}, gap]
    - [conv: {out_channels: 2, kernel_size: 6}, gap]
""",
}


@pytest.mark.parametrize("layers", FITTING.values(), ids=FITTING)
def test_the_smallest_input_fits_and_the_next_smaller_does_not(layers: str) -> None:
    size = network(layers).rows.smallest_input
    assert size is not None
    assert network(layers, size[1]).rows.smallest_input == size
    with pytest.raises(SpecError) as caught:
        network(layers, size[1] - 1)
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {"NS402"}
