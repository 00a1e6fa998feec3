"""The closed set of primitive ops. Blocks lower into these; nothing else computes shapes or costs."""

from netspec.ops.activation import SPELLINGS, Activation
from netspec.ops.base import Argument, Category, Constructor, Op, Parameter
from netspec.ops.dense import Dropout, Flatten, Identity, Linear
from netspec.ops.merge import Add, Concat, Mul, Stack
from netspec.ops.norm import BatchNorm, LocalResponseNorm
from netspec.ops.split import Split, axis_size
from netspec.ops.window import AdaptiveAvgPool, AvgPool, Conv, MaxPool, spell_size

OPS: tuple[type[Op], ...] = (
    Activation,
    AdaptiveAvgPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Identity,
    Linear,
    LocalResponseNorm,
    MaxPool,
    Mul,
    Split,
    Stack,
)
"""Every op, for the contract test."""

__all__ = [
    "OPS",
    "SPELLINGS",
    "Activation",
    "AdaptiveAvgPool",
    "Add",
    "Argument",
    "AvgPool",
    "BatchNorm",
    "Category",
    "Concat",
    "Constructor",
    "Conv",
    "Dropout",
    "Flatten",
    "Identity",
    "Linear",
    "LocalResponseNorm",
    "MaxPool",
    "Mul",
    "Op",
    "Parameter",
    "Split",
    "Stack",
    "axis_size",
    "spell_size",
]
