"""No picture overlaps, crosses or loses anything: every spec, hand-made wirings, random graphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

import netspec
from netspec.graph import Graph
from netspec.layout import layout
from netspec.view import Level, view
from tests import graphs
from tests.layout.geometry import audit
from tests.random_graphs import graphs as random_graphs
from tests.view import networks

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").rglob("*.yaml"))
MADE = [
    graphs.googlenet(),
    graphs.resnet50(),
    networks.unet(grouped=True),
    networks.unet(grouped=False),
    networks.densenet(),
    networks.inception_c(),
    networks.squeeze(),
]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_spec(spec: Path, level: Level) -> None:
    audit(layout(view(netspec.load(spec).graph, level=level)))


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("graph", MADE, ids=lambda graph: graph.name)
def test_wirings_that_pictures_find_hard(graph: Graph, level: Level) -> None:
    audit(layout(view(graph, level=level)))


@given(random_graphs())
def test_random_graphs(graph: Graph) -> None:
    for level in Level:
        audit(layout(view(graph, level=level)))
