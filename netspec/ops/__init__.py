"""The closed set of primitive ops. Blocks lower into these; nothing else computes shapes or costs."""

from netspec.ops.activation import GLU, SPELLINGS, Activation, PReLU
from netspec.ops.base import Argument, Category, Constructor, Kept, Op, Parameter
from netspec.ops.conv import Conv, ConvTranspose
from netspec.ops.dense import Dropout, Flatten, Identity, Linear
from netspec.ops.merge import Add, Concat, Mul, Stack
from netspec.ops.norm import (
    BatchNorm,
    ChannelNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    LocalResponseNorm,
)
from netspec.ops.pool import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool
from netspec.ops.reduce import Max, Mean, Min, Reduction, Sum
from netspec.ops.regularize import AlphaDropout, ChannelDropout, LayerScale, StochasticDepth
from netspec.ops.resize import Pad, Upsample
from netspec.ops.shape import ChannelShuffle, Permute, Reshape, Transpose, Unflatten
from netspec.ops.split import Split, axis_size
from netspec.ops.window import spell_size

OPS: tuple[type[Op], ...] = (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AlphaDropout,
    AvgPool,
    BatchNorm,
    ChannelDropout,
    ChannelNorm,
    ChannelShuffle,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    GLU,
    GroupNorm,
    Identity,
    InstanceNorm,
    LayerNorm,
    LayerScale,
    Linear,
    LocalResponseNorm,
    Max,
    MaxPool,
    Mean,
    Min,
    Mul,
    PReLU,
    Pad,
    Permute,
    Reshape,
    Split,
    Stack,
    StochasticDepth,
    Sum,
    Transpose,
    Unflatten,
    Upsample,
)
"""Every op, for the contract test."""

__all__ = [
    "GLU",
    "OPS",
    "SPELLINGS",
    "Activation",
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "Add",
    "AlphaDropout",
    "Argument",
    "AvgPool",
    "BatchNorm",
    "Category",
    "ChannelDropout",
    "ChannelNorm",
    "ChannelShuffle",
    "Concat",
    "Constructor",
    "Conv",
    "ConvTranspose",
    "Dropout",
    "Flatten",
    "GroupNorm",
    "Identity",
    "InstanceNorm",
    "Kept",
    "LayerNorm",
    "LayerScale",
    "Linear",
    "LocalResponseNorm",
    "Max",
    "MaxPool",
    "Mean",
    "Min",
    "Mul",
    "Op",
    "PReLU",
    "Pad",
    "Parameter",
    "Permute",
    "Reduction",
    "Reshape",
    "Split",
    "Stack",
    "StochasticDepth",
    "Sum",
    "Transpose",
    "Unflatten",
    "Upsample",
    "axis_size",
    "spell_size",
]
