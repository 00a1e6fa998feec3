"""The residual units equal what one spells out with `residual`, and the formulas of their papers."""

from __future__ import annotations

import pytest

from tests.blocks.test_attention import equal_in_numbers
from tests.elaborate.speaking import errors, net, output

BASIC = """
input: [16, 9, 9]
defaults: {conv: {norm: batch_norm, activation: relu, padding: same}}
layers:
  - residual:
      activation: relu
      layers:
        - conv: {out_channels: OUT, kernel_size: 3, stride: STRIDE}
        - conv: {out_channels: OUT, kernel_size: 3, activation: none}
      shortcut: SHORTCUT
"""
BOTTLENECK = """
input: [16, 9, 9]
defaults: {conv: {norm: batch_norm, activation: relu, padding: same}}
layers:
  - residual:
      activation: relu
      layers:
        - conv: {out_channels: 8, kernel_size: 1, stride: FIRST}
        - conv: {out_channels: 8, kernel_size: 3, stride: STRIDE, groups: GROUPS}
        - conv: {out_channels: OUT, kernel_size: 1, activation: none}
        - squeeze_excite: 4
      shortcut: SHORTCUT
"""
INVERTED = """
input: [16, 9, 9]
defaults: {conv: {norm: batch_norm, activation: relu6, padding: same}}
layers:
  - conv: {out_channels: 48, kernel_size: 1}
  - depthwise_conv: {kernel_size: 5, stride: STRIDE, padding: same, norm: batch_norm, activation: relu6}
  - squeeze_excite: 4
  - conv: {out_channels: OUT, kernel_size: 1, activation: none}
"""


def filled(text: str, **words: object) -> str:
    for word, value in words.items():
        text = text.replace(word, str(value))
    return text


def shortcut(out: int, stride: int) -> str:
    """A projection where shapes differ from those of the 16 channels that come in."""
    if (out, stride) == (16, 1):
        return "[]"
    return f"[conv: {{out_channels: {out}, kernel_size: 1, stride: {stride}, activation: none}}]"


def one(layer: str, channels: int = 16, size: int = 9) -> str:
    return f"input: [{channels}, {size}, {size}]\nlayers:\n  - {layer}"


@pytest.mark.parametrize(("out", "stride"), [(16, 1), (24, 1), (16, 2), (24, 2)])
def test_a_basic_unit_is_what_one_spells_out(out: int, stride: int) -> None:
    mine = net(one(f"residual_basic: {{out_channels: {out}, stride: {stride}}}"))
    theirs = filled(BASIC, OUT=out, STRIDE=stride, SHORTCUT=shortcut(out, stride))
    equal_in_numbers(mine, net(theirs))


@pytest.mark.parametrize(
    ("out", "stride", "stride_in", "groups"),
    [(16, 1, "conv2", 1), (32, 2, "conv2", 4), (32, 2, "conv1", 1), (32, 1, "conv1", 2)],
)
def test_a_bottleneck_is_what_one_spells_out(
    out: int, stride: int, stride_in: str, groups: int
) -> None:
    fields = f"widths: [8, {out}], stride: {stride}, stride_in: {stride_in}, groups: {groups}"
    mine = net(
        one(f"residual_bottleneck: {{{fields}, attention: {{squeeze_excite: {{reduction: 4}}}}}}")
    )
    first, second = (stride, 1) if stride_in == "conv1" else (1, stride)
    words = {"OUT": out, "FIRST": first, "STRIDE": second, "GROUPS": groups}
    theirs = net(filled(BOTTLENECK, **words, SHORTCUT=shortcut(out, stride)))
    equal_in_numbers(mine, theirs)


@pytest.mark.parametrize(("out", "stride"), [(16, 1), (24, 1), (16, 2)])
def test_an_inverted_residual_is_what_one_spells_out(out: int, stride: int) -> None:
    fields = f"out_channels: {out}, expansion: 3, kernel_size: 5, stride: {stride}"
    layer = f"residual_inverted: {{{fields}, attention: {{squeeze_excite: {{reduction: 4}}}}}}"
    theirs = filled(INVERTED, OUT=out, STRIDE=stride)
    if (out, stride) == (16, 1):
        theirs += "  - add: {from: [input, previous]}\n"
    equal_in_numbers(net(one(layer)), net(theirs))


@pytest.mark.parametrize(("channels", "out", "stride"), [(64, 64, 1), (64, 128, 2)])
def test_parameters_and_macs_of_a_basic_unit(channels: int, out: int, stride: int) -> None:
    graph = net(
        one(f"residual_basic: {{out_channels: {out}, stride: {stride}}}", channels, 8)
    ).graph
    projected = channels * out * (stride != 1)
    weights = 9 * channels * out + 9 * out**2 + projected
    assert graph.parameter_count == weights + 4 * out + 2 * out * (stride != 1)
    assert graph.macs == weights * (8 // stride) ** 2


@pytest.mark.parametrize(("width", "groups"), [(64, 1), (128, 32)])
def test_parameters_and_macs_of_a_bottleneck(width: int, groups: int) -> None:
    """C = 256, stride 2 on the 3x3, 512 channels out: as in ResNet and in ResNeXt."""
    layer = f"residual_bottleneck: {{widths: [{width}, 512], groups: {groups}, stride: 2}}"
    graph = net(one(layer, 256, 8)).graph
    first, grouped, last, projected = (
        256 * width,
        9 * width**2 // groups,
        width * 512,
        256 * 512,
    )
    norms = 2 * (2 * width + 512) + 2 * 512
    assert graph.parameter_count == first + grouped + last + projected + norms
    assert graph.macs == first * 64 + (grouped + last + projected) * 16


@pytest.mark.parametrize("expansion", [1, 6])
def test_parameters_and_macs_of_an_inverted_one(expansion: int) -> None:
    """With t = 1 there is no first convolution."""
    layer = f"residual_inverted: {{out_channels: 24, expansion: {expansion}, stride: 2}}"
    graph = net(one(layer, 16, 8)).graph
    inner = 16 * expansion
    expand = 16 * inner * (expansion > 1)
    body = 9 * inner + inner * 24
    norms = 2 * inner * (expansion > 1) + 2 * inner + 2 * 24
    assert graph.parameter_count == expand + body + norms
    assert graph.macs == expand * 64 + body * 16


def test_what_expands_to_the_channels_of_the_input_has_no_first_convolution() -> None:
    network = net(one("residual_inverted: {out_channels: 16, expanded_channels: 16}"))
    children = [child.path for child in network.graph.scopes["residual_inverted_1"].children]
    assert children == [f"residual_inverted_1.{name}" for name in ("depthwise", "project", "add")]


def test_units_follow_the_rank_of_their_input() -> None:
    layers = "[residual_bottleneck: [8, 32], residual_basic: {out_channels: 8, stride: [2]}]"
    assert output(net(f"input: [16, 9]\nlayers: {layers}")) == (8, 5)


def test_a_stride_for_each_axis_needs_a_projection_when_one_is_not_1() -> None:
    network = net(one("residual_basic: {out_channels: 16, stride: [1, 2]}"))
    assert output(network) == (16, 9, 5)
    assert "residual_basic_1.shortcut" in network.graph.scopes


def test_two_ways_to_give_the_width_inside_are_one_too_many() -> None:
    layer = "residual_inverted: {out_channels: 16, expansion: 2, expanded_channels: 32}"
    assert [code for code, *_ in errors(one(layer))] == ["NS207"]
