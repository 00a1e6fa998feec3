"""What torch really keeps: bytes saved for backward, and the peak of live storages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode


def saved_bytes(
    run: Callable[[], object], weights: Sequence[torch.Tensor], seen: Sequence[torch.Tensor] = ()
) -> int:
    """Bytes of the distinct storages that autograd holds on to after `run`, without `weights`.

    Views of `seen` are nothing new either.
    """
    kept: list[torch.Tensor] = []  # alive, so that no address is used twice

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = run()
    known = {tensor.untyped_storage().data_ptr() for tensor in (*weights, *seen)}
    sizes = {
        tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in kept
    }
    assert result is not None
    return sum(size for address, size in sizes.items() if address not in known)


def state(module: nn.Module) -> list[torch.Tensor]:
    """Everything in the state dict: no activation."""
    return [*module.parameters(), *module.buffers()]


class Peak(TorchDispatchMode):
    """The most bytes that are alive at once, of storages that operators make while it is entered.

    Views of `known`, the weights and the input, are nothing new.
    """

    def __init__(self, known: Sequence[torch.Tensor]) -> None:
        super().__init__()
        self.highest = 0
        self._known = {StorageWeakRef(tensor.untyped_storage()) for tensor in known}
        self._alive: dict[StorageWeakRef, int] = {}

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in out if isinstance(out, list | tuple) else [out]:
            if isinstance(tensor, torch.Tensor):
                ref = StorageWeakRef(tensor.untyped_storage())
                if ref not in self._known:  # a kernel may take more than its result needs
                    self._alive.setdefault(ref, tensor.numel() * tensor.element_size())
        self._alive = {ref: size for ref, size in self._alive.items() if not ref.expired()}
        self.highest = max(self.highest, sum(self._alive.values()))
        return out
