"""The op that gives several values. Stricter than PyTorch: nothing is left over, no part is smaller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Category, Op
from netspec.shape import Shape


@dataclass(frozen=True)
class Split(Op):
    """(C, H, W) -> (c1, H, W), (c2, H, W), ...: parts of the given sizes along `dim`; 1 is the channels.

    Equal parts are spelled as `torch.chunk`, which names no width: blocks that differ in width alone
    share a class in the generated source.

    Raises:
        Misfit: `dim-out-of-range`, `split-sizes`.
    """

    kind: ClassVar[str] = "split"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Split"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True

    sizes: tuple[int, ...]
    dim: int = 1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        size = axis_size(shape, self.dim)
        if sum(self.sizes) != size:
            raise Misfit("split-sizes", "sizes", sizes=self.sizes, size=size, dim=self.dim)
        return tuple((*shape[: self.dim - 1], part, *shape[self.dim :]) for part in self.sizes)

    @property
    def _equal(self) -> bool:
        return len(set(self.sizes)) == 1

    def label(self) -> str:
        parts = f"into {len(self.sizes)}" if self._equal else " + ".join(map(str, self.sizes))
        return f"split {parts}"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        x = arguments[0]
        if self._equal:
            return f"torch.chunk({x}, {len(self.sizes)}, dim={self.dim})"
        sizes = ", ".join(map(str, self.sizes))
        return f"torch.split({x}, [{sizes}], dim={self.dim})"


def axis_size(shape: Shape, dim: int) -> int:
    """The size along `dim`, counted as in PyTorch: 1 is the channels.

    Raises:
        Misfit: `dim-out-of-range`.
    """
    if not 0 < dim <= len(shape):
        raise Misfit("dim-out-of-range", "dim", dim=dim, shape=shape)
    return shape[dim - 1]
