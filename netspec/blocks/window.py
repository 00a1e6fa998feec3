"""What convolution and pooling share: sizes spread over the axes of the input, and the forms of padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from netspec.errors import Misfit
from netspec.graph import Value
from netspec.shape import Padding, plain_padding

T = TypeVar("T")


def spread(field: str, value: T | tuple[T, ...], x: Value) -> tuple[T, ...]:
    """One entry per spatial axis of `x`; a list must have exactly that many.

    Raises:
        Misfit: `needs-map` for a vector, `wrong-rank` for a list of another length.
    """
    rank = x.rank
    if not 1 <= rank <= 3:
        raise Misfit("needs-map", shape=x.shape, ranks=(1, 2, 3))
    entries = value if isinstance(value, tuple) else (value,) * rank
    if len(entries) != rank:
        raise Misfit("wrong-rank", field, shape=x.shape, rank=len(entries), entries=entries)
    return entries


def same_padding(kernel: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """`dilation * (kernel_size - 1) / 2` on each side, at any stride: symmetric, not TensorFlow's.

    Raises:
        Misfit: `even-same`, when that is no whole number.
    """
    for size, step in zip(kernel, dilation, strict=True):
        if step * (size - 1) % 2:
            raise Misfit("even-same", "padding", kernel=size, dilation=step)
    return tuple(step * (size - 1) // 2 for size, step in zip(kernel, dilation, strict=True))


def same_tf_padding(
    spatial: Sequence[int],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Padding:
    """TensorFlow's rule: H' = ceil(H / stride), and where the padding is odd, one more at the end.

    It depends on the size of the input: a network that is run on other sizes pads as for this one.
    """
    found: list[tuple[int, int]] = []
    for size, entries, step, spacing in zip(spatial, kernel, stride, dilation, strict=True):
        out = -(-size // step)
        total = max((out - 1) * step + spacing * (entries - 1) + 1 - size, 0)
        found.append((total // 2, total - total // 2))
    return plain_padding(tuple(found))


def resolve_padding(
    padding: int | Padding | str,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    x: Value,
) -> Padding:
    """The padding of each axis from any of its forms.

    Raises:
        Misfit: see `spread` and `same_padding`.
    """
    if padding == "same_tf":
        return same_tf_padding(x.shape[1:], kernel, stride, dilation)
    if isinstance(padding, str):
        return same_padding(kernel, dilation)
    entries: tuple[int | tuple[int, int], ...] = spread("padding", padding, x)
    return plain_padding(entries)
