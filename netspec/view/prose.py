"""The network in a few sentences, for readers who do not see the picture: one sentence per size.

`At 28×28: inception_3a and inception_3b.` Long runs are shortened.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from netspec.graph import Graph, Node, Scope
from netspec.view.labels import count, full_size, size

_MOST_NAMES = 12
_MOST_STAGES = 24


def describe(graph: Graph) -> str:
    """What it is, what goes in, the layers of the top level at each size, what comes out."""
    stages = [
        f"{_place(at)}: {_listed([name for _, name in layers])}."
        for at, layers in groupby(_layers(graph), key=lambda layer: layer[0])
    ]
    if len(stages) > _MOST_STAGES:
        stages[_MOST_STAGES:] = [f"{len(stages) - _MOST_STAGES} more stages."]
    outputs = [f"{out.name} {full_size(out.value.shape)}" for out in graph.outputs]
    sentences = [
        graph.doc.strip(),
        f"Input {full_size(graph.input.shape)}.",
        *stages,
        f"{'Outputs' if len(outputs) > 1 else 'Output'} {_listed(outputs)}.",
        f"{count(graph.parameter_count)} parameters, {count(graph.macs)} multiply-accumulates.",
    ]
    return " ".join(filter(None, sentences))


def _layers(graph: Graph) -> Iterator[tuple[str, str]]:
    """The size of what each layer of the top level gives, and its name."""
    for child in graph.root.children:
        nodes = [child] if isinstance(child, Node) else list(child.nodes())
        if nodes:
            name = child.name if isinstance(child, Scope) else child.path
            yield size(nodes[-1].outputs[0].shape), name


def _place(at: str) -> str:
    return f"At {at}" if at else "On features"


def _listed(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
