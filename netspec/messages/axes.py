"""NS404: axes that do not exist, or that are named wrongly."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import choices, code, count, join, trail_note, value, written
from netspec.shape import Shape, spell

Trail = Sequence[tuple[str, Shape]]


def dim_out_of_range(
    *, dim: int, shape: Shape, block: str, field: str | None = None, trail: Trail = (), **_: object
) -> Said:
    """An axis that the input does not have."""
    last, name = len(shape), field or "dim"
    which = f"axes 1 to {last}" if last > 1 else "axis 1 only"
    return Said(
        message=f"{code(name)} of {code(block)} is {dim}, and its input has "
        f"{count(last, 'axis', 'axes')}",
        label=f"its input {spell(shape)} has {which}",
        notes=("axes count as in PyTorch: 0 is the batch, 1 the channels", *trail_note(trail)),
        help=(f"use {choices([f'{name}: {axis}' for axis in range(1, last + 1)])}",),
    )


def stack_dim(*, dim: int, shape: Shape, trail: Trail = (), **_: object) -> Said:
    """A new axis where none can be."""
    last = len(shape) + 1
    return Said(
        message=f"`dim` of `stack` is {dim}, and its inputs have {count(len(shape), 'axis', 'axes')}",
        label=f"the new axis is one of 1 to {last}",
        notes=("axes count as in PyTorch: 0 is the batch, 1 the channels", *trail_note(trail)),
        help=(f"use {choices([f'dim: {axis}' for axis in range(1, last + 1)])}",),
    )


def dims_out_of_order(*, start: int, end: int, **_: object) -> Said:
    """`flatten` from a later axis to an earlier one."""
    return Said(
        message=f"`end_dim` {end} is before `start_dim` {start}",
        label=f"must be {start} or more, or -1 for the last axis",
        help=(f"use `end_dim: -1` or {code(f'end_dim: {start}')}",),
    )


def not_a_permutation(
    *, dims: Sequence[int], shape: Shape, block: str, trail: Trail = (), **_: object
) -> Said:
    """An order of axes that leaves one out, or names one that is not there."""
    wanted = list(range(1, len(shape) + 1))
    missing = [str(dim) for dim in wanted if dim not in dims]
    extra = [str(dim) for dim in dims if dim not in wanted]
    wrong = [f"leaves out {join(missing)}"] if missing else []
    wrong += [f"names {join(extra)}, which {'is' if len(extra) == 1 else 'are'} not there"] * bool(
        extra
    )
    return Said(
        message=f"`dims` of {code(block)} {join(wrong)}",
        label=f"its input {spell(shape)} has axes {join(list(map(str, wanted)))}",
        notes=trail_note(trail),
        help=(f"name every axis once, for example {value([*wanted[1:], 1])}",),
    )


def no_axis_left(*, shape: Shape, block: str, trail: Trail = (), **_: object) -> Said:
    """A reduction of all axes."""
    return Said(
        message=f"{code(block)} leaves no axis of its input",
        label=f"its input is {spell(shape)}",
        notes=trail_note(trail),
        help=(f"write {written('keepdim: true')} to keep the axes with size 1",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS404",
        "an axis that does not exist",
        """
        `dim` counts as in PyTorch: 0 is the batch and cannot be used, 1 the channels or features, then
        the spatial axes. `flatten` joins the axes from `start_dim` to `end_dim`, `permute` names every
        axis once, and a reduction leaves at least one.
        """,
        wrong=spec("- softmax: 2", input_="[10]"),
        right=spec("- softmax: 1", input_="[10]"),
        rules={
            "dim-out-of-range": dim_out_of_range,
            "dims-out-of-order": dims_out_of_order,
            "stack-dim": stack_dim,
            "not-a-permutation": not_a_permutation,
            "no-axis-left": no_axis_left,
        },
    ),
)
