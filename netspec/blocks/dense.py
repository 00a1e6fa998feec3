"""Vectors, and layers that change nothing in inference: linear, flatten, dropout, identity."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Dim, EndDim, Features, Probability
from netspec.graph import Value
from netspec.ops import Dropout as DropoutOp
from netspec.ops import Flatten as FlattenOp
from netspec.ops import Identity as IdentityOp
from netspec.ops import Linear as LinearOp


class Linear(Block):
    """(in_features,) -> (out_features,): a fully connected layer. Input features are inferred.

    Raises:
        Misfit: the input is a map; put `flatten` (often after `gap`) before it.
    """

    block_name: ClassVar[str] = "linear"
    bare_field: ClassVar[str] = "out_features"
    example: ClassVar[Example] = Example("- linear: 10", input=(84,), output=(10,))

    out_features: Features
    """Number of outputs."""
    bias: bool = True
    """Add a bias per output."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(LinearOp(x.channels, self.out_features, self.bias), x)


class Flatten(Block):
    """(C, H, W) -> (C*H*W,): all axes from `start_dim` to `end_dim` become one.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "flatten"
    bare_field: ClassVar[str] = "start_dim"
    example: ClassVar[Example] = Example("- flatten", input=(256, 6, 6), output=(9216,))

    start_dim: Dim = 1
    """The first axis; 1 is the channels."""
    end_dim: EndDim = -1
    """The last axis; -1 is the last of all."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(FlattenOp(self.start_dim, self.end_dim), *inputs)


class Dropout(Block):
    """(...) -> (...): in training, zeroes each element with probability `p` and scales up the rest."""

    block_name: ClassVar[str] = "dropout"
    bare_field: ClassVar[str] = "p"
    reference: ClassVar[str] = "Srivastava et al. 2014"
    example: ClassVar[Example] = Example("- dropout: 0.4", input=(1024,), output=(1024,))

    p: Annotated[Probability, Field(description="Probability of a zero.")] = 0.5
    """Probability of a zero."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(DropoutOp(self.p), *inputs)


class Identity(Block):
    """(...) -> the same value: a place to name, or a branch that passes through."""

    block_name: ClassVar[str] = "identity"
    example: ClassVar[Example] = Example("- identity", input=(64, 8, 8), output=(64, 8, 8))

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(IdentityOp(), *inputs)
