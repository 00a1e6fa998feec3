"""Tensors as names, shapes and dtypes: all that is needed to decide which weight goes where.

A *unit* is the tensors that one module has of its own: a convolution's weight and bias, a batch norm's
weight, bias and statistics. Units are what is put in order; a counter of batches is no weight, and no
source has to bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netspec.shape import Shape, spell

COUNTER = "num_batches_tracked"
"""The buffer of batch norms that counts batches: only `momentum: null` ever reads it."""

FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor of a state dict; `dtype` as PyTorch calls it: `float32`."""

    key: str
    shape: Shape
    dtype: str

    @property
    def unit(self) -> str:
        """The path of the module that has it."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its name in that module: `weight`."""
        return self.key.rpartition(".")[2]

    @property
    def is_counter(self) -> bool:
        """Whether it counts batches."""
        return self.name == COUNTER


@dataclass(frozen=True, slots=True)
class Unit:
    """A module's own tensors."""

    path: str
    tensors: tuple[TensorInfo, ...]

    @property
    def weights(self) -> tuple[TensorInfo, ...]:
        """Its tensors without the counter."""
        return tuple(tensor for tensor in self.tensors if not tensor.is_counter)

    @property
    def signature(self) -> tuple[tuple[str, Shape], ...]:
        """What two units have in common that may stand for each other: names and shapes.

        Axes of size 1 at the end do not count, so that a linear layer is like a 1x1 convolution; nor
        does the name of a tensor that is the only one (`gamma`, `weight`).
        """
        if len(self.weights) == 1:
            return (("", squeezed(self.weights[0].shape)),)
        return tuple((tensor.name, squeezed(tensor.shape)) for tensor in self.weights)


def units_of(tensors: Iterable[TensorInfo]) -> tuple[Unit, ...]:
    """The units of a state dict, in the order in which they first appear."""
    found: dict[str, list[TensorInfo]] = {}
    for tensor in tensors:
        found.setdefault(tensor.unit, []).append(tensor)
    return tuple(Unit(path, tuple(own)) for path, own in found.items())


def by_key(tensors: Iterable[TensorInfo]) -> Mapping[str, TensorInfo]:
    """Key -> tensor."""
    return {tensor.key: tensor for tensor in tensors}


def squeezed(shape: Shape) -> Shape:
    """A shape without the axes of size 1 at its end.

    >>> squeezed((64, 256, 1, 1)), squeezed((64, 1, 3, 3)), squeezed((1,))
    ((64, 256), (64, 1, 3, 3), ())
    """
    size = len(shape)
    while size and shape[size - 1] == 1:
        size -= 1
    return shape[:size]


def spelled(shape: Shape) -> str:
    """A shape in words; one without axes is a scalar."""
    return spell(shape) if shape else "a scalar"
