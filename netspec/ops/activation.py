"""Activations: one table, one op. A row gives the PyTorch spellings; shapes never change.

Adding one is adding a row here and a block in `netspec.blocks.activation`. `PReLU` has a parameter and
`GLU` another shape, so they are ops of their own. Left out: the random `RReLU`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import NO_DEFAULT, Argument, Category, Constructor, Kept, Op, Parameter
from netspec.shape import Shape, numel
from netspec.sight import Sight, whole


@dataclass(frozen=True, slots=True)
class Spelling:
    """How PyTorch writes an activation. `in_place`: it takes `inplace=True`."""

    module: str
    function: str
    short: str
    label: str
    in_place: bool = False
    category: Category = Category.ACTIVATION
    arguments: tuple[tuple[str, object], ...] = ()
    """Argument names with their defaults in PyTorch."""
    not_negative: bool = False
    """No element of its result is negative."""
    dead_below: int | None = None
    """Below this its derivative is 0: what is there for every input never learns again."""


def _softmax(module: str, function: str, label: str, *, not_negative: bool = True) -> Spelling:
    """A function that normalises along `dim`."""
    dim = (("dim", NO_DEFAULT),)
    category = Category.SOFTMAX
    return Spelling(f"nn.{module}", function, module, label, False, category, dim, not_negative)


def _plain(module: str, function: str, label: str = "", **arguments: object) -> Spelling:
    """A function of each element, with a fresh result."""
    pairs = tuple(arguments.items())
    return Spelling(f"nn.{module}", function, module, label or module, arguments=pairs)


def _in_place(module: str, function: str, label: str = "", **arguments: object) -> Spelling:
    """A function of each element that can write over its input."""
    pairs = tuple(arguments.items())
    return Spelling(f"nn.{module}", function, module, label or module, True, arguments=pairs)


def _rectifier(module: str, function: str, *, below: int) -> Spelling:
    """A function that is 0, and so is its derivative, below a number."""
    return replace(_in_place(module, function), not_negative=True, dead_below=below)


SPELLINGS: Mapping[str, Spelling] = MappingProxyType(
    {
        "relu": _rectifier("ReLU", "F.relu", below=0),
        "relu6": _rectifier("ReLU6", "F.relu6", below=0),
        "leaky_relu": _in_place("LeakyReLU", "F.leaky_relu", "leaky ReLU", negative_slope=0.01),
        "elu": _in_place("ELU", "F.elu", alpha=1.0),
        "celu": _in_place("CELU", "F.celu", alpha=1.0),
        "selu": _in_place("SELU", "F.selu"),
        "gelu": _plain("GELU", "F.gelu", approximate="none"),
        "silu": _in_place("SiLU", "F.silu"),
        "mish": _in_place("Mish", "F.mish"),
        "hardswish": replace(_in_place("Hardswish", "F.hardswish", "hardswish"), dead_below=-3),
        "sigmoid": replace(_plain("Sigmoid", "torch.sigmoid", "sigmoid"), not_negative=True),
        "logsigmoid": _plain("LogSigmoid", "F.logsigmoid", "log sigmoid"),
        "hardsigmoid": replace(
            _in_place("Hardsigmoid", "F.hardsigmoid", "hardsigmoid"), not_negative=True
        ),
        "tanh": _plain("Tanh", "torch.tanh", "tanh"),
        "hardtanh": _in_place("Hardtanh", "F.hardtanh", "hardtanh", min_val=-1.0, max_val=1.0),
        "tanhshrink": _plain("Tanhshrink", "F.tanhshrink", "tanhshrink"),
        "softplus": replace(
            _plain("Softplus", "F.softplus", "softplus", beta=1.0, threshold=20.0),
            not_negative=True,
        ),
        "softsign": _plain("Softsign", "F.softsign", "softsign"),
        "softshrink": _plain("Softshrink", "F.softshrink", "softshrink", lambd=0.5),
        "hardshrink": _plain("Hardshrink", "F.hardshrink", "hardshrink", lambd=0.5),
        "softmax": _softmax("Softmax", "F.softmax", "softmax"),
        "log_softmax": _softmax("LogSoftmax", "F.log_softmax", "log softmax", not_negative=False),
        "softmin": _softmax("Softmin", "F.softmin", "softmin"),
    }
)


_FROM_RESULT = frozenset({"log_softmax", "relu", "sigmoid", "softmax", "softmin", "tanh"})
"""Activations whose derivative is computed from the result; the others need what went in."""

_FROM_EITHER = frozenset({"celu", "elu", "leaky_relu", "selu"})
"""Those that take the result instead where they have overwritten what went in."""

_WITH_BUFFER = frozenset({"logsigmoid", "softsign", "tanhshrink"})
"""Those that keep a value from the midst of their formula; `tanhshrink` keeps nothing else."""


@dataclass(frozen=True)
class Activation(Op):
    """(...) -> (...): the function `name` of the table, element by element (softmax: along `dim`).

    `settings` are its arguments as pairs, so that the op stays hashable. `dim` counts as in PyTorch:
    0 is the batch.

    Raises:
        Misfit: `dim-out-of-range`.
    """

    kind: ClassVar[str] = "activation"
    short: ClassVar[str] = "Activation"
    category: ClassVar[Category] = Category.ACTIVATION

    name: str
    settings: tuple[tuple[str, object], ...] = ()

    @property
    def spelling(self) -> Spelling:
        """Its row in the table."""
        return SPELLINGS[self.name]

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        dim = dict(self.settings).get("dim")
        if isinstance(dim, int) and not 0 < dim <= len(shape):
            raise Misfit("dim-out-of-range", "dim", dim=dim, shape=shape)
        return (shape,)

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        if self.name == "tanhshrink":
            return Kept.NOTHING
        return Kept.OUTPUTS if self.name in _FROM_RESULT else Kept.INPUTS

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        return 4 * numel(inputs[0]) if self.name in _WITH_BUFFER else 0

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        buffered = self.name in _WITH_BUFFER or self.name == "softmin"  # the softmax of -x
        return 4 * numel(inputs[0]) if buffered else 0

    def sight(self, shape: Shape) -> tuple[Sight, ...] | None:
        dim = dict(self.settings).get("dim")
        if not isinstance(dim, int) or dim < 2:
            return None
        return whole(shape, [dim])

    def not_negative(self, *, inputs: bool) -> bool:
        return self.spelling.not_negative

    def is_constant(self, shape: Shape) -> bool:
        """A softmax over a single element gives 1, and its logarithm 0."""
        dim = dict(self.settings).get("dim")
        return isinstance(dim, int) and shape[dim - 1] == 1

    @property
    def can_work_in_place(self) -> bool:
        return self.spelling.in_place

    @property
    def copies_what_it_overwrites(self) -> bool:
        return self.name not in _FROM_RESULT | _FROM_EITHER

    def drawn_as(self) -> Category:
        return self.spelling.category

    def label(self) -> str:
        return self.spelling.label

    def constructor(self) -> Constructor:
        row = self.spelling
        given = dict(self.settings)
        return Constructor(
            row.module,
            tuple(
                Argument(name, given.get(name, default), default) for name, default in row.arguments
            ),
        )

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        usual = dict(self.spelling.arguments)
        pairs = [(name, value) for name, value in self.settings if value != usual[name]]
        pairs += [("inplace", True)] if in_place else []
        settings = "".join(f", {name}={_literal(value)}" for name, value in pairs)
        return f"{self.spelling.function}({arguments[0]}{settings})"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


@dataclass(frozen=True)
class PReLU(Op):
    """(C, ...) -> (C, ...): `nn.PReLU`, a leaky ReLU whose slope is trained. P = `num_parameters`.

    `num_parameters` is 1, or the channels: one slope for each.
    """

    kind: ClassVar[str] = "prelu"
    short: ClassVar[str] = "PReLU"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.ACTIVATION

    num_parameters: int = 1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        return tuple(inputs)

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("weight", (self.num_parameters,)),)

    def label(self) -> str:
        return "PReLU"

    def constructor(self) -> Constructor:
        return Constructor("nn.PReLU", (Argument("num_parameters", self.num_parameters, 1),))


@dataclass(frozen=True)
class GLU(Op):
    """(C, ...) -> (C/2, ...): `nn.GLU`, the first half times the sigmoid of the second, along `dim`.

    Raises:
        Misfit: `dim-out-of-range`, `odd-halves`.
    """

    kind: ClassVar[str] = "glu"
    short: ClassVar[str] = "GLU"
    kept: ClassVar[Kept] = Kept.INPUTS
    category: ClassVar[Category] = Category.ACTIVATION

    dim: int = 1

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        if not 0 < self.dim <= len(shape):
            raise Misfit("dim-out-of-range", "dim", dim=self.dim, shape=shape)
        axis = self.dim - 1
        if shape[axis] % 2:
            raise Misfit("odd-halves", "dim", dim=self.dim, shape=shape)
        return ((*shape[:axis], shape[axis] // 2, *shape[axis + 1 :]),)

    def label(self) -> str:
        return "GLU"

    def constructor(self) -> Constructor:
        return Constructor("nn.GLU", (Argument("dim", self.dim, -1),))

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return f"F.glu({arguments[0]}, dim={self.dim})"
