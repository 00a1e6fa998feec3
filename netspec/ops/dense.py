"""Ops on vectors, and those that change nothing in inference: linear, flatten, dropout, identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Argument, Category, Constructor, Kept, Op, Parameter, arguments_of
from netspec.ops.formula import Formula, axes
from netspec.shape import Shape, numel
from netspec.sight import Sight, whole


@dataclass(frozen=True)
class Linear(Op):
    """(in_features,) -> (out_features,): `nn.Linear`. P = in*out + out if bias; MACs = in*out.

    Raises:
        Misfit: `needs-vector` for a map: PyTorch would act on the last axis alone, silently.
    """

    kind: ClassVar[str] = "linear"
    short: ClassVar[str] = "Linear"
    category: ClassVar[Category] = Category.LINEAR
    overwritable: ClassVar[bool] = True
    kept: ClassVar[Kept] = Kept.INPUTS

    in_features: int
    out_features: int
    bias: bool = True

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        if len(shape) != 1:
            raise Misfit("needs-vector", op=self.kind, shape=shape)
        return ((self.out_features,),)

    def parameters(self) -> tuple[Parameter, ...]:
        weight = Parameter("weight", (self.out_features, self.in_features))
        return (weight, Parameter("bias", (self.out_features,))) if self.bias else (weight,)

    def macs(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return self.in_features * self.out_features

    def macs_formula(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> Formula:
        words, numbers = "out_features * in_features", f"{self.out_features} * {self.in_features}"
        return Formula("MACs", words, numbers, self.in_features * self.out_features)

    def label(self) -> str:
        return "linear"

    def constructor(self) -> Constructor:
        return Constructor("nn.Linear", arguments_of(self, positional=2))


@dataclass(frozen=True)
class Flatten(Op):
    """(C, H, W) -> (C*H*W,): `nn.Flatten`; `start_dim` and `end_dim` count the batch as 0.

    Raises:
        Misfit: `dim-out-of-range`.
    """

    kind: ClassVar[str] = "flatten"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Flatten"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True
    needs_order: ClassVar[bool] = True

    start_dim: int = 1
    end_dim: int = -1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        last = len(shape) if self.end_dim == -1 else self.end_dim
        for field, dim in (("start_dim", self.start_dim), ("end_dim", last)):
            if not 0 < dim <= len(shape):
                raise Misfit("dim-out-of-range", field, dim=dim, shape=shape)
        if last < self.start_dim:
            raise Misfit("dims-out-of-order", "end_dim", start=self.start_dim, end=last)
        start = self.start_dim - 1
        return ((*shape[:start], numel(shape[start:last]), *shape[last:]),)

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        (shape,) = inputs
        merged = slice(self.start_dim - 1, len(shape) if self.end_dim == -1 else self.end_dim)
        words, numbers = " * ".join(axes(shape)[merged]), " * ".join(map(str, shape[merged]))
        return (Formula("size", words, numbers, outputs[0][merged.start]),)

    def sight(self, shape: Shape) -> tuple[Sight, ...] | None:
        """The whole map: a vector is read as a whole."""
        (out,) = self.infer([shape])
        return whole(shape, range(2, len(shape) + 1)) if len(out) == 1 else None

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        return (1,) * (len(shape) - 1)

    def label(self) -> str:
        return "flatten"

    def constructor(self) -> Constructor:
        return Constructor("nn.Flatten", arguments_of(self, positional=0))

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        end = "" if self.end_dim == -1 else f", {self.end_dim}"
        return f"torch.flatten({arguments[0]}, {self.start_dim}{end})"


@dataclass(frozen=True)
class Dropout(Op):
    """(...) -> (...): zeroes each element with probability `p` in training; nothing in inference."""

    kind: ClassVar[str] = "dropout"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Dropout"
    category: ClassVar[Category] = Category.REGULARIZE

    p: float = 0.5

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def passes(self, *, training: bool) -> bool:
        return not (training and self.p)

    def is_constant(self, shape: Shape) -> bool:
        return self.p == 1

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return mask_bytes(self.p, inputs[0])

    def label(self) -> str:
        return f"dropout {self.p:g}"

    def constructor(self) -> Constructor:
        return Constructor("nn.Dropout", (Argument("p", self.p, positional=True),))


def mask_bytes(p: float, shape: Shape) -> int:
    """Bytes of a scaled mask of this shape; where nothing is dropped, none, and where all is, one zero."""
    return 4 * (numel(shape) if 0 < p < 1 else int(p))


@dataclass(frozen=True)
class Identity(Op):
    """(...) -> the same value: `nn.Identity`."""

    kind: ClassVar[str] = "identity"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Identity"
    category: ClassVar[Category] = Category.RESHAPE
    is_view: ClassVar[bool] = True

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def label(self) -> str:
        return "identity"

    def constructor(self) -> Constructor:
        return Constructor("nn.Identity", ())

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return arguments[0]
