"""The network in a few sentences, for readers who do not see the picture: one sentence per size.

`At 28×28: inception_3a and inception_3b.` Long runs are shortened.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from netspec.graph import Node, Scope, Value
from netspec.view.excerpt import Excerpt
from netspec.view.labels import count, full_size, size

_MOST_NAMES = 12
_MOST_STAGES = 24


def describe(of: Excerpt) -> str:
    """What it is, what goes in, its layers at each size, what comes out."""
    graph, scope = of.graph, of.scope
    heads = {out.head for out in graph.outputs if out.head is not None} - {scope.path}
    stages = [
        f"{_place(at)}: {_listed([name for _, name in layers])}."
        for at, layers in groupby(_layers(scope, heads), key=lambda layer: layer[0])
    ]
    if len(stages) > _MOST_STAGES:
        stages[_MOST_STAGES:] = [f"{len(stages) - _MOST_STAGES} more stages."]
    beside = [
        child.name for child in scope.children if child.path in heads and isinstance(child, Scope)
    ]
    inputs = [_told(words, value, "input") for words, value in of.inputs.items()]
    outputs = [_told(out.name, out.value, "" if of.is_whole else "output") for out in of.outputs]
    params = sum(node.op.parameter_count for node in scope.nodes())
    macs = graph.macs if of.is_whole else sum(node.macs for node in scope.nodes())
    sentences = [
        (graph.doc if of.is_whole else scope.doc).strip(),
        f"{'Inputs' if len(inputs) > 1 else 'Input'} {_listed(inputs)}." if inputs else "",
        *stages,
        f"Auxiliary heads: {_listed(beside)}." if beside else "",
        f"{'Outputs' if len(outputs) > 1 else 'Output'} {_listed(outputs)}." if outputs else "",
        f"{count(params)} parameters, {count(macs)} multiply-accumulates.",
    ]
    return " ".join(filter(None, sentences))


def _told(words: str, value: Value, obvious: str) -> str:
    """`main 1000`; a name that says nothing is left out."""
    size = full_size(value)
    return size if words == obvious else f"{words} {size}"


def _layers(scope: Scope, heads: set[str]) -> Iterator[tuple[str, str]]:
    """The size of what each layer of a scope gives, and its name; heads stand beside the stream."""
    for child in scope.children:
        nodes = [child] if isinstance(child, Node) else list(child.nodes())
        if nodes and child.path not in heads:
            name = child.name if isinstance(child, Scope) else child.path.rpartition(".")[2]
            yield size(nodes[-1].outputs[0]), name


def _place(at: str) -> str:
    return f"At {at}" if at else "On features"


def _listed(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        return f"{', '.join(names[: _MOST_NAMES - 1])} and {len(names) - _MOST_NAMES + 1} more"
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
