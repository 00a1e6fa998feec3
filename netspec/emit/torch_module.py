"""Source -> running classes: the one file that may import torch, and only inside its functions.

The text is executed as it stands, in a module named after its hash, so that building twice shares the
classes, tracebacks show the generated lines, and `pickle` and `deepcopy` find their way. A finder that
rebuilds modules by name was rejected: a pickle would depend on what else the process had built.
"""

from __future__ import annotations

import hashlib
import importlib.util
import linecache
import sys
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from netspec.emit.interface import Interface, interfaces
from netspec.emit.python_source import class_name, python_source
from netspec.errors import UsageError
from netspec.graph import Graph
from netspec.shape import Shape

if TYPE_CHECKING:
    from torch import Tensor, nn

PREFIX = "netspec_generated_"
_BATCH = 2  # a batch norm over single values needs more than one sample


@dataclass(frozen=True, slots=True)
class ShapeMismatch:
    """A scope whose real results have other shapes than the inferred ones, without the batch."""

    path: str
    inferred: tuple[Shape, ...]
    real: tuple[Shape, ...]


def compile_graph(graph: Graph, *, heads: bool = True) -> nn.Module:
    """The network as a module with fresh weights; without `heads`, training-only heads are left out.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    kept = graph if heads else graph.without_training_heads()
    return load_class(python_source(kept), class_name(kept))()


def load_class(source: str, class_name: str) -> type[nn.Module]:
    """The class `class_name` of `source`. The same text gives the same class while anybody uses it.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    _require_torch()
    name = PREFIX + hashlib.sha256(source.encode()).hexdigest()[:16]
    known = sys.modules.get(name)
    module = _execute(name, source) if known is None else known
    found: type[nn.Module] = getattr(module, class_name)
    return found
