"""Classes that ops bring along, because PyTorch has none: how they stand in the file."""

from __future__ import annotations

import copy
import pickle
import re

import pytest
import torch

from netspec.emit.names import IN_USE
from netspec.emit.torch_module import check_on_meta, compile_graph, reset_parameters
from netspec.ops import OPS, Op
from tests.elaborate.speaking import net

DEFINING = [op for op in OPS if op.definition]

every_definition = pytest.mark.parametrize("op", DEFINING, ids=lambda op: op.kind)

BODY = """
name: {name}
input: [4, 6, 6]
layers:
  - channel_norm: {{repeat: 2}}
  - residual: {{name: layer_scale, layers: [layer_scale: 0.5, stochastic_depth: 0.5]}}
"""


@every_definition
def test_the_name_of_a_definition_is_taken_by_nothing_else(op: type[Op]) -> None:
    (name,) = re.findall(r"^class (\w+)\(nn\.Module\):", op.definition, re.MULTILINE)
    assert name in IN_USE


def test_a_definition_is_written_once_before_all_classes_and_only_where_it_is_used() -> None:
    source = net(BODY.format(name="net")).source()
    assert source.count("class ChannelNorm(nn.Module):") == 1
    classes = re.findall(r"^class (\w+)\(", source, re.MULTILINE)
    assert classes[:3] == ["ChannelNorm", "LayerScale", "StochasticDepth"]
    assert "class ChannelNorm" not in net("layers: [relu]").source()


@pytest.mark.parametrize("name", ["net", "layer_scale", "stochastic_depth"])
def test_a_network_may_be_called_like_a_definition(name: str) -> None:
    graph = net(BODY.format(name=name)).graph
    assert not check_on_meta(graph)
    module = compile_graph(graph)
    x = torch.randn(2, 4, 6, 6)
    for copied in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):  # noqa: S301 - our own
        assert torch.equal(copied.eval()(x), module.eval()(x))


@pytest.mark.parametrize("name", ["None", "True", "False", "none_", "super", "torch", "nn", "self"])
def test_a_block_may_be_called_like_a_word_of_python(name: str) -> None:
    body = f"""
        blocks:
          {name}: {{layers: [conv: {{out_channels: 4, kernel_size: 1}}, relu]}}
        layers: [{name}: {{}}, {name}: {{repeat: 2}}]
        """
    assert not check_on_meta(net(body).graph)


def test_memory_from_to_empty_is_filled_again() -> None:
    graph = net(BODY.format(name="net")).graph
    with torch.device("meta"):
        module = compile_graph(graph)
    module.to_empty(device="cpu")
    for parameter in module.parameters():
        parameter.data.fill_(7)
    reset_parameters(module)
    expected = compile_graph(graph).state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in module.state_dict().items())


def test_the_file_compiles_and_exports_without_a_break() -> None:
    module = compile_graph(net(BODY.format(name="net")).graph).eval()
    x = torch.randn(2, 4, 6, 6)
    exported = torch.export.export(module, (x,)).module()
    torch.testing.assert_close(exported(x), module(x))
