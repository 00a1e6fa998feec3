"""What a picture is of: the whole network, or one layer of it with what goes in and comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netspec.diagnostics import Diagnostic
from netspec.errors import UsageError
from netspec.graph import Graph, Node, Output, Scope, Value
from netspec.messages.suggest import suggest
from netspec.view.detail import Detail
from netspec.view.interfaces import Interfaces

_MOST_NAMES = 12


@dataclass(frozen=True)
class Excerpt:
    """The scope that is drawn; `inputs` maps the words of its inputs to their values.

    `broken` has the nodes of layers with errors, where the network is a sketch.
    """

    graph: Graph
    scope: Scope
    inputs: dict[str, Value]
    outputs: tuple[Output, ...]
    broken: Mapping[Node, Diagnostic]

    @property
    def is_whole(self) -> bool:
        """Whether it is the network itself."""
        return self.scope is self.graph.root


def excerpt(graph: Graph, detail: Detail, broken: Mapping[Node, Diagnostic]) -> Excerpt:
    """What `detail` asks for.

    Raises:
        UsageError: no layer has the path of `only`, or none matches a pattern of `expand` (NS506).
    """
    for pattern in detail.expand:
        alone = Detail(expand=(pattern,))
        if not any(alone.expands(path) for path in graph.scopes if path):
            raise _nothing(graph, "expand", pattern)
    if detail.only is None:
        return Excerpt(graph, graph.root, {"input": graph.input}, graph.outputs, broken)
    scope = graph.scopes.get(detail.only) if detail.only else None
    if scope is None:
        raise _nothing(graph, "only", detail.only)
    nodes = list(scope.nodes())
    interfaces = Interfaces(graph)
    reads, gives = interfaces.reads(nodes), interfaces.gives(nodes)
    return Excerpt(
        graph,
        scope,
        dict(zip(_words(graph, reads, "input"), reads, strict=True)),
        tuple(map(Output, _words(graph, gives, "output"), gives)),
        broken,
    )


def _words(graph: Graph, values: list[Value], alone: str) -> list[str]:
    """One word for each value: what makes it, when there are several."""
    if len(values) == 1:
        return [alone]
    makers = [
        graph.producers[value].path if value in graph.producers else "input" for value in values
    ]
    return [_unique(makers, at) for at in range(len(makers))]


def _unique(words: list[str], at: int) -> str:
    """A word, with a number when it came before: an op may give several values."""
    before = words[:at].count(words[at])
    return f"{words[at]} {before + 1}" if before else words[at]


def _nothing(graph: Graph, option: str, wanted: str) -> UsageError:
    paths = [path for path in graph.scopes if path]
    near = suggest(wanted, paths)
    top = [path for path in paths if "." not in path]
    if near:
        help_ = f"did you mean {_listed(near, 'or')}?"
    elif top:
        help_ = f"the layers of the top level are {_listed(top)}"
    else:
        help_ = "the network has no layers"
    what = "has the path" if option == "only" else "matches the pattern"
    return UsageError("NS506", f"`{option}`: no layer {what} `{wanted}`", help=help_)


def _listed(names: Iterable[str], word: str = "and") -> str:
    words = [f"`{name}`" for name in names]
    if len(words) > _MOST_NAMES:
        return f"{', '.join(words[: _MOST_NAMES - 1])} and {len(words) - _MOST_NAMES + 1} more"
    *others, last = words
    return f"{', '.join(others)} {word} {last}" if others else last
