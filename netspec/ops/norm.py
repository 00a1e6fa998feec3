"""Normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import (
    Argument,
    Category,
    Constructor,
    Kept,
    Op,
    Parameter,
    arguments_of,
    groups_misfit,
    need_map,
)
from netspec.shape import Shape, numel


@dataclass(frozen=True)
class BatchNorm(Op):
    """(C, ...) -> (C, ...): `nn.BatchNorm1d`, `2d` or `3d`; `rank` counts the spatial axes.

    P = 2C with `affine`; the running statistics are buffers, not parameters.
    """

    kind: ClassVar[str] = "batch_norm"
    short: ClassVar[str] = "BN"
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True
    kept: ClassVar[Kept] = Kept.INPUTS

    num_features: int
    eps: float = 1e-05
    momentum: float | None = 0.1
    affine: bool = True
    track_running_stats: bool = True
    rank: int = 2

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        if len(shape) > 4:
            raise Misfit("needs-map", op=self.kind, shape=shape, ranks=(0, 1, 2, 3))
        return (shape,)

    def parameters(self) -> tuple[Parameter, ...]:
        return _scale_and_shift((self.num_features,), scale=self.affine, shift=self.affine)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 8 * self.num_features  # mean and 1 / deviation of the batch

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 0 if self.track_running_stats else self.kept_besides(inputs, outputs)

    @property
    def cancels_bias(self) -> bool:
        return True

    def label(self) -> str:
        return "batch norm"

    def constructor(self) -> Constructor:
        arguments = arguments_of(self, positional=1)[:-1]  # `rank` is in the class's name
        return Constructor(f"nn.BatchNorm{max(self.rank, 1)}d", arguments)


@dataclass(frozen=True)
class InstanceNorm(Op):
    """(C, ...) -> (C, ...): `nn.InstanceNorm1d`, `2d` or `3d`; `rank` counts the spatial axes.

    P = 2C with `affine`.

    Raises:
        Misfit: `needs-map`, `one-value-per-group`.
    """

    kind: ClassVar[str] = "instance_norm"
    short: ClassVar[str] = "IN"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True

    num_features: int
    eps: float = 1e-05
    momentum: float = 0.1
    affine: bool = False
    track_running_stats: bool = False
    rank: int = 2

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        if numel(shape[1:]) == 1:
            raise Misfit("one-value-per-group", shape=shape, groups=shape[0])
        return (shape,)

    def parameters(self) -> tuple[Parameter, ...]:
        return _scale_and_shift((self.num_features,), scale=self.affine, shift=self.affine)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Mean and 1 / deviation; weights and running statistics are repeated for each sample."""
        return 4 * self.num_features * (2 + self.affine + 2 * self.track_running_stats)

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Statistics for each sample, and weights and biases repeated as often."""
        return 8 * self.num_features * (self.affine + 1)

    @property
    def cancels_bias(self) -> bool:
        return True

    def label(self) -> str:
        return "instance norm"

    def constructor(self) -> Constructor:
        arguments = arguments_of(self, positional=1)[:-1]  # `rank` is in the class's name
        return Constructor(f"nn.InstanceNorm{self.rank}d", arguments)


@dataclass(frozen=True)
class GroupNorm(Op):
    """(C, ...) -> (C, ...): `nn.GroupNorm`; `groups` is its `num_groups`. P = 2C with `affine`.

    Raises:
        Misfit: `groups-do-not-divide`, `one-value-per-group`.
    """

    kind: ClassVar[str] = "group_norm"
    short: ClassVar[str] = "GN"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True

    groups: int
    num_channels: int
    eps: float = 1e-05
    affine: bool = True

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        if shape[0] % self.groups:
            raise groups_misfit(shape[0], self.groups)
        if numel(shape) == self.groups:
            raise Misfit("one-value-per-group", "groups", shape=shape, groups=self.groups)
        return (shape,)

    def parameters(self) -> tuple[Parameter, ...]:
        return _scale_and_shift((self.num_channels,), scale=self.affine, shift=self.affine)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 8 * self.groups  # mean and 1 / deviation of each group

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)

    @property
    def cancels_bias(self) -> bool:
        return self.groups == self.num_channels

    def label(self) -> str:
        return f"group norm {self.groups}"

    def constructor(self) -> Constructor:
        first = Argument("num_groups", self.groups, positional=True)
        channels = Argument("num_channels", self.num_channels, positional=True)
        return Constructor("nn.GroupNorm", (first, channels, *arguments_of(self, positional=0)[2:]))


@dataclass(frozen=True)
class LayerNorm(Op):
    """(..., *normalized_shape) -> the same: `nn.LayerNorm` over the last axes.

    P = twice the size of `normalized_shape`.
    """

    kind: ClassVar[str] = "layer_norm"
    short: ClassVar[str] = "LN"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True

    normalized_shape: Shape
    eps: float = 1e-05
    elementwise_affine: bool = True
    bias: bool = True

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def parameters(self) -> tuple[Parameter, ...]:
        affine = self.elementwise_affine
        return _scale_and_shift(self.normalized_shape, scale=affine, shift=affine and self.bias)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return (
            8 * numel(inputs[0]) // numel(self.normalized_shape)
        )  # mean and 1 / deviation of each row

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)

    def label(self) -> str:
        return "layer norm"

    def constructor(self) -> Constructor:
        shape = self.normalized_shape
        first = Argument(
            "normalized_shape", shape[0] if len(shape) == 1 else shape, positional=True
        )
        return Constructor("nn.LayerNorm", (first, *arguments_of(self, positional=0)[1:]))


@dataclass(frozen=True)
class ChannelNorm(Op):
    """(C, ...) -> (C, ...): layer norm over the channels at each position. P = 2C with `affine`.

    PyTorch has no module for it: `nn.LayerNorm` takes the last axes only.
    """

    kind: ClassVar[str] = "channel_norm"
    short: ClassVar[str] = "ChannelNorm"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True
    reorders: ClassVar[bool] = True
    definition: ClassVar[str] = '''\
class ChannelNorm(nn.Module):
    """Layer norm over the channels, at each position by itself."""

    def __init__(
        self, num_channels: int, eps: float = 1e-05, affine: bool = True
    ) -> None:
        super().__init__()
        self.num_channels = num_channels
        self.eps = eps
        self.weight = nn.Parameter(torch.empty(num_channels)) if affine else None
        self.bias = nn.Parameter(torch.empty(num_channels)) if affine else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        if self.weight is not None and self.bias is not None:
            nn.init.ones_(self.weight)
            nn.init.zeros_(self.bias)

    def extra_repr(self) -> str:
        affine = self.weight is not None
        return f"{self.num_channels}, eps={self.eps}, affine={affine}"

    def forward(self, x: Tensor) -> Tensor:
        x = x.movedim(1, -1)
        x = F.layer_norm(x, (self.num_channels,), self.weight, self.bias, self.eps)
        return x.movedim(-1, 1)
'''

    num_channels: int
    eps: float = 1e-05
    affine: bool = True

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def parameters(self) -> tuple[Parameter, ...]:
        return _scale_and_shift((self.num_channels,), scale=self.affine, shift=self.affine)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 8 * numel(inputs[0][1:])  # mean and 1 / deviation of each position

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.kept_besides(inputs, outputs)

    def label(self) -> str:
        return "channel norm"

    def constructor(self) -> Constructor:
        return Constructor("ChannelNorm", arguments_of(self, positional=1))


def _scale_and_shift(shape: Shape, *, scale: bool, shift: bool) -> tuple[Parameter, ...]:
    """`weight` and `bias`, as far as they are trained."""
    found = [Parameter("weight", shape)] if scale else []
    found += [Parameter("bias", shape)] if shift else []
    return tuple(found)


@dataclass(frozen=True)
class LocalResponseNorm(Op):
    """(C, H, W) -> (C, H, W): `nn.LocalResponseNorm`, which divides `alpha` by `size` as Caffe does.

    Krizhevsky et al. 2012, section 3.3, applies `alpha` to the plain sum: give `size` times as much here.
    """

    kind: ClassVar[str] = "lrn"
    short: ClassVar[str] = "LRN"
    category: ClassVar[Category] = Category.NORM
    kept: ClassVar[Kept] = Kept.INPUTS

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        return (shape,)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Squares with zeros around the channels, their scaled mean, and its power."""
        channels, *spatial = inputs[0]
        return 4 * numel(spatial) * (channels + self.size - 1 + 2 * channels)

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Two steps of its formula, or the squares with zeros around the channels, which is more."""
        channels, *spatial = inputs[0]
        return 4 * numel(spatial) * max(2 * channels, channels + self.size - 1)

    def label(self) -> str:
        return f"LRN {self.size}"

    def constructor(self) -> Constructor:
        return Constructor("nn.LocalResponseNorm", arguments_of(self, positional=1))
