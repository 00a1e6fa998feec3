"""What every member of the zoo is verified against: the parity tests run this table, the README prints it.

A member is a spec and a variant; a spec without variants has the member None. Numbers of libraries are not
typed here: the libraries are asked. Numbers of files that no library builds are typed, with their source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import timm
import torchvision
from torch import nn

from tests.parity.unet import UNet
from tests.zoo import Member


@dataclass(frozen=True)
class Library:
    """The same network as other people wrote it: parameters and MACs are equal, and outputs are compared."""

    source: str
    """What the README says."""
    package: str | None
    """`torchvision` or `timm`; None for a module of our own."""
    make: Callable[[], nn.Module]
    outputs: bool = True
    """Compare outputs too; False where another member of the same structure does."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Options of the spec that make it the library's network, where its defaults are the paper's."""


@dataclass(frozen=True)
class Published:
    """A file that no library here builds, with numbers that were summed from it apart from netspec."""

    source: str
    params: int
    macs: int


Reference = Library | Published


def vision(
    name: str,
    *,
    outputs: bool = True,
    change: Callable[[nn.Module], None] | None = None,
    **options: Any,
) -> Library:
    """A network of torchvision, never with downloaded weights."""

    def make() -> nn.Module:
        model: nn.Module = torchvision.models.get_model(name, weights=None, **options)
        if change is not None:
            change(model)
        return model

    source = "torchvision" if change is None else "torchvision with its strides moved"
    return Library(source, "torchvision", make, outputs)


def from_timm(name: str, *, outputs: bool = True, **params: Any) -> Library:
    """A network of timm, never with downloaded weights; `params` are options of the spec."""
    return Library(
        "timm", "timm", lambda: timm.create_model(name, pretrained=False), outputs, params
    )


def as_in_caffe(resnet: nn.Module) -> None:
    """The first version of torchvision's ResNet: the stride on the first 1x1, a pool without padding."""
    for block in resnet.modules():
        if isinstance(block, torchvision.models.resnet.Bottleneck):
            block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride
    resnet.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)


AUTHORS = "the authors' Caffe file"
BVLC = "BVLC's Caffe file"
CONVNET = "the authors' cuda-convnet files"
HEADS = {"aux_logits": True, "init_weights": False}

