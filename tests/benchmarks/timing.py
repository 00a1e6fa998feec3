"""Measuring by pairs: what is compared runs in turn, so that a drifting machine hits both sides alike."""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent
Work = Callable[[], object]
Clock = Callable[[], float]


def seconds(work: Work, clock: Clock = time.perf_counter) -> float:
    """What one call takes, in seconds."""
    start = clock()
    work()
    return clock() - start


def of_processes() -> float:
    """The time of the processor that processes took which have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(
    *works: Work, repeats: int, clock: Clock = time.perf_counter
) -> tuple[list[float], list[float]]:
    """Median seconds of each, and the median ratio of each to the last, round by round."""
    rounds = [[seconds(work, clock) for work in works] for _ in range(repeats)]
    times = [statistics.median(column) for column in zip(*rounds, strict=True)]
    shares = [[one / row[-1] for one in row] for row in rounds]
    return times, [statistics.median(column) for column in zip(*shares, strict=True)]


class Compared(NamedTuple):
    """A ratio to a peer, and the band of the peer's to itself: half of its rounds lie in it."""

    ratio: float
    low: float = 1.0
    high: float = 1.0


def compared(ours: Work, peer: Work, again: Work, *, repeats: int, warm_up: int) -> Compared:
    """The time of the processor that one thread takes, so that other programs count for little.

    `again` is a second instance of the peer. Each round runs all three.
    """
    for work in (ours, peer, again) * warm_up:
        work()
    works = (ours, peer, again)
    rounds = [[seconds(work, time.process_time) for work in works] for _ in range(repeats)]
    low, _, high = statistics.quantiles([twin / one for _, one, twin in rounds], n=4)
    return Compared(statistics.median(mine / one for mine, one, _ in rounds), low, high)


def machine() -> str:
    """What was measured on, and when."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    name = models[0] if models else platform.processor() or platform.machine()
    python = platform.python_version()
    return f"{name}, Python {python}, {datetime.now(UTC):%Y-%m-%d}"


def process(*command: str) -> Work:
    """A whole Python process, from the start of the interpreter to its end."""
    return lambda: subprocess.run(
        [sys.executable, *command], cwd=ROOT, check=True, capture_output=True
    )
