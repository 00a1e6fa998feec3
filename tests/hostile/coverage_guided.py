"""A coverage-guided fuzzer for the loader and everything behind it, run by hand:

    pip install atheris
    python -m tests.hostile.coverage_guided [CORPUS_FOLDER] [-max_total_time=600]

The corpus starts from the shipped specs and the error cases. It finds what ends in anything but a network
or located errors; libFuzzer keeps such an input in a file of its own. Not part of the tests: it is as
good as the time that it gets.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["netspec"]):
    import netspec
    import netspec.emit.python_source  # what is imported later would not be instrumented
    import netspec.emit.svg
    import netspec.emit.table
    import netspec.network
    from netspec.diagnostics.render import render_full, render_json

ROOT = Path(__file__).parents[2]
LIMITS = netspec.Limits(layers=500, repeat=50, yaml_nodes=20_000)


def one_input(data: bytes) -> None:
    """Any bytes are a network or located errors, and every form of them can be printed."""
    try:
        net = netspec.loads(data.decode("utf-8", errors="surrogateescape"), limits=LIMITS)
    except netspec.SpecError as error:
        render_full(error.diagnostics)
        render_json(error.diagnostics)
    else:
        net.summary()
        net.source()
        net.to_svg()


def main() -> None:
    """Start, with a corpus of what the repository has."""
    arguments = sys.argv[1:]
    if not any(not argument.startswith("-") for argument in arguments):
        folder = Path(tempfile.mkdtemp(prefix="netspec-corpus-"))
        texts = [*(ROOT / "specs").rglob("*.yaml"), *(ROOT / "tests/errors").rglob("spec.yaml")]
        for number, spec in enumerate(texts):
            (folder / f"{number}.yaml").write_bytes(spec.read_bytes())
        arguments.insert(0, str(folder))
    atheris.Setup([sys.argv[0], *arguments, "-max_len=4096", "-timeout=20"], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
