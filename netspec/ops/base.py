"""What an op is: its arity, shape rule, parameters, MACs, label and PyTorch spelling, together.

The set of ops is closed and small; blocks are the open vocabulary that lowers into ops. An op is a
frozen dataclass whose fields are PyTorch's constructor arguments in PyTorch's order, so the call is
printed generically. Rejected: spelling the call by hand in every op (25 chances for a typo), and
importing torch here (tables and diagrams answer without it).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum, StrEnum
from functools import cached_property
from math import prod
from typing import Any, ClassVar

from netspec.errors import Misfit
from netspec.ops.formula import Formula
from netspec.shape import Shape, Window
from netspec.sight import Sight, through_window


class _Unset(Enum):
    """Not `dataclasses.MISSING`: as the default of a field that means that the field has none."""

    NO_DEFAULT = "no default"


NO_DEFAULT = _Unset.NO_DEFAULT


class Category(StrEnum):
    """What an op is to a reader of a picture; painters map it to colours."""

    CONV = "conv"
    POINTWISE = "pointwise"  # a convolution with a 1x1 kernel
    POOL = "pool"
    NORM = "norm"
    ACTIVATION = "activation"
    MERGE = "merge"
    LINEAR = "linear"
    SOFTMAX = "softmax"
    RESHAPE = "reshape"
    REGULARIZE = "regularize"


class Kept(StrEnum):
    """Which of its values an op's backward reads again, so that training holds on to them."""

    NOTHING = "nothing"  # sizes alone: add, concat, flatten
    INPUTS = "inputs"
    OUTPUTS = "outputs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A trainable tensor of an op's module: `weight` of shape `(64, 3, 7, 7)`."""

    name: str
    shape: Shape

    @property
    def numel(self) -> int:
        """The number of its elements."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Argument:
    """One constructor argument with its value, as plain Python data."""

    name: str
    value: object
    default: object = NO_DEFAULT
    positional: bool = False

    @property
    def is_default(self) -> bool:
        """Whether PyTorch would take this value anyway."""
        return self.default is not NO_DEFAULT and self.value == self.default


@dataclass(frozen=True, slots=True)
class Constructor:
    """`nn.Conv2d` and its arguments in PyTorch's order."""

    target: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Op(ABC):
    """A primitive: `infer` maps input shapes to output shapes; the rest is read from its fields.

    `kind` is its name in tables and `init:`; `short` is its part in the name of a generated class.
    """

    kind: ClassVar[str]
    short: ClassVar[str]
    category: ClassVar[Category]
    arity: ClassVar[int | None] = 1
    """How many values it reads; None means two or more."""
    overwritable: ClassVar[bool] = False
    """The output is fresh storage that backward does not need: an activation may work in place on it."""

    definition: ClassVar[str] = ""
    """The class that `constructor` names, as source, where PyTorch has none: written into files once."""
    kept: ClassVar[Kept] = Kept.NOTHING
    """What backward needs of its inputs and outputs; see `kept_besides` for what it makes itself."""
    is_view: ClassVar[bool] = False
    """The output is the input's storage under another shape: it takes no memory."""
    reorders: ClassVar[bool] = False
    """The elements of the output do not lie in memory in the order of its axes."""
    needs_order: ClassVar[bool] = False
    """A view of what lies in order alone; of anything else it makes a copy."""

    keeps_sign: ClassVar[bool] = False
    """From inputs without a negative element comes none: pools, sums, what only moves elements."""

    @abstractmethod
    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        """Input shapes -> output shapes, without the batch.

        Raises:
            Misfit: the inputs do not go with the fields; carries the rule and the numbers.
        """

    @abstractmethod
    def label(self) -> str:
        """The first line in a picture and the description in a table: `conv 7×7 / 2`."""

    def parameters(self) -> tuple[Parameter, ...]:
        """The trainable tensors, in the order of PyTorch's `named_parameters`."""
        return ()

    def macs(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Multiply-accumulates for one sample: those of conv and linear; all else counts 0."""
        return 0

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        """How the sizes of its output come about; nothing where they are the input's, or fields."""
        return ()

    def macs_formula(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> Formula | None:
        """How `macs` comes about, None where it is 0."""
        return None

    def sight(self, shape: Shape) -> tuple[Sight | None, ...] | None:
        """What an output element sees of its input, of this shape, along each axis but the channels.

        None: along the axes that input and output share, the element at its own place and no other;
        None for an axis: what it sees takes too long to repeat.
        """
        return None if self.window is None else through_window(self.window)

    def moves(self, shape: Shape, axes: int) -> bool:
        """Whether the last `axes` axes of its input are not the last of its output, or in another order."""
        return False

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        """The smallest spatial axes of an input of this rank that give at least `output`.

        Asked where `sight` is not None.
        """
        return tuple(output) if self.window is None else self.window.smallest_input(output)

    def passes(self, *, training: bool) -> bool:
        """Whether what it gives is its input's storage: views always, dropout where nothing drops."""
        return self.is_view

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """What backward needs; an op that stands for several functions asks its table."""
        return self.kept

    def kept_besides(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Bytes that backward needs besides inputs and outputs, for one sample in float32."""
        return 0

    def working_bytes(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        """Bytes beside its inputs and outputs at its worst moment, for one sample in inference.

        Tensors that PyTorch's operators hand to each other or make beside the result; what a kernel
        takes for itself differs from device to device and does not count.
        """
        return 0

    def not_negative(self, *, inputs: bool) -> bool:
        """Whether no element of the output is negative; `inputs` says whether none that it reads is."""
        return self.keeps_sign and inputs

    @property
    def cancels_bias(self) -> bool:
        """Whether a number added to all of a channel before it changes nothing behind it."""
        return False

    def is_constant(self, shape: Shape) -> bool:
        """Whether in training its output for an input of this shape is the same whatever the input is."""
        return False

    @property
    def can_work_in_place(self) -> bool:
        """Whether the PyTorch module and function take `inplace=True`."""
        return False

    @property
    def copies_what_it_overwrites(self) -> bool:
        """Whether backward wants the input that `inplace=True` overwrites; the result does otherwise."""
        return False

    def drawn_as(self) -> Category:
        """The category for painters; differs from the class's for 1x1 convolutions."""
        return self.category

    def constructor(self) -> Constructor | None:
        """The `nn.Module` that computes it, or None when only an expression does."""
        return None

    @cached_property
    def module(self) -> Constructor | None:
        """`constructor()`, found once: whoever writes or lists a network asks several times."""
        return self.constructor()

    def prepared(self, argument: str) -> str:
        """What its module is called with: the argument, or an expression of it (`F.pad(x, ...)`)."""
        return argument

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str | None:
        """The expression that computes it from the named inputs, or None when it needs a module."""
        return None

    @property
    def window(self) -> Window | None:
        """The window that slides over its input, if one does."""
        return None

    @property
    def parameter_count(self) -> int:
        """The number of trainable scalars."""
        return sum(parameter.numel for parameter in self.parameters())

    @property
    def prepares(self) -> bool:
        """Whether its module is called with something else than the argument."""
        return self.prepared("x") != "x"

    @property
    def stateless(self) -> bool:
        """Whether an expression can stand for the module: nothing to store, train or load."""
        return not self.parameters() and self.expression(["x"] * (self.arity or 2)) is not None


TORCH_DEFAULT = "torch_default"


def sizes(torch_default: int, *, kw_only: bool = False) -> Any:
    """A field with one entry per spatial axis, always given; PyTorch's default is one number."""
    return field(metadata={TORCH_DEFAULT: torch_default}, kw_only=kw_only)


def arguments_of(op: Op, *, positional: int) -> tuple[Argument, ...]:
    """The dataclass fields of `op` as constructor arguments, the first `positional` ones by place."""
    return tuple(
        Argument(
            entry.name,
            collapse(getattr(op, entry.name)),
            entry.metadata.get(
                TORCH_DEFAULT, NO_DEFAULT if entry.default is MISSING else entry.default
            ),
            number < positional,
        )
        for number, entry in enumerate(fields(op))
    )


def collapse(value: object) -> object:
    """`(3, 3)` -> `3`: PyTorch takes one number for equal axes, and people write it so."""
    if isinstance(value, tuple) and value and all(entry == value[0] for entry in value):
        return value[0]
    return value


def need_map(shape: Shape, op: str, ranks: Sequence[int] = (1, 2, 3)) -> int:
    """The number of spatial axes of a map `(C, ...)`.

    Raises:
        Misfit: the input is a vector of features, or has an axis too many.
    """
    rank = len(shape) - 1
    if rank not in ranks:
        raise Misfit("needs-map", op=op, shape=shape, ranks=tuple(ranks))
    return rank


def groups_misfit(channels: int, groups: int) -> Misfit:
    """That groups leave channels over, for an op that keeps its channels."""
    both = {"in_channels": channels, "out_channels": channels}
    return Misfit(
        "groups-do-not-divide", "groups", what="input", channels=channels, groups=groups, **both
    )
