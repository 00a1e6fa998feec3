"""Activations, as layers or as the `activation` of a conv unit.

Each is a row of the table in `netspec.ops.activation`, and here its page: what it computes, and the
fields it has. `lower` is the same for all rows; `prelu` and `glu` are ops of their own.
"""

from __future__ import annotations

from abc import ABC
from typing import ClassVar, Literal

from netspec.blocks.base import Block, Build, Example
from netspec.blocks.fields import Dim, NotNegative, Positive
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import GLU, Activation, PReLU


class TableActivation(Block, ABC):
    """(...) -> (...): a row of the table: all its fields are arguments of PyTorch's function."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        settings = {name: getattr(self, name) for name in type(self).model_fields}
        return build.op(Activation(self.block_name, tuple(settings.items())), *inputs)


class Relu(TableActivation):
    """(...) -> (...): max(x, 0)."""

    block_name: ClassVar[str] = "relu"
    example: ClassVar[Example] = Example("- relu", input=(64, 8, 8), output=(64, 8, 8))


class Relu6(TableActivation):
    """(...) -> (...): min(max(x, 0), 6)."""

    block_name: ClassVar[str] = "relu6"
    reference: ClassVar[str] = "Howard et al. 2017"
    example: ClassVar[Example] = Example("- relu6", input=(64, 8, 8), output=(64, 8, 8))


class LeakyRelu(TableActivation):
    """(...) -> (...): x where positive, `negative_slope * x` elsewhere."""

    block_name: ClassVar[str] = "leaky_relu"
    reference: ClassVar[str] = "Maas et al. 2013"
    bare_field: ClassVar[str] = "negative_slope"
    example: ClassVar[Example] = Example("- leaky_relu", input=(64, 8, 8), output=(64, 8, 8))

    negative_slope: float = 0.01
    """Slope where x is negative."""


class Elu(TableActivation):
    """(...) -> (...): x where positive, `alpha * (exp(x) - 1)` elsewhere."""

    block_name: ClassVar[str] = "elu"
    reference: ClassVar[str] = "Clevert et al. 2015"
    bare_field: ClassVar[str] = "alpha"
    example: ClassVar[Example] = Example("- elu", input=(64, 8, 8), output=(64, 8, 8))

    alpha: Positive = 1.0
    """Limit for very negative x."""


class Celu(TableActivation):
    """(...) -> (...): x where positive, `alpha * (exp(x / alpha) - 1)` elsewhere."""

    block_name: ClassVar[str] = "celu"
    reference: ClassVar[str] = "Barron 2017"
    bare_field: ClassVar[str] = "alpha"
    example: ClassVar[Example] = Example("- celu", input=(64, 8, 8), output=(64, 8, 8))

    alpha: Positive = 1.0
    """Limit for very negative x."""


class Selu(TableActivation):
    """(...) -> (...): ELU scaled so that activations keep mean 0 and variance 1."""

    block_name: ClassVar[str] = "selu"
    reference: ClassVar[str] = "Klambauer et al. 2017"
    example: ClassVar[Example] = Example("- selu", input=(64, 8, 8), output=(64, 8, 8))


class Gelu(TableActivation):
    """(...) -> (...): x times the normal distribution function of x."""

    block_name: ClassVar[str] = "gelu"
    reference: ClassVar[str] = "Hendrycks and Gimpel 2016"
    bare_field: ClassVar[str] = "approximate"
    example: ClassVar[Example] = Example("- gelu", input=(64, 8, 8), output=(64, 8, 8))

    approximate: Literal["none", "tanh"] = "none"
    """Exact, or with tanh as in GPT-2."""


class Silu(TableActivation):
    """(...) -> (...): x * sigmoid(x), also called swish."""

    block_name: ClassVar[str] = "silu"
    reference: ClassVar[str] = "Ramachandran et al. 2017"
    example: ClassVar[Example] = Example("- silu", input=(64, 8, 8), output=(64, 8, 8))


class Mish(TableActivation):
    """(...) -> (...): x * tanh(softplus(x))."""

    block_name: ClassVar[str] = "mish"
    reference: ClassVar[str] = "Misra 2019"
    example: ClassVar[Example] = Example("- mish", input=(64, 8, 8), output=(64, 8, 8))


class Hardswish(TableActivation):
    """(...) -> (...): x * relu6(x + 3) / 6."""

    block_name: ClassVar[str] = "hardswish"
    reference: ClassVar[str] = "Howard et al. 2019, section 5.2"
    example: ClassVar[Example] = Example("- hardswish", input=(64, 8, 8), output=(64, 8, 8))


class Sigmoid(TableActivation):
    """(...) -> (...): 1 / (1 + exp(-x))."""

    block_name: ClassVar[str] = "sigmoid"
    example: ClassVar[Example] = Example("- sigmoid", input=(64, 8, 8), output=(64, 8, 8))


class LogSigmoid(TableActivation):
    """(...) -> (...): log(sigmoid(x))."""

    block_name: ClassVar[str] = "logsigmoid"
    example: ClassVar[Example] = Example("- logsigmoid", input=(64, 8, 8), output=(64, 8, 8))


class Hardsigmoid(TableActivation):
    """(...) -> (...): relu6(x + 3) / 6."""

    block_name: ClassVar[str] = "hardsigmoid"
    example: ClassVar[Example] = Example("- hardsigmoid", input=(64, 8, 8), output=(64, 8, 8))


class Tanh(TableActivation):
    """(...) -> (...): the hyperbolic tangent."""

    block_name: ClassVar[str] = "tanh"
    example: ClassVar[Example] = Example("- tanh", input=(64, 8, 8), output=(64, 8, 8))


class Hardtanh(TableActivation):
    """(...) -> (...): x kept between `min_val` and `max_val`.

    Raises:
        Misfit: `min_val` is not below `max_val`.
    """

    block_name: ClassVar[str] = "hardtanh"
    example: ClassVar[Example] = Example("- hardtanh", input=(64, 8, 8), output=(64, 8, 8))

    min_val: float = -1.0
    """Lower limit."""
    max_val: float = 1.0
    """Upper limit."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        if self.min_val >= self.max_val:
            raise Misfit("limits-out-of-order", "max_val", low=self.min_val, high=self.max_val)
        return super().lower(build, *inputs)


