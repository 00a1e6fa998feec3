"""Settings that differ between two modules that now share a weight: the same weight, another function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from netspec.weights.report import Report

if TYPE_CHECKING:
    from torch import nn

_SETTINGS = ("stride", "padding", "dilation", "groups", "eps", "num_groups", "padding_mode")
_SHOWN = 3


def differing_settings(
    report: Report, model: nn.Module, source: nn.Module, prefix: str
) -> Iterator[str]:
    """A note for each setting that differs, with the first layers where it does."""
    found: dict[tuple[str, object, object], list[str]] = {}
    for path, other in _modules(report):
        mine, theirs = model.get_submodule(path), source.get_submodule(prefix + other)
        for name in _SETTINGS:
            here, there = getattr(mine, name, None), getattr(theirs, name, None)
            if here is not None and there is not None and _plain(here) != _plain(there):
                found.setdefault((name, here, there), []).append(path)
    for (name, here, there), paths in found.items():
        shown = ", ".join(f"`{path}`" for path in paths[:_SHOWN])
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        yield f"`{name}` is {here} here and {there} in the source, of {shown}{more}"


def _modules(report: Report) -> dict[tuple[str, str], None]:
    """The pairs of modules that share a weight."""
    return dict.fromkeys(
        (one.key.rpartition(".")[0], one.source_key.rpartition(".")[0])
        for one in report.loaded
        if one.key is not None and one.source_key is not None
    )


def _plain(value: object) -> object:
    """One spelling for `3` and `(3, 3)`."""
    if isinstance(value, tuple | list) and len(set(map(str, value))) == 1:
        return value[0]
    return value
