"""The table: a spec, what `netspec.load` is given, and the torchvision network that it equals in inference."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from torch import nn

import netspec
from netspec.graph import Node
from netspec.ops import Concat
from tests.emit.evaluation import evaluate
from tests.parity.comparing import copy_in_order, difference, make_healthy

SPECS = Path(__file__).parent.parent.parent / "specs"
models = torchvision.models
Case = tuple[str, dict[str, Any], Callable[[], nn.Module]]


def googlenet() -> nn.Module:
    found: nn.Module = models.googlenet(weights=None, aux_logits=False, init_weights=False)
    return found


TABLE: list[Case] = [
    ("resnet", {"variant": "resnet18"}, lambda: models.resnet18(weights=None)),
    ("resnet", {}, lambda: models.resnet50(weights=None)),
    ("googlenet_bn", {}, googlenet),
]


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "given", "make"), TABLE)
def test_outputs_equal_torchvisions(
    spec: str, given: dict[str, Any], make: Callable[[], nn.Module]
) -> None:
    x = torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    reference = make()
    make_healthy(reference, x)
    net = netspec.load(SPECS / f"{spec}.yaml", **given)
    ours = net.compile(init=False, heads=False).eval()
    copied = copy_in_order(reference, ours, x)
    assert copied == sum(bool(node.op.parameters()) for node in _inference(net))
    with torch.no_grad():
        assert difference(ours(x), reference(x)) < 1e-3
        merges = [node.path for node in _inference(net) if isinstance(node.op, Concat)]
        if merges:  # the check can fail: two inputs of one merge in the wrong order are noticed
            graph = net.graph.without_training_heads()
            swapped = evaluate(graph, ours.state_dict(), x, swap=merges[0])["main"]
            assert difference(swapped, reference(x)) > 1e-1


def _inference(net: netspec.Network) -> tuple[Node, ...]:
    return net.graph.without_training_heads().nodes
