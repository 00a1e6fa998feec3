"""Two modules with the same weights: healthy ones, copied in the order of execution, outputs compared.

On a freshly initialised network every comparison is vacuous: the logits hardly depend on the image. So
the weights here carry the signal, and a difference is told in units of the spread between images.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear, *NORMS)


def make_healthy(model: nn.Module, x: Tensor, seed: int = 0) -> None:
    """He initialisation, varied biases and affine parameters, batch norms calibrated on `x`."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, NORMS):
            nn.init.uniform_(module.weight, 0.7, 1.3, generator=generator)
            nn.init.normal_(module.bias, std=0.2, generator=generator)
            module.reset_running_stats()
            module.momentum = None
        elif isinstance(module, WEIGHTED):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.1, generator=generator)
    with torch.no_grad():
        model.train()(x)
    model.eval()


def in_order(model: nn.Module, x: Tensor) -> list[nn.Module]:
    """The modules with weights, in the order in which `model` calls them in inference."""
    found: list[nn.Module] = []
    handles = [
        module.register_forward_pre_hook(lambda module, _: found.append(module))
        for module in model.modules()
        if isinstance(module, WEIGHTED)
    ]
    with torch.no_grad():
        model.eval()(x)
    for handle in handles:
        handle.remove()
    return found


def copy_in_order(source: nn.Module, target: nn.Module, x: Tensor) -> int:
    """Copy every weight that runs in inference, by order of execution; gives the number of modules."""
    pairs = list(zip(in_order(source, x), in_order(target, x), strict=True))
    for one, other in pairs:
        mine = dict(other.named_parameters(recurse=False)) | dict(
            other.named_buffers(recurse=False)
        )
        theirs = dict(one.named_parameters(recurse=False)) | dict(one.named_buffers(recurse=False))
        assert {k: v.shape for k, v in mine.items()} == {k: v.shape for k, v in theirs.items()}
        with torch.no_grad():
            for name, value in mine.items():
                value.copy_(theirs[name])
    return len(pairs)


def difference(got: Tensor, wanted: Tensor) -> float:
    """The largest difference, in units of how much the outputs of different images differ."""
    spread = wanted.std(dim=0).mean().item()
    assert spread > 1e-2, "the weights carry no signal: the comparison would say nothing"
    return (got - wanted).abs().max().item() / spread
