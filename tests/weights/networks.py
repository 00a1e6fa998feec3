"""Small networks and the same ones written by hand, registered in another order than they run."""

from __future__ import annotations

import torch
from torch import Tensor, nn

import netspec

SPEC = """\
netspec: 1
name: small
params: {num_classes: 5}
input: [3, 12, 12]
layers:
  - conv: {name: stem, out_channels: 8, kernel_size: 3, padding: same, norm: batch_norm, activation: relu}
  - residual:
      layers: [conv: {name: body, out_channels: 8, kernel_size: 3, padding: same, norm: batch_norm}]
      activation: relu
  - aux_head: {name: side, loss_weight: 0.3, layers: [gap, flatten, linear: $num_classes]}
  - conv: {name: top, out_channels: 8, kernel_size: 3, padding: same}
  - gap
  - flatten
  - linear: {name: classifier, out_features: $num_classes}
"""


def small(**params: object) -> netspec.Network:
    return netspec.loads(SPEC, params=params)


class ByHand(nn.Module):
    """`small` with other names; the head is made first and runs in between, the stem is made last."""

    def __init__(self, num_classes: int = 5) -> None:
        super().__init__()
        self.aux = nn.Linear(8, num_classes)
        self.fc = nn.Linear(8, num_classes)
        self.features = nn.ModuleDict({"top": nn.Conv2d(8, 8, 3, padding=1)})
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)

    def forward(self, x: Tensor) -> Tensor | dict[str, Tensor]:
        x = self.bn1(self.conv1(x)).relu()
        x = (self.bn2(self.conv2(x)) + x).relu()
        side = self.aux(x.mean((2, 3))) if self.training else None
        x = self.fc(self.features["top"](x).mean((2, 3)))
        return x if side is None else {"main": x, "side": side}


def values(model: nn.Module) -> dict[str, Tensor]:
    """A copy of everything in a model."""
    return {key: tensor.clone() for key, tensor in model.state_dict().items()}


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)
