"""Noise in training, and a trained scale: dropout of channels and of samples, layer scale.

`dropout` itself is in `dense`. `dropout1d`, `dropout2d` and `dropout3d` are three names, though other
blocks follow the rank of their input: a `dropout2d` that is not known would be taken for `dropout`.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, Literal

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Positive, Probability
from netspec.graph import Value
from netspec.ops import AlphaDropout as AlphaDropoutOp
from netspec.ops import ChannelDropout
from netspec.ops import LayerScale as LayerScaleOp
from netspec.ops import StochasticDepth as StochasticDepthOp


class DropoutOfChannels(Block, ABC):
    """(C, ...) -> (C, ...): what the three dropouts of channels share."""

    axes: ClassVar[int]
    """The spatial axes of the input."""

    bare_field: ClassVar[str | None] = "p"
    reference: ClassVar[str] = "Tompson et al. 2015"

    p: Probability = 0.5
    """Probability of a zero, for each channel of each sample."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(ChannelDropout(self.p, self.axes), *inputs)


class Dropout1d(DropoutOfChannels):
    """(C, L) -> (C, L): in training, zeroes whole channels and scales up the rest.

    Raises:
        Misfit: the input is no sequence.
    """

    block_name: ClassVar[str] = "dropout1d"
    axes: ClassVar[int] = 1
    example: ClassVar[Example] = Example("- dropout1d: 0.2", input=(64, 100), output=(64, 100))


class Dropout2d(DropoutOfChannels):
    """(C, H, W) -> (C, H, W): in training, zeroes whole channels and scales up the rest.

    Raises:
        Misfit: the input is no map of height and width.
    """

    block_name: ClassVar[str] = "dropout2d"
    axes: ClassVar[int] = 2
    example: ClassVar[Example] = Example("- dropout2d: 0.2", input=(64, 8, 8), output=(64, 8, 8))


class Dropout3d(DropoutOfChannels):
    """(C, D, H, W) -> (C, D, H, W): in training, zeroes whole channels and scales up the rest.

    Raises:
        Misfit: the input is no volume.
    """

    block_name: ClassVar[str] = "dropout3d"
    axes: ClassVar[int] = 3
    example: ClassVar[Example] = Example(
        "- dropout3d: 0.2", input=(64, 4, 8, 8), output=(64, 4, 8, 8)
    )


class AlphaDropout(Block):
    """(...) -> (...): dropout that keeps mean and variance, for networks of `selu`."""

    block_name: ClassVar[str] = "alpha_dropout"
    bare_field: ClassVar[str] = "p"
    reference: ClassVar[str] = "Klambauer et al. 2017"
    example: ClassVar[Example] = Example("- alpha_dropout: 0.1", input=(128,), output=(128,))

    p: Probability = 0.5
    """Probability of a dropped element."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(AlphaDropoutOp(self.p), *inputs)


class StochasticDepth(Block):
    """(...) -> (...): in training, zeroes whole samples with probability `p` and scales up the rest.

    It stands at the end of a residual side, so that a sample sometimes skips the block.
    """

    block_name: ClassVar[str] = "stochastic_depth"
    bare_field: ClassVar[str] = "p"
    reference: ClassVar[str] = "Huang et al. 2016, Deep Networks with Stochastic Depth"
    example: ClassVar[Example] = Example(
        "- stochastic_depth: 0.1", input=(64, 8, 8), output=(64, 8, 8)
    )

    p: Probability
    """Probability of a skipped block."""
    mode: Literal["row", "batch"] = "row"
    """Decide for each sample, or once for the whole batch."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(StochasticDepthOp(self.p, self.mode), *inputs)


class LayerScale(Block):
    """(C, ...) -> (C, ...): times a trained weight per channel, which starts small."""

    block_name: ClassVar[str] = "layer_scale"
    bare_field: ClassVar[str] = "init_value"
    reference: ClassVar[str] = "Touvron et al. 2021, Going Deeper with Image Transformers"
    example: ClassVar[Example] = Example(
        "- layer_scale: 1.0e-6", input=(96, 8, 8), output=(96, 8, 8)
    )

    init_value: Positive
    """What every weight starts as; 1e-6 in ConvNeXt."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(LayerScaleOp(x.channels, self.init_value, x.rank), x)
