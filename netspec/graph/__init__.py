"""The Graph: what `elaborate` builds, and everything after it only reads."""

from netspec.graph.builder import Builder, Totals
from netspec.graph.model import (
    POISON,
    Graph,
    Init,
    Node,
    Output,
    Poisoned,
    Role,
    Scope,
    Value,
)
from netspec.graph.sketch import SketchBuilder, Unbuilt

__all__ = [
    "POISON",
    "Builder",
    "Graph",
    "Init",
    "Node",
    "Output",
    "Poisoned",
    "Role",
    "Scope",
    "SketchBuilder",
    "Totals",
    "Unbuilt",
    "Value",
]
