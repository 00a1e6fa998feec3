"""Sentences about paddings, factors and output sizes that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Said
from netspec.messages.types import number, subject
from netspec.messages.words import choices, code, count, got, trail_note, written
from netspec.shape import Shape, spell

_AXIS_NAMES = {
    2: ("[top, bottom]", "[left, right]"),
    3: ("[front, back]", "[top, bottom]", "[left, right]"),
}


def padding(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """A list for a padding whose entries are neither numbers nor pairs."""
    return Said(
        message=f"{subject(block, field)} must have a whole number or `[before, after]` for each "
        f"axis, got {got(received)}",
        label="expected a number or `[before, after]` for each axis",
        help=("a map has two axes, height and width: `[[0, 1], [0, 1]]`",),
    )


def flat_padding(*, received: Sequence[int], block: str = "", field: str = "", **_: object) -> Said:
    """Four numbers in a row: PyTorch and others read them in different orders."""
    numbers = [str(number) for number in received]
    pairs = [f"[{a}, {b}]" for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    rank = len(pairs)
    as_axes = f"[{', '.join(pairs)}]"
    as_torch = f"[{', '.join(reversed(pairs))}]"
    advice = f"write {written(as_axes)}"
    if as_axes != as_torch:
        order = "top, bottom, left, right" if rank == 2 else "front, back, top, bottom, left, right"
        advice += (
            f" if they are {order}, or {written(as_torch)} if they are in the order of `F.pad`, "
            "the last axis first"
        )
    return Said(
        message=f"{len(numbers)} numbers in a row for {subject(block, field)} do not say which "
        "side is which",
        label=f"expected `[{', '.join(_AXIS_NAMES[rank])}]`",
        help=(advice,),
    )


def keeps_all(*, block: str = "", field: str = "", **_: object) -> Said:
    """An adaptive pool that keeps every axis."""
    return Said(
        message=f"{subject(block, field)} keeps every axis",
        label="nothing to do",
        help=("give a size for one of the axes, or delete the layer",),
    )


def scale(
    *,
    received: object,
    block: str = "",
    field: str = "",
    in_scope: Sequence[str] = (),
    **_: object,
) -> Said:
    """Neither a factor nor one for each axis."""
    said = number(block, field, received, "a number or a list of them", in_scope=in_scope)
    return Said(
        message=said.message,
        label="expected a number, or one for each axis",
        help=said.help,
        fix=said.fix,
    )


def scale_range(
    *, received: object, maximum: int, block: str = "", field: str = "", **_: object
) -> Said:
    """A factor that is no factor of a size."""
    return Said(
        message=f"{subject(block, field)} must be above 0 and at most {maximum}, got {got(received)}",
        label=f"above 0, at most {maximum}",
    )


def one_of(*, given: Sequence[str], either: Sequence[str], block: str = "", **_: object) -> Said:
    """Both or neither of two fields of which one is needed."""
    if given:
        return Said(
            message=f"{code(block)} takes {choices(either)}, and here are both",
            label="which of the two?",
            help=(f"delete {choices(either)}",),
        )
    return Said(
        message=f"{code(block)} needs {choices(either)}",
        label=f"{choices(either, 'and')} are missing",
        help=(f"add {code(f'{either[0]}: 2')}, or {code(f'{either[1]}: [64, 64]')}",),
    )


def mode_for_other_rank(
    *,
    mode: str,
    shape: Shape,
    fitting: Sequence[str],
    block: str,
    trail: Sequence[tuple[str, Shape]] = (),
    **_: object,
) -> Said:
    """`bilinear` on a sequence."""
    axes = count(len(shape) - 1, "spatial axis", "spatial axes")
    return Said(
        message=f"`mode: {mode}` of {code(block)} is not for {axes}, and its input is "
        f"{spell(shape)}",
        label=f"not for {axes}",
        notes=trail_note(trail),
        help=(f"use {choices(fitting)}",),
    )