class Tanhshrink(TableActivation):
    """(...) -> (...): x - tanh(x)."""

    block_name: ClassVar[str] = "tanhshrink"
    example: ClassVar[Example] = Example("- tanhshrink", input=(64, 8, 8), output=(64, 8, 8))


class Softplus(TableActivation):
    """(...) -> (...): log(1 + exp(beta * x)) / beta."""

    block_name: ClassVar[str] = "softplus"
    example: ClassVar[Example] = Example("- softplus", input=(64, 8, 8), output=(64, 8, 8))

    beta: Positive = 1.0
    """How sharp the bend is."""
    threshold: float = 20.0
    """Where beta * x is above it, the result is x."""


class Softsign(TableActivation):
    """(...) -> (...): x / (1 + |x|)."""

    block_name: ClassVar[str] = "softsign"
    example: ClassVar[Example] = Example("- softsign", input=(64, 8, 8), output=(64, 8, 8))


class Softshrink(TableActivation):
    """(...) -> (...): x moved towards 0 by `lambd`, and 0 in between."""

    block_name: ClassVar[str] = "softshrink"
    bare_field: ClassVar[str] = "lambd"
    example: ClassVar[Example] = Example("- softshrink", input=(64, 8, 8), output=(64, 8, 8))

    lambd: NotNegative = 0.5
    """How far."""


class Hardshrink(TableActivation):
    """(...) -> (...): x where |x| is above `lambd`, 0 elsewhere."""

    block_name: ClassVar[str] = "hardshrink"
    bare_field: ClassVar[str] = "lambd"
    example: ClassVar[Example] = Example("- hardshrink", input=(64, 8, 8), output=(64, 8, 8))

    lambd: NotNegative = 0.5
    """Half the width of the gap."""


class Softmax(TableActivation):
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


class LogSoftmax(TableActivation):
    """(...) -> (...): the logarithm of softmax along `dim`, what `nn.NLLLoss` reads.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "log_softmax"
    bare_field: ClassVar[str] = "dim"
    example: ClassVar[Example] = Example("- log_softmax", input=(10,), output=(10,))

    dim: Dim = 1
    """The axis along which the exponentials sum to 1; 1 is the channels or features."""


class Softmin(TableActivation):
    """(...) -> (...): softmax of -x along `dim`.

    Raises:
        Misfit: there is no such axis.
    """

    block_name: ClassVar[str] = "softmin"
    bare_field: ClassVar[str] = "dim"
    example: ClassVar[Example] = Example("- softmin", input=(10,), output=(10,))

    dim: Dim = 1
    """The axis along which it sums to 1; 1 is the channels or features."""


class Prelu(Block):
    """(C, ...) -> (C, ...): x where positive, a trained slope times x elsewhere.

    The slope starts at 0.25; `init: {prelu: {weight: {constant: 0.1}}}` changes that.
    """

    block_name: ClassVar[str] = "prelu"
    bare_field: ClassVar[str] = "per_channel"
    reference: ClassVar[str] = "He et al. 2015, Delving Deep into Rectifiers"
    example: ClassVar[Example] = Example("- prelu", input=(64, 8, 8), output=(64, 8, 8))

    per_channel: bool = False
    """A slope for each channel (`num_parameters` of `nn.PReLU`), or one for all."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.op(PReLU(x.channels if self.per_channel else 1), x)


class Glu(Block):
    """(C, ...) -> (C/2, ...): one half along `dim` times the sigmoid of the other.

    Raises:
        Misfit: there is no such axis, or it has an odd size.
    """

    block_name: ClassVar[str] = "glu"
    bare_field: ClassVar[str] = "dim"
    reference: ClassVar[str] = "Dauphin et al. 2016"
    example: ClassVar[Example] = Example("- glu", input=(64, 8, 8), output=(32, 8, 8))

    dim: Dim = 1
    """The axis that is halved; 1 is the channels or features."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(GLU(self.dim), *inputs)


ACTIVATIONS: tuple[type[Block], ...] = (
    Relu,
    Relu6,
    LeakyRelu,
    Elu,
    Celu,
    Selu,
    Prelu,
    Gelu,
    Silu,
    Mish,
    Hardswish,
    Sigmoid,
    LogSigmoid,
    Hardsigmoid,
    Tanh,
    Hardtanh,
    Tanhshrink,
    Softplus,
    Softsign,
    Softshrink,
    Hardshrink,
    Softmax,
    LogSoftmax,
    Softmin,
    Glu,
)
"""All activations, in the order in which pages show them."""
