"""Weights by name and by order: what is loaded, what is refused, and that nothing is loaded by halves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

import netspec
from netspec.errors import UsageError
from netspec.weights.report import WeightsError
from netspec.weights.transfer import Outcome
from tests.parity.comparing import difference, make_healthy
from tests.weights.networks import ByHand, same, small, values

ROOT = Path(__file__).parents[2]


def noise(count: int = 4) -> torch.Tensor:
    return torch.randn(count, 3, 12, 12, generator=torch.Generator().manual_seed(0))


def test_by_name_everything_comes_over_and_the_report_says_so() -> None:
    net = small()
    source, target = net.compile(seed=1), net.compile(seed=2)
    make_healthy(source, noise())
    before = values(source)
    report = net.load_weights(target, source.state_dict())
    assert same(values(target), before)
    assert report.complete
    assert len(report.of(Outcome.MATCHED)) == len(before)


def test_by_order_a_network_with_other_names_computes_the_same() -> None:
    net, source = small(), ByHand()
    make_healthy(source, noise())
    target = net.compile(init=False)
    report = net.load_weights(target, source, by="order")
    assert report.complete
    assert report.notes == ()
    with torch.no_grad():
        assert difference(target.eval()(noise()), source.eval()(noise())) < 1e-5
        training = {"main", "side"}
        assert set(target.train()(noise())) == training
    assert torch.equal(target.state_dict()["side.linear_1.weight"], source.aux.weight)


def test_the_run_that_finds_the_order_leaves_the_source_as_it_was() -> None:
    net, source = small(), ByHand()
    make_healthy(source, noise())
    source.train()
    source.bn1.eval()
    state, modes = values(source), [part.training for part in source.modules()]
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    net.load_weights(net.compile(seed=0), source, by="order")
    assert same(values(source), state)
    assert [part.training for part in source.modules()] == modes
    assert torch.equal(torch.rand(1), wanted)
    assert all(not part._forward_pre_hooks for part in source.modules())


def test_a_unit_with_a_scale_of_its_own_stands_where_it_uses_it() -> None:
    """It is called before its convolution, and its scale is needed after it: all scales are of one shape."""

    class Unit(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gamma = nn.Parameter(torch.rand(3))
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.conv(x) * self.gamma.reshape(3, 1, 1)

    unit = "[conv: {out_channels: 3, kernel_size: 3, padding: same}, layer_scale: 0.1]"
    net = netspec.loads(
        "netspec: 1\nname: x\ninput: [3, 12, 12]\n"
        f"layers: [residual: {{name: unit, repeat: 3, layers: {unit}}}]\n"
    )
    source = nn.Sequential(Unit(), Unit(), Unit())
    target = net.compile()
    assert net.load_weights(target, source, by="order", partial=True).complete
    with torch.no_grad():
        assert torch.allclose(target(noise()), source(noise()), atol=1e-6)


def test_the_order_of_a_bare_state_dict_is_that_of_registration_which_is_told() -> None:
    """Here it is another one, and shapes show it; where shapes cannot, the note is all there is."""
    net, source = small(), ByHand()
    with pytest.raises(WeightsError):
        net.load_weights(net.compile(), source.state_dict(), by="order")
    own = net.compile(seed=1)
    renamed = {f"x.{key}": tensor for key, tensor in own.state_dict().items()}
    target = net.compile(seed=2)
    report = net.load_weights(target, renamed, by="order")
    assert same(values(target), values(own))
    assert any("order in which they run" in note for note in report.notes)


def test_without_partial_one_misfit_loads_nothing() -> None:
    net = small()
    target = net.compile(seed=0)
    before = values(target)
    with pytest.raises(WeightsError) as caught:
        net.load_weights(target, small(num_classes=7).compile(seed=1))
    assert same(values(target), before)
    error = caught.value
    assert error.code == "NS511"
    assert "`side.linear_1.weight` of `Small` does not fit `small`" in error.message
    assert "5x8 here, 7x8 there (and 3 more)" in error.message
    assert "14 of 18 tensors" in str(error.help)
    assert len(error.report.of(Outcome.UNFIT)) == 4


def test_partial_loads_the_rest_and_gives_a_reason_for_each() -> None:
    net, source = small(), small(num_classes=7).compile(seed=1)
    target = net.compile(seed=0)
    before = values(target)
    report = net.load_weights(target, source, partial=True)
    left = {one.key for one in report.left}
    assert left == {
        f"{path}.{name}" for path in ("side.linear_1", "classifier") for name in ("weight", "bias")
    }
    for key, tensor in values(target).items():
        assert torch.equal(tensor, before[key] if key in left else source.state_dict()[key]), key
    assert {one.reason for one in report.left} == {"5x8 here, 7x8 there", "5 here, 7 there"}


def test_partial_by_order_skips_what_only_one_side_has() -> None:
    """A layer more here, a head less there."""
    text = """\
    netspec: 1
    name: edited
    input: [3, 12, 12]
    defaults: {conv: {kernel_size: 3, padding: same}}
    layers:
      - conv: {name: stem, out_channels: 8, norm: batch_norm}
      - conv: {name: body, out_channels: 8, norm: batch_norm}
      - conv: {name: added, out_channels: 8, norm: batch_norm, kernel_size: 5}
      - conv: {name: top, out_channels: 8}
      - gap
      - flatten
      - linear: {name: classifier, out_features: 5}
    """
    net, source = netspec.loads(text), ByHand()
    target = net.compile(seed=0)
    report = net.load_weights(target, source, by="order", partial=True)
    missing = {one.key for one in report.of(Outcome.MISSING)}
    assert {key.rpartition(".")[0] for key in missing if key} == {"added.conv", "added.norm"}
    assert {one.source_key for one in report.of(Outcome.UNEXPECTED)} == {"aux.weight", "aux.bias"}
    assert torch.equal(target.state_dict()["top.weight"], source.features["top"].weight)
    assert torch.equal(target.state_dict()["classifier.weight"], source.fc.weight)


def test_what_is_left_over_or_missing_is_an_error_too() -> None:
    net = small()
    state = net.compile(seed=1).state_dict()
    with pytest.raises(WeightsError, match=r"`extra\.weight` \(3\) of .* has no place in `small`"):
        net.load_weights(net.compile(), {**state, "extra.weight": torch.zeros(3)})
    del state["top.bias"]
    with pytest.raises(
        WeightsError, match=r"the state dict` has nothing for `top\.bias` \(8\) of `small`"
    ):
        net.load_weights(net.compile(), state)


def test_counters_of_batches_are_not_missed() -> None:
    net = small()
    state = {
        key: tensor
        for key, tensor in net.compile(seed=1).state_dict().items()
        if "num_b" not in key
    }
    assert net.load_weights(net.compile(), state).complete


@pytest.mark.parametrize(("dtype", "fits"), [
    (torch.float16, True), (torch.bfloat16, True), (torch.float64, True),
    (torch.int8, False), (torch.complex64, False), (torch.bool, False),
])  # fmt: skip
def test_floating_dtypes_are_converted_and_others_refused(dtype: torch.dtype, fits: bool) -> None:
    net, target = small(), small().compile(seed=0)
    state = net.compile(seed=1).state_dict()
    state["top.weight"] = torch.ones(8, 8, 3, 3).to(dtype)
    if fits:
        net.load_weights(target, state)
        assert torch.equal(target.state_dict()["top.weight"], torch.ones(8, 8, 3, 3))
    else:
        name = str(dtype).removeprefix("torch.")
        with pytest.raises(WeightsError, match=f"{name} cannot become float32"):
            net.load_weights(target, state)


def test_values_that_are_no_numbers_are_refused_before_anything_is_copied() -> None:
    net = small()
    target = net.compile(seed=0)
    before = values(target)
    state = values(net.compile(seed=1))
    state["classifier.bias"][2] = float("nan")
    with pytest.raises(WeightsError, match="1 of 5 values are not finite"):
        net.load_weights(target, state)
    state["classifier.bias"][2] = 1e30
    half = net.compile(seed=0, dtype=torch.float16)
    with pytest.raises(WeightsError, match="1 of 5 values are too large for float16"):
        net.load_weights(half, state)
    assert same(values(target), before)


def test_a_model_without_memory_gets_it() -> None:
    net, source = small(), small().compile(seed=1)
    target = net.compile(device="meta")
    net.load_weights(target, source.state_dict())
    assert same(values(target), values(source))
    partly = net.compile(device="meta")
    net.load_weights(partly, small(num_classes=7).compile(), partial=True)
    assert all(tensor.isfinite().all() for tensor in partly.state_dict().values())
    with pytest.raises(UsageError, match="no weights"):
        net.load_weights(target, net.compile(device="meta"))


def test_wrappers_are_seen_through() -> None:
    net, source = small(), small().compile(seed=1)
    for wrap in (torch.nn.DataParallel, lambda model: torch.compile(model, backend="eager")):
        target = net.compile(seed=0)
        net.load_weights(wrap(target), source)
        assert same(values(target), values(source))


def test_a_wrapped_source_is_seen_through_too() -> None:
    source, target = small().compile(seed=1), small().compile(seed=2)
    wrappers: list[Any] = [torch.nn.DataParallel(source), torch.compile(source)]
    for wrapped in wrappers:
        assert small().load_weights(target, wrapped).complete


def test_a_prefix_is_taken_off_and_proposed() -> None:
    net, source = small(), small().compile(seed=1)
    state = {f"module.{key}": tensor for key, tensor in source.state_dict().items()}
    with pytest.raises(WeightsError) as caught:
        net.load_weights(net.compile(), state)
    assert "--prefix module." in str(caught.value.help)
    target = net.compile(seed=0)
    net.load_weights(target, state, prefix="module.")
    assert same(values(target), values(source))
    inside = nn.Sequential()
    inside.add_module("module", ByHand())
    assert net.load_weights(target, inside, by="order", prefix="module.").complete
    with pytest.raises(UsageError, match=r"no key of `the state dict` begins with `model\."):
        net.load_weights(target, state, prefix="model.")


def test_a_classifier_that_happens_to_have_the_same_name_is_no_likeness() -> None:
    net = netspec.load(ROOT / "specs/resnet.yaml", variant="resnet18", input=[3, 32, 32])
    source = torchvision.models.resnet18(weights=None, num_classes=10)
    for given, said in (
        (source.state_dict(), 'load them into their own module and give that with `by="order"`'),
        (source, 'pair as layers run, by `--by order`, `by="order"`'),
    ):
        with pytest.raises(WeightsError) as caught:
            net.load_weights(net.compile(device="meta"), given)
        assert str(caught.value.help).startswith("2 of 102 names are alike: ")
        assert said in str(caught.value.help)


def test_a_module_of_another_network_is_no_target() -> None:
    with pytest.raises(UsageError) as caught:
        small().load_weights(small(num_classes=7).compile(), {})
    assert caught.value.code == "NS511"
    assert "this module is not one of `small`" in caught.value.message


@pytest.mark.parametrize(("source", "said"), [
    ({"epoch": 3, "state_dict": {}}, "`epoch` is no tensor but of type `int`"),
    ({"state_dict": {}}, "`state_dict` is no tensor but of type `dict`"),
    ([1, 2], "weights cannot come from a `list`"),
    ({}, "has nothing for"),
])  # fmt: skip
def test_what_is_no_source_is_said(source: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        small().load_weights(small().compile(), source)


def test_a_checkpoint_is_answered_with_the_state_dicts_in_it() -> None:
    state, model = small().compile().state_dict(), small().compile()
    adam = torch.optim.Adam(model.parameters()).state_dict()
    for checkpoint, places in [
        ({"epoch": 3, "model_state_dict": state, "optimizer": adam}, 'source["model_state_dict"]'),
        ({"ema": state, "model": state}, 'source["ema"] or source["model"]'),
    ]:
        with pytest.raises(UsageError) as caught:
            small().load_weights(model, checkpoint)
        assert str(caught.value.help).endswith(f"give {places}")
    with pytest.raises(UsageError) as caught:
        small().load_weights(model, adam)
    assert caught.value.help is None


def test_arguments_in_another_order_are_told() -> None:
    model: Any = small().compile()
    for call in (
        lambda: small().load_weights("a.safetensors", model),  # type: ignore[arg-type]
        lambda: small().load_weights(model.state_dict(), model),
        lambda: small().save_weights("a.safetensors", model),  # type: ignore[arg-type]
    ):
        with pytest.raises(UsageError, match="for its module") as caught:
            call()
        assert "the module comes first" in str(caught.value.help)


def test_a_wrong_pairing_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="by='order'"):
        small().load_weights(small().compile(), {}, by="oder")  # type: ignore[arg-type]


def test_a_source_that_cannot_be_run_says_so() -> None:
    with pytest.raises(UsageError) as caught:
        small().load_weights(small().compile(), torchvision.models.alexnet(), by="order")
    assert "`AlexNet` cannot be run with an input of 3x12x12" in caught.value.message
    assert "input=(3, 224, 224)" in str(caught.value.help)


def test_settings_that_differ_are_told() -> None:
    source = ByHand()
    source.bn1.eps = 1e-3
    source.conv2.padding_mode = "circular"
    report = small().load_weights(small().compile(), source, by="order")
    assert "`eps` is 1e-05 here and 0.001 in the source, of `stem.norm`" in report.notes
    assert any("`padding_mode` is zeros here and circular" in note for note in report.notes)


@pytest.mark.slow
@pytest.mark.parametrize(("spec", "given", "name"), [
    ("resnet", {"variant": "resnet50"}, "resnet50"),
    ("googlenet_bn", {}, "googlenet"),
    ("mobilenet_v2", {}, "mobilenet_v2"),
    ("squeezenet", {}, "squeezenet1_1"),
])  # fmt: skip
def test_torchvisions_networks_load_by_order(spec: str, given: dict[str, Any], name: str) -> None:
    net = netspec.load(ROOT / f"specs/{spec}.yaml", input=(3, 64, 64), **given)
    arguments = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    source = torchvision.models.get_model(name, weights=None, **arguments)
    x = torch.randn(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    make_healthy(source, x)
    model = net.compile(init=False, heads=False).eval()
    report = net.load_weights(model, source, by="order")
    assert report.complete
    assert report.notes == ()
    with torch.no_grad():
        assert difference(model(x), source(x)) < 1e-3


def test_the_messages(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    """All of them in one file, to be read aloud."""
    net, file = small(), tmp_path / "other.safetensors"
    state = net.compile().state_dict()
    save_file({key: value for key, value in state.items() if "side" not in key}, file)
    cases: dict[str, tuple[Any, dict[str, Any]]] = {
        "other classes": (small(num_classes=7).compile(), {}),
        "a file without the head": (file, {}),
        "something left over": ({**state, "extra.weight": torch.zeros(3, 4)}, {}),
        "other names, a module": (ByHand(), {}),
        "other names, a state dict": (ByHand().state_dict(), {}),
        "another order": (ByHand().state_dict(), {"by": "order"}),
        "a wrapper": ({f"module.{key}": value for key, value in state.items()}, {}),
        "a file by order": (file, {"by": "order"}),
        "another pairing": (state, {"by": "shape"}),
        "quantized": ({**state, "top.weight": torch.zeros(8, 8, 3, 3, dtype=torch.int8)}, {}),
        "no number": ({**state, "top.bias": torch.full((8,), torch.nan)}, {}),
        "partial, and nothing fits": ({"a.b": torch.zeros(1)}, {"partial": True}),
        "a checkpoint": ({"state_dict": state}, {}),
        "too small an input": (ByHand(), {"by": "order", "input": (4, 8, 8)}),
    }
    told = []
    for name, (source, options) in cases.items():
        with pytest.raises(UsageError) as caught:
            net.load_weights(net.compile(), source, **options)
        error = caught.value
        told.append(f"{name}\n  error[{error.code}]: {error.message}\n  help: {error.help}\n")
    golden("weights/messages.txt", "\n".join(told))


def test_a_report_fits_eighty_columns(golden: Callable[[str, str], None]) -> None:
    net, source = small(num_classes=7), ByHand()
    source.bn1.eps = 1e-3
    report = net.load_weights(net.compile(), source, by="order", partial=True)
    golden("weights/report.txt", f"{report}\n")
    assert max(map(len, str(report).splitlines())) <= 80
