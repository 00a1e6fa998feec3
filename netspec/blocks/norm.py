"""Normalisation."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Count, Positive, Probability
from netspec.graph import Value
from netspec.ops import BatchNorm as BatchNormOp
from netspec.ops import LocalResponseNorm


class BatchNorm(Block):
    """(C, ...) -> (C, ...): batch normalisation over each channel, for maps and vectors alike."""

    block_name: ClassVar[str] = "batch_norm"
    reference: ClassVar[str] = "Ioffe and Szegedy 2015"
    example: ClassVar[Example] = Example("- batch_norm", input=(64, 8, 8), output=(64, 8, 8))

    eps: Positive = 1e-5
    """Added to the variance."""
    momentum: Probability | None = 0.1
    """Share of the new batch in the running statistics."""
    affine: bool = True
    """Learn a scale and a shift per channel."""
    track_running_stats: bool = True
    """Keep running statistics for inference."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        fields = (self.eps, self.momentum, self.affine, self.track_running_stats)
        return build.op(BatchNormOp(x.channels, *fields, rank=x.rank), x)


class Lrn(Block):
    """(C, H, W) -> (C, H, W): local response normalisation across `size` channels.

    As in PyTorch and Caffe, `alpha` is divided by `size`; the paper applies it to the plain sum, so its
    alpha 1e-4 with size 5 is 5e-4 here.
    """

    block_name: ClassVar[str] = "lrn"
    bare_field: ClassVar[str] = "size"
    reference: ClassVar[str] = "Krizhevsky et al. 2012, section 3.3"
    example: ClassVar[Example] = Example("- lrn: 5", input=(64, 8, 8), output=(64, 8, 8))

    size: Count
    """Number of neighbouring channels."""
    alpha: Positive = 1e-4
    """Scale of the sum of squares."""
    beta: Positive = 0.75
    """Exponent."""
    k: Positive = 1.0
    """Added to the sum."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(LocalResponseNorm(self.size, self.alpha, self.beta, self.k), x)
