"""The order in which a module calls its parts: the one thing that two implementations of a network share.

One small run finds it. A layer stands where it is called. A module with parts and tensors of its own, such as
the scale of a residual unit, is called before its parts and may need its tensors after them: it stands where
the first of these is used. Containers run as in training, so that auxiliary heads are called, while layers run
as in inference, so that no statistic moves; whatever else a run changes is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from netspec.diagnostics.printable import printable
from netspec.errors import UsageError
from netspec.shape import spell

if TYPE_CHECKING:
    import torch
    from torch import nn

_BATCH = 2
_LONGEST = 200


def order_of_execution(module: nn.Module, shape: Sequence[int], name: str) -> tuple[str, ...]:
    """Paths of the modules that have tensors of their own, as one run over `shape` (C, H, W) uses them.

    A module that is used twice stands at its first use; one that is never used is left out.

    Raises:
        UsageError: it cannot be run with this input (NS511).
    """
    with suppress(Exception):  # somebody's module: its heads may want a larger input, or labels
        return _run(module, shape, heads=True)
    try:
        return _run(module, shape, heads=False)
    except Exception as error:  # somebody's module may raise anything
        lines = printable(str(error).strip().splitlines()[0])[:_LONGEST] if str(error) else ""
        raise UsageError(
            "NS511",
            f"`{name}` cannot be run with an input of {spell(shape)}: {lines or type(error).__name__}",
            help="the order of execution is found by a run: give the input that it takes, such as "
            "input=(3, 224, 224), or pair by a key map",
        ) from error


def _run(module: nn.Module, shape: Sequence[int], *, heads: bool) -> tuple[str, ...]:
    import torch

    used: dict[str, None] = {}

    def watch(path: str) -> Callable[[nn.Module, object], None]:
        return lambda _module, _arguments: used.setdefault(path)

    handles = [
        part.register_forward_pre_hook(watch(path))
        for path, part in module.named_modules()
        if next(_own_tensors(part), None) is not None and next(part.children(), None) is None
    ]
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]), _undisturbed(module, heads=heads):
            sample = _sample(module, shape)
            with _noting_tensors(module, used):
                module(sample)
    finally:
        for handle in handles:
            handle.remove()
    return tuple(used)


def _noting_tensors(module: nn.Module, used: dict[str, None]) -> AbstractContextManager[object]:
    """While it is open, the owner of each tensor that a function of torch reads is put into `used`."""
    from torch.overrides import TorchFunctionMode

    owners = {
        id(tensor): path for path, part in module.named_modules() for tensor in _own_tensors(part)
    }

    class Noting(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func.__name__ != "__get__":  # a look at its shape or device is no use of it
                for argument in (*args, *(kwargs or {}).values()):
                    for one in argument if isinstance(argument, list | tuple) else (argument,):
                        if id(one) in owners:
                            used.setdefault(owners[id(one)])
            return func(*args, **(kwargs or {}))

    return Noting()


def _own_tensors(module: nn.Module) -> Iterator[torch.Tensor]:
    yield from module.parameters(recurse=False)
    yield from module.buffers(recurse=False)


def _sample(module: nn.Module, shape: Sequence[int]) -> torch.Tensor:
    """A batch of noise in the module's own device and dtype."""
    import torch

    first = next((one for one in module.parameters() if one.is_floating_point()), None)
    noise = torch.rand(_BATCH, *shape, generator=torch.Generator().manual_seed(0))
    return noise if first is None else noise.to(device=first.device, dtype=first.dtype)


@contextmanager
def _undisturbed(module: nn.Module, *, heads: bool) -> Iterator[None]:
    """Modes and buffers are afterwards what they were."""
    modes = {part: part.training for part in module.modules()}
    buffers = [(buffer, buffer.clone()) for buffer in module.buffers()]
    try:
        for part in modes:
            part.training = heads and next(iter(part.children()), None) is not None
        yield
    finally:
        for part, mode in modes.items():
            part.training = mode
        for buffer, before in buffers:
            buffer.copy_(before)
