"""What an element sees of a source along one axis: a pattern of intervals that repeats.

Behind a window every element sees one interval, a step further each time. Behind interpolation and
transposed convolution neighbours see intervals of different length, and the steps are fractions; so a
pattern has a period. Rejected: one length and one fractional step for all, which is off by an element
wherever the pattern does not begin with the map.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import floor, gcd, lcm

from netspec.shape import Shape, Window

LONGEST = 1024
"""A pattern that takes longer to repeat is not followed."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Element `q * period + r` sees the source from `q * step + first[r]` to `q * step + last[r]`.

    It sees nothing where `last` is less than `first`. Places may lie outside of the map, in its padding.
    """

    step: int
    first: tuple[int, ...]
    last: tuple[int, ...]

    @property
    def period(self) -> int:
        """After how many elements the pattern repeats."""
        return len(self.first)

    @property
    def size(self) -> int:
        """The most that an element sees."""
        return max(b - a for a, b in zip(self.first, self.last, strict=True)) + 1

    @property
    def stride(self) -> Fraction:
        """The step from one element to the next."""
        return Fraction(self.step, self.period)

    def of(self, before: Sight) -> Sight | None:
        """What an element sees of the source of `before`, by way of what it sees here.

        None: the pattern takes too long to repeat.
        """
        rounds = before.period // gcd(self.step, before.period)
        if self.period * rounds > LONGEST:
            return None
        seen = [before.interval(*self._at(place)) for place in range(self.period * rounds)]
        step = self.step * rounds // before.period * before.step
        return Sight(step, tuple(a for a, _ in seen), tuple(b for _, b in seen))

    def interval(self, start: int, stop: int) -> tuple[int, int]:
        """What the elements `start` to `stop` see together; the ends of a long stretch decide."""
        ends = range(start, min(start + self.period, stop + 1))
        others = range(max(stop - self.period + 1, ends.stop), stop + 1)
        seen = [(a, b) for a, b in map(self._at, (*ends, *others)) if a <= b]
        return (min(a for a, _ in seen), max(b for _, b in seen)) if seen else (0, -1)

    def _at(self, place: int) -> tuple[int, int]:
        turn, phase = divmod(place, self.period)
        return turn * self.step + self.first[phase], turn * self.step + self.last[phase]

    def repeated(self, period: int) -> Sight:
        """The same with a longer period, a multiple of its own."""
        places = [self._at(place) for place in range(period)]
        step = self.step * (period // self.period)
        return Sight(step, tuple(a for a, _ in places), tuple(b for _, b in places))


IN_PLACE = Sight(1, (0,), (0,))
"""The element at the same place and no other."""

SPREAD = Sight(0, (0,), (0,))
"""Every element sees the first one."""


def together(sights: Sequence[Sight]) -> Sight | None:
    """What an element sees that reads all of these; with different strides, the largest of both.

    None: the pattern takes too long to repeat.
    """
    widest = max(sights, key=lambda sight: sight.stride)
    if any(sight.stride != widest.stride for sight in sights):
        size = max(sight.size for sight in sights)
        return Sight(widest.step, widest.first, tuple(a + size - 1 for a in widest.first))
    period = reduce(lcm, (sight.period for sight in sights))
    if period > LONGEST:
        return None
    aligned = [sight.repeated(period) for sight in sights]
    first = tuple(map(min, zip(*(sight.first for sight in aligned), strict=True)))
    last = tuple(map(max, zip(*(sight.last for sight in aligned), strict=True)))
    return Sight(aligned[0].step, first, last)


def through_window(window: Window) -> tuple[Sight, ...]:
    """Of a sliding window, per axis."""
    axes = zip(window.stride, window.sides, window.extent, strict=True)
    return tuple(
        Sight(stride, (-before,), (extent - before - 1,)) for stride, (before, _), extent in axes
    )


def through_transposed(kernel_size: int, stride: int, padding: int, dilation: int) -> Sight:
    """Of a transposed convolution: elements whose window, turned around, covers this one."""
    seen = []
    for phase in range(stride):
        reach = [phase + padding - dilation * place for place in range(kernel_size)]
        hit = [place // stride for place in reach if place % stride == 0]
        seen.append((min(hit, default=0), max(hit, default=-1)))
    return Sight(1, tuple(a for a, _ in seen), tuple(b for _, b in seen))


def through_parts(size: int, parts: int) -> Sight:
    """Of adaptive windows: part i is [floor(i n/o), ceil((i+1) n/o))."""
    common = gcd(size, parts)
    places = range(parts // common)
    return Sight(
        size // common,
        tuple(i * size // parts for i in places),
        tuple(-(-(i + 1) * size // parts) - 1 for i in places),
    )


def through_samples(ratio: Fraction, offset: Fraction, reach: tuple[int, int]) -> Sight | None:
    """Of interpolation: element i lies at `i * ratio + offset`; None: too long before it repeats.

    Where that is a place of the source, it sees this element alone; else as many before and after the one
    before it as `reach` says.
    """
    if ratio.denominator > LONGEST:
        return None
    points = [i * ratio + offset for i in range(ratio.denominator)]
    before, after = reach
    first = tuple(floor(at) - before * (at.denominator > 1) for at in points)
    last = tuple(floor(at) + after * (at.denominator > 1) for at in points)
    return Sight(ratio.numerator, first, last)


def whole(shape: Shape, dims: Iterable[int]) -> tuple[Sight, ...]:
    """Everything along the axes `dims` of `shape`, counted as in PyTorch; in place along the others."""
    axes = frozenset(dims)
    return tuple(
        Sight(1, (0,), (size - 1,)) if dim in axes else IN_PLACE
        for dim, size in enumerate(shape[1:], start=2)
    )
