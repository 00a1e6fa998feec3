"""A flat spec builds the same network: ops, wiring, shapes, initialisation, outputs, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import netspec
from netspec import SpecError
from netspec.blocks import BLOCKS
from netspec.flat import flat_data
from netspec.graph import Graph
from tests.elaborate.speaking import net, spec

ROOT = Path(__file__).parent.parent
SPECS = [
    (file, variant)
    for file in sorted((ROOT / "specs").glob("*.yaml"))
    for variant in (None, *netspec.load(file).variants)
]
CONTROLS = {"repeat", "for_each", "first", "last", "when"}


def same_network(one: Graph, other: Graph) -> Iterator[str]:
    """Every difference between two graphs that a flat spec must not make, in words; nothing is none."""
    if len(one.nodes) != len(other.nodes):
        yield f"{len(one.nodes)} ops and {len(other.nodes)}"
        return
    twins = {one.input: other.input}
    for left, right in zip(one.nodes, other.nodes, strict=True):
        twins |= dict(zip(left.outputs, right.outputs, strict=True))
        if left.op != right.op:
            yield f"{left.path}: {left.op} became {right.op}"
        if [twins[value] for value in left.inputs] != list(right.inputs):
            yield f"{left.path}: reads other values than {right.path}"
        if [v.shape for v in left.outputs] != [v.shape for v in right.outputs]:
            yield f"{left.path}: another shape"
        if dict(left.inits) != dict(right.inits):
            yield f"{left.path}: another initialisation"
    for out, copy in zip(one.outputs, other.outputs, strict=True):
        facts = (out.name, out.loss_weight, out.train_only)
        if facts != (copy.name, copy.loss_weight, copy.train_only):
            yield f"output {out.name} became {copy.name}"
        if twins[out.value] is not copy.value:
            yield f"output {out.name}: another value"


def spelled(one: Graph, other: Graph) -> list[tuple[str, str]]:
    """The paths that differ, but for the names of copies."""
    pairs = (
        (a.path, re.sub(r"\bcopy_(\d+)\b", r"\1", b.path))
        for a, b in zip(one.nodes, other.nodes, strict=True)
    )
    return [pair for pair in pairs if pair[0] != pair[1]]


def again(graph: Graph) -> Graph:
    """The network of the flat spec of a network; it has no sugar, and expands to itself."""
    data = flat_data(graph)
    assert not {"params", "let", "defaults", "blocks", "variants", "import", "init"} & set(data)
    assert not CONTROLS & set(keys(data["layers"]))
    built = netspec.loads(data).graph
    assert flat_data(built)["layers"] == data["layers"]
    return built


def keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from keys(value)
    elif isinstance(data, list):
        for entry in data:
            yield from keys(entry)


@pytest.mark.parametrize(
    ("file", "variant"), SPECS, ids=[f"{file.stem}-{variant}" for file, variant in SPECS]
)
def test_a_shipped_spec_and_its_flat_form_are_one_network(file: Path, variant: str | None) -> None:
    graph = netspec.load(file, variant=variant).graph
    built = again(graph)
    assert list(same_network(graph, built)) == []
    assert (built.name, built.parameter_count, built.macs) == (
        graph.name, graph.parameter_count, graph.macs
    )  # fmt: skip
    for path, other in spelled(graph, built):
        node = next(node for node in graph.nodes if node.path == path)
        assert other == f"{path}.{node.op.kind}", (
            "only a merge with layers inside gets a level more"
        )
        assert not node.op.parameters()


@pytest.mark.parametrize("name", BLOCKS)
def test_the_example_of_every_block_has_a_flat_form(name: str) -> None:
    example = BLOCKS[name].example
    layers = "".join(f"  {line}\n" for line in example.layers.splitlines())
    head = f"netspec: 1\nname: x\ninput: {list(example.input)}\n"
    try:
        graph = netspec.loads(f"{head}layers:\n{layers}").graph
    except SpecError:  # several values at the end: a merge takes them up
        graph = netspec.loads(f"{head}layers:\n{layers}  - concat\n").graph
    assert list(same_network(graph, again(graph))) == []


@pytest.mark.parametrize(
    "body",
    [
        # a name of the outside means something else inside
        """
        layers:
          - conv: {name: a, out_channels: 4, kernel_size: 1}
          - sequential:
              name: inner
              layers:
                - residual: {layers: [conv: {name: a, out_channels: 4, kernel_size: 1}, relu]}
                - add: {from: [a, previous]}
        """,
        # the same two levels deep, in the middle of a stream
        """
        layers:
          - conv: {out_channels: 4, kernel_size: 1}
          - relu
          - sequential:
              name: outer
              layers:
                - conv: {out_channels: 4, kernel_size: 1}
                - sequential:
                    name: deep
                    layers:
                      - residual: {layers: [conv: {out_channels: 4, kernel_size: 1}]}
                      - residual: {layers: [conv: {out_channels: 4, kernel_size: 1}]}
        """,
        """
        outputs: {left: trunk.halves.left, sum: trunk.total}
        layers:
          - sequential:
              name: trunk
              layers:
                - conv: {out_channels: 4, kernel_size: 1}
                - split: {name: halves, into: [left, right]}
                - add: {name: total, from: [halves.left, halves.right]}
          - relu
        """,
        """
        layers:
          - conv: {out_channels: 4, kernel_size: 1}
          - aux_head: {name: aux, loss_weight: 0.5, layers: [gap, flatten, linear: 3]}
          - residual: {name: scaled, scale: 0.5, layers: [conv: {out_channels: 4, kernel_size: 1}]}
          - residual: {scale: 2.0, layers: [relu]}
        """,
        """
        blocks: {act: {layers: [conv: {out_channels: 4, kernel_size: 1}, relu]}}
        layers:
          - conv: {name: c, out_channels: 4, kernel_size: 1, activation: act}
          - conv:
              {out_channels: 4, kernel_size: 3, norm: act, activation: {softmax: {dim: 1}},
               init: {weight: {normal: 0.1}}}
        """,
        """
        params: {n: 3}
        layers:
          - for_each:
              name: rows
              over: [2, 3]
              as: width
              layers: [conv: {out_channels: $width, kernel_size: 1, repeat: $n}]
          - concat: {name: mix, branches: {one: [relu], two: []}}
          - concat: [[mul: [[], [gap]]], [sigmoid]]
        """,
    ],
)  # fmt: skip
def test_wiring_that_needs_care(body: str) -> None:
    graph = net(body).graph
    assert list(same_network(graph, again(graph))) == []


def test_a_comparison_that_can_fail() -> None:
    one = net("layers: [conv: {out_channels: 4, kernel_size: 1}, relu]").graph
    for other in (
        "layers: [conv: {out_channels: 4, kernel_size: 1}, tanh]",
        "layers: [conv: {out_channels: 4, kernel_size: 1}, relu: {from: input}]",
        "layers: [conv: {out_channels: 4, kernel_size: 1, init: {weight: zeros}}, relu]",
        "layers: [conv: {out_channels: 4, kernel_size: 1}]",
    ):
        assert list(same_network(one, net(other).graph))


def test_the_flat_spec_checks_itself() -> None:
    data = flat_data(netspec.loads(spec("layers: [conv: {out_channels: 4, kernel_size: 1}]")).graph)
    assert data["expect"] == {"params": 16, "macs": 12288, "shape": [4, 32, 32]}
