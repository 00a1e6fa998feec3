"""Ops that join several values into one. Stricter than PyTorch: `add` never broadcasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import Category, Kept, Op
from netspec.ops.formula import Formula, axes
from netspec.shape import Shape, numel


@dataclass(frozen=True)
class Concat(Op):
    """(C1, H, W), (C2, H, W), ... -> (C1 + C2 + ..., H, W): `torch.cat` along `dim`; 1 is the channels.

    Raises:
        Misfit: `dim-out-of-range`, `merge-ranks-differ`, `concat-sizes-differ`.
    """

    kind: ClassVar[str] = "concat"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Concat"
    category: ClassVar[Category] = Category.MERGE
    arity: ClassVar[int | None] = None
    overwritable: ClassVar[bool] = True

    dim: int = 1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        first = inputs[0]
        if not 0 < self.dim <= len(first):
            raise Misfit("dim-out-of-range", "dim", dim=self.dim, shape=first)
        axis = self.dim - 1
        if any(len(shape) != len(first) for shape in inputs):
            raise Misfit("merge-ranks-differ", op=self.kind, shapes=tuple(inputs))
        rest = {shape[:axis] + shape[axis + 1 :] for shape in inputs}
        if len(rest) > 1:
            raise Misfit("concat-sizes-differ", shapes=tuple(inputs), dim=self.dim)
        return ((*first[:axis], sum(shape[axis] for shape in inputs), *first[axis + 1 :]),)

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        axis = self.dim - 1
        letter, numbers = axes(inputs[0])[axis], " + ".join(str(shape[axis]) for shape in inputs)
        words = f"the sum of {letter} of all {len(inputs)} inputs"
        return (Formula(f"{letter}'", words, numbers, outputs[0][axis]),)

    def label(self) -> str:
        return "concat"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return f"torch.cat([{', '.join(arguments)}], dim={self.dim})"


@dataclass(frozen=True)
class Add(Op):
    """Values of one shape -> their sum; `scale` is a factor on the first one.

    Raises:
        Misfit: `add-shapes-differ`.
    """

    kind: ClassVar[str] = "add"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Add"
    category: ClassVar[Category] = Category.MERGE
    arity: ClassVar[int | None] = None
    overwritable: ClassVar[bool] = True

    scale: float = 1.0

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        if len(set(inputs)) > 1:
            raise Misfit("add-shapes-differ", shapes=tuple(inputs))
        return (inputs[0],)

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """A sum or product on the way, where there is more than one step."""
        return 4 * numel(outputs[0]) * (len(inputs) > 2 or self.scale != 1)

    def label(self) -> str:
        return "add" if self.scale == 1 else f"add, scale {self.scale:g}"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        first, *others = arguments
        scaled = first if self.scale == 1 else f"{self.scale!r} * {first}"
        return " + ".join([scaled, *others])


@dataclass(frozen=True)
class Mul(Op):
    """Values of one shape -> their product; a `(C, 1, 1)` gate is spread over a `(C, H, W)` map.

    Raises:
        Misfit: `mul-shapes-differ`.
    """

    kind: ClassVar[str] = "mul"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Mul"
    category: ClassVar[Category] = Category.MERGE
    arity: ClassVar[int | None] = None
    kept: ClassVar[Kept] = Kept.INPUTS

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        largest = max(inputs, key=lambda shape: (len(shape), shape))
        for shape in inputs:
            is_gate = len(largest) > 2 and shape == (*largest[:-2], 1, 1)
            if shape != largest and not is_gate:
                raise Misfit("mul-shapes-differ", shapes=tuple(inputs))
        return (largest,)

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """The product so far beside the next one."""
        made = list(accumulate(map(numel, inputs), max))[1:]
        return 4 * (max(map(sum, pairwise(made)), default=made[-1]) - made[-1])

    def label(self) -> str:
        return "mul"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return " * ".join(arguments)


@dataclass(frozen=True)
class Stack(Op):
    """Values of one shape (C, H, W) -> (M, C, H, W): `torch.stack`, a new axis at `dim`.

    Raises:
        Misfit: `stack-dim`, `stack-shapes-differ`.
    """

    kind: ClassVar[str] = "stack"
    keeps_sign: ClassVar[bool] = True
    short: ClassVar[str] = "Stack"
    category: ClassVar[Category] = Category.MERGE
    arity: ClassVar[int | None] = None
    overwritable: ClassVar[bool] = True

    dim: int = 1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        first, axis = inputs[0], self.dim - 1
        if not 0 <= axis <= len(first):
            raise Misfit("stack-dim", "dim", dim=self.dim, shape=first)
        if len(set(inputs)) > 1:
            raise Misfit("stack-shapes-differ", shapes=tuple(inputs))
        return ((*first[:axis], len(inputs), *first[axis:]),)

    def moves(self, shape: Shape, axes: int) -> bool:
        return self.dim > len(shape) + 1 - axes

    def label(self) -> str:
        return "stack"

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return f"torch.stack([{', '.join(arguments)}], dim={self.dim})"
