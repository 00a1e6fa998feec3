"""What happens to a module after it was made: copied, traced, quantised, parametrised, put into another one."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

import netspec
from tests.parity.comparing import make_healthy
from tests.tools.networks import images, tools


@pytest.fixture
def model() -> nn.Module:
    """In inference, with weights that carry the signal."""
    made = tools().compile(seed=0)
    make_healthy(made, images())
    return made


def test_modules_stand_in_the_order_in_which_they_run(model: nn.Module) -> None:
    inner = {name: part for name, part in model.named_modules() if not list(part.children())}
    seen: list[str] = []
    for name, part in inner.items():
        part.register_forward_hook(lambda *_, name=name: seen.append(name))
    model.train()(images())
    assert seen == list(inner)


@pytest.mark.filterwarnings("ignore:`torch.jit.trace:FutureWarning")  # it still works
def test_a_trace_computes_the_same_for_any_batch(model: nn.Module) -> None:
    traced = torch.jit.trace(model, images(2))
    assert torch.equal(traced(images(3)), model(images(3)))


def test_a_symbolic_trace_computes_the_same(model: nn.Module) -> None:
    assert torch.equal(torch.fx.symbolic_trace(model)(images()), model(images()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_convolution_and_its_norm_are_fused_by_name(model: nn.Module) -> None:
    fused = copy.deepcopy(model)
    units = [name for name, part in model.named_modules() if hasattr(part, "norm")]
    pairs = [[f"{name}.conv", f"{name}.norm"] for name in units]
    torch.ao.quantization.fuse_modules(fused, pairs, inplace=True)
    assert len(units) > 5
    assert not any(isinstance(part, nn.BatchNorm2d) for part in fused.modules())
    torch.testing.assert_close(fused(images()), model(images()), rtol=1e-4, atol=1e-4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.slow
def test_it_is_quantised_by_its_graph(model: nn.Module) -> None:
    from torch.ao.quantization import get_default_qconfig_mapping
    from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

    config = get_default_qconfig_mapping("x86")
    prepared = prepare_fx(copy.deepcopy(model), config, (images(),))
    prepared(images())
    quantised = convert_fx(prepared)
    wanted = model(images())
    assert 0 < (quantised(images()) - wanted).abs().max() < 0.2 * wanted.std()


def test_a_parametrised_part_can_be_copied(model: nn.Module) -> None:
    wanted = model(images())
    unit = model.get_submodule("units.0.gate.fc1")  # a class of the generated file
    nn.utils.parametrizations.weight_norm(unit)
    nn.utils.parametrizations.weight_norm(model.get_submodule("classifier"))
    twin = copy.deepcopy(model)
    torch.testing.assert_close(twin(images()), wanted, rtol=1e-4, atol=1e-5)
    nn.utils.parametrize.remove_parametrizations(unit, "weight")
    assert type(unit) is type(model.get_submodule("units.1.gate.fc1"))


def test_several_run_at_once_by_function() -> None:
    models = [tools().compile(seed=seed).eval() for seed in range(3)]
    parameters, buffers = torch.func.stack_module_state(models)
    base = copy.deepcopy(models[0]).to("meta")

    def run(own: dict[str, Tensor], kept: dict[str, Tensor], x: Tensor) -> Tensor:
        found: Tensor = torch.func.functional_call(base, (own, kept), (x,))
        return found

    together = torch.vmap(run, in_dims=(0, 0, None))(parameters, buffers, images())
    for one, found in zip(models, together, strict=True):
        torch.testing.assert_close(found, one(images()), rtol=1e-4, atol=1e-5)


class Task(nn.Module):
    """Somebody's own module around a network, as trainers write them."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        layer = {"conv": {"out_channels": classes, "kernel_size": 3, "activation": "relu"}}
        spec = {"netspec": 1, "name": "net", "input": [4, 6, 6], "layers": [layer]}
        self.net = netspec.loads(spec).compile(seed=0)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.net(x)
        return found


def test_inside_another_module_it_is_copied_pickled_and_filled() -> None:
    one, x = Task(5), torch.randn(2, 4, 6, 6)
    assert list(one.state_dict()) == ["net.conv_1.weight", "net.conv_1.bias"]
    other = Task(5).apply(lambda part: part.requires_grad_(requires_grad=False))
    nn.init.zeros_(other.get_parameter("net.conv_1.weight"))
    other.load_state_dict(one.state_dict())
    reopened = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own
    for same in (copy.copy(one), copy.deepcopy(one), reopened, other):
        assert torch.equal(same(x), one(x))


def test_two_networks_of_one_name_live_side_by_side(tmp_path: Path) -> None:
    small, large = Task(5).net, Task(7).net
    assert type(small).__name__ == type(large).__name__ == "Net"
    assert type(small) is not type(large)
    torch.save([small, large], tmp_path / "both.pt")
    for read, model in zip(
        torch.load(tmp_path / "both.pt", weights_only=False), (small, large), strict=True
    ):
        assert type(read) is type(model)
        assert torch.equal(read(torch.ones(1, 4, 6, 6)), model(torch.ones(1, 4, 6, 6)))


class Answers(Dataset[Tensor]):
    """What a network says of four images, computed where the data is loaded."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model

    def __len__(self) -> int:
        return 4

    def __getitem__(self, place: int) -> Tensor:
        with torch.no_grad():
            found: Tensor = self.model(images()[place : place + 1])
        return found[0]


@pytest.mark.slow
@pytest.mark.parametrize("start", ["spawn", "fork"])
def test_it_goes_to_the_workers_of_a_loader(model: nn.Module, start: str) -> None:
    loader = DataLoader(Answers(model), batch_size=4, num_workers=1, multiprocessing_context=start)
    (found,) = loader
    torch.testing.assert_close(found, model(images()), rtol=1e-4, atol=1e-5)
