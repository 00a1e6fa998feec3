"""How a number comes about, in PyTorch's words and with the numbers in place: `floor((224 + 2*3 - 7) / 2) + 1`.

The op that computes a size says its formula too, and a test evaluates the numbers of every formula, so that
what is printed is what is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from netspec.shape import Shape, Window

_LETTERS: Mapping[int, str] = MappingProxyType({1: "L", 2: "HW", 3: "DHW"})


@dataclass(frozen=True, slots=True)
class Formula:
    """`name` = `words` = `numbers` = `value`: `H'` = `H + before + after` = `30 + 1 + 1` = 32."""

    name: str
    words: str
    numbers: str
    value: int


def axes(shape: Shape) -> tuple[str, ...]:
    """The letters of a shape: C, H, W of a map, F of a vector of features."""
    if len(shape) == 1:
        return ("F",)
    return ("C", *_LETTERS.get(len(shape) - 1, "?" * (len(shape) - 1)))


def per_axis(shape: Shape, make: Callable[[int, str], Formula]) -> tuple[Formula, ...]:
    """A formula for each spatial axis; one for all of them where the numbers are the same."""
    letters = axes(shape)[1:]
    found = [make(axis, letter) for axis, letter in enumerate(letters)]
    if len({formula.numbers for formula in found}) == 1:
        name = ", ".join(formula.name for formula in found)
        return (Formula(name, found[0].words, found[0].numbers, found[0].value),)
    return tuple(found)


def window_formulas(window: Window, shape: Shape) -> tuple[Formula, ...]:
    """(C, H, W) -> how H' and W' of a sliding window come about."""
    out = window.output(shape[1:])

    def make(axis: int, letter: str) -> Formula:
        kernel, stride, dilation = (
            values[axis] for values in (window.kernel_size, window.stride, window.dilation)
        )
        before, after = window.sides[axis]
        words, numbers = f"({letter}", f"({shape[1 + axis]}"
        if before == after and before:
            words, numbers = f"{words} + 2*padding", f"{numbers} + 2*{before}"
        elif before != after:
            words, numbers = f"{words} + before + after", f"{numbers} + {before} + {after}"
        if dilation == 1:
            words, numbers = f"{words} - kernel_size", f"{numbers} - {kernel}"
        else:
            words = f"{words} - dilation*(kernel_size - 1) - 1"
            numbers = f"{numbers} - {dilation}*({kernel} - 1) - 1"
        name = "ceil" if window.ceil_mode else "floor"
        room = shape[1 + axis] + before + after - window.extent[axis]
        whole = -(-room // stride) if window.ceil_mode else room // stride
        # In ceil mode a last window that would start in the padding is left out.
        end = " + 1" if out[axis] == whole + 1 else " + 1 - 1"
        words, numbers = f"{name}({words}) / stride){end}", f"{name}({numbers}) / {stride}){end}"
        return Formula(f"{letter}'", words, numbers, out[axis])

    return per_axis(shape, make)


def kernel_macs(
    out_channels: int,
    in_channels: int,
    groups: int,
    kernel_size: Sequence[int],
    places: Sequence[int],
    *,
    at: str = "'",
) -> Formula:
    """Every weight once at each place: of the output, or of the input (`at=""`) of a transposed one."""
    letters = " * ".join(f"{letter}{at}" for letter in axes((1, *places))[1:])
    shared, split = (" / groups", f" / {groups}") if groups > 1 else ("", "")
    kernel = " * ".join(map(str, kernel_size))
    words = f"out_channels * in_channels{shared} * kernel_size * {letters}"
    numbers = f"{out_channels} * {in_channels}{split} * {kernel} * {' * '.join(map(str, places))}"
    value = out_channels * in_channels // groups
    for size in (*kernel_size, *places):
        value *= size
    return Formula("MACs", words, numbers, value)
