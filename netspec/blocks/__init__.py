"""The registry of built-in blocks: an explicit list, in the order in which pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netspec.blocks.activation import Relu, Sigmoid, Softmax, Tanh
from netspec.blocks.base import (
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
from netspec.blocks.norm import BatchNorm, Lrn
from netspec.blocks.pool import AVG_POOL, MAX_POOL, AdaptiveAvgPool, AdaptiveMaxPool, Gap, Gmp, Pool
from netspec.blocks.resize import Pad, Upsample
from netspec.blocks.split import Split
from netspec.blocks.structure import AuxHead, Parallel, Residual, Sequential

_ALL: tuple[type[Block] | Preset, ...] = (
    Conv,
    DepthwiseConv,
    SeparableConv,
    ConvTranspose,
    Linear,
    Pool,
    MAX_POOL,
    AVG_POOL,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Gap,
    Gmp,
    Pad,
    Upsample,
    BatchNorm,
    Lrn,
    Relu,
    Sigmoid,
    Tanh,
    Softmax,
    Flatten,
    Dropout,
    Identity,
    Concat,
    Add,
    Mul,
    Stack,
    Split,
    Sequential,
    Parallel,
    Residual,
    ForEach,
    AuxHead,
    NinBlock,
    Inception,
)

BLOCKS: Mapping[str, type[Block] | Preset] = MappingProxyType(
    {entry.name if isinstance(entry, Preset) else entry.block_name: entry for entry in _ALL}
)
"""Name in YAML -> block or preset."""

__all__ = [
    "BLOCKS",
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
