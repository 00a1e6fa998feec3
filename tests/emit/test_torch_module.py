"""The generated module: its keys and its numbers, against two independent meanings of the graph."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from torch import nn

import netspec
from netspec.emit.torch_module import check_on_meta, compile_graph
from netspec.errors import SpecError
from netspec.graph import Graph
from netspec.ops import Concat
from tests.emit.evaluation import difference, evaluate, expected_keys, make_healthy
from tests.emit.networks import (
    head_in_group,
    own_with_state,
    random_graph,
    skips_into_copies,
    two_readers,
    unet,
    with_inits,
)
from tests.emit.random_specs import random_spec
from tests.emit.test_plan import check
from tests.graphs import googlenet, lenet, resnet50
from tests.random_graphs import graphs

GRAPHS = {"googlenet": googlenet, "lenet5": lenet, "resnet50": lambda: resnet50(64)}


def healthy(graph: Graph) -> nn.Module:
    """The module with weights under which every layer matters."""
    torch.manual_seed(0)
    model = compile_graph(graph)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
    return model


def walk(graph: Graph, model: nn.Module, x: torch.Tensor, *, swap: bool = False) -> torch.Tensor:
    """The main output, node by node, independent of every `forward` that was generated."""
    weights = dict(model.named_modules())
    values = {graph.input: x}
    for node in graph.without_training_heads().nodes:
        inputs = [values[value] for value in node.inputs]
        if swap and isinstance(node.op, Concat):
            inputs = [inputs[1], inputs[0], *inputs[2:]]
        module = weights.get(node.path)
        if isinstance(module, nn.Conv2d):
            out = nn.Conv2d.forward(module, inputs[0])
        elif module is not None:
            out = module(*inputs)
        else:
            names = [f"v{i}" for i in range(len(inputs))]
            text = node.op.expression(names)
            scope = {"torch": torch, "F": nn.functional, **dict(zip(names, inputs, strict=True))}
            out = eval(text, scope)  # noqa: S307 - the op's own spelling
        values[node.output] = out
    return values[graph.outputs[0].value]


@pytest.mark.parametrize("name", GRAPHS)
def test_keys_counts_and_shapes_are_those_of_the_graph(name: str) -> None:
    graph = GRAPHS[name]()
    with torch.device("meta"):
        model = compile_graph(graph)
    assert sum(p.numel() for p in model.parameters()) == graph.parameter_count
    expected = {f"{n.path}.{p.name}" for n in graph.nodes for p in n.op.parameters()}
    assert {key for key, _ in model.named_parameters()} == expected
    assert check_on_meta(graph) == []


@pytest.mark.parametrize("name", ["googlenet", "resnet50"])
def test_forward_equals_a_walk_over_the_graph_and_a_swapped_concat_is_noticed(name: str) -> None:
    graph = GRAPHS[name]()
    size = graph.input.shape[-1]
    model = healthy(graph)
    x = torch.randn(2, 3, size, size)
    with torch.no_grad():
        model.train()
        model(x)
        model.eval()
        got = model(x)
        spread = (got[0] - got[1]).abs().mean()
        assert (got - walk(graph, model, x)).abs().max() < 1e-3 * spread
        if name == "googlenet":
            assert (got - walk(graph, model, x, swap=True)).abs().max() > spread


def test_training_gives_a_dict_of_heads_and_inference_a_tensor() -> None:
    model = compile_graph(googlenet())
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        assert list(model(x)) == ["main", "aux1", "aux2"]
        assert model.eval()(x).shape == (1, 1000)
    bare = compile_graph(googlenet(), heads=False)
    assert sum(p.numel() for p in bare.parameters()) == 6_998_552


def agree(graph: Graph) -> None:
    """In inference every output is what the ops say, each computed by torch's functions."""
    model = make_healthy(compile_graph(graph)).double()
    x = torch.randn(3, *graph.input.shape, generator=torch.Generator().manual_seed(1)).double()
    with torch.no_grad():
        got = model(x.clone())
        wanted = evaluate(graph, model.state_dict(), x)
    if isinstance(got, torch.Tensor):
        got = {graph.inference_outputs[0].name: got}
    assert list(got) == [out.name for out in graph.inference_outputs]
    for name, value in got.items():
        assert difference(value, wanted[name]) < 1e-6


@pytest.mark.parametrize(
    "make", [unet, head_in_group, skips_into_copies, two_readers, own_with_state, with_inits]
)
def test_small_networks_mean_their_ops(make: object) -> None:
    assert callable(make)
    agree(make())


@pytest.mark.parametrize("seed", range(30))
def test_networks_that_no_person_would_write_mean_their_ops(seed: int) -> None:
    agree(random_graph(seed))


@pytest.mark.parametrize("chunk", range(4))
def test_networks_of_own_blocks_whose_numbers_coincide_mean_their_ops(chunk: int) -> None:
    """Classes are made by what instances have in common, so chance must not make one of two things."""
    built = 0
    for seed in range(25 * chunk, 25 * chunk + 25):
        try:
            graph = netspec.loads(random_spec(seed)).graph
        except SpecError:
            continue  # a gate of too few channels
        if graph.parameter_count > 200_000:
            continue  # copies that double their channels
        check(graph)
        model = compile_graph(graph, device="meta")
        assert {k: tuple(v.shape) for k, v in model.state_dict().items()} == expected_keys(graph)
        agree(graph)
        built += 1
    assert built >= 12


@given(graphs())
@settings(max_examples=25)
def test_any_network_means_its_ops(graph: Graph) -> None:
    agree(graph)
