"""Measuring by pairs: what is compared runs in turn, so that a drifting machine hits both sides alike."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
Work = Callable[[], object]


def seconds(work: Work) -> float:
    """What one call takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(*works: Work, repeats: int, warm_up: int = 0) -> tuple[list[float], list[float]]:
    """Median seconds of each, and the median ratio of each to the last, round by round."""
    for work in works * warm_up:
        work()
    rounds = [[seconds(work) for work in works] for _ in range(repeats)]
    times = [statistics.median(column) for column in zip(*rounds, strict=True)]
    shares = [[one / row[-1] for one in row] for row in rounds]
    return times, [statistics.median(column) for column in zip(*shares, strict=True)]


def process(*command: str) -> Work:
    """A whole Python process, from the start of the interpreter to its end."""
    return lambda: subprocess.run(
        [sys.executable, *command], cwd=ROOT, check=True, capture_output=True
    )
