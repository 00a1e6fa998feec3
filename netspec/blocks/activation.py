"""Activations, as layers or as the `activation` of a conv unit."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Dim
from netspec.graph import Value
from netspec.ops import Activation


class Relu(Block):
    """(...) -> (...): max(x, 0)."""

    block_name: ClassVar[str] = "relu"
    example: ClassVar[Example] = Example("- relu", input=(64, 8, 8), output=(64, 8, 8))

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Activation("relu"), *inputs)


class Sigmoid(Block):
    """(...) -> (...): 1 / (1 + exp(-x))."""

    block_name: ClassVar[str] = "sigmoid"
    example: ClassVar[Example] = Example("- sigmoid", input=(64, 8, 8), output=(64, 8, 8))

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Activation("sigmoid"), *inputs)


class Tanh(Block):
    """(...) -> (...): the hyperbolic tangent."""

    block_name: ClassVar[str] = "tanh"
    example: ClassVar[Example] = Example("- tanh", input=(64, 8, 8), output=(64, 8, 8))

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Activation("tanh"), *inputs)


class Softmax(Block):
    """(...) -> (...): exp(x) divided by its sum along `dim`.

    Losses such as `nn.CrossEntropyLoss` contain it already: a classifier that is trained with one ends
    in its linear layer.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "softmax"
    bare_field: ClassVar[str] = "dim"
    example: ClassVar[Example] = Example("- softmax", input=(10,), output=(10,))

    dim: Dim = 1
    """The axis along which it sums to 1; 1 is the channels or features."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Activation("softmax", (("dim", self.dim),)), *inputs)
