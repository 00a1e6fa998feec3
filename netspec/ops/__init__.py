"""The closed set of primitive ops. Blocks lower into these; nothing else computes shapes or costs."""

from netspec.ops.activation import SPELLINGS, Activation
from netspec.ops.base import Argument, Category, Constructor, Op, Parameter
from netspec.ops.conv import Conv, ConvTranspose
from netspec.ops.dense import Dropout, Flatten, Identity, Linear
from netspec.ops.merge import Add, Concat, Mul, Stack
from netspec.ops.norm import BatchNorm, LocalResponseNorm
from netspec.ops.pool import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool
from netspec.ops.resize import Pad, Upsample
from netspec.ops.split import Split, axis_size
from netspec.ops.window import spell_size

OPS: tuple[type[Op], ...] = (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    Identity,
    Linear,
    LocalResponseNorm,
    MaxPool,
    Mul,
    Pad,
    Split,
    Stack,
    Upsample,
)
"""Every op, for the contract test."""

__all__ = [
    "OPS",
    "SPELLINGS",
    "Activation",
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "Add",
    "Argument",
    "AvgPool",
    "BatchNorm",
    "Category",
    "Concat",
    "Constructor",
    "Conv",
    "ConvTranspose",
    "Dropout",
    "Flatten",
    "Identity",
    "Linear",
    "LocalResponseNorm",
    "MaxPool",
    "Mul",
    "Op",
    "Pad",
    "Parameter",
    "Split",
    "Stack",
    "Upsample",
    "axis_size",
    "spell_size",
]
