"""Which nodes of a sketch are the broken ones: those of the innermost layers around the errors.

By place in the text, so that every kind of error finds its layer, whatever stopped it: fields, names, shapes,
expectations. A repeated layer is one place; of its copies those are broken that were the first to fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from netspec.diagnostics import Diagnostic, Severity, Span
from netspec.elaborate.origin import Origin
from netspec.errors import SpecError
from netspec.graph import Graph, Node


@dataclass(frozen=True, slots=True)
class Sketch:
    """A network that is wrong, as far as it can be shown.

    `graph` is None when nothing of it can be told. Values without a shape come from layers that failed or
    read such values; `broken` has the nodes of the layers in which an error was found, with the error.
    """

    graph: Graph | None
    broken: Mapping[Node, Diagnostic]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[Path, ...] = ()
    """The spec and what it imports."""

    @property
    def shown(self) -> Graph:
        """What can be shown.

        Raises:
            SpecError: nothing; with every error.
        """
        if self.graph is None:
            raise SpecError(self.diagnostics)
        return self.graph

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """All findings, when there is an error among them."""
        failed = any(found.severity is Severity.ERROR for found in self.diagnostics)
        return self.diagnostics if failed else ()


def blamed(graph: Graph | None, diagnostics: Sequence[Diagnostic]) -> dict[Node, Diagnostic]:
    """The nodes of the layers in which the errors are, each with its error."""
    if graph is None:
        return {}
    places: dict[Span, list[Node]] = {}
    for node in graph.nodes:
        if isinstance(node.origin, Origin):
            places.setdefault(node.origin.at.span, []).append(node)
    found: dict[Node, Diagnostic] = {}
    for diagnostic in diagnostics:
        around = [span for span in places if _holds(span, diagnostic.primary.span)]
        if diagnostic.severity is Severity.ERROR and around:
            innermost = max(around, key=lambda span: (span.start, [-at for at in span.end]))
            for node in _first_to_fail(places[innermost]):
                found.setdefault(node, diagnostic)
    return found


def _holds(outer: Span, inner: Span) -> bool:
    return outer.file is inner.file and outer.start <= inner.start and inner.end <= outer.end


def _first_to_fail(nodes: Iterable[Node]) -> list[Node]:
    """Those that got what they need and gave nothing; else those that gave nothing; else all."""
    nodes = list(nodes)
    failed = [node for node in nodes if any(value.poisoned for value in node.outputs)]
    first = [node for node in failed if not any(value.poisoned for value in node.inputs)]
    return first or failed or nodes
