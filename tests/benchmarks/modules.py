"""The generated module beside torchvision's hand-written class of the same network.

One thread, medians of interleaved repeats, each as a ratio to torchvision's; beside it the A/A band, in which
half of the repeats of a second instance of torchvision's class against the first lie: no difference inside it
means anything. Memory is the most that is alive at once in inference, parameters left out, followed by a
dispatch mode on both sides.

ResNet-50 and MobileNet v2 have a peak that is higher by 8 %. In `layer1.1`, while the norm of `conv_3` runs,
there are, counted in maps of 64x56x56: the stem's output (the argument of `layer1`) 1, the identity 4, what the
convolution gave 4, what the norm gives 4, and the input of `conv_3` 1. That is 14, and 13 in torchvision's
ResNet, which has no scope there (its GoogLeNet has). The input lives in `Module.__call__`, whose frames hold
their arguments, so no `forward` can let go of it. Tried with ResNet-50 at 224 px, as ratios to torchvision's:

- 1.077: as it is; two lines in place of `self.norm(self.conv(x))`; `del x` after the convolution; the unit as
  an `nn.Sequential`; one name for all values of the block; the input by keyword.
- 1.000: `self.conv_3.conv` and `.norm` called by the block itself; `self.conv_3.forward` of a temporary value;
  in the root `for block in self.layer1: x = block(x)`. Hooks on `conv_3` or on `layer1` would not fire,
  features not be found and FSDP not be wrapped there, so the difference stays.
- 1.385: `self.layer1(self.max_pool_1(x))`, where the root holds the map before the pool instead.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
import torchvision
from torch import nn

import netspec
from tests.analysis.measuring import Peak, state
from tests.benchmarks.timing import ROOT, Compared, Work, compared, machine

models = torchvision.models


class Pair(NamedTuple):
    """A spec, what it is loaded with, and torchvision's class of the same network."""

    title: str
    spec: str
    given: dict[str, Any]
    by_hand: Callable[[], nn.Module]

    def net(self) -> netspec.Network:
        """Ours, loaded."""
        return netspec.load(ROOT / f"specs/{self.spec}.yaml", **self.given)


PAIRS = (
    Pair(
        "GoogLeNet",
        "googlenet_bn",
        {},
        lambda: models.GoogLeNet(aux_logits=False, init_weights=True),
    ),
    Pair("ResNet-50", "resnet", {}, models.resnet50),
)
TOY = Pair(
    "MobileNet v2, width/16",
    "mobilenet_v2",
    {"params": {"width": 1 / 16}},
    lambda: models.mobilenet_v2(width_mult=1 / 16),
)


def construction(pair: Pair) -> Compared:
    """Making the module and its first weights; the source, which the network keeps, is executed each time."""
    compiled = partial(pair.net().compile, heads=False)
    return compared(compiled, pair.by_hand, pair.by_hand, repeats=20, warm_up=1)


def running(pair: Pair, size: int, *, backward: bool) -> Compared:
    """One image of `size` pixels a side through the network, two in training."""
    x = torch.randn(1, 3, size, size)
    if backward:
        x = torch.randn(2, 3, size, size)  # batch norm in training wants two values a channel
    built = (pair.net().compile(heads=False), pair.by_hand(), pair.by_hand())

    def step(model: nn.Module) -> Work:
        def forward() -> None:
            with torch.no_grad():
                model(x)

        def forward_and_backward() -> None:
            model.zero_grad()
            model(x).sum().backward()

        return forward_and_backward if backward else forward

    ours, peer, again = (step(model.train(backward)) for model in built)
    gc.collect()
    return compared(ours, peer, again, repeats=max(20, 3000 // size), warm_up=2)


def memory(pair: Pair, size: int = 224) -> Compared:
    """The most bytes alive in inference; the same in every run."""
    x = torch.randn(1, 3, size, size)
    built = (pair.net().compile(heads=False).eval(), pair.by_hand().eval())
    peaks = []
    for model in built:
        with torch.no_grad(), Peak([x, *state(model)]) as peak:
            model(x)
        peaks.append(peak.highest)
    return Compared(peaks[0] / peaks[1])


Measure = Callable[[], Compared]


def rows() -> list[tuple[str, str, Measure]]:
    """What is measured, its goal, and how."""
    found: list[tuple[str, str, Measure]] = []
    for pair in PAIRS:
        found.append((f"{pair.title}, construction", "1.10", partial(construction, pair)))
        for size in (64, 224):
            for backward, what in ((False, "forward"), (True, "forward and backward")):
                measure = partial(running, pair, size, backward=backward)
                found.append((f"{pair.title}, {what} at {size} px", "1.02", measure))
        found.append((f"{pair.title}, peak memory of inference", "1.02", partial(memory, pair)))
    toy = partial(running, TOY, 64, backward=False)
    return [*found, (f"{TOY.title}, forward at 64 px", "1.05", toy)]


def main() -> None:
    """The table of the README."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    print("| generated ÷ torchvision's class | ratio | A/A band | goal |\n|---|---|---|---|")
    for title, goal, measure in rows():
        found = measure()
        band = f"{found.low:.3f} – {found.high:.3f}"
        print(f"| {title} | {found.ratio:.3f} | {band} | ≤ {goal} |", flush=True)
    versions = f"torch {torch.__version__}, torchvision {torchvision.__version__}"
    print(f"\nOne thread of {machine()}, {versions}.")
