"""The Python API: reading, overriding, errors that carry diagnostics, and all that a network can give."""

from __future__ import annotations

import inspect
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import graphviz
import pytest
import torch
from torch import nn

import netspec
from netspec.network import Network

ROOT = Path(__file__).parent.parent
LENET = ROOT / "specs/lenet5.yaml"
SPEC: Mapping[str, Any] = {
    "netspec": 1,
    "name": "small",
    "params": {"num_classes": 10},
    "input": [3, 8, 8],
    "layers": [
        {"conv": {"name": "conv1", "out_channels": 4, "kernel_size": 3, "activation": "relu"}},
        {"aux_head": {"name": "side", "loss_weight": 0.3, "layers": ["gap", "flatten"]}},
        "gap",
        "flatten",
        {"linear": {"name": "classifier", "out_features": "$num_classes"}},
    ],
}


@pytest.fixture
def net() -> Network:
    return netspec.loads(SPEC)


def test_the_public_surface_is_what_is_exported_importable_and_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in netspec.__all__:
        member = getattr(netspec, name)
        if name != "__version__":
            assert inspect.getdoc(member), name
            assert re.search(rf"\b{name}\b", readme), f"the README does not tell of netspec.{name}"
    public = {name for name in dir(netspec) if not name.startswith("_")}
    extra = public - set(netspec.__all__)
    assert {name for name in extra if not inspect.ismodule(getattr(netspec, name))} <= {
        "TYPE_CHECKING",
        "Any",
    }
    with pytest.raises(AttributeError, match="has no attribute 'compil'"):
        netspec.compil  # noqa: B018 - reading it is the test


def test_every_public_member_of_network_has_a_docstring() -> None:
    data = {field.name for field in fields(Network)}  # told by the docstring of the class
    for name, member in inspect.getmembers(Network):
        if not name.startswith("_") and name not in data:
            assert inspect.getdoc(member), name


def test_load_takes_a_path_as_text_or_path_and_loads_text_or_data() -> None:
    assert netspec.load(LENET).graph.parameter_count == 61_706  # Dive into Deep Learning, lenet
    assert netspec.load(str(LENET)).summary() == netspec.load(LENET).summary()
    text = LENET.read_text(encoding="utf-8")
    assert netspec.loads(text).source() == netspec.load(LENET).source()


def test_params_and_input_override_what_is_written(net: Network) -> None:
    other = netspec.loads(SPEC, params={"num_classes": 3}, input=(1, 16, 16))
    assert other.graph.input.shape == (1, 16, 16)
    assert other.graph.outputs[0].value.shape == (3,)
    assert net.graph.outputs[0].value.shape == (10,)
    model = netspec.compile(LENET, params={"num_classes": 3}, input=[1, 32, 32])
    assert model.eval()(torch.zeros(2, 1, 32, 32)).shape == (2, 3)


def test_a_spec_error_carries_every_diagnostic_with_code_place_and_help() -> None:
    bad = {**SPEC, "layers": [{"cnov": 4}, {"linear": {"out_featurs": 3}}]}
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(bad, name="bad")
    codes = [diagnostic.code for diagnostic in caught.value.diagnostics]
    assert codes == ["NS201", "NS202"]
    first = caught.value.diagnostics[0]
    assert first.primary.span.file.name == "bad"
    assert "`conv`" in " ".join(first.help)
    assert "error[NS201]" in str(caught.value)
    assert "error[NS202]" in str(caught.value)
    assert isinstance(caught.value, netspec.NetspecError)


def test_a_wrong_override_is_answered_at_the_override() -> None:
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(SPEC, params={"num_classes": "ten"})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.primary.span.file.name == "<params>"
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(SPEC, params={"num_clases": 3})
    assert "num_classes" in str(caught.value)
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(SPEC, input=(3, 0, 8))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.primary.span.file.name == "<input>"


