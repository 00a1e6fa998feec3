"""The shipped specs: every variant meets what it expects, and torchvision's models where there is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torchvision
import yaml
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from netspec import load

SPECS = Path(__file__).parent.parent / "specs"
ZOO = torchvision.models

MODELS: dict[tuple[str, str | None], Callable[[], nn.Module]] = {
    ("densenet", "densenet121"): ZOO.densenet121,
    ("densenet", "densenet169"): ZOO.densenet169,
    ("densenet", "densenet201"): ZOO.densenet201,
    ("densenet", "densenet161"): ZOO.densenet161,
    ("googlenet_bn", None): lambda: ZOO.googlenet(aux_logits=True, init_weights=False),
    ("inception_v3", None): lambda: ZOO.inception_v3(aux_logits=True, init_weights=False),
}
"""Spec and variant -> the same network in torchvision."""


@pytest.mark.parametrize(("spec", "variant"), MODELS, ids=str)
def test_parameters_and_macs_are_torchvisions(spec: str, variant: str | None) -> None:
    network = load(SPECS / f"{spec}.yaml", variant=variant)
    with torch.device("meta"):
        model = MODELS[spec, variant]().eval()
        image = torch.empty(1, *network.graph.input.shape)
    with FlopCounterMode(display=False) as counter:
        model(image)
    assert network.graph.parameter_count == sum(p.numel() for p in model.parameters())
    assert 2 * network.graph.macs == counter.get_total_flops()


@pytest.mark.parametrize("spec", sorted(SPECS.glob("*.yaml")), ids=lambda spec: spec.stem)
def test_every_spec_and_variant_is_right_and_says_how_large_it_is(spec: Path) -> None:
    """Loading checks what it expects; a number of parameters is the least that it must expect."""
    bare = load(spec)
    for variant in bare.variants or (None,):
        load(spec, variant=variant)
    data = yaml.safe_load(spec.read_text(encoding="utf-8"))
    wholes = [data] if "expect" in data else list(data["variants"].values())
    assert all("params" in whole["expect"] for whole in wholes)
