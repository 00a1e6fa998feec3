"""NS409: sizes that do not come out even when axes are cut, joined or put in another order."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, trail_note, value
from netspec.messages.words import count as number
from netspec.shape import Shape, numel, spell

Trail = Sequence[tuple[str, Shape]]


def odd_halves(*, dim: int, shape: Shape, block: str, trail: Trail = (), **_: object) -> Said:
    """An axis of odd size where two halves are needed."""
    size = shape[dim - 1]
    what = number(size, "channel" if len(shape) > 1 else "feature") if dim == 1 else f"size {size}"
    return Said(
        message=f"{code(block)} halves axis {dim}, and {what} cannot be halved",
        label=f"its input is {spell(shape)}",
        notes=trail_note(trail),
        help=(f"give its input {size + 1} there, or {code(block)} another `dim`",),
    )


def one_value_per_group(
    *, shape: Shape, groups: int, block: str, trail: Trail = (), **_: object
) -> Said:
    """A norm whose mean is that of a single number."""
    each = "channel" if groups == shape[0] else "group"
    return Said(
        message=f"every {each} of {code(block)} is a single number, which has no variance",
        label=f"its input is {spell(shape)}",
        notes=("a number minus its own mean is 0, so nothing would come out", *trail_note(trail)),
        help=("put it before `gap`, or use `batch_norm`",),
    )


def elements_differ(
    *,
    sizes: Sequence[int],
    count: int,
    shape: Shape,
    block: str,
    field: str,
    trail: Trail = (),
    **_: object,
) -> Said:
    """A shape with another number of elements than there are."""
    known = numel([size for size in sizes if size != -1])
    free = -1 in sizes
    found = (
        f"{count} elements do not fill {spell(sizes)}" if free else f"{spell(sizes)} has {known}"
    )
    advice = f"use a divisor of {count} in place of {known}" if free else _nearest(sizes, count)
    return Said(
        message=f"{code(field)} of {code(block)} needs {count} elements, and {found}",
        label=f"{count} / {known} is no whole number" if free else f"its input is {spell(shape)}",
        notes=trail_note(trail),
        help=(advice,),
    )


def _nearest(sizes: Sequence[int], count: int) -> str:
    """The shape with one size changed to what remains, where one can be; the last that can."""
    for place in reversed(range(len(sizes))):
        rest = numel([*sizes[:place], *sizes[place + 1 :]])
        if count % rest == 0:
            return f"write {value([*sizes[:place], -1, *sizes[place + 1 :]])}: it becomes {count // rest}"
    return f"the product of the sizes must be {count}"


def nothing_to_squeeze(
    *, channels: int, reduction: int, block: str, trail: Trail = (), **_: object
) -> Said:
    """A reduction that is larger than the channels."""
    return Said(
        message=f"{code(block)} divides {number(channels, 'channel')} by {reduction}, "
        "and none is left",
        label=f"{channels} // {reduction} = 0",
        notes=trail_note(trail),
        help=(f"use {code(f'reduction: {channels}')} or less, or give `squeeze_channels`",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS409",
        "sizes that do not come out even",
        """
        `glu` cuts an axis into two halves, so the axis needs an even size. `instance_norm` and
        `group_norm` take a mean and a variance within a channel or group, which needs two numbers.
        `reshape` and `unflatten` keep the number of elements; one size may be -1, what remains.
        """,
        wrong=spec("- glu", input_="[3, 32, 32]"),
        right=spec("- glu", input_="[4, 32, 32]"),
        rules={
            "odd-halves": odd_halves,
            "one-value-per-group": one_value_per_group,
            "elements-differ": elements_differ,
            "nothing-to-squeeze": nothing_to_squeeze,
        },
    ),
)
