"""The speed goals, each as a ratio against a peer in the same run: `python -m tests.benchmarks`.

Prints medians of interleaved repeats, so that a drifting machine hits both sides alike, and the band of
the same code against itself (A/A), below which no difference means anything.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

import netspec
from tests.benchmarks.handwritten import GoogLeNet

ROOT = Path(__file__).parent.parent.parent
SPEC = ROOT / "specs/googlenet.yaml"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratios(
    one: Callable[[], object], other: Callable[[], object], repeats: int
) -> tuple[float, float, float]:
    """Median seconds of both, and the median of the ratios pair by pair."""
    pairs = [(seconds(one), seconds(other)) for _ in range(repeats)]
    a = statistics.median(pair[0] for pair in pairs)
    b = statistics.median(pair[1] for pair in pairs)
    return a, b, statistics.median(x / y for x, y in pairs)


def process(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(
        [sys.executable, *command], cwd=ROOT, check=True, capture_output=True
    )


def check_against_importing_torch() -> None:
    check = process("-m", "netspec", "check", str(SPEC))
    a, b, ratio = ratios(check, process("-c", "import torch"), 7)
    print(
        f"check GoogLeNet as a process   {a:.2f} s, import torch {b:.2f} s, ratio {ratio:.3f} (goal <= 0.25)"
    )


def load_and_infer() -> None:
    times = [seconds(lambda: netspec.load(SPEC)) for _ in range(20)][1:]
    print(
        f"load and infer GoogLeNet       {statistics.median(times) * 1e3:.1f} ms warm (goal <= 30 ms)"
    )


def chain(length: int) -> str:
    layer = "  - conv: {out_channels: 8, kernel_size: 3, padding: 1, activation: relu}\n"
    return f"netspec: 1\nname: chain\ninput: [8, 8, 8]\nlayers:\n{layer * length}"


def scale() -> None:
    short, long = chain(1_000), chain(10_000)
    a, b, ratio = ratios(lambda: netspec.loads(long), lambda: netspec.loads(short), 3)
    print(
        f"10,000 layers                  {a:.2f} s, 1,000 layers {b:.2f} s, ratio {ratio:.1f} (goal <= 12)"
    )


def forward() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    generated = netspec.compile(SPEC, heads=False).eval()
    twin = netspec.compile(SPEC, heads=False).eval()
    by_hand = GoogLeNet().eval()
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        for model in (generated, twin, by_hand):
            model(x)
        a, b, ratio = ratios(lambda: generated(x), lambda: by_hand(x), 15)
        *_, same = ratios(lambda: generated(x), lambda: twin(x), 15)
    print(
        f"forward of GoogLeNet at 224    {a * 1e3:.0f} ms, by hand {b * 1e3:.0f} ms, ratio {ratio:.3f} "
        f"(goal <= 1.03), A/A {same:.3f}"
    )


if __name__ == "__main__":
    check_against_importing_torch()
    load_and_infer()
    scale()
    forward()
