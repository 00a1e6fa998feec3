"""An independent meaning of a graph: every node by torch's functions, straight from the op's fields.

It never calls the modules that were generated; only their parameters are looked up, by path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from netspec.graph import Graph, Node
from netspec.ops import (
    Activation,
    AdaptiveAvgPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Identity,
    Linear,
    LocalResponseNorm,
    MaxPool,
    Mul,
    Split,
    Stack,
)

Rule = Callable[[Any, list[Tensor], Mapping[str, Tensor]], Tensor | tuple[Tensor, ...]]


def _conv(op: Conv, xs: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
    function = (F.conv1d, F.conv2d, F.conv3d)[len(op.kernel_size) - 1]
    return function(
        xs[0], w["weight"], w.get("bias"), op.stride, op.padding, op.dilation, op.groups
    )


def _batch_norm(op: BatchNorm, xs: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
    shape = (1, -1, *[1] * (xs[0].dim() - 2))
    mean, var = w["running_mean"].view(shape), w["running_var"].view(shape)
    return (xs[0] - mean) / torch.sqrt(var + op.eps) * w["weight"].view(shape) + w["bias"].view(
        shape
    )


def _pool(op: MaxPool, xs: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
    return F.max_pool2d(xs[0], op.kernel_size, op.stride, op.padding, op.dilation, op.ceil_mode)


def _average(op: AvgPool, xs: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
    window = (op.kernel_size, op.stride, op.padding)
    return F.avg_pool2d(xs[0], *window, op.ceil_mode, op.count_include_pad, op.divisor_override)


def _product(op: Mul, xs: list[Tensor], w: Mapping[str, Tensor]) -> Tensor:
    out = xs[0]
    for x in xs[1:]:
        out = out * x
    return out


ACTIVATIONS = {"relu": torch.relu, "sigmoid": torch.sigmoid, "silu": F.silu, "tanh": torch.tanh}
RULES: dict[type, Rule] = {
    Conv: _conv,
    BatchNorm: _batch_norm,
    MaxPool: _pool,
    AvgPool: _average,
    Mul: _product,
    Linear: lambda op, xs, w: F.linear(xs[0], w["weight"], w.get("bias")),
    LocalResponseNorm: lambda op, xs, w: F.local_response_norm(
        xs[0], op.size, op.alpha, op.beta, op.k
    ),
    AdaptiveAvgPool: lambda op, xs, w: F.adaptive_avg_pool2d(xs[0], op.output_size),
    Activation: lambda op, xs, w: ACTIVATIONS[op.name](xs[0]),
    Flatten: lambda op, xs, w: xs[0].flatten(op.start_dim, op.end_dim),
    Dropout: lambda op, xs, w: xs[0],
    Identity: lambda op, xs, w: xs[0],
    Split: lambda op, xs, w: xs[0].split(op.sizes, op.dim),
    Stack: lambda op, xs, w: torch.stack(xs, op.dim),
    Concat: lambda op, xs, w: torch.cat(xs, op.dim),
    Add: lambda op, xs, w: sum(xs[1:], xs[0]),
}


def evaluate(
    graph: Graph, state: Mapping[str, Tensor], x: Tensor, *, swap: str | None = None
) -> dict[str, Tensor]:
    """Every output of the graph in inference; at the node `swap` the first two inputs change places."""
    own: dict[str, dict[str, Tensor]] = {}
    for key, tensor in state.items():
        path, _, name = key.rpartition(".")
        own.setdefault(path, {})[name] = tensor
    values = {graph.input: x}
    for node in graph.nodes:
        inputs = [values[value] for value in node.inputs]
        if node.path == swap:
            inputs[:2] = inputs[1::-1]
        made = RULES[type(node.op)](node.op, inputs, own.get(node.path, {}))
        outputs = made if isinstance(made, tuple) else (made,)
        values |= zip(node.outputs, outputs, strict=True)
    return {out.name: values[out.value] for out in graph.outputs}


def expected_keys(graph: Graph) -> dict[str, tuple[int, ...]]:
    """The keys and shapes of the state dict, from paths and ops alone."""
    keys: dict[str, tuple[int, ...]] = {}
    for node in graph.nodes:
        keys |= {f"{node.path}.{p.name}": p.shape for p in node.op.parameters()}
        if isinstance(node.op, BatchNorm):
            keys |= _buffers(node, node.op)
    return keys


def _buffers(node: Node, op: BatchNorm) -> dict[str, tuple[int, ...]]:
    width = (op.num_features,)
    return {
        f"{node.path}.running_mean": width,
        f"{node.path}.running_var": width,
        f"{node.path}.num_batches_tracked": (),
    }


def make_healthy(network: nn.Module, seed: int = 0) -> nn.Module:
    """Weights that carry the signal: He init, varied biases, statistics and affine parameters."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, generator=generator)
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.1, generator=generator)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5, generator=generator)
            nn.init.normal_(module.bias, std=0.1, generator=generator)
            nn.init.normal_(module.running_mean, std=0.1, generator=generator)
            nn.init.uniform_(module.running_var, 0.5, 1.5, generator=generator)
    return network.eval()


def difference(got: Tensor, wanted: Tensor) -> float:
    """The largest difference, in units of how much the outputs of different samples differ."""
    spread = wanted.std(dim=0).mean().item()
    return ((got - wanted).abs().max() / max(spread, 1e-6)).item()
