"""Ops that take one number of each axis: sum, mean, the largest, the smallest."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Category, Kept, Op
from netspec.ops.shape import need_dim
from netspec.shape import Shape
from netspec.sight import Sight, whole


@dataclass(frozen=True)
class Reduction(Op, ABC):
    """(..., n, ...) -> (..., ...): what the reductions share. `dim` are the axes that go.

    With `keepdim` those axes stay, with size 1.

    Raises:
        Misfit: `dim-out-of-range`, `no-axis-left`.
    """

    function: ClassVar[str]
    """What PyTorch calls it."""

    category: ClassVar[Category] = Category.POOL

    dim: tuple[int, ...]
    keepdim: bool = False

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        gone = {need_dim(dim, "dim", shape) for dim in self.dim}
        if self.keepdim:
            return (tuple(1 if axis in gone else size for axis, size in enumerate(shape)),)
        if len(gone) == len(shape):
            raise Misfit("no-axis-left", "dim", shape=shape)
        return (tuple(size for axis, size in enumerate(shape) if axis not in gone),)

    def sight(self, shape: Shape) -> tuple[Sight, ...]:
        return whole(shape, self.dim)

    def moves(self, shape: Shape, axes: int) -> bool:
        gone = sum(dim > len(shape) - axes for dim in self.dim)
        return not self.keepdim and 0 < gone < axes

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        if self.keepdim:
            return tuple(1 if dim in self.dim else size for dim, size in enumerate(output, start=2))
        first, *others = (dim for dim in range(1, len(shape) + 1) if dim not in self.dim)
        wanted = {first: shape[first - 1], **dict(zip(others, output, strict=True))}
        return tuple(wanted.get(dim, 1) for dim in range(2, len(shape) + 1))

    def label(self) -> str:
        axes = "axis" if len(self.dim) == 1 else "axes"
        return f"{self.kind} of {axes} {', '.join(map(str, self.dim))}"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        dim = str(self.dim[0]) if len(self.dim) == 1 else f"({', '.join(map(str, self.dim))})"
        keep = ", keepdim=True" if self.keepdim else ""
        return f"{self.function}({arguments[0]}, dim={dim}{keep})"


@dataclass(frozen=True)
class Sum(Reduction):
    """(..., n, ...) -> (..., ...): `torch.sum`."""

    kind: ClassVar[str] = "sum"
    short: ClassVar[str] = "Sum"
    function: ClassVar[str] = "torch.sum"


@dataclass(frozen=True)
class Mean(Reduction):
    """(..., n, ...) -> (..., ...): `torch.mean`."""

    kind: ClassVar[str] = "mean"
    short: ClassVar[str] = "Mean"
    function: ClassVar[str] = "torch.mean"


@dataclass(frozen=True)
class Max(Reduction):
    """(..., n, ...) -> (..., ...): `torch.amax`; `torch.max` along an axis gives positions too."""

    kind: ClassVar[str] = "max"
    short: ClassVar[str] = "Max"
    kept: ClassVar[Kept] = Kept.BOTH
    function: ClassVar[str] = "torch.amax"


@dataclass(frozen=True)
class Min(Reduction):
    """(..., n, ...) -> (..., ...): `torch.amin`; `torch.min` along an axis gives positions too."""

    kind: ClassVar[str] = "min"
    short: ClassVar[str] = "Min"
    kept: ClassVar[Kept] = Kept.BOTH
    function: ClassVar[str] = "torch.amin"