def test_an_input_with_the_batch_is_answered_in_python(net: Network) -> None:
    with pytest.raises(netspec.SpecError) as caught:
        netspec.loads(SPEC, input=(1, 3, 8, 8))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "NS407"
    assert diagnostic.help == ("sizes are without the batch: write `input=(3, 8, 8)`",)
    again = netspec.loads(SPEC, input=(3, 8, 8))
    assert again.graph.input.shape == net.graph.input.shape


@pytest.mark.parametrize("path", ["nowhere.yaml", "/"])
def test_a_file_that_cannot_be_read_is_a_usage_error(path: str) -> None:
    with pytest.raises(netspec.UsageError) as caught:
        netspec.load(path)
    assert caught.value.code == "NS501"
    assert "NS501" in str(caught.value)
    assert isinstance(caught.value, netspec.NetspecError)


def test_limits_are_raised_by_the_caller_alone() -> None:
    low = netspec.Limits(file_bytes=100)
    with pytest.raises(netspec.SpecError) as caught:
        netspec.load(LENET, limits=low)
    assert caught.value.diagnostics[0].code == "NS115"
    assert netspec.load(LENET, limits=netspec.Limits()).name == "lenet5"


def test_a_network_gives_table_rows_pictures_and_source(net: Network) -> None:
    assert net.name == "small"
    assert net.warnings == ()
    assert net.rows.params == net.graph.parameter_count
    assert "conv1" in net.summary()
    assert "conv1" not in net.summary(depth=1).split("classifier")[1]
    ET.fromstring(net.to_svg())
    ET.fromstring(net._repr_html_())
    assert net._repr_svg_() == net.to_svg() == net.draw()._repr_svg_()
    assert isinstance(net.to_graphviz(), graphviz.Source)
    assert net.to_graphviz().source.rstrip("\n") == net.to_gv().rstrip("\n")
    assert net.to_graphviz().engine == "neato"
    compile(net.source(), "small.py", "exec")


def test_heads_can_be_left_out(net: Network) -> None:
    assert "loss_weights" in net.source()
    assert "loss_weights" not in net.source(heads=False)
    whole, bare = net.compile(), net.compile(heads=False)
    assert isinstance(whole, nn.Module)
    images = torch.randn(2, 3, 8, 8)
    assert list(whole.train()(images)) == ["main", "side"]
    assert bare.train()(images).shape == (2, 10)
    bare.load_state_dict(whole.state_dict())  # the head has no weights here
    torch.testing.assert_close(whole.eval()(images), bare.eval()(images), rtol=0, atol=0)


def test_a_network_is_a_value(net: Network) -> None:
    with pytest.raises(AttributeError):
        net.graph = net.graph  # type: ignore[misc]
    assert net.to_svg() == netspec.loads(SPEC).to_svg()


def test_what_a_prompt_shows_is_one_line(net: Network) -> None:
    wide = netspec.loads({**SPEC, "name": "wide"}, input=[3, 16, 16])
    found = netspec.diff(net, wide)
    assert repr(net) == "<Network small: 162 parameters, 3x8x8 -> 10>"
    assert repr(net.graph) == repr(net).replace("Network", "Graph")
    assert repr(net.draw(level="full")) == "<Drawing of small: full, TB>"
    assert repr(found) == "<Comparison of small and wide>"
    assert str(found) == found.text()
    assert repr(net.rows) == f"<Summary small: {len(net.rows.rows)} rows>"
    for node in net.graph.nodes:
        assert re.fullmatch(r"<Node [^\n]{10,70}>", repr(node))
        assert re.fullmatch(r"<Origin <spec>:\d+>", repr(node.origin))
    assert {repr(scope) for scope in net.graph.root.scopes()} >= {"<Scope conv1: conv of 2>"}


def test_a_notebook_shows_a_comparison_as_its_picture(net: Network) -> None:
    found = netspec.diff(net, netspec.loads(SPEC, params={"num_classes": 3}))
    assert found._repr_svg_() == found.draw().to_svg()
    ET.fromstring(found._repr_html_())
