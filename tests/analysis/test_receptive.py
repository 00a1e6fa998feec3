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


TRANSPOSED = """
  - conv_transpose: {out_channels: 2, kernel_size: %d, stride: %d, dilation: %d}
  - conv: {out_channels: 1, kernel_size: %d, stride: %d}
"""
U_NET = """
  - conv: {name: left, out_channels: 2, kernel_size: 3, padding: 1}
  - conv: {out_channels: 4, kernel_size: 2, stride: 2}
  - conv: {out_channels: 4, kernel_size: 3, padding: 1}
  - conv_transpose: {out_channels: 2, kernel_size: 2, stride: 2}
  - concat: {from: [left, previous]}
  - conv: {out_channels: 1, kernel_size: 3, padding: 1}
"""
SIDES = """
  - concat:
    - [conv: {out_channels: 1, kernel_size: 3, padding: [[0, 2], [0, 2]]}]
    - [conv: {out_channels: 1, kernel_size: 3, padding: [[2, 0], [2, 0]]}]
  - pad: [[0, 3], [1, 2]]
  - conv: {out_channels: 1, kernel_size: 4, stride: 3}
"""
STACKED = """
  - conv: {name: a, out_channels: 1, kernel_size: 3, padding: 1}
  - conv: {name: b, out_channels: 1, kernel_size: 3, padding: 1}
  - stack: {from: [a, b]}
  - sum: {dim: 1}
  - avg_pool: 2
"""
ADAPTIVE = "  - adaptive_avg_pool: 20\n  - conv: {out_channels: 1, kernel_size: 3}"


def upsampled(settings: str) -> str:
    """Interpolation between two convolutions, the second with a stride."""
    return (
        "  - conv: {out_channels: 1, kernel_size: 3}\n"
        f"  - upsample: {{{settings}}}\n"
        "  - conv: {out_channels: 1, kernel_size: 4, stride: 3}"
    )


GROWING = {
    "u-net": U_NET,
    "sides": SIDES,
    "stacked": STACKED,
    "adaptive": ADAPTIVE,
    **{
        f"transposed {numbers}": TRANSPOSED % numbers
        for numbers in [(4, 2, 1, 3, 1), (3, 3, 1, 3, 2), (1, 2, 1, 4, 1), (5, 3, 2, 4, 2)]
    },
    **{
        f"{mode} {factor}": upsampled(f"scale_factor: {factor}, mode: {mode}")
        for mode in ("nearest", "nearest-exact", "bilinear", "bicubic", "area")
        for factor in (0.5, 1.5, 2, 3)
    },
    "aligned": upsampled("size: 96, mode: bilinear, align_corners: true"),
    "to a size": upsampled("size: 69, mode: bilinear"),
}


@pytest.mark.parametrize("layers", GROWING.values(), ids=GROWING)
def test_the_most_that_a_gradient_reaches_is_the_field_where_maps_grow(layers: str) -> None:
    """Elements see more or less by their place; those whose gradient meets the edge do not count."""
    size = 48
    net = network(layers, size)
    module = net.compile().eval().double()
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(1)
    image = torch.rand(1, 1, size, size, dtype=torch.double, requires_grad=True)
    out = module(image)
    reached = []
    for place in range(out.shape[2]):
        image.grad = None
        out[0, :, place, place].sum().backward(retain_graph=True)
        reach, start = _reach(image)
        if all(a > 0 and a + n < size for a, n in zip(start, reach, strict=True)):
            reached.append(reach)
    assert net.rows.rows[-1].receptive_field == tuple(map(max, zip(*reached, strict=True)))


def test_a_map_that_has_grown_has_a_smaller_stride() -> None:
    net = network("  - conv_transpose: {out_channels: 2, kernel_size: 4, stride: 2, padding: 1}")
    assert net.rows.rows[-1].stride == (0.5, 0.5)
    assert [row.stride for row in network(U_NET).rows.rows[1:4]] == [(2, 2), (2, 2), (1, 1)]


def test_a_gate_leaves_the_stride_of_its_map() -> None:
    """And the field is that of the gate, which has seen everything."""
    net = network(
        "  - conv: {out_channels: 4, kernel_size: 3, stride: 2}\n  - squeeze_excite: 2", 33
    )
    last = net.rows.rows[-1]
    assert (last.receptive_field, last.stride) == ((33, 33), (2, 2))


@pytest.mark.parametrize(
    "layers",
    ["  - transpose: {dim0: 2, dim1: 3}", "  - flatten: {start_dim: 2}", "  - mean: {dim: 3}"],
)
def test_nothing_is_said_of_axes_that_are_mixed(layers: str) -> None:
    row = network(layers).rows.rows[-1]
    assert (row.receptive_field, row.stride) == (None, None)


def test_a_pattern_that_takes_long_to_repeat_is_not_followed() -> None:
    net = network("  - upsample: 1.0019\n  - conv: {out_channels: 1, kernel_size: 3}")
    assert [row.receptive_field for row in net.rows.rows] == [None, None]
    assert net.rows.smallest_input == (1, 3, 3)


@pytest.mark.parametrize(
    ("spec", "variant", "path", "size"),
    [
        # torchvision, measured with a gradient probe on the real model
        ("alexnet", None, "max_pool_3", 195),
        ("googlenet_bn", None, "inception5b", 379),
        ("resnet", None, "layer4", 427),
        ("vgg", "vgg16", "features", 212),
    ],
)
def test_known_networks_have_their_known_fields(
    spec: str, variant: str | None, path: str, size: int
) -> None:
    rows = netspec.load(ROOT / f"specs/{spec}.yaml", variant=variant).rows.rows
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
    "u-net": U_NET,
    "transposed": "  - conv_transpose: {out_channels: 1, kernel_size: 3, stride: 2, padding: 2}\n"
    "  - conv: {out_channels: 1, kernel_size: 6}",
    "pad": "  - pad: 2\n  - max_pool: 9",
    "reflect": "  - pad: {padding: 3, mode: reflect}\n  - max_pool: 2",
    "circular": "  - conv: {out_channels: 1, kernel_size: 3, padding: 3, padding_mode: circular}",
    "upsample": "  - upsample: 1.5\n  - conv: {out_channels: 1, kernel_size: 8}",
    "stacked": "  - stack: [[], []]\n  - sum: {dim: 1}\n  - max_pool: 5",
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
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} <= {"NS402", "NS406"}
