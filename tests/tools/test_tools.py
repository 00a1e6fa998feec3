"""The tools of PyTorch on a network with one of everything: none needs to know where it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest
import torch
from onnx.reference import ReferenceEvaluator
from torch import Tensor, nn
from torch._dynamo.testing import CompileCounterWithBackend
from torch.distributed.algorithms._checkpoint.checkpoint_wrapper import (
    apply_activation_checkpointing,
)
from torchvision.models.feature_extraction import create_feature_extractor

from netspec.graph import Role
from tests.parity.comparing import difference, make_healthy
from tests.tools.networks import images, tools

BLOCKS = ("units.0", "units.1", "select")
CHAINS = ("stem", "halve", "units.0", "units.1", "mix")
"""Blocks that keep the layout of what they read; a sum over stacked branches chooses its own."""


@pytest.fixture(autouse=True)
def fresh_dynamo() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.fixture
def model() -> nn.Module:
    """In inference, with weights that carry the signal."""
    made = tools().compile(seed=0)
    make_healthy(made, images())
    return made


def losses(outputs: dict[str, Tensor]) -> Tensor:
    labels = torch.arange(len(outputs["main"])) % 5
    return sum(
        (nn.functional.cross_entropy(one, labels) for one in outputs.values()), torch.zeros(())
    )


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_torch_compile_has_no_break_and_one_graph_for_every_batch(
    model: nn.Module, backend: str
) -> None:
    counter = CompileCounterWithBackend(backend)
    compiled = torch.compile(model, fullgraph=True, dynamic=True, backend=counter)
    with torch.no_grad():
        compiled(images(2))
        graphs = counter.frame_count
        for count in (2, 3, 5):
            assert difference(compiled(images(count)), model(images(count))) < 1e-4
    assert counter.frame_count == graphs


@pytest.mark.slow
def test_torch_compile_takes_training_with_the_head() -> None:
    model = tools().compile(seed=0).train()
    compiled = torch.compile(model, fullgraph=True, dynamic=True, backend="aot_eager")
    for count in (2, 4):
        outputs = compiled(images(count))
        assert list(outputs) == ["main", "side"]
        losses(outputs).backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


@pytest.mark.slow
def test_torch_compile_makes_machine_code(model: nn.Module) -> None:
    compiled = torch.compile(model, fullgraph=True)
    with torch.no_grad():
        assert difference(compiled(images()), model(images())) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("strict", [False, True])
def test_torch_export_takes_any_batch(model: nn.Module, *, strict: bool) -> None:
    batch = {"x": {0: torch.export.Dim("batch", min=2, max=64)}}
    program = torch.export.export(model, (images(2),), dynamic_shapes=batch, strict=strict)
    with torch.no_grad():
        assert difference(program.module()(images(5)), model(images(5))) < 1e-4


@pytest.mark.parametrize("training", [False, True])
def test_a_hook_fires_once_for_each_block_that_runs(*, training: bool) -> None:
    net = tools()
    graph = net.graph if training else net.graph.without_training_heads()
    model = net.compile().train(training)
    seen: Counter[str] = Counter()
    paths = [one.path for one in graph.root.scopes() if one.path and one.role is not Role.PART]
    for path in paths:
        hook = model.get_submodule(path).register_forward_hook
        hook(lambda *_, path=path: seen.update([path]))
    model(images())
    assert seen == Counter(paths)


def test_features_are_found_by_the_names_of_blocks(model: nn.Module) -> None:
    wanted: dict[str, Tensor] = {}
    for path in BLOCKS:
        hook = model.get_submodule(path).register_forward_hook
        hook(lambda _module, _inputs, output, path=path: wanted.update({path: output}))
    with torch.no_grad():
        model(images())
        before = dict(wanted)  # tracing calls the hooks again
        extractor = create_feature_extractor(model, list(BLOCKS), suppress_diff_warning=True)
        found = extractor(images())
    assert list(found) == list(BLOCKS)
    assert all(torch.equal(found[path], before[path]) for path in BLOCKS)


def test_channels_last_stays_so_and_computes_the_same(model: nn.Module) -> None:
    with torch.no_grad():
        before = model(images())
        last = model.to(memory_format=torch.channels_last)
        layouts: list[bool] = []
        for path in CHAINS:
            hook = last.get_submodule(path).register_forward_hook
            hook(
                lambda _m, _i, out: layouts.append(
                    out.is_contiguous(memory_format=torch.channels_last)
                )
            )
        after = last(images().contiguous(memory_format=torch.channels_last))
    assert difference(after, before) < 1e-4
    assert layouts == [True] * len(CHAINS)


def test_autocast_runs_in_bfloat16(model: nn.Module) -> None:
    seen: list[torch.dtype] = []
    hook = model.get_submodule("units.0").register_forward_hook
    hook(lambda _module, _inputs, output: seen.append(output.dtype))
    with torch.no_grad():
        wanted = model(images())
        with torch.autocast("cpu", dtype=torch.bfloat16):
            got = model(images())
    assert seen == [torch.float32, torch.bfloat16]
    assert 0 < difference(got.float(), wanted) < 0.3  # 8 bits of a number, through 12 layers
    training = tools().compile(seed=0).train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        losses(training(images())).backward()
    assert all(one.grad is not None and one.grad.isfinite().all() for one in training.parameters())


def test_checkpointing_by_block_gives_the_same_gradients() -> None:
    gradients: list[list[Tensor]] = []
    runs: Counter[str] = Counter()
    for checkpointed in (False, True):
        model = tools(norm="none").compile(seed=0).train()
        chosen = {model.get_submodule(path) for path in BLOCKS}
        model.get_submodule("units.0").register_forward_pre_hook(
            lambda *_, key=str(checkpointed): runs.update([key])
        )
        if checkpointed:
            apply_activation_checkpointing(model, check_fn=chosen.__contains__)
        losses(model(images())).backward()
        gradients.append([one.grad for one in model.parameters() if one.grad is not None])
    assert runs == {"False": 1, "True": 2}  # forward runs again in backward
    assert len(gradients[0]) == len(gradients[1]) > 0
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.slow
def test_onnx_takes_any_batch_and_another_program_computes_the_same(
    model: nn.Module, tmp_path: Path
) -> None:
    file = tmp_path / "tools.onnx"
    batch = {"x": {0: torch.export.Dim("batch", min=2, max=64)}}
    program: Any = torch.onnx.export(
        model, (images(2),), dynamic_shapes=batch, dynamo=True, verbose=False
    )
    program.save(file)
    loaded = onnx.load(file)
    onnx.checker.check_model(loaded, full_check=True)
    (name,) = [one.name for one in loaded.graph.input]
    (got,) = ReferenceEvaluator(loaded).run(None, {name: images(3).numpy()})
    with torch.no_grad():
        assert difference(torch.from_numpy(got), model(images(3))) < 1e-3
