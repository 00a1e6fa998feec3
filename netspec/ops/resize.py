"""Ops that change the size of a map without weights: padding and interpolation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, floor
from types import MappingProxyType
from typing import ClassVar

from netspec.errors import Misfit
from netspec.ops.base import (
    Argument,
    Category,
    Constructor,
    Kept,
    Op,
    arguments_of,
    collapse,
    need_map,
)
from netspec.ops.formula import Formula, per_axis
from netspec.ops.window import (
    check_rank,
    check_reach,
    least_reach,
    pad_call,
    spell_size,
    torch_order,
)
from netspec.shape import Shape
from netspec.sight import Sight, through_parts, through_samples

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "constant": "ConstantPad",
        "reflect": "ReflectionPad",
        "replicate": "ReplicationPad",
        "circular": "CircularPad",
    }
)


@dataclass(frozen=True)
class Pad(Op):
    """(C, H, W) -> (C, H + before + after, ...): `nn.ZeroPad2d` and its relatives; (before, after) per axis.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `padding-exceeds-map`.
    """

    kind: ClassVar[str] = "pad"
    short: ClassVar[str] = "Pad"
    category: ClassVar[Category] = Category.RESHAPE

    padding: tuple[tuple[int, int], ...]
    mode: str = "constant"
    value: float = 0.0

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        return Kept.INPUTS if self.mode in {"reflect", "replicate"} else Kept.NOTHING

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        need_map(shape, self.kind)
        check_rank(self.kind, "padding", len(self.padding), shape)
        check_reach("mode", self.mode, self.padding, shape[1:])
        pairs = zip(shape[1:], self.padding, strict=True)
        return ((shape[0], *(size + before + after for size, (before, after) in pairs)),)

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        def make(axis: int, letter: str) -> Formula:
            before, after = self.padding[axis]
            numbers = f"{inputs[0][1 + axis]} + {before} + {after}"
            return Formula(
                f"{letter}'", f"{letter} + before + after", numbers, outputs[0][1 + axis]
            )

        return per_axis(inputs[0], make)

    def sight(self, shape: Shape) -> tuple[Sight, ...]:
        """In place; what is copied from the map into its margin is seen as margin."""
        return tuple(Sight(1, (-before,), (-before,)) for before, _ in self.padding)

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        inner = (size - sum(pair) for size, pair in zip(output, self.padding, strict=True))
        return tuple(map(max, inner, least_reach(self.mode, self.padding)))

    def label(self) -> str:
        both = [f"{a}" if a == b else f"{a}+{b}" for a, b in self.padding]
        words = both[0] if len(set(both)) == 1 else ", ".join(both)
        return f"pad {words}" if self.mode == "constant" else f"{self.mode} pad {words}"

    def constructor(self) -> Constructor:
        flat = Argument("padding", collapse(torch_order(self.padding)), positional=True)
        zeros = self.mode == "constant" and self.value == 0
        name = "ZeroPad" if zeros else _MODULES[self.mode]
        value = (Argument("value", self.value, positional=True),)
        arguments = (flat, *(value if name == "ConstantPad" else ()))
        return Constructor(f"nn.{name}{len(self.padding)}d", arguments)

    def expression(self, arguments: Sequence[str], *, in_place: bool = False) -> str:
        return pad_call(arguments[0], self.padding, self.mode, self.value)


RANKS_OF_MODES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "nearest": (1, 2, 3),
        "nearest-exact": (1, 2, 3),
        "linear": (1,),
        "bilinear": (2,),
        "bicubic": (2,),
        "trilinear": (3,),
        "area": (1, 2, 3),
    }
)
"""Modes of `nn.Upsample`, and for how many spatial axes PyTorch has them."""

_NEIGHBOURS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "nearest": (0, 0),
        "nearest-exact": (0, 0),
        "linear": (0, 1),
        "bilinear": (0, 1),
        "bicubic": (1, 2),
        "trilinear": (0, 1),
    }
)
"""How many elements before and after the one at its place go into an interpolated element."""

CORNERED = frozenset({"linear", "bilinear", "bicubic", "trilinear"})
"""Modes that have `align_corners`."""


def _least(size: int, factor: float) -> int:
    """The least n for which floor(n * factor) is `size` or more."""
    start = max(ceil(size / factor) - 1, 1)
    return next(n for n in count(start) if floor(n * factor) >= size)


@dataclass(frozen=True)
class Upsample(Op):
    """(C, H, W) -> (C, *size), or (C, floor(H*scale_factor), ...): `nn.Upsample`.

    Raises:
        Misfit: `needs-map`, `wrong-rank`, `mode-for-other-rank`, `nothing-left`.
    """

    kind: ClassVar[str] = "upsample"
    short: ClassVar[str] = "Upsample"
    category: ClassVar[Category] = Category.RESHAPE

    size: tuple[int, ...] | None = None
    scale_factor: tuple[float, ...] | None = None
    mode: str = "nearest"
    align_corners: bool | None = None

    def keeps(self, outputs: Sequence[Shape]) -> Kept:
        """`area` is an adaptive mean, which needs its input unless it is global; else sizes do."""
        is_global = all(size == 1 for size in outputs[0][1:])
        return Kept.INPUTS if self.mode == "area" and not is_global else Kept.NOTHING

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:
        (shape,) = inputs
        rank = need_map(shape, self.kind)
        if rank not in RANKS_OF_MODES[self.mode]:
            fitting = tuple(mode for mode, ranks in RANKS_OF_MODES.items() if rank in ranks)
            raise Misfit(
                "mode-for-other-rank", "mode", mode=self.mode, shape=shape, fitting=fitting
            )
        if self.size is not None:
            check_rank(self.kind, "size", len(self.size), shape)
            return ((shape[0], *self.size),)
        factors = self.scale_factor or ()
        check_rank(self.kind, "scale_factor", len(factors), shape)
        out = tuple(floor(n * factor) for n, factor in zip(shape[1:], factors, strict=True))
        if any(size < 1 for size in out):
            raise Misfit("nothing-left", "scale_factor", shape=shape, out=out)
        return ((shape[0], *out),)

    def formulas(self, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> tuple[Formula, ...]:
        factors = self.scale_factor
        if factors is None:
            return ()

        def make(axis: int, letter: str) -> Formula:
            numbers = f"floor({inputs[0][1 + axis]} * {factors[axis]!r})"
            words = f"floor({letter} * scale_factor)"
            return Formula(f"{letter}'", words, numbers, outputs[0][1 + axis])

        return per_axis(inputs[0], make)

    def sight(self, shape: Shape) -> tuple[Sight | None, ...]:
        ((_, *out),) = self.infer([shape])
        pairs = enumerate(zip(shape[1:], out, strict=True))
        return tuple(self._sight(axis, n, o) for axis, (n, o) in pairs)

    def _sight(self, axis: int, size: int, out: int) -> Sight | None:
        if self.mode == "area":
            return through_parts(size, out)
        if self.align_corners:
            ratio, offset = Fraction(max(size - 1, 0), max(out - 1, 1)), Fraction(0)
        else:
            factor = self.scale_factor[axis] if self.scale_factor else None
            ratio = Fraction(size, out) if factor is None else 1 / Fraction(repr(factor))
            offset = Fraction(0) if self.mode == "nearest" else (ratio - 1) / 2
        return through_samples(ratio, offset, _NEIGHBOURS[self.mode])

    def smallest_input(self, shape: Shape, output: Sequence[int]) -> tuple[int, ...]:
        if self.scale_factor is None:
            return (1,) * len(output)
        pairs = zip(output, self.scale_factor, strict=True)
        return tuple(_least(size, factor) for size, factor in pairs)

    def label(self) -> str:
        if self.size is not None:
            return f"upsample to {spell_size(self.size)}"
        factors = [f"{factor:g}" for factor in self.scale_factor or ()]
        words = factors[0] if len(set(factors)) == 1 else "×".join(factors)
        return f"upsample ×{words}"

    def constructor(self) -> Constructor:
        return Constructor("nn.Upsample", arguments_of(self, positional=0))
