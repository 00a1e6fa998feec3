"""`compile(device=, dtype=, seed=, init=, heads=)` and `materialize`: whose random numbers, which memory."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import netspec
from netspec.emit.torch_module import compile_graph
from netspec.errors import UsageError
from tests.emit.networks import with_inits
from tests.graphs import lenet, resnet50

SPECS = Path(__file__).parent.parent.parent / "specs"


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x, y) for (a, x), (b, y) in pairs)


def test_a_seed_gives_the_same_weights_and_leaves_the_callers_numbers_alone() -> None:
    net = netspec.load(SPECS / "lenet5.yaml")
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    one = net.compile(seed=1)
    assert torch.equal(torch.rand(3), wanted)
    assert same(one, net.compile(seed=1))
    assert not same(one, net.compile(seed=2))
    assert same(one, netspec.compile(SPECS / "lenet5.yaml", seed=1))


def test_a_seed_means_the_weights_of_torch_after_manual_seed() -> None:
    net = netspec.load(SPECS / "lenet5.yaml")
    torch.manual_seed(7)
    assert same(net.compile(), net.compile(seed=7))


def test_dtype_and_heads() -> None:
    net = netspec.load(SPECS / "googlenet.yaml")
    model = net.compile(device="meta", dtype=torch.float64, heads=False)
    assert {p.dtype for p in model.parameters()} == {torch.float64}
    assert {p.device.type for p in model.parameters()} == {"meta"}
    assert not any(key.startswith("aux") for key in model.state_dict())


def test_a_model_from_meta_gets_what_a_direct_build_has() -> None:
    """Parameters and buffers are those of a build with the same seed: nothing is garbage."""
    graph = resnet50(64)
    model = netspec.materialize(compile_graph(graph, device="meta"), seed=3)
    for key, value in model.state_dict().items():
        assert value.device.type == "cpu", key
        if key.endswith("running_mean"):
            assert value.eq(0).all()
        if key.endswith(("running_var", "norm.weight")):
            assert value.eq(1).all()
        if key.endswith("num_batches_tracked"):
            assert value.item() == 0
    other = netspec.materialize(compile_graph(graph, device="meta"), seed=3)
    assert same(model, other)
    assert torch.isfinite(model.eval()(torch.randn(2, 3, 64, 64))).all()


def test_what_has_weights_is_not_materialized() -> None:
    model = compile_graph(lenet(), seed=1)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(UsageError, match="has memory already") as caught:
        netspec.materialize(model)
    assert "model.to(device)" in str(caught.value.help)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_a_dtype_in_words_is_answered() -> None:
    with pytest.raises(UsageError, match="`dtype` is a `str`") as caught:
        compile_graph(lenet(), dtype="float16")  # type: ignore[arg-type]
    assert "torch.float16" in str(caught.value.help)


def test_materialize_follows_init() -> None:
    model = netspec.materialize(compile_graph(with_inits(), device="meta"))
    direct = compile_graph(with_inits())
    for key in ("conv0.weight", "conv1.weight", "conv2.weight", "conv2.bias"):
        assert torch.equal(model.state_dict()[key], direct.state_dict()[key])


@pytest.mark.parametrize("dtype", [None, torch.float16])
def test_without_init_only_parameters_are_open_and_a_state_dict_fills_them(
    dtype: torch.dtype | None,
) -> None:
    graph = resnet50(64)
    empty = compile_graph(graph, init=False, dtype=dtype)
    assert {p.dtype for p in empty.parameters()} == {dtype or torch.float32}
    for key, value in empty.named_buffers():
        assert value.eq(1 if key.endswith("running_var") else 0).all(), key
    full = compile_graph(graph, seed=0, dtype=dtype)
    empty.load_state_dict(full.state_dict())
    assert same(empty, full)


def test_the_default_device_of_the_caller_holds() -> None:
    with torch.device("meta"):
        model = compile_graph(with_inits())
    assert {p.device.type for p in model.parameters()} == {"meta"}