REFERENCES: dict[Member, Reference] = {
    ("alexnet", None): vision("alexnet"),
    ("alexnet_grouped", None): Published(BVLC, 60_965_224, 724_406_816),
    ("bn_inception", "bn_inception"): Published("pretrainedmodels without biases", 11_285_224, 2_032_600_064),
    ("bn_inception", "bn_inception_ported"): Published(
        "pretrainedmodels", 11_295_240, 2_032_600_064
    ),
    ("bn_inception", "se_bn_inception"): Published(AUTHORS, 11_931_622, 2_033_239_424),
    ("bn_inception", "bn_inception_slim"): Published("TF-slim's file", 11_188_288, 1_934_857_216),
    ("convnext", "convnext_tiny"): vision("convnext_tiny"),
    **{
        ("convnext", f"convnext_{size}"): vision(f"convnext_{size}", outputs=False)
        for size in ("small", "base", "large")
    },
    ("densenet", "densenet121"): vision("densenet121"),
    ("densenet", "densenet161"): vision("densenet161", outputs=False),
    ("densenet", "densenet169"): vision("densenet169"),
    ("densenet", "densenet201"): vision("densenet201", outputs=False),
    **{
        ("efficientnet", f"efficientnet_b{n}"): vision(f"efficientnet_b{n}", outputs=n < 6)
        for n in range(8)
    },
    **{
        ("efficientnet_v2", f"efficientnet_v2_{size}"): vision(f"efficientnet_v2_{size}", outputs=size == "s")
        for size in "sml"
    },
    ("googlenet", None): Published(BVLC, 13_378_280, 1_582_671_872),
    ("googlenet_bn", None): vision("googlenet", **HEADS),
    ("inception_resnet_v1", "classifier"): Published(
        "facenet's body and a linear layer", 24_357_096, 6_308_597_856
    ),
    ("inception_resnet_v1", "facenet"): Published(
        "facenet-pytorch 2.6", 23_995_624, 1_418_174_304
    ),
    ("inception_resnet_v2", None): from_timm("inception_resnet_v2"),
    ("inception_v3", None): vision("inception_v3", **HEADS),
    ("inception_v4", None): from_timm("inception_v4"),
    ("lenet5", None): Published("Dive into Deep Learning", 61_706, 416_520),
    ("lenet_caffe", None): Published(BVLC, 431_080, 2_293_000),
    ("mobilenet_v1", "x1_0"): from_timm("mobilenetv1_100", activation="relu6"),
    ("mobilenet_v1", "x1_25"): from_timm("mobilenetv1_125", activation="relu6"),
    ("mobilenet_v2", "x0_35"): vision("mobilenet_v2", width_mult=0.35),
    ("mobilenet_v2", "x0_5"): vision("mobilenet_v2", width_mult=0.5),
    ("mobilenet_v2", "x0_75"): vision("mobilenet_v2", width_mult=0.75),
    ("mobilenet_v2", "x1_0"): vision("mobilenet_v2"),
    ("mobilenet_v2", "x1_4"): vision("mobilenet_v2", width_mult=1.4),
    ("mobilenet_v3", "large"): vision("mobilenet_v3_large"),
    ("mobilenet_v3", "large_x0_75"): vision("mobilenet_v3_large", width_mult=0.75),
    ("mobilenet_v3", "small"): vision("mobilenet_v3_small"),
    ("mobilenet_v3", "small_x0_75"): vision("mobilenet_v3_small", width_mult=0.75),
    ("nin", "cifar10"): Published(CONVNET, 966_986, 222_486_528),
    ("nin", "cifar100"): Published(CONVNET, 984_356, 223_592_448),
    ("nin", "svhn"): Published(CONVNET, 1_986_026, 274_235_392),
    ("nin", "mnist"): Published(CONVNET, 349_674, 50_699_712),
    ("nin_imagenet", None): Published(AUTHORS, 7_595_176, 1_100_188_800),
    ("resnet", "resnet18"): vision("resnet18"),
    ("resnet", "resnet34"): vision("resnet34"),
    ("resnet", "resnet50"): vision("resnet50"),
    ("resnet", "resnet101"): vision("resnet101", outputs=False),
    ("resnet", "resnet152"): vision("resnet152", outputs=False),
    ("resnet", "resnet50_v1"): vision("resnet50", change=as_in_caffe),
    ("resnet", "resnet101_v1"): vision("resnet101", change=as_in_caffe, outputs=False),
    ("resnet", "resnet152_v1"): vision("resnet152", change=as_in_caffe, outputs=False),
    ("resnet", "resnext50_32x4d"): vision("resnext50_32x4d"),
    ("resnet", "resnext101_32x8d"): vision("resnext101_32x8d", outputs=False),
    ("resnet", "resnext101_64x4d"): vision("resnext101_64x4d", outputs=False),
    ("resnet", "wide_resnet50_2"): vision("wide_resnet50_2"),
    ("resnet", "wide_resnet101_2"): vision("wide_resnet101_2", outputs=False),
    ("se_resnet", "se_resnet50"): from_timm("seresnet50"),
    ("se_resnet", "se_resnet50_spelled"): from_timm("seresnet50"),
    ("se_resnet", "se_resnet101"): from_timm("seresnet101", outputs=False),
    ("se_resnet", "se_resnet152"): from_timm("seresnet152", outputs=False),
    ("se_resnet", "se_resnet50_v1"): from_timm("legacy_seresnet50"),
    ("se_resnet", "se_resnet101_v1"): from_timm("legacy_seresnet101", outputs=False),
    ("se_resnet", "se_resnet152_v1"): from_timm("legacy_seresnet152", outputs=False),
    ("se_resnet", "se_resnext50_32x4d"): from_timm("seresnext50_32x4d"),
    ("se_resnet", "se_resnext101_32x4d"): from_timm("seresnext101_32x4d", outputs=False),
    ("senet154", None): from_timm("legacy_senet154"),
    **{
        ("shufflenet_v2", width): vision(f"shufflenet_v2_{width}")
        for width in ("x0_5", "x1_0", "x1_5", "x2_0")
    },
    ("sknet", "sknet50"): from_timm("skresnext50_32x4d"),
    ("sknet", "sknet50_spelled"): from_timm("skresnext50_32x4d"),
    ("sknet", "sknet101"): Published(AUTHORS, 48_686_760, 8_448_675_840),
    ("skresnet", "skresnet18"): from_timm("skresnet18"),
    ("skresnet", "skresnet34"): from_timm("skresnet34"),
    ("skresnet", "skresnet50"): from_timm("skresnet50"),
    ("squeezenet", "squeezenet1_0"): vision("squeezenet1_0"),
    ("squeezenet", "squeezenet1_1"): vision("squeezenet1_1"),
    ("unet", None): Library("a module written by hand", None, UNet),
    ("vgg", "vgg11"): vision("vgg11"),
    ("vgg", "vgg13"): vision("vgg13", outputs=False),
    ("vgg", "vgg16"): vision("vgg16", outputs=False),
    ("vgg", "vgg19"): vision("vgg19", outputs=False),
    ("vgg", "vgg11_bn"): vision("vgg11_bn", outputs=False),
    ("vgg", "vgg13_bn"): vision("vgg13_bn", outputs=False),
    ("vgg", "vgg16_bn"): vision("vgg16_bn"),
    ("vgg", "vgg19_bn"): vision("vgg19_bn", outputs=False),
}  # fmt: skip
"""Every member of every spec in `specs/`; a test holds that none is missing."""
