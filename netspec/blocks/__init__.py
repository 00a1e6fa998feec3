"""The registry of built-in blocks: explicit lists, in the order in which pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netspec.blocks.activation import ACTIVATIONS
from netspec.blocks.attention import SelectiveKernel, SqueezeExcite
from netspec.blocks.base import (
    COMMON,
    Block,
    BlockValue,
    BranchList,
    Build,
    Example,
    FieldKind,
    LayerList,
    Preset,
    Rows,
    Values,
)
from netspec.blocks.conv import Conv, ConvTranspose, DepthwiseConv, SeparableConv
from netspec.blocks.dense import Dropout, Flatten, Identity, Linear
from netspec.blocks.for_each import ForEach
from netspec.blocks.inception import Inception
from netspec.blocks.merge import Add, Concat, Mul, Stack
from netspec.blocks.nin import NinBlock
from netspec.blocks.norm import BatchNorm, ChannelNorm, GroupNorm, InstanceNorm, LayerNorm, Lrn
from netspec.blocks.pool import AVG_POOL, MAX_POOL, AdaptiveAvgPool, AdaptiveMaxPool, Gap, Gmp, Pool
from netspec.blocks.reduce import Max, Mean, Min, Sum
from netspec.blocks.regularize import (
    AlphaDropout,
    Dropout1d,
    Dropout2d,
    Dropout3d,
    LayerScale,
    StochasticDepth,
)
from netspec.blocks.residual import ResidualBasic, ResidualBottleneck, ResidualInverted
from netspec.blocks.resize import Pad, Upsample
from netspec.blocks.shape import ChannelShuffle, Permute, Reshape, Transpose, Unflatten
from netspec.blocks.split import Split
from netspec.blocks.structure import AuxHead, Parallel, Residual, Sequential

GROUPS: Mapping[str, tuple[type[Block] | Preset, ...]] = MappingProxyType(
    {
        "Convolution and linear": (
            Conv,
            DepthwiseConv,
            SeparableConv,
            ConvTranspose,
            Linear,
        ),
        "Pooling": (
            Pool,
            MAX_POOL,
            AVG_POOL,
            AdaptiveAvgPool,
            AdaptiveMaxPool,
            Gap,
            Gmp,
        ),
        "Normalisation": (BatchNorm, GroupNorm, LayerNorm, ChannelNorm, InstanceNorm, Lrn),
        "Activation": ACTIVATIONS,
        "Regularisation": (
            Dropout,
            Dropout1d,
            Dropout2d,
            Dropout3d,
            AlphaDropout,
            StochasticDepth,
            LayerScale,
        ),
        "Size": (Pad, Upsample),
        "Shape": (Flatten, Unflatten, Reshape, Permute, Transpose, ChannelShuffle, Identity),
        "Reductions": (Sum, Mean, Max, Min),
        "Merges": (Concat, Add, Mul, Stack),
        "Structure": (Sequential, Parallel, Split, Residual, ForEach, AuxHead),
        "Composites": (
            NinBlock,
            Inception,
            ResidualBasic,
            ResidualBottleneck,
            ResidualInverted,
            SqueezeExcite,
            SelectiveKernel,
        ),
    }
)
"""Title -> blocks: the order in which pages show them."""

BLOCKS: Mapping[str, type[Block] | Preset] = MappingProxyType(
    {
        entry.name if isinstance(entry, Preset) else entry.block_name: entry
        for group in GROUPS.values()
        for entry in group
    }
)
"""Name in YAML -> block or preset."""

__all__ = [
    "BLOCKS",
    "COMMON",
    "GROUPS",
    "Block",
    "BlockValue",
    "BranchList",
    "Build",
    "Example",
    "FieldKind",
    "LayerList",
    "Preset",
    "Rows",
    "Values",
]
