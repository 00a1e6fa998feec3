"""`inplace=True` changes neither results nor gradients: the same text without it is the judge."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor, nn

from netspec.emit.python_source import class_name, python_source
from netspec.emit.torch_module import load_class
from netspec.graph import Graph
from tests.emit.evaluation import make_healthy
from tests.emit.networks import head_in_group, random_graph, skips_into_copies, two_readers, unet
from tests.graphs import googlenet, resnet50
from tests.random_graphs import graphs


def gradients(model: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    """Outputs and the gradients of their squares, of all parameters and of the input."""
    x = x.clone().requires_grad_()
    outputs = model(x)
    outputs = outputs if isinstance(outputs, dict) else {"main": outputs}
    loss = torch.stack([value.square().mean() for value in outputs.values()]).sum()
    if loss.requires_grad:
        loss.backward()
    found = {f"gradient of {name}": p.grad for name, p in model.named_parameters()}
    return {**outputs, **found, "gradient of the input": x.grad}


def judge(graph: Graph, *, training: bool = False) -> None:
    source = python_source(graph)
    plain = source.replace("inplace=True", "inplace=False")
    one, other = (load_class(text, class_name(graph))().double() for text in (source, plain))
    make_healthy(one)
    other.load_state_dict(one.state_dict())
    x = torch.randn(3, *graph.input.shape, generator=torch.Generator().manual_seed(2)).double()
    got, wanted = (gradients(model.train(training), x) for model in (one, other))
    assert got.keys() == wanted.keys()
    for name, value in wanted.items():
        mine = got[name]
        if value is None or mine is None:
            assert mine is value, name
        else:
            torch.testing.assert_close(mine, value, rtol=1e-9, atol=1e-9, msg=name)


@pytest.mark.parametrize("make", [two_readers, unet, skips_into_copies, head_in_group])
def test_small_networks(make: object) -> None:
    assert callable(make)
    judge(make(), training=True)


@pytest.mark.parametrize("seed", range(30))
def test_networks_that_no_person_would_write(seed: int) -> None:
    judge(random_graph(seed))


@given(graphs())
@settings(max_examples=25)
def test_any_network(graph: Graph) -> None:
    judge(graph, training=True)


def test_the_classics_work_in_place_at_all() -> None:
    """Else the tests above would compare a text with itself."""
    for graph in (googlenet(), resnet50()):
        assert python_source(graph).count("inplace=True") >= 2
