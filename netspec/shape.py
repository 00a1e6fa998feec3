"""Shapes and the arithmetic of sliding windows: pure functions of integers, no ops, no messages.

A shape never holds the batch: `(C, H, W)` is a map, `(C, L)` a sequence, `(C, D, H, W)` a volume, `(F,)` a
vector of features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]


def spell(shape: Sequence[float]) -> str:
    """`64x28x28`, as shapes are written in tables and messages; strides may be fractions."""
    return "x".join(map(str, shape))


def numel(shape: Sequence[int]) -> int:
    """The number of elements of one sample."""
    return prod(shape)


COLOURS = (1, 3, 4)
"""Channels of images."""


def looks_batched(shape: Shape) -> bool:
    """Whether it looks like one image with its batch: a volume of one channel with as few slices as colours.

    >>> looks_batched((1, 3, 224, 224)), looks_batched((1, 16, 112, 112))
    (True, False)
    """
    return len(shape) == 4 and shape[0] == 1 and shape[1] in COLOURS


Padding = tuple[int | tuple[int, int], ...]
"""One entry per spatial axis: a number for both sides, or (before, after)."""


def sides(padding: Padding) -> tuple[tuple[int, int], ...]:
    """(before, after) for every axis: `(1, (0, 1))` -> `((1, 1), (0, 1))`."""
    return tuple((entry, entry) if isinstance(entry, int) else entry for entry in padding)


def plain_padding(padding: Padding) -> Padding:
    """Numbers alone where both sides of every axis are equal, (before, after) everywhere otherwise."""
    both = sides(padding)
    if all(before == after for before, after in both):
        return tuple(before for before, _ in both)
    return both


def per_axis(value: int | Sequence[int], rank: int) -> tuple[int, ...]:
    """`3` -> `(3, 3)` for two axes; a sequence is taken as it is."""
    return (value,) * rank if isinstance(value, int) else tuple(value)


@dataclass(frozen=True, slots=True)
class Window:
    """A sliding window over the spatial axes: one entry per axis in every field, in elements.

    `padding` is added on both sides, or as (before, after). The output sizes follow PyTorch's rule,
    including the one for `ceil_mode`: the last window must start inside the input or the left padding.
    """

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Padding
    dilation: tuple[int, ...]
    ceil_mode: bool = False

    @property
    def extent(self) -> tuple[int, ...]:
        """What the kernel covers with its dilation, per axis: `dilation * (kernel_size - 1) + 1`."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilation, strict=True))

    @property
    def sides(self) -> tuple[tuple[int, int], ...]:
        """The padding before and after, per axis."""
        return sides(self.padding)

    def output(self, spatial: Sequence[int]) -> tuple[int, ...]:
        """(H, W) -> (H', W'); an entry below 1 means that the window does not fit there."""
        return tuple(
            self._axis(n, e, s, p)
            for n, e, s, p in zip(spatial, self.extent, self.stride, self.sides, strict=True)
        )

    def _axis(self, size: int, extent: int, stride: int, padding: tuple[int, int]) -> int:
        room = size + sum(padding) - extent
        if not self.ceil_mode:
            return room // stride + 1
        out = -(-room // stride) + 1
        if (out - 1) * stride >= size + padding[0]:
            out -= 1
        return out

    def used(self, spatial: Sequence[int]) -> tuple[int, ...]:
        """How many places of the kernel ever lie on the map and not on padding, per axis.

        >>> Window((3, 3), (1, 1), (1, 1), (1, 1)).used((1, 2))
        (1, 3)
        """
        return tuple(
            sum(
                any(0 <= out * stride + place * step - before < size for out in range(count))
                for place in range(kernel)
            )
            for size, count, kernel, stride, step, (before, _) in zip(
                spatial,
                self.output(spatial),
                self.kernel_size,
                self.stride,
                self.dilation,
                self.sides,
                strict=True,
            )
        )

    def smallest_input(self, output: Sequence[int] | None = None) -> tuple[int, ...]:
        """The smallest (H, W) for which every output size is at least that of `output`, or 1."""
        wanted = (1,) * len(self.kernel_size) if output is None else output
        return tuple(
            self._smallest(out, e, s, p)
            for out, e, s, p in zip(wanted, self.extent, self.stride, self.sides, strict=True)
        )

    def _smallest(self, out: int, extent: int, stride: int, padding: tuple[int, int]) -> int:
        exact = (out - 1) * stride + extent - sum(padding)
        size = max(1, exact - (stride - 1) * self.ceil_mode)
        while self._axis(size, extent, stride, padding) < out:
            size += 1  # a last window that starts in the right padding is left out
        return size
