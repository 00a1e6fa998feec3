"""How fast specs are read and checked, and how the time grows with their length.

Times are those of the processor, so that other programs count for little.

The long files are written out line by line, as a converter writes them: convolutions of many widths, each
with its norm and activation in lines of their own. Lines with a norm and an activation inside make three
nodes a line and a file above the default limits; they are shown for comparison.
"""

from __future__ import annotations

import statistics
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import netspec
from tests.benchmarks.timing import ROOT, Work, medians, of_processes, process, seconds

SPEC = ROOT / "specs/googlenet.yaml"
TORCH = process("-c", "import torch")
WIDTHS = (16, 24, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384)
KERNELS = (1, 3, 5, 7)
CONV = "conv: {{out_channels: {width}, kernel_size: {kernel}, padding: {padding}}}"
SHORT = "conv: {{out_channels: {width}, kernel_size: 1}}"
UNIT = "conv: {{out_channels: {width}, kernel_size: 1, norm: batch_norm, activation: relu}}"


def check(*arguments: object) -> Work:
    """`netspec check` as a whole process."""
    return process("-m", "netspec", "check", *map(str, arguments))


def spec(*layers: str, lines: int) -> str:
    """A spec of so many layers: these lines in turn, with another `{width}` and `{kernel}` each time round."""
    widths, kernels = cycle(WIDTHS), cycle(KERNELS)
    turns = ((line, next(widths), next(kernels)) for _ in range(lines) for line in layers)
    text = "".join(
        f"  - {line.format(width=width, kernel=kernel, padding=kernel // 2)}\n"
        for line, width, kernel in islice(turns, lines)
    )
    return f"netspec: 1\nname: chain\ninput: [8, 8, 8]\nlayers:\n{text}"


def written_out(lines: int) -> str:
    """A layer a line: convolution, norm, activation."""
    return spec(CONV, "batch_norm", "relu", lines=lines)


def processes() -> None:
    """Checks as whole processes, and `import torch`."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "chain.yaml"
        file.write_text(written_out(500), encoding="utf-8")
        cases = [
            ("check GoogLeNet", check(SPEC), "<= 0.25 of import torch"),
            ("check 500 lines", check(file), "<= 0.30 of import torch"),
            ("check specs/", check("specs"), "<= 10 s"),
        ]
        for title, work, goal in cases:
            (a, b), (ratio, _) = medians(work, TORCH, repeats=7, clock=of_processes)
            print(f"{title:<30} {a:.2f} s, import torch {b:.2f} s, ratio {ratio:.3f} (goal {goal})")


def long_files() -> None:
    """Files of 20,000 lines as whole processes, and `import torch`."""
    more = ("--limit", "file_bytes=4194304", "--limit", "yaml_nodes=1048576")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "long.yaml"
        cases = [
            ("20,000 lines", written_out(20_000), (), " (goal <= 3 s)"),
            ("20,000 lines, all conv", spec(SHORT, lines=20_000), (), " (goal <= 3 s)"),
            ("20,000 lines of three layers", spec(UNIT, lines=20_000), more, ""),
        ]
        for title, text, limits, goal in cases:
            file.write_text(text, encoding="utf-8")
            (a, b), (ratio, _) = medians(check(file, *limits), TORCH, repeats=3, clock=of_processes)
            print(f"{title:<30} {a:.2f} s, import torch {b:.2f} s, ratio {ratio:.2f}{goal}")


def load_and_infer() -> None:
    """`netspec.load` of GoogLeNet in a warm process."""
    times = [seconds(lambda: netspec.load(SPEC)) for _ in range(20)][1:]
    print(
        f"{'load and infer GoogLeNet':<30} {statistics.median(times) * 1e3:.1f} ms warm (goal <= 30 ms)"
    )


def scale() -> None:
    """Ten times the layers take about ten times the time."""
    short, long = written_out(1_000), written_out(10_000)
    (a, b), (ratio, _) = medians(
        lambda: netspec.loads(long),
        lambda: netspec.loads(short),
        repeats=5,
        clock=time.process_time,
    )
    print(
        f"{'10,000 layers':<30} {a:.2f} s, 1,000 layers {b:.2f} s, ratio {ratio:.1f} (goal <= 12)"
    )


def main() -> None:
    """All of it."""
    processes()
    load_and_infer()
    scale()
    long_files()
