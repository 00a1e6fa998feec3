"""A generated module lives like one that was written by hand: tools see it, copies and pickles work."""

from __future__ import annotations

import copy
import gc
import inspect
import linecache
import pickle
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from netspec.emit.python_source import python_source
from netspec.emit.torch_module import PREFIX, compile_graph
from netspec.graph import Builder, Graph, Output, Role
from tests.emit.networks import head_in_group, skips_into_copies, unet
from tests.graphs import conv, googlenet, lenet, resnet50


def small(width: int = 3) -> Graph:
    """A residual block and a unit; other widths are other texts."""
    b = Builder(f"small{width}", (4, 8, 8))
    x = conv(b, b.input, "conv_1", width, 3, 1, 1, norm=True)
    x = conv(b, x, "conv_2", 4)
    return b.finish([Output("main", x)])


def generated() -> set[str]:
    return {name for name in sys.modules if name.startswith(PREFIX)}


@contextmanager
def fresh_dynamo() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.parametrize("make", [googlenet, lambda: resnet50(64), unet, skips_into_copies])
def test_torch_compile_takes_the_whole_graph(make: object) -> None:
    """`fullgraph` raises at the first break; the numbers are those of eager execution."""
    assert callable(make)
    graph = make()
    model = compile_graph(graph).eval()
    x = torch.randn(2, *graph.input.shape)
    with fresh_dynamo(), torch.no_grad():
        compiled = torch.compile(model, fullgraph=True, backend="eager")
        assert torch.equal(compiled(x), model(x))


@pytest.mark.slow
def test_torch_compile_takes_training_with_heads() -> None:
    model = compile_graph(googlenet(), heads=True).train()
    with fresh_dynamo():
        compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
        outputs = compiled(torch.randn(2, 3, 224, 224))
        assert list(outputs) == ["main", "aux1", "aux2"]
        sum(value.sum() for value in outputs.values()).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("make", [unet, head_in_group, lenet])
def test_torch_export_gives_the_same_numbers(make: object, *, strict: bool) -> None:
    assert callable(make)
    graph = make()
    model = compile_graph(graph).eval()
    x = torch.randn(3, *graph.input.shape)
    batch = {"x": {0: torch.export.Dim("batch", min=2, max=64)}}
    with fresh_dynamo():
        program = torch.export.export(model, (x[:2],), dynamic_shapes=batch, strict=strict)
    with torch.no_grad():
        torch.testing.assert_close(program.module()(x), model(x))


def test_hooks_fire_once_per_scope() -> None:
    graph = resnet50(64)
    model = compile_graph(graph).eval()
    seen: Counter[str] = Counter()
    paths = [s.path for s in graph.root.scopes() if s.path and s.role is not Role.PART]
    for path in paths:
        module = model.get_submodule(path)
        module.register_forward_hook(lambda *_, path=path: seen.update([path]))
    with torch.no_grad():
        model(torch.randn(1, 3, 64, 64))
    assert seen == Counter(paths)


def test_a_copy_and_a_pickle_give_the_same_numbers_in_a_fresh_process(tmp_path: Path) -> None:
    model = compile_graph(lenet()).eval()
    x = torch.randn(1, 1, 28, 28)
    twin = copy.deepcopy(model)
    assert type(twin) is type(model)
    assert torch.equal(twin(x), model(x))
    assert twin.get_parameter("conv1.weight") is not model.get_parameter("conv1.weight")
    pickled, saved = tmp_path / "model.pickle", tmp_path / "model.pt"
    pickled.write_bytes(pickle.dumps((model, x, model(x).detach())))
    torch.save((model, x, model(x).detach()), saved)
    program = (
        "import pickle, sys, torch\n"
        "for read in (lambda: pickle.load(open(sys.argv[1], 'rb')),\n"
        "             lambda: torch.load(sys.argv[2], weights_only=False)):\n"
        "    model, x, y = read()\n"
        "    assert torch.equal(model(x), y)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(pickled), str(saved)], check=True)


def test_the_source_can_be_inspected() -> None:
    graph = unet()
    source = python_source(graph)
    model = compile_graph(graph)
    assert inspect.getsource(sys.modules[type(model).__module__]) == source
    for module in (model, model.get_submodule("decoder"), model.get_submodule("encoder.enc1")):
        text = inspect.getsource(type(module))
        assert text.startswith(f"class {type(module).__name__}(")
        assert text in source
    assert inspect.getsource(type(model).forward) in source


def test_a_traceback_shows_the_generated_line() -> None:
    model = compile_graph(unet())
    with pytest.raises(RuntimeError) as caught:
        model(torch.randn(2, 5, 16, 16))
    text = "".join(traceback.format_exception(caught.value))
    assert "in forward\n    enc1, enc2, x = self.encoder(x)\n" in text
    assert "return F.relu(self.norm(self.conv(x)), inplace=True)\n" in text


def test_two_builds_share_their_classes_and_nothing_else() -> None:
    one, other = compile_graph(small()), compile_graph(small())
    assert type(one) is type(other)
    assert type(one.get_submodule("conv_1")) is type(other.get_submodule("conv_1"))
    assert one.get_parameter("conv_2.weight") is not other.get_parameter("conv_2.weight")
    assert type(one) is not type(compile_graph(small(5)))


def test_the_module_goes_with_its_last_network() -> None:
    gc.collect()  # what earlier tests left
    before = generated()
    one, other = compile_graph(small(7)), compile_graph(small(7))
    (name,) = generated() - before
    kept = one.get_submodule("conv_1")  # a part keeps it, too
    del one, other
    gc.collect()
    assert name in sys.modules
    del kept
    gc.collect()
    assert generated() == before
    assert f"<{name}>" not in linecache.cache


def test_a_subclass_of_a_generated_class_can_be_copied() -> None:
    cls = type(compile_graph(small()))

    class Mine(cls):  # type: ignore[misc, valid-type]
        def forward(self, x: Tensor) -> Tensor:
            return -super().forward(x)

    x = torch.randn(1, 4, 8, 8)
    mine = Mine().eval()
    assert torch.equal(copy.deepcopy(mine)(x), mine(x))
    assert isinstance(mine, nn.Module)


@pytest.mark.slow
def test_a_thousand_builds_leave_nothing_behind() -> None:
    """Five hundred networks, each text of its own, and as many of one text: no object is left."""

    def build(count: int) -> None:
        for number in range(count):
            compile_graph(small(8 + number))
            compile_graph(small(8))

    build(20)  # what torch and Python keep for good
    gc.collect()
    modules, lines, objects = len(sys.modules), len(linecache.cache), len(gc.get_objects())
    build(500)
    gc.collect()
    assert (len(sys.modules), len(linecache.cache)) == (modules, lines)
    assert len(gc.get_objects()) - objects < 1000  # less than one object per build
