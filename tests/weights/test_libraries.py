"""Weights of torchvision and timm, as the libraries fetch them: out of their caches, without a network.

The files in the caches are made here, under the names that the libraries look for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

import netspec
from netspec.errors import UsageError
from netspec.weights.libraries import library_source, names_library
from tests.parity.comparing import difference, make_healthy

ROOT = Path(__file__).parents[2]


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Caches of their own, and no way out."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    return tmp_path


def keep(state: dict[str, torch.Tensor], weights: Any, caches: Path) -> None:
    """Put a state dict where torch.hub looks for these weights."""
    folder = caches / "torch/hub/checkpoints"
    folder.mkdir(parents=True)
    torch.save(state, folder / weights.url.rpartition("/")[2])


def test_what_names_a_library() -> None:
    assert names_library("torchvision:resnet18")
    assert names_library("timm:resnet18.a1_in1k")
    assert not names_library("torchvision")
    assert not names_library("C:model.safetensors")
    assert not names_library("net.safetensors")


@pytest.mark.slow
def test_torchvisions_weights_come_over_and_its_transforms_are_told(caches: Path) -> None:
    x = torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    reference = torchvision.models.googlenet(weights=None, init_weights=False)
    make_healthy(reference, x)
    keep(reference.state_dict(), torchvision.models.GoogLeNet_Weights.IMAGENET1K_V1, caches)
    net = netspec.load(ROOT / "specs/googlenet_bn.yaml", input=[3, 64, 64])
    model = net.compile(init=False, heads=False)
    source = library_source("torchvision:googlenet")
    report = net.load_weights(model, source, by="order")
    assert report.complete
    assert report.source == "torchvision:googlenet"
    told = "\n".join(report.notes)
    assert "GoogLeNet_Weights.IMAGENET1K_V1" in told
    assert "mean=[0.485, 0.456, 0.406]" in told
    assert "(transform_input)" in told
    changed = (x * torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)) / 0.5
    changed += (torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1) - 0.5) / 0.5
    with torch.no_grad():  # what the note says is so
        assert difference(model.eval()(changed), source.module.eval()(x)) < 1e-3  # type: ignore[union-attr]


@pytest.mark.slow
def test_timms_weights_come_out_of_the_hubs_cache(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(
        huggingface_hub.constants, "HF_HUB_OFFLINE", True
    )  # it has read the environment
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(caches / "hf/hub"))
    reference = timm.create_model("resnet18", pretrained=False)
    config = timm.get_pretrained_cfg("resnet18")
    folder = caches / f"hf/hub/models--{config.hf_hub_id.replace('/', '--')}"
    (folder / "snapshots/0").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs/main").write_text("0")
    (folder / "snapshots/0/config.json").write_text(json.dumps({"architecture": "resnet18"}))
    save_file(reference.state_dict(), folder / "snapshots/0/model.safetensors")
    net = netspec.load(ROOT / "specs/resnet.yaml", variant="resnet18", input=[3, 64, 64])
    model = net.compile(init=False)
    report = net.load_weights(model, library_source(f"timm:resnet18.{config.tag}"), by="order")
    assert report.complete
    assert torch.equal(model.state_dict()["fc.weight"], reference.state_dict()["fc.weight"])
    assert any("mean (0.485, 0.456, 0.406)" in note for note in report.notes)


@pytest.mark.parametrize(("text", "said", "helped"), [
    ("torchvision:resnet_18", "`torchvision` has no model called `resnet_18`", "`resnet18`"),
    ("torchvision:resnet18:V9", "`torchvision:resnet18` has no weights `V9`", "IMAGENET1K_V1"),
    ("torchvision:squeezenet1_0", "torchvision cannot give the weights", "squeezenet1_0-b66bff10.pth"),
    ("torchvision:mnasnet0_75:", "torchvision cannot give", "$TORCH_HOME"),
    ("timm:resnet_18", "`timm` has no model called `resnet_18`", "resnet18"),
    ("timm:resnet18:a1_in1k", "timm names weights behind a period", "timm:resnet18.TAG"),
    ("timm:darknet17", "timm cannot give the weights of `darknet17`", "huggingface_hub"),
])  # fmt: skip
def test_what_cannot_be_had_is_one_line(text: str, said: str, helped: str, caches: Path) -> None:
    with pytest.raises(UsageError) as caught:
        library_source(text)
    error = caught.value
    assert error.code == "NS513"
    assert said in error.message
    assert helped in str(error.help)
    assert error.message.isprintable()


def test_a_file_in_the_cache_that_fits_nothing_is_one_line(caches: Path) -> None:
    keep({"a": torch.zeros(1)}, torchvision.models.SqueezeNet1_0_Weights.IMAGENET1K_V1, caches)
    with pytest.raises(UsageError, match="torchvision cannot give the weights"):
        library_source("torchvision:squeezenet1_0")


def test_a_library_that_is_missing_or_broken_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(UsageError) as caught:
        library_source("timm:resnet18")
    assert (caught.value.code, caught.value.help) == ("NS502", "pip install timm")

    def broken(name: str) -> None:
        raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(UsageError, match="breaks at import: operator torchvision::nms") as caught:
        library_source("torchvision:resnet18")
    assert caught.value.code == "NS513"


@pytest.mark.slow
def test_a_module_of_a_library_is_a_source_by_itself() -> None:
    net = netspec.load(ROOT / "specs/resnet.yaml", variant="resnet18", input=[3, 32, 32])
    source: nn.Module = torchvision.models.resnet18(weights=None)
    report = net.load_weights(net.compile(init=False), source, by="order")
    assert report.source == "ResNet"
    assert report.complete
