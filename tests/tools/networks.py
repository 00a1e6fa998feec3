"""One network with one of everything that tools have trouble with."""

from __future__ import annotations

import torch

import netspec

SPEC = """\
netspec: 1
name: tools
doc: One of everything that tools have trouble with.
params:
  norm: {type: block, default: batch_norm}
input: [3, 30, 30]
defaults:
  conv: {kernel_size: 3, padding: same, norm: $norm, activation: relu}
blocks:
  unit:
    doc: A residual block with a gate.
    params: {channels: int}
    layers:
      - residual:
          layers:
            - conv: $channels
            - conv: {out_channels: $channels, activation: none}
            - squeeze_excite: {name: gate, reduction: 2}
          activation: relu
layers:
  - conv: {name: stem, out_channels: 8}
  - max_pool: {name: halve, kernel_size: 3, stride: 2, ceil_mode: true}
  - unit: {name: units, channels: 8, repeat: 2}
  - concat: {name: mix, branches: [[conv: 4], [conv: {out_channels: 4, kernel_size: 1}], []]}
  - selective_kernel: {name: select, out_channels: 8, groups: 4, norm: $norm}
  - aux_head: {name: side, loss_weight: 0.3, layers: [gap, flatten, linear: 5]}
  - gap
  - flatten
  - linear: {name: classifier, out_features: 5}
"""

GROUP_NORM = {"group_norm": {"groups": 2}}
"""A norm that does not depend on the batch, for networks whose batch is split."""


def tools(**params: object) -> netspec.Network:
    """Concat, residual, gate, selective kernel, auxiliary head, a pool that rounds up, copies."""
    return netspec.loads(SPEC, params=params)


def images(count: int = 4) -> torch.Tensor:
    return torch.randn(count, 3, 30, 30, generator=torch.Generator().manual_seed(0))
