"""No picture overlaps, crosses or loses anything: every spec, hand-made wirings, random graphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netspec
from netspec.graph import Graph
from netspec.layout import Direction, layout
from netspec.view import Annotate, Detail, Level, view
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


def every_picture(graph: Graph, level: Level) -> None:
    """Both directions, wrapped and not, with few words and many, folded and not."""
    for fold, annotate in ((False, Annotate.DEFAULT), (True, Annotate.ALL)):
        drawn = view(graph, Detail(level=level, fold=fold, annotate=annotate))
        for direction in Direction:
            for wrap in (False, True):
                audit(layout(drawn, direction, wrap=wrap))


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_every_spec(spec: Path, level: Level) -> None:
    every_picture(netspec.load(spec).graph, level)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("graph", MADE, ids=lambda graph: graph.name)
def test_wirings_that_pictures_find_hard(graph: Graph, level: Level) -> None:
    every_picture(graph, level)


@pytest.mark.parametrize("graph", MADE, ids=lambda graph: graph.name)
def test_every_layer_alone(graph: Graph) -> None:
    for path in graph.scopes:
        if path:
            drawn = view(graph, Detail(only=path))
            for direction in Direction:
                audit(layout(drawn, direction))


@given(random_graphs())
def test_random_graphs(graph: Graph) -> None:
    for level in Level:
        every_picture(graph, level)


@given(random_graphs(), st.data())
def test_random_layers_of_random_graphs(graph: Graph, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in graph.scopes if path] or [None]))
    other = data.draw(st.sampled_from([path for path in graph.scopes if path] or ["*"]))
    if path is not None:
        detail = Detail(only=path, level=Level.OVERVIEW, expand=(other,))
        audit(layout(view(graph, detail), Direction.LR))
        audit(layout(view(graph, Detail(only=path))))
        audit(layout(view(graph, Detail(expand=(other,), level=Level.OVERVIEW))))
