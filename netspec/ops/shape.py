"""Ops that move numbers without changing them: reshape, permute, transpose, unflatten, channel shuffle.

Axes count as in PyTorch, 0 is the batch; a shape in a field never holds the batch. `flatten` is in
`dense`, beside the layer that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Argument, Category, Constructor, Op, groups_misfit, need_map
from netspec.shape import Shape, numel


def fill(sizes: Shape, count: int, field: str, shape: Shape) -> Shape:
    """The sizes with the number for -1, so that they hold `count` elements.

    Raises:
        Misfit: `elements-differ`, when they cannot.
    """
    known = numel([size for size in sizes if size != -1])
    rest, over = divmod(count, known)
    if over or (rest != 1 and -1 not in sizes):
        raise Misfit("elements-differ", field, sizes=sizes, count=count, shape=shape)
    return tuple(rest if size == -1 else size for size in sizes)


def need_dim(dim: int, field: str, shape: Shape) -> int:
    """The place of axis `dim` in `shape`.

    Raises:
        Misfit: `dim-out-of-range`.
    """
    if not 0 < dim <= len(shape):
        raise Misfit("dim-out-of-range", field, dim=dim, shape=shape)
    return dim - 1


@dataclass(frozen=True)
class Reshape(Op):
    """(...) -> shape: `torch.reshape`; one size may be -1.

    Raises:
        Misfit: `elements-differ`.
    """

    kind: ClassVar[str] = "reshape"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Reshape"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True
    needs_order: ClassVar[bool] = True

    shape: Shape

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        return (fill(self.shape, numel(shape), "shape", shape),)

    def label(self) -> str:
        return "reshape"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        x, sizes = arguments[0], ", ".join(map(str, self.shape))
        return f"torch.reshape({x}, ({x}.shape[0], {sizes}))"  # -1 would mix samples in silence


@dataclass(frozen=True)
class Unflatten(Op):
    """(C, H, W) -> (C1, C2, H, W): `nn.Unflatten`, one axis becomes several; one size may be -1.

    Raises:
        Misfit: `dim-out-of-range`, `elements-differ`.
    """

    kind: ClassVar[str] = "unflatten"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Unflatten"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True

    dim: int
    unflattened_size: Shape

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        axis = need_dim(self.dim, "dim", shape)
        sizes = fill(self.unflattened_size, shape[axis], "unflattened_size", shape)
        return ((*shape[:axis], *sizes, *shape[axis + 1 :]),)

    def label(self) -> str:
        return "unflatten"

    def constructor(self) -> Constructor:
        dim = Argument("dim", self.dim, positional=True)
        size = Argument("unflattened_size", self.unflattened_size, positional=True)
        return Constructor("nn.Unflatten", (dim, size))

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        sizes = ", ".join(map(str, self.unflattened_size))
        comma = "," * (len(self.unflattened_size) == 1)
        return f"torch.unflatten({arguments[0]}, {self.dim}, ({sizes}{comma}))"


@dataclass(frozen=True)
class Permute(Op):
    """(C, H, W) -> its axes in another order: `torch.permute`; `dims` leaves the batch out.

    Raises:
        Misfit: `not-a-permutation`.
    """

    kind: ClassVar[str] = "permute"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Permute"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True
    reorders: ClassVar[bool] = True

    dims: tuple[int, ...]

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        if sorted(self.dims) != list(range(1, len(shape) + 1)):
            raise Misfit("not-a-permutation", "dims", dims=self.dims, shape=shape)
        return (tuple(shape[dim - 1] for dim in self.dims),)

    def moves(self, shape: Shape, axes: int) -> bool:
        start = len(shape) - axes
        return self.dims[start:] != tuple(range(start + 1, len(shape) + 1))

    def label(self) -> str:
        return f"permute {' '.join(map(str, self.dims))}"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return f"torch.permute({arguments[0]}, (0, {', '.join(map(str, self.dims))}))"


@dataclass(frozen=True)
class Transpose(Op):
    """(C, H, W) -> two axes exchanged: `torch.transpose`.

    Raises:
        Misfit: `dim-out-of-range`.
    """

    kind: ClassVar[str] = "transpose"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Transpose"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True
    reorders: ClassVar[bool] = True

    dim0: int
    dim1: int

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        sizes = list(shape)
        first, second = need_dim(self.dim0, "dim0", shape), need_dim(self.dim1, "dim1", shape)
        sizes[first], sizes[second] = sizes[second], sizes[first]
        return (tuple(sizes),)

    def moves(self, shape: Shape, axes: int) -> bool:
        return self.dim0 != self.dim1 and max(self.dim0, self.dim1) > len(shape) - axes

    def label(self) -> str:
        return f"transpose {self.dim0} {self.dim1}"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return f"torch.transpose({arguments[0]}, {self.dim0}, {self.dim1})"


@dataclass(frozen=True)
class ChannelShuffle(Op):
    """(C, ...) -> (C, ...): `nn.ChannelShuffle`: with 2 groups, channels 0 1 2 3 come out as 0 2 1 3.

    Raises:
        Misfit: `needs-map`, `groups-do-not-divide`.
    """

    kind: ClassVar[str] = "channel_shuffle"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "ChannelShuffle"
    category: ClassVar[Category] = Category.RESHAPE

    groups: int

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        if shape[0] % self.groups:
            raise groups_misfit(shape[0], self.groups)
        return (shape,)

    def label(self) -> str:
        return f"shuffle {self.groups}"

    def constructor(self) -> Constructor:
        return Constructor("nn.ChannelShuffle", (Argument("groups", self.groups, positional=True),))
