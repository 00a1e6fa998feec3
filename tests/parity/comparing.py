"""Two modules with the same weights: healthy ones, copied in the order of execution, outputs compared.

On a freshly initialised network every comparison is vacuous: the logits hardly depend on the image. So
the weights here carry the signal, and a difference is told in units of the spread between images.
"""

from __future__ import annotations

from collections import defaultdict, deque

import torch
from torch import Tensor, nn

from netspec.weights.tensors import squeezed

Shapes = tuple[tuple[str, tuple[int, ...]], ...]
"""The parameters and buffers of a module by name, with their shapes."""

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear, *TRANSPOSED)


def make_healthy(model: nn.Module, x: Tensor, seed: int = 0) -> None:
    """He initialisation, varied biases, affine parameters and scales, batch norms calibrated on `x`."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, WEIGHTED):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.1, generator=generator)
            continue
        if isinstance(module, NORMS):
            module.reset_running_stats()
            module.momentum = None
        for name, parameter in module.named_parameters(recurse=False):
            if name == "bias":
                nn.init.normal_(parameter, std=0.2, generator=generator)
            else:  # a norm's, or the scale of a residual unit, which starts so small that it hides all
                nn.init.uniform_(parameter, 0.7, 1.3, generator=generator)
    with torch.no_grad():
        model.train()(x)
    model.eval()


def without_noise(model: nn.Module) -> nn.Module:
    """The model with dropouts that drop nothing, so that two can be compared in training."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model


def in_order(model: nn.Module, x: Tensor, *, training: bool = False) -> list[nn.Module]:
    """The modules with weights, in the order in which `model` calls them in inference or in training."""
    found: list[nn.Module] = []
    handles = [
        module.register_forward_pre_hook(lambda module, _: found.append(module))
        for module in model.modules()
        if _state(module)
    ]
    state = {name: value.clone() for name, value in model.named_buffers()}
    with torch.no_grad():
        model.train(training)(x)
        for name, value in model.named_buffers():  # training moved the statistics
            value.copy_(state[name])
    for handle in handles:
        handle.remove()
    model.eval()
    return found


def copy_in_order(
    source: nn.Module, target: nn.Module, x: Tensor, *, training: bool = False
) -> int:
    """Copy every weight that runs; gives the number of modules.

    Modules are paired by order of execution among those of the same shapes, so that a library may run a
    shortcut before or after a gate, and call a linear layer what is a 1x1 convolution here. A wrong pair can
    only make two equal networks differ.
    """
    waiting: dict[Shapes, deque[nn.Module]] = defaultdict(deque)
    for module in in_order(source, x, training=training):
        waiting[_shapes(module)].append(module)
    copied = 0
    for module in in_order(target, x, training=training):
        assert waiting[_shapes(module)], f"no module is left for {module}"
        theirs = _state(waiting[_shapes(module)].popleft())
        with torch.no_grad():
            for name, value in _state(module).items():
                value.copy_(theirs[name].reshape(value.shape))
        copied += 1
    assert not any(waiting.values()), "the source has modules of which the target has none"
    return copied


def _state(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers of one module, without those of its children; one alone has no name."""
    own = dict(module.named_parameters(recurse=False)) | dict(module.named_buffers(recurse=False))
    return dict(zip([""], own.values(), strict=True)) if len(own) == 1 else own


def _shapes(module: nn.Module) -> Shapes:
    """Without axes of size 1 at the end, which a linear layer and a layer's scale have or have not."""
    return tuple(
        sorted((name, squeezed(tuple(value.shape))) for name, value in _state(module).items())
    )


def difference(got: Tensor, wanted: Tensor) -> float:
    """The largest difference, in units of how much the outputs of different images differ."""
    spread = wanted.std(dim=0).mean().item()
    assert spread > 1e-2, "the weights carry no signal: the comparison would say nothing"
    return (got - wanted).abs().max().item() / spread
