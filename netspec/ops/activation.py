"""Activations: one table, one op. A row gives the PyTorch spellings; shapes never change.

Adding one is adding a row here and a block in `netspec.blocks.activation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import NO_DEFAULT, Argument, Category, Constructor, Op
from netspec.shape import Shape


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


SPELLINGS: Mapping[str, Spelling] = MappingProxyType(
    {
        "relu": Spelling("nn.ReLU", "F.relu", "ReLU", "ReLU", in_place=True),
        "sigmoid": Spelling("nn.Sigmoid", "torch.sigmoid", "Sigmoid", "sigmoid"),
        "tanh": Spelling("nn.Tanh", "torch.tanh", "Tanh", "tanh"),
        "softmax": Spelling(
            "nn.Softmax",
            "F.softmax",
            "Softmax",
            "softmax",
            category=Category.SOFTMAX,
            arguments=(("dim", NO_DEFAULT),),
        ),
    }
)


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

    @property
    def can_work_in_place(self) -> bool:
        return self.spelling.in_place

    def drawn_as(self) -> Category:
        return self.spelling.category

    def label(self) -> str:
        return self.spelling.label

    def constructor(self) -> Constructor:
        row = self.spelling
        given = dict(self.settings)
        return Constructor(
            row.module,
            tuple(Argument(name, given[name], default) for name, default in row.arguments),
        )

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        pairs = (*self.settings, ("inplace", True)) if in_place else self.settings
        settings = "".join(f", {name}={value!r}" for name, value in pairs)
        return f"{self.spelling.function}({arguments[0]}{settings})"
