"""The generated module: its keys, its numbers, and that it lives as a module should."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from netspec.emit.python_source import python_source
from netspec.emit.torch_module import check_on_meta, compile_graph
from netspec.graph import Graph, Role
from netspec.ops import Concat
from tests.graphs import googlenet, lenet, resnet50

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


def test_every_layer_can_be_hooked() -> None:
    graph = resnet50(64)
    model = compile_graph(graph).eval()
    seen: set[str] = set()
    paths = [s.path for s in graph.root.scopes() if s.path and s.role is not Role.PART]
    for path in paths:
        module = model.get_submodule(path)
        module.register_forward_hook(lambda *_, path=path: seen.add(path))
    with torch.no_grad():
        model(torch.randn(1, 3, 64, 64))
    assert seen == set(paths)


def test_a_copy_and_a_pickle_give_the_same_numbers(tmp_path: Path) -> None:
    model = compile_graph(lenet()).eval()
    x = torch.randn(1, 1, 28, 28)
    assert torch.equal(copy.deepcopy(model)(x), model(x))
    file = tmp_path / "model.pickle"
    file.write_bytes(pickle.dumps((model, x, model(x).detach())))
    program = (
        "import pickle, sys, torch\n"
        "model, x, y = pickle.load(open(sys.argv[1], 'rb'))\n"
        "assert torch.equal(model(x), y)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(file)], check=True)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_source_is_golden_and_formatted(name: str, golden: Callable[[str, str], None]) -> None:
    source = python_source(GRAPHS[name]())
    golden(f"source/{name}.py", source)
    for command in (["format", "--check", "--isolated", "-"], ["check", "--isolated", "-"]):
        ruff = [sys.executable, "-m", "ruff", *command]
        done = subprocess.run(ruff, input=source.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode()
    assert source.count("class Inception(") == (1 if name == "googlenet" else 0)
