"""Reductions: the sum, mean, largest or smallest number along axes."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Dims
from netspec.graph import Value
from netspec.ops import Max as MaxOp
from netspec.ops import Mean as MeanOp
from netspec.ops import Min as MinOp
from netspec.ops import Reduction as ReductionOp
from netspec.ops import Sum as SumOp


class Reduction(Block, ABC):
    """(..., n, ...) -> (..., ...): what the reductions share."""

    bare_field: ClassVar[str | None] = "dim"
    structural: ClassVar[bool] = True

    dim: Dims
    """The axis, or a list of axes; 0, the batch, cannot be reduced, 1 is the channels."""
    keepdim: bool = False
    """Keep the axes, with size 1."""

    merge: ClassVar[type[ReductionOp]]

    def lower(self, build: Build, *inputs: Value) -> Value:
        dims = (self.dim,) if isinstance(self.dim, int) else tuple(sorted(self.dim))
        return build.op(self.merge(dims, self.keepdim), *inputs)


class Sum(Reduction):
    """(..., n, ...) -> (..., ...): the sum along `dim`.

    Raises:
        Misfit: there is no such axis, or no axis would be left.
    """

    block_name: ClassVar[str] = "sum"
    merge: ClassVar[type[ReductionOp]] = SumOp
    example: ClassVar[Example] = Example("- sum: {dim: 1}", (2, 64, 8, 8), (64, 8, 8))


class Mean(Reduction):
    """(..., n, ...) -> (..., ...): the mean along `dim`. `gap` is the usual one of a map.

    Raises:
        Misfit: there is no such axis, or no axis would be left.
    """

    block_name: ClassVar[str] = "mean"
    merge: ClassVar[type[ReductionOp]] = MeanOp
    example: ClassVar[Example] = Example(
        "- mean: {dim: [3, 4], keepdim: true}", (64, 4, 8, 8), (64, 4, 1, 1)
    )


class Max(Reduction):
    """(..., n, ...) -> (..., ...): the largest number along `dim`.

    Raises:
        Misfit: there is no such axis, or no axis would be left.
    """

    block_name: ClassVar[str] = "max"
    merge: ClassVar[type[ReductionOp]] = MaxOp
    example: ClassVar[Example] = Example("- max: {dim: 1, keepdim: true}", (64, 8, 8), (1, 8, 8))


class Min(Reduction):
    """(..., n, ...) -> (..., ...): the smallest number along `dim`.

    Raises:
        Misfit: there is no such axis, or no axis would be left.
    """

    block_name: ClassVar[str] = "min"
    merge: ClassVar[type[ReductionOp]] = MinOp
    example: ClassVar[Example] = Example("- min: {dim: 1, keepdim: true}", (64, 8, 8), (1, 8, 8))
