"""Structure: layers grouped, side by side, around a shortcut, or beside the stream as a head."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example, LayerList, Values
from netspec.blocks.fields import NONE, Activation, Branches, Layers, Positive, Weight
from netspec.blocks.merge import run_branches
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import Add as AddOp
from netspec.ops import Op

IDENTITY = LayerList(None, 0)


class Sequential(Block):
    """(...) -> what its last layer gives: layers one after the other, a submodule when named."""

    block_name: ClassVar[str] = "sequential"
    bare_field: ClassVar[str] = "layers"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    group: ClassVar[bool] = True
    example: ClassVar[Example] = Example(
        "- sequential: [conv: {out_channels: 32, kernel_size: 3}, relu]",
        input=(3, 32, 32),
        output=(32, 30, 30),
    )

    layers: Layers
    """The layers, in order."""

    def lower(self, build: Build, *inputs: Value) -> Values:
        return build.layers(self.layers, *inputs)


class Parallel(Block):
    """(...) -> several values: branches side by side, kept apart for a merge that follows.

    Raises:
        Misfit: there are several inputs, but not one for each branch.
    """

    block_name: ClassVar[str] = "parallel"
    bare_field: ClassVar[str] = "branches"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    example: ClassVar[Example] = Example(
        "- parallel: [[conv: {out_channels: 96, kernel_size: 1}], []]",
        input=(64, 8, 8),
        output=((96, 8, 8), (64, 8, 8)),
    )

    branches: Branches
    """Lists of layers, bare or named; `[]` is the identity."""

    def lower(self, build: Build, *inputs: Value) -> Values:
        return run_branches(build, self.branches, inputs)


class Residual(Block):
    """(C, H, W) -> (C', H', W'): `layers` times `scale` plus `shortcut`, then `activation`.

    Raises:
        Misfit: the two sides have different shapes: give `shortcut` a projection.
    """

    block_name: ClassVar[str] = "residual"
    bare_field: ClassVar[str] = "layers"
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = AddOp
    reference: ClassVar[str] = "He et al. 2015, equation 1"
    example: ClassVar[Example] = Example(
        "- residual: [conv: {out_channels: 64, kernel_size: 3, padding: 1}, relu]",
        input=(64, 8, 8),
        output=(64, 8, 8),
    )

    layers: Layers
    """The residual side."""
    shortcut: Layers = IDENTITY
    """The other side; without layers it is the identity."""
    activation: Activation = NONE
    """Activation after the addition."""
    scale: Positive = 1.0
    """A factor on the residual side before the addition."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        body = build.layers(self.layers, *inputs)
        shortcut = build.layers(self.shortcut, *inputs) if self.shortcut else inputs
        for side, values in (("layers", body), ("shortcut", shortcut)):
            if len(values) != 1:
                raise Misfit("one-value-per-side", side, count=len(values))
        return build.part(self.activation, build.op(AddOp(float(self.scale)), *body, *shortcut))


class AuxHead(Block):
    """(C, H, W) -> (C, H, W): the stream passes; `layers` make an extra output of the network.

    With `train_only` the head runs in training alone: its parameters count, its MACs do not. The
    network's class carries every `loss_weight`.
    """

    block_name: ClassVar[str] = "aux_head"
    bare_field: ClassVar[str] = "layers"
    reference: ClassVar[str] = "Szegedy et al. 2014, section 5"
    example: ClassVar[Example] = Example(
        "- aux_head: {name: aux, loss_weight: 0.3, layers: [gap, flatten, linear: 10]}",
        input=(64, 8, 8),
        output=(64, 8, 8),
    )

    layers: Layers
    """The layers of the head."""
    loss_weight: Weight = 1.0
    """Weight of its loss in the sum."""
    train_only: bool = True
    """Leave it out in inference."""

    def lower(self, build: Build, *inputs: Value) -> Values:
        values = build.layers(self.layers, *inputs)
        if len(values) != 1:
            raise Misfit("one-value-per-side", "layers", count=len(values))
        build.head(values[0], loss_weight=self.loss_weight, train_only=self.train_only)
        return inputs
