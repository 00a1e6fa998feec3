"""Noise in training, and a trained scale: ops that keep every shape.

`dropout` itself is in `dense`. Where PyTorch has no module, the class stands here as source
(`definition`) and is written once into a file that uses it; so the file needs neither torchvision
nor timm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Argument, Category, Constructor, Kept, Op, Parameter, arguments_of
from netspec.ops.dense import mask_bytes
from netspec.shape import Shape


@dataclass(frozen=True)
class ChannelDropout(Op):
    """(C, ...) -> (C, ...): zeroes whole channels: `nn.Dropout1d`, `2d` or `3d`, by its `rank`.

    Raises:
        Misfit: `needs-map` for an input of another rank: PyTorch would drop something else.
    """

    kind: ClassVar[str] = "channel_dropout"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "ChannelDropout"
    category: ClassVar[Category] = Category.REGULARIZE

    p: float = 0.5
    rank: int = 2

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        rank = len(shape) - 1
        if rank != self.rank:
            instead = f"dropout{rank}d" if rank in {1, 2, 3} else "dropout"
            ranks = (self.rank,)
            raise Misfit("needs-map", op=self.kind, shape=shape, ranks=ranks, instead=instead)
        return (shape,)

    def passes(self, *, training: bool) -> bool:
        return not (training and self.p)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return mask_bytes(self.p, inputs[0][:1])

    def is_constant(self, shape: Shape) -> bool:
        return self.p == 1

    def label(self) -> str:
        return f"dropout{self.rank}d {self.p:g}"

    def constructor(self) -> Constructor:
        argument = Argument("p", self.p, positional=True)
        return Constructor(f"nn.Dropout{self.rank}d", (argument,))


@dataclass(frozen=True)
class AlphaDropout(Op):
    """(...) -> (...): `nn.AlphaDropout`: dropout that keeps the mean and variance that SELU needs."""

    kind: ClassVar[str] = "alpha_dropout"
    short: ClassVar[str] = "AlphaDropout"
    category: ClassVar[Category] = Category.REGULARIZE

    p: float = 0.5

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def passes(self, *, training: bool) -> bool:
        return not (training and self.p)

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return mask_bytes(self.p, inputs[0])

    def is_constant(self, shape: Shape) -> bool:
        return self.p == 1

    def label(self) -> str:
        return f"alpha dropout {self.p:g}"

    def constructor(self) -> Constructor:
        return Constructor("nn.AlphaDropout", (Argument("p", self.p, positional=True),))


@dataclass(frozen=True)
class StochasticDepth(Op):
    """(...) -> (...): zeroes whole samples (`row`) or the batch with probability `p` in training."""

    kind: ClassVar[str] = "stochastic_depth"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "StochasticDepth"
    category: ClassVar[Category] = Category.REGULARIZE
    definition: ClassVar[str] = '''\
class StochasticDepth(nn.Module):
    """In training, zeroes whole samples, or the batch, and scales up the rest."""

    def __init__(self, p: float, mode: str = "row") -> None:
        super().__init__()
        self.p = p
        self.mode = mode

    def extra_repr(self) -> str:
        return f"p={self.p}, mode={self.mode}"

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        samples = x.shape[0] if self.mode == "row" else 1
        kept = F.dropout(x.new_ones(samples, *[1] * (x.dim() - 1)), self.p)
        return x * kept
'''

    p: float
    mode: str = "row"

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def passes(self, *, training: bool) -> bool:
        return not training

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 4  # the factor of the sample

    def is_constant(self, shape: Shape) -> bool:
        return self.p == 1

    def label(self) -> str:
        return f"stochastic depth {self.p:g}"

    def constructor(self) -> Constructor:
        return Constructor("StochasticDepth", arguments_of(self, positional=1))


@dataclass(frozen=True)
class LayerScale(Op):
    """(C, ...) -> (C, ...): times a trained weight per channel. P = C; `rank` counts spatial axes."""

    kind: ClassVar[str] = "layer_scale"
    short: ClassVar[str] = "LayerScale"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.NORM
    definition: ClassVar[str] = '''\
class LayerScale(nn.Module):
    """Times a trained weight per channel, which starts small."""

    def __init__(self, num_channels: int, init_value: float, rank: int = 2) -> None:
        super().__init__()
        self.init_value = init_value
        self.weight = nn.Parameter(torch.empty(num_channels, *[1] * rank))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.constant_(self.weight, self.init_value)

    def extra_repr(self) -> str:
        return f"{len(self.weight)}, init_value={self.init_value}"

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight
'''

    num_channels: int
    init_value: float
    rank: int = 2

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("weight", (self.num_channels, *[1] * self.rank)),)

    def label(self) -> str:
        return "layer scale"

    def constructor(self) -> Constructor:
        return Constructor("LayerScale", arguments_of(self, positional=2))
