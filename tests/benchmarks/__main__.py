"""The speed goals, each as a ratio against a peer in the same run: `python -m tests.benchmarks [NAME...]`."""

from __future__ import annotations

import sys

from tests.benchmarks import drawing, loading, modules

BENCHMARKS = {"loading": loading.main, "drawing": drawing.main, "modules": modules.main}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()
