"""Where the input and the results of the network stand among its parts.

The input is first, the last result of inference is last, on the spine. A head's result stands behind its
head; any other result beside the layer that gives it, as far out as it is all that a frame gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from netspec.graph import Graph, Output, Value
from netspec.view.excerpt import Excerpt
from netspec.view.interfaces import Interfaces
from netspec.view.labels import full_size, spelled
from netspec.view.parts import Group, Part, Parts, Terminal, Unit


def with_terminals(of: Excerpt, parts: Parts) -> list[Part]:
    """The parts of the root, with the inputs and the results in their places."""
    starts = [_start(words, value) for words, value in of.inputs.items()]
    main = _main(of)
    behind: defaultdict[Part, list[Part]] = defaultdict(list)
    if any(out is not main for out in of.outputs):
        anchors = _Anchors(of.graph, parts, starts)
        for out in of.outputs:
            if out is not main:
                behind[anchors.of(out)].append(_result(of, out))
    placed = _placed([*starts, *parts.root], behind)
    return [*placed, _result(of, main)] if main is not None else placed


def _start(words: str, value: Value) -> Terminal:
    path = "input" if words == "input" else f"input {words}"
    tooltip = f"{path}\n{spelled(value)}"
    return Terminal(path, "input", words, full_size(value), tooltip, value)


def _main(of: Excerpt) -> Output | None:
    """The result at the end of the spine: what inference computes last."""
    order = {value: place for place, value in enumerate([of.graph.input, *of.graph.producers])}
    trunk = [out for out in of.outputs if out.head is None]
    return max(trunk, key=lambda out: order[out.value], default=None)


def _result(of: Excerpt, out: Output) -> Terminal:
    label = "output" if len(of.outputs) == 1 else out.name
    detail = full_size(out.value)
    tooltip = f"output {out.name}\n{spelled(out.value)}"
    if out.head is not None:
        detail += f" · loss × {out.loss_weight:g}"
        tooltip += f"\nloss weight {out.loss_weight:g}"
    if out.train_only:
        tooltip += "\nonly in training"
    head = f"output {out.name}" if out.train_only else ""
    return Terminal(f"output {out.name}", "output", label, detail, tooltip, out.value, head)


def _placed(parts: list[Part], behind: Mapping[Part, list[Part]]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Group):
            part.parts = _placed(part.parts, behind)
        found += [part, *behind.get(part, ())]
    return found


class _Anchors:
    """The part behind which a result stands."""

    def __init__(self, graph: Graph, parts: Parts, starts: Sequence[Terminal]) -> None:
        self._parts = parts
        self._interfaces = Interfaces(graph)
        self._paths: dict[str, Part] = {}
        self._owner: dict[Value, Part] = {start.value: start for start in starts}
        self._around: dict[Part, Group] = {}
        self._visit(parts.root, None)

    def _visit(self, parts: list[Part], around: Group | None) -> None:
        for part in parts:
            if around is not None:
                self._around[part] = around
            if isinstance(part, Group):
                self._paths[part.scope.path] = part
                self._visit(part.parts, part)
            elif isinstance(part, Unit):
                self._paths[part.path] = part
                self._owner.update((each, part) for node in part.nodes for each in node.outputs)

    def of(self, out: Output) -> Part:
        """The head of `out`, or the outermost part that gives nothing but its value."""
        if out.head is not None and out.head in self._paths:
            return self._paths[out.head]
        part = self._owner[self._parts.drawn(out.value)]
        while part in self._around:
            around = self._around[part]
            if self._interfaces.gives(list(around.last.nodes())) != [out.value]:
                break
            part = around
        return part
