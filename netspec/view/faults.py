"""What is wrong in a sketch, as boxes: a layer with an error, what it cannot take, what nobody knows.

A layer with an error says which; one that only reads what failed is hollow. Before an op whose inputs do not
fit, a round box on each line says what comes along it, so that a layout needs no words on lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from netspec.diagnostics import Diagnostic
from netspec.graph import Node
from netspec.layout.boxes import Box
from netspec.view.labels import UNKNOWN, full_size
from netspec.view.parts import Terminal, Unit

NOTHING_BROKEN: Mapping[Node, Diagnostic] = MappingProxyType({})
_ABOUT_SHAPES = "NS4"


def with_faults(box: Box, unit: Unit, broken: Mapping[Node, Diagnostic]) -> Box:
    """The box of a unit as it should look in a sketch."""
    found = [broken[node] for node in unit.nodes if node in broken]
    lost = any(value.poisoned for node in unit.nodes for value in node.outputs)
    if found:
        told = f"{box.tooltip}\n{found[0].code}: {found[0].message}"
        detail = f"error {found[0].code}"
        return replace(box, kind="broken", detail=detail, tooltip=told)
    if lost:
        return replace(box, kind="unknown", detail=UNKNOWN, dashed=True)
    return box


def clashing(unit: Unit, broken: Mapping[Node, Diagnostic]) -> Iterator[Terminal]:
    """What a unit reads, when it is that which does not fit."""
    for node in unit.nodes:
        error = broken.get(node)
        if error is None or not error.code.startswith(_ABOUT_SHAPES):
            continue
        if any(value.poisoned for value in node.outputs):
            for number, value in enumerate(dict.fromkeys(node.inputs)):
                if not value.poisoned:
                    path, words = f"{unit.path} input {number + 1}", full_size(value)
                    yield Terminal(path, "clash", words, "", f"{unit.path} reads {words}", value)
