"""Normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Category, Constructor, Op, Parameter, arguments_of, need_map
from netspec.shape import Shape


@dataclass(frozen=True)
class BatchNorm(Op):
    """(C, ...) -> (C, ...): `nn.BatchNorm1d`, `2d` or `3d`; `rank` counts the spatial axes.

    P = 2C with `affine`; the running statistics are buffers, not parameters.
    """

    kind: ClassVar[str] = "batch_norm"
    short: ClassVar[str] = "BN"
    category: ClassVar[Category] = Category.NORM
    overwritable: ClassVar[bool] = True

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
        shape = (self.num_features,)
        return (Parameter("weight", shape), Parameter("bias", shape)) if self.affine else ()

    def label(self) -> str:
        return "batch norm"

    def constructor(self) -> Constructor:
        arguments = arguments_of(self, positional=1)[:-1]  # `rank` is in the class's name
        return Constructor(f"nn.BatchNorm{max(self.rank, 1)}d", arguments)


@dataclass(frozen=True)
class LocalResponseNorm(Op):
    """(C, H, W) -> (C, H, W): `nn.LocalResponseNorm`, which divides `alpha` by `size` as Caffe does.

    Krizhevsky et al. 2012, section 3.3, applies `alpha` to the plain sum: give `size` times as much here.
    """

    kind: ClassVar[str] = "lrn"
    short: ClassVar[str] = "LRN"
    category: ClassVar[Category] = Category.NORM

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        return (shape,)

    def label(self) -> str:
        return f"LRN {self.size}"

    def constructor(self) -> Constructor:
        return Constructor("nn.LocalResponseNorm", arguments_of(self, positional=1))
