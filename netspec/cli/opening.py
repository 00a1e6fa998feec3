"""Opening a spec as the commands do: a file or standard input, with `--set` and `--input`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from netspec.elaborate import Given
from netspec.errors import UsageError
from netspec.limits import Limits
from netspec.network import DEFAULT_LIMITS, Network, document, network, read_file

STDIN = "-"
_SHAPE = re.compile(r"\d+(?:[x×,]\d+)*")


def open_network(
    spec: str,
    settings: Sequence[str] | None = None,
    size: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Network:
    """Read and check a spec.

    Raises:
        SpecError: with every error of the spec.
        UsageError: the file cannot be read (NS501), or an option has a wrong value (NS506).
    """
    if spec == STDIN:
        text, name = sys.stdin.buffer.read(limits.file_bytes + 1), "<stdin>"
    else:
        text, name = read_file(Path(spec), limits), spec
    read = document(text, name, limits)
    return network(read, _given(settings or (), size, limits), limits)


def _given(settings: Sequence[str], size: str | None, limits: Limits) -> Given:
    """The overrides, as lines of YAML, so that an error can point at them."""
    lines: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                "NS506", f"`--set {setting}` has no value", help="write --set num_classes=10"
            )
        _check_setting(name.strip(), value.strip(), lines)
        lines[name.strip()] = value.strip()
    places = {}
    if lines:
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        root = document(text, "--set", limits).at()
        places = {name: root / name for name in lines}
    if size is None:
        return Given(places)
    if not _SHAPE.fullmatch(size):
        raise UsageError(
            "NS506", f"`--input {size}` is no shape", help="write sizes with x: --input 3x224x224"
        )
    axes = ", ".join(re.split(r"[x×,]", size))
    return Given(places, document(f"input: [{axes}]\n", "--input", limits).at() / "input")


def _check_setting(name: str, value: str, others: Mapping[str, str]) -> None:
    """That a setting is one line of its own: nothing is overridden or added in silence."""
    if name in others:
        both = f"`{others[name]}` and `{value}`"
        raise UsageError("NS506", f"`--set {name}` is given twice, as {both}", help="give it once")
    if len(value.splitlines()) > 1:
        raise UsageError(
            "NS506",
            f"`--set {name}` has several lines",
            help="give one value: --set num_classes=10",
        )
