"""Parts of a network that is too large even for one box per layer: one box per stretch of layers.

A stretch ends where the size of the maps changes; one that is still too long is cut evenly. Stretches follow
each other in the order of the layers, so no edge points backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from netspec.graph import Node
from netspec.shape import Shape
from netspec.view.labels import axes
from netspec.view.parts import Group, Part, Parts, Unit


def stretches(parts: Parts, most: int) -> Parts:
    """At most about `most` boxes."""
    layers = [_nodes(part) for part in parts.root]
    by_size = [list(run) for _, run in groupby(layers, key=_size)]
    if len(by_size) > most // 2:
        by_size = [layers]
    long = -(-len(layers) // (most // 2))
    root: list[Part] = [
        _stretch(run[start : start + long]) for run in by_size for start in range(0, len(run), long)
    ]
    return Parts(root, parts.same)


def _nodes(part: Part) -> list[Node]:
    if isinstance(part, Group):
        return list(part.scope.nodes())
    return part.nodes if isinstance(part, Unit) else []


def _size(nodes: Sequence[Node]) -> Shape | None:
    return axes(nodes[-1].outputs[0])


def _stretch(layers: Sequence[list[Node]]) -> Unit:
    first, last = layers[0][0].path, layers[-1][-1].path
    if len(layers) == 1:
        return Unit(first, layers[0], first)
    nodes = [node for layer in layers for node in layer]
    return Unit(first, nodes, f"{first} … {last}, {len(layers)} layers")
