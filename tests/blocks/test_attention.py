"""Squeeze and excitation, selective kernels: equal to what one spells out, in counts and in numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from netspec import Network
from netspec.emit.torch_module import compile_graph
from tests.elaborate.speaking import errors, net, output

SE = """
input: [32, 9, 9]
blocks:
  spelled:
    layers:
      - mul:
          - []
          - [gap, conv: {out_channels: 8, kernel_size: 1, activation: relu},
             conv: {out_channels: 32, kernel_size: 1, activation: sigmoid}]
layers:
  - BLOCK
"""
SK = """
input: [64, 9, 9]
defaults:
  conv: {norm: batch_norm, activation: relu, padding: same}
blocks:
  spelled:
    params: {out_channels: int, stride: 1, groups: 32, reduction: 16, min_channels: 32}
    let:
      squeeze: $(max(out_channels // reduction, min_channels))
    layers:
      - stack:
          name: maps
          branches:
            - [conv: {out_channels: $out_channels, kernel_size: 3, stride: $stride, groups: $groups}]
            - - conv:
                  {out_channels: $out_channels, kernel_size: 3, stride: $stride, groups: $groups, dilation: 2}
      - sum: {dim: 1}
      - gap
      - conv: {out_channels: $squeeze, kernel_size: 1}
      - conv: {out_channels: $(2 * out_channels), kernel_size: 1, norm: none, activation: none, bias: false}
      - reshape: {shape: [2, $out_channels, 1, 1]}
      - softmax: {dim: 1}
      - mul: {from: [maps, previous]}
      - sum: {dim: 1}
layers:
  - BLOCK
"""
SK = SK.replace(
    "defaults:\n  conv: {norm: batch_norm, activation: relu, padding: same}\n", ""
).replace(
    "    let:",
    "    defaults: {conv: {norm: batch_norm, activation: relu, padding: same}}\n    let:",
)


def equal_in_numbers(mine: Network, theirs: Network) -> None:
    """The same counts, and the same output from the same weights, which are not PyTorch's first ones."""
    assert mine.graph.parameter_count == theirs.graph.parameter_count
    assert mine.graph.macs == theirs.graph.macs
    assert output(mine) == output(theirs)
    modules = [compile_graph(network.graph).eval() for network in (mine, theirs)]
    states = [list(module.state_dict().values()) for module in modules]
    generator = torch.Generator().manual_seed(0)
    for left, right in zip(*states, strict=True):
        assert left.shape == right.shape
        if left.is_floating_point():
            left.copy_(torch.rand(left.shape, generator=generator) - 0.3)
            left.abs_() if left.dim() == 1 else None
            right.copy_(left)
    x = torch.randn(2, *mine.graph.input.shape, generator=generator)
    results = [module(x) for module in modules]
    assert results[0].std() > 1e-3
    torch.testing.assert_close(*results)


@pytest.mark.parametrize("layer", ["squeeze_excite: 4", "squeeze_excite: {squeeze_channels: 8}"])
def test_squeeze_excite_is_what_one_spells_out(layer: str) -> None:
    equal_in_numbers(net(SE.replace("BLOCK", layer)), net(SE.replace("BLOCK", "spelled")))


@pytest.mark.parametrize("fields", ["{out_channels: 64}", "{out_channels: 128, stride: 2}"])
def test_a_selective_kernel_is_what_one_spells_out(fields: str) -> None:
    mine = net(SK.replace("BLOCK", f"selective_kernel: {fields}"))
    equal_in_numbers(mine, net(SK.replace("BLOCK", f"spelled: {fields}")))


def test_squeeze_excite_computes_what_the_paper_says() -> None:
    module = compile_graph(net("input: [8, 5, 5]\nlayers: [squeeze_excite: 2]").graph)
    fc1, fc2 = module.squeeze_excite_1.fc1, module.squeeze_excite_1.fc2
    for layer in (fc1, fc2):
        nn.init.normal_(layer.weight)
    x = torch.randn(2, 8, 5, 5)
    hidden = (x.mean((2, 3)) @ fc1.weight.flatten(1).T + fc1.bias).clamp(min=0)
    gate = (hidden @ fc2.weight.flatten(1).T + fc2.bias).sigmoid()
    torch.testing.assert_close(module(x), x * gate[:, :, None, None])


@pytest.mark.parametrize(("channels", "reduction"), [(64, 16), (96, 4), (40, 3)])
def test_parameters_and_macs_of_squeeze_excite(channels: int, reduction: int) -> None:
    squeezed = channels // reduction
    graph = net(f"input: [{channels}, 7, 7]\nlayers: [squeeze_excite: {reduction}]").graph
    assert graph.parameter_count == 2 * channels * squeezed + squeezed + channels
    assert graph.macs == 2 * channels * squeezed


@pytest.mark.parametrize("branches", [2, 3])
def test_parameters_and_macs_of_a_selective_kernel(branches: int) -> None:
    channels, groups, squeezed = 64, 32, 32
    body = (
        f"input: [64, 8, 8]\nlayers: [selective_kernel: {{out_channels: 64, branches: {branches}}}]"
    )
    graph = net(body).graph
    grouped = 9 * channels**2 // groups
    attention = channels * squeezed + branches * channels * squeezed
    assert graph.parameter_count == branches * (grouped + 2 * channels) + attention + 2 * squeezed
    assert graph.macs == branches * grouped * 8 * 8 + attention


def test_children_have_fixed_names() -> None:
    keys = compile_graph(net("layers: [squeeze_excite: {squeeze_channels: 2}]").graph).state_dict()
    assert [key.partition(".")[2] for key in keys] == [
        "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias",
    ]  # fmt: skip


def test_squeeze_excite_is_a_gate_by_value() -> None:
    body = """
    params: {gate: {type: block, default: {squeeze_excite: {reduction: 4, scale_activation: hardsigmoid}}}}
    input: [16, 8, 8]
    layers: [$gate]
    """
    assert "F.hardsigmoid" in net(body).source()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("layers:\n  - squeeze_excite", ("NS409", 2, "squeeze_excite")),
        ("layers:\n  - squeeze_excite: 4", ("NS409", 2, "4")),
        ("input: [8]\nlayers:\n  - squeeze_excite: 4", ("NS403", 3, "squeeze_excite")),
        ("input: [8, 2, 3, 3]\nlayers:\n  - squeeze_excite: 4", ("NS403", 3, "squeeze_excite")),
        ("input: [8, 9]\nlayers:\n  - selective_kernel: 32", ("NS403", 3, "selective_kernel")),
    ],
)
def test_what_does_not_fit(body: str, expected: tuple[str, int, str]) -> None:
    assert errors(body) == [expected]


def test_the_width_is_said_once() -> None:
    body = "layers:\n  - squeeze_excite: {reduction: 2, squeeze_channels: 2}"
    assert [code for code, _, _ in errors(body)] == ["NS207"]
