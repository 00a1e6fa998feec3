"""What ops with a sliding window share: spelling, the check that the window fits, and explicit padding.

PyTorch's modules pad both sides of an axis alike. Where the sides differ, the map is padded by `F.pad`
before: with zeros for a convolution and a mean, with minus infinity for a maximum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.errors import Misfit
from netspec.ops.base import collapse
from netspec.shape import Padding, Shape, Window, numel, sides

MINUS_INFINITY = float("-inf")


def spell_size(size: Sequence[int]) -> str:
    """`7×7`, as pictures and tables write a kernel."""
    return "×".join(map(str, size))


def stride_suffix(stride: Sequence[int]) -> str:
    """` / 2` behind a kernel; nothing for a stride of 1."""
    if all(step == 1 for step in stride):
        return ""
    one = collapse(tuple(stride))
    return f" / {one}" if isinstance(one, int) else f" / {spell_size(stride)}"


def slide(op: str, window: Window, shape: Shape) -> tuple[int, ...]:
    """(C, H, W) -> (H', W') of a window over the map.

    Raises:
        Misfit: `wrong-rank`, `window-too-large`.
    """
    check_rank(op, "kernel_size", len(window.kernel_size), shape)
    out = window.output(shape[1:])
    if any(size < 1 for size in out):
        raise Misfit("window-too-large", "kernel_size", op=op, shape=shape, window=window, out=out)
    return out


def check_rank(op: str, field: str, rank: int, shape: Shape) -> None:
    """That a field has one entry per spatial axis.

    Raises:
        Misfit: `wrong-rank`.
    """
    if len(shape) != rank + 1:
        raise Misfit("wrong-rank", field, op=op, shape=shape, rank=rank)


_REACH: Mapping[str, int] = MappingProxyType({"reflect": -1, "circular": 0})
"""Padding modes that copy from the map: how far the padding may exceed its size."""


def check_reach(field: str, mode: str, padding: Padding, spatial: Sequence[int]) -> None:
    """That there is enough of the map to fill the padding from; `field` names the mode.

    Raises:
        Misfit: `padding-exceeds-map`.
    """
    reach = _REACH.get(mode)
    for pair, size in zip(sides(padding), spatial, strict=True):
        if reach is not None and max(pair) > size + reach:
            values = {"setting": field, "mode": mode, "padding": max(pair), "size": size}
            raise Misfit("padding-exceeds-map", "padding", **values)


def least_reach(mode: str, padding: Padding) -> tuple[int, ...]:
    """The smallest (H, W) that the padding can be filled from."""
    reach = _REACH.get(mode)
    return tuple(1 if reach is None else max(*pair, 1 + reach) - reach for pair in sides(padding))


def torch_order(padding: Padding) -> tuple[int, ...]:
    """The numbers as `F.pad` takes them: the last axis first, before and after."""
    return tuple(number for pair in reversed(sides(padding)) for number in pair)


def pad_call(argument: str, padding: Padding, mode: str = "constant", value: float = 0.0) -> str:
    """`F.pad(x, (0, 1, 0, 1))`, with its mode or value where that is not zeros."""
    settings = f', mode="{mode}"' if mode != "constant" else ""
    if value == MINUS_INFINITY:
        settings = ', value=float("-inf")'
    elif value:
        settings = f", value={value!r}"
    return f"F.pad({argument}, {torch_order(padding)!r}{settings})"


def is_even(padding: Padding) -> bool:
    """Whether both sides of every axis are padded alike, as PyTorch's modules do."""
    return all(before == after for before, after in sides(padding))


def padded_bytes(shape: Shape, padding: Padding) -> int:
    """Bytes of a map with its padding around it, in float32."""
    spatial = (n + sum(pair) for n, pair in zip(shape[1:], sides(padding), strict=True))
    return 4 * shape[0] * numel(tuple(spatial))
