"""A weight changes its shape only where the layer computes the same."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import netspec
from netspec.weights.report import WeightsError
from netspec.weights.transfer import Outcome

HEAD = "netspec: 1\nname: x\ninput: [4, 3, 3]\nlayers:\n"


def net(*layers: str) -> netspec.Network:
    return netspec.loads(HEAD + "".join(f"  - {layer}\n" for layer in layers))


def check(ours: netspec.Network, source: nn.Module) -> None:
    """All of it is loaded, one weight in another shape, and both compute the same."""
    model = ours.compile(seed=0)
    report = ours.load_weights(model, source, by="order")
    assert len(report.of(Outcome.RESHAPED)) == 1
    x = torch.randn(2, 4, 3, 3)
    with torch.no_grad():
        assert torch.allclose(model(x).flatten(1), source(x).flatten(1), atol=1e-5)


def test_a_linear_layer_and_a_1x1_convolution() -> None:
    check(
        net("gap", "conv: {out_channels: 5, kernel_size: 1}"),
        nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5)),
    )
    check(
        net("gap", "flatten", "linear: 5"),
        nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 5, 1)),
    )


def test_a_linear_layer_over_a_flattened_map_and_a_convolution_over_the_whole_map() -> None:
    check(
        net("conv: {out_channels: 5, kernel_size: 3}"),
        nn.Sequential(nn.Flatten(), nn.Linear(36, 5)),
    )
    check(net("flatten", "dropout: 0", "linear: 5"), nn.Sequential(nn.Conv2d(4, 5, 3)))


@pytest.mark.parametrize(("layers", "source"), [
    # as many elements, another meaning
    (["flatten", "linear: 5"], nn.Conv2d(4, 5, (1, 9))),
    (["permute: [2, 3, 1]", "flatten", "linear: 5"], nn.Conv2d(4, 5, 3)),
    (["conv: {out_channels: 4, kernel_size: 1, groups: 4}"], nn.Linear(1, 4)),
    (["conv: {out_channels: 4, kernel_size: 3}"], nn.Conv2d(4, 4, (1, 9))),
    (["conv: {out_channels: 5, kernel_size: 2, dilation: 2}"], nn.Linear(16, 5)),
    (["conv_transpose: {out_channels: 4, kernel_size: 1}"], nn.Linear(4, 4)),
])  # fmt: skip
def test_other_reshapes_are_refused(layers: list[str], source: nn.Module) -> None:
    ours = net(*layers)
    (path,) = [node.path for node in ours.graph.nodes if node.op.parameters()]
    state = {
        f"{path}.{key.rpartition('.')[2]}": value for key, value in source.state_dict().items()
    }
    with pytest.raises(WeightsError, match=r"here, .* there"):
        ours.load_weights(ours.compile(), state)


def test_the_groups_of_a_source_are_known_where_it_is_a_module() -> None:
    """(5, 2, 1, 1) is a linear layer over 2 features, unless the convolution reads 4 channels in 2 groups."""
    ours = netspec.loads(
        "netspec: 1\nname: x\ninput: [2]\nlayers: [linear: {name: fc, out_features: 6}]\n"
    )

    class Grouped(nn.Module):
        def __init__(self, groups: int) -> None:
            super().__init__()
            self.fc = nn.Conv2d(2 * groups, 6, 1, groups=groups)

    ours.load_weights(ours.compile(), Grouped(1))
    with pytest.raises(WeightsError):
        ours.load_weights(ours.compile(), Grouped(2))
