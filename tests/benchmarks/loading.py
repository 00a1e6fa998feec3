"""How fast specs are read and checked, and how the time grows with their length."""

from __future__ import annotations

import statistics

import yaml

import netspec
from tests.benchmarks.timing import ROOT, medians, process, seconds

SPEC = ROOT / "specs/googlenet.yaml"


def check_against_importing_torch() -> None:
    """`netspec check` of GoogLeNet and `import torch`, each as a whole process."""
    check = process("-m", "netspec", "check", str(SPEC))
    (a, b), (ratio, _) = medians(check, process("-c", "import torch"), repeats=7)
    print(
        f"check GoogLeNet as a process   {a:.2f} s, import torch {b:.2f} s, ratio {ratio:.3f} (goal <= 0.25)"
    )


def check_the_zoo() -> None:
    """`netspec check specs`, every file and variant, and `import torch`, each as a whole process."""
    check = process("-m", "netspec", "check", "specs")
    (a, b), (ratio, _) = medians(check, process("-c", "import torch"), repeats=5)
    print(
        f"check specs/ as a process      {a:.2f} s, import torch {b:.2f} s, ratio {ratio:.2f} (goal: 3 s)"
    )


def long_file() -> None:
    """20,000 lines of conv, norm and activation, and PyYAML's C loader on the same text."""
    layer = "  - conv: {out_channels: 8, kernel_size: 1, norm: batch_norm, activation: relu}\n"
    text = f"netspec: 1\nname: chain\ninput: [8, 8, 8]\nlayers:\n{layer * 20_000}"
    limits = netspec.Limits(file_bytes=1 << 22, yaml_nodes=1 << 20)
    (a, b), (ratio, _) = medians(
        lambda: netspec.loads(text, limits=limits),
        lambda: yaml.load(text, yaml.CSafeLoader),
        repeats=3,
    )
    print(
        f"20,000 conv units              {a:.2f} s, PyYAML alone {b:.2f} s, ratio {ratio:.2f} (goal: 3 s)"
    )


def load_and_infer() -> None:
    """`netspec.load` of GoogLeNet in a warm process."""
    times = [seconds(lambda: netspec.load(SPEC)) for _ in range(20)][1:]
    print(
        f"load and infer GoogLeNet       {statistics.median(times) * 1e3:.1f} ms warm (goal <= 30 ms)"
    )


def chain(length: int) -> str:
    """A spec of so many convolutions."""
    layer = "  - conv: {out_channels: 8, kernel_size: 3, padding: 1, activation: relu}\n"
    return f"netspec: 1\nname: chain\ninput: [8, 8, 8]\nlayers:\n{layer * length}"


def scale() -> None:
    """Ten times the layers take about ten times the time."""
    short, long = chain(1_000), chain(10_000)
    (a, b), (ratio, _) = medians(
        lambda: netspec.loads(long), lambda: netspec.loads(short), repeats=3
    )
    print(
        f"10,000 layers                  {a:.2f} s, 1,000 layers {b:.2f} s, ratio {ratio:.1f} (goal <= 12)"
    )


def main() -> None:
    """All of it."""
    check_against_importing_torch()
    check_the_zoo()
    load_and_infer()
    scale()
    long_file()
