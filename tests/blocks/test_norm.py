"""Normalisation as layers."""

from __future__ import annotations

import pytest

from netspec.ops import BatchNorm, LocalResponseNorm
from tests.elaborate.speaking import errors, net, op


@pytest.mark.parametrize(
    ("size", "rank"), [("[6]", 0), ("[6, 9]", 1), ("[6, 9, 9]", 2), ("[6, 2, 9, 9]", 3)]
)
def test_batch_norm_follows_the_rank_of_its_input(size: str, rank: int) -> None:
    network = net(f"input: {size}\nlayers: [batch_norm]")
    assert op(network, "batch_norm_1") == BatchNorm(6, rank=rank)
    assert network.graph.parameter_count == 12


def test_fields_of_batch_norm_reach_the_op() -> None:
    network = net("layers: [batch_norm: {eps: 0.001, momentum: 0.01, affine: false}]")
    assert op(network, "batch_norm_1") == BatchNorm(3, 0.001, 0.01, affine=False)
    assert network.graph.parameter_count == 0


def test_lrn_has_the_convention_of_pytorch() -> None:
    assert op(net("layers: [lrn: 5]"), "lrn_1") == LocalResponseNorm(5, 1e-4, 0.75, 1.0)


def test_lrn_needs_a_map() -> None:
    assert errors("input: [5]\nlayers:\n  - lrn: 5") == [("NS403", 3, "lrn")]
