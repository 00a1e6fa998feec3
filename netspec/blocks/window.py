"""What convolution and pooling share: sizes spread over the axes of the input, and `same`."""

from __future__ import annotations

from netspec.errors import Misfit
from netspec.graph import Value
from netspec.shape import per_axis


def spread(field: str, value: int | tuple[int, ...], x: Value) -> tuple[int, ...]:
    """One entry per spatial axis of `x`; a list must have exactly that many.

    Raises:
        Misfit: `needs-map` for a vector, `wrong-rank` for a list of another length.
    """
    if not 1 <= x.rank <= 3:
        raise Misfit("needs-map", shape=x.shape, ranks=(1, 2, 3))
    entries = per_axis(value, x.rank)
    if len(entries) != x.rank:
        raise Misfit("wrong-rank", field, shape=x.shape, rank=len(entries))
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


def resolve_padding(
    padding: int | tuple[int, ...] | str,
    kernel: tuple[int, ...],
    dilation: tuple[int, ...],
    x: Value,
) -> tuple[int, ...]:
    """The padding of each axis from any of its forms.

    Raises:
        Misfit: see `spread` and `same_padding`.
    """
    if isinstance(padding, str):
        return same_padding(kernel, dilation)
    return spread("padding", padding, x)
