"""Groups, branches, shortcuts and heads: where their layers stand, and what comes out."""

from __future__ import annotations

import pytest
import torch

from tests.elaborate.speaking import diagnostics, net, output, paths

POINTWISE = "conv: {out_channels: 3, kernel_size: 1}"


def test_a_named_group_is_a_level_and_an_unnamed_one_is_none() -> None:
    assert paths(net(f"layers: [sequential: {{name: a, layers: [{POINTWISE}]}}]")) == ["a.conv_1"]
    assert paths(net(f"layers: [sequential: [{POINTWISE}]]")) == ["conv_1"]


def test_parallel_keeps_its_branches_apart_for_a_merge() -> None:
    network = net(f"layers: [parallel: [[{POINTWISE}], []], concat]")
    assert output(network) == (6, 32, 32)


def test_residual_adds_its_shortcut() -> None:
    network = net(f"layers: [residual: {{layers: [{POINTWISE}], activation: relu}}]")
    assert [node.op.kind for node in network.graph.nodes] == ["conv", "add", "activation"]
    assert network.graph.nodes[1].inputs[1] is network.graph.input


def test_a_residual_whose_sides_differ_proposes_a_projection() -> None:
    body = "layers:\n  - residual: {layers: [conv: {out_channels: 8, kernel_size: 1}]}"
    (found,) = diagnostics(body)
    assert found.code == "NS401"
    assert any("conv" in line for line in found.help)


def test_a_head_is_an_output_and_the_stream_passes_by() -> None:
    network = net(
        "layers: [aux_head: {name: aux, loss_weight: 0.3, layers: [gap, flatten, linear: 5]}, gap]"
    )
    outputs = {out.name: out for out in network.graph.outputs}
    assert outputs["main"].value.shape == (3, 1, 1)
    assert outputs["aux"].value.shape == (5,)
    assert outputs["aux"].loss_weight == 0.3
    assert outputs["aux"].train_only


def test_the_residual_side_can_be_scaled() -> None:
    body = "layers: [residual: {layers: [tanh], scale: 0.25, activation: relu}]"
    x = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    expected = torch.relu(0.25 * torch.tanh(x) + x)
    assert torch.equal(net(body).compile()(x), expected)


@pytest.mark.parametrize("scale", ["0", "-0.5", "half", "true"])
def test_a_scale_is_a_number_above_zero(scale: str) -> None:
    (found,) = diagnostics(f"layers: [residual: {{layers: [tanh], scale: {scale}}}]")
    assert found.code in ("NS204", "NS205")
