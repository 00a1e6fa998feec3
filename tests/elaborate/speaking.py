"""Short words for tests of the language: a body of YAML in, a network or its diagnostics out.

The keys that every spec needs are added after the body where it has none, so that the lines of a
diagnostic count as the body is written.
"""

from __future__ import annotations

import textwrap

import pytest

from netspec import Limits, Network, SpecError, loads
from netspec.diagnostics import Diagnostic, Label

REST = {"netspec": "1", "name": "net", "input": "[3, 32, 32]", "layers": "[relu]"}


def spec(body: str) -> str:
    """A whole spec of a body."""
    text = textwrap.dedent(body).strip("\n") + "\n"
    keys = {line.partition(":")[0] for line in text.splitlines()}
    return text + "".join(f"{key}: {value}\n" for key, value in REST.items() if key not in keys)


def net(body: str, **given: object) -> Network:
    """The network of a body that is right."""
    return loads(spec(body), name="net.yaml", **given)  # type: ignore[arg-type]


def diagnostics(body: str, limits: Limits | None = None, **given: object) -> list[Diagnostic]:
    """What is wrong with a body that is wrong."""
    with pytest.raises(SpecError) as caught:
        loads(spec(body), name="net.yaml", limits=limits or Limits(), **given)  # type: ignore[arg-type]
    return list(caught.value.diagnostics)


def under(label: Label) -> str:
    """The text that a label stands under; of several lines the first."""
    span = label.span
    end = span.end_column - 1 if span.line == span.end_line else None
    return span.file.line(span.line)[span.column - 1 : end]


def errors(body: str, **given: object) -> list[tuple[str, int, str]]:
    """(code, line, text under it) of every diagnostic."""
    found = diagnostics(body, **given)
    return [(d.code, d.primary.span.line, under(d.primary)) for d in found]


def paths(network: Network) -> list[str]:
    """The paths of the ops, in order of execution."""
    return [node.path for node in network.graph.nodes]


def shape(network: Network, path: str) -> tuple[int, ...]:
    """What the op at a path gives."""
    return next(node.output.shape for node in network.graph.nodes if node.path == path)


def op(network: Network, path: str) -> object:
    """The op at a path."""
    return next(node.op for node in network.graph.nodes if node.path == path)


def output(network: Network) -> tuple[int, ...]:
    """The shape of the main output."""
    return network.graph.outputs[0].value.shape


def warnings(body: str, **given: object) -> list[tuple[str, int, str]]:
    """(code, line, text under it) of every warning of a body that is right."""
    found = net(body, **given).warnings
    return [(one.code, one.primary.span.line, under(one.primary)) for one in found]
