"""NS218, NS410: `split`, how many parts there are, how large they are, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.types import subject
from netspec.messages.words import choices, code, count, got, number_word, trail_note, written
from netspec.shape import Shape

Trail = Sequence[tuple[str, Shape]]


def _axis(dim: int) -> str:
    return "channels" if dim == 1 else f"elements of axis {dim}"


def chunks_not_dividing(
    *, chunks: int, size: int, dim: int, trail: Trail = (), **_: object
) -> Said:
    """`split: 2` of an odd number of channels."""
    divisors = [n for n in range(2, min(size, 256) + 1) if size % n == 0]
    near = sorted(divisors, key=lambda n: (abs(n - chunks), n))[:2]
    advice = [f"use {choices([f'split: {n}' for n in sorted(near)])}"] if near else []
    sizes = f"sizes: [{max(1, size // chunks)}, rest]"
    return Said(
        message=f"{size} {_axis(dim)} cannot be split into {chunks} equal parts",
        label=f"{size} / {chunks} is no whole number",
        notes=trail_note(trail),
        help=(*advice, f"or say how large the parts are: {written(sizes)}")
        if size > 1
        else ("an axis of one element cannot be split",),
    )


def split_sizes(
    *, sizes: Sequence[int], size: int, dim: int, trail: Trail = (), **_: object
) -> Said:
    """Sizes that do not add up to the axis."""
    total = " + ".join(map(str, sizes))
    left = ", ".join([*map(str, sizes[:-1]), "rest"])
    advice = f"let the last part be what is left: {written(f'sizes: [{left}]')}"
    return Said(
        message=f"the sizes {total} = {sum(sizes)} do not make up the {size} {_axis(dim)}",
        label=f"must add up to {size}",
        notes=trail_note(trail),
        help=(advice,) if sum(sizes[:-1]) < size else (f"the sizes must add up to {size}",),
    )


def no_rest(*, sizes: Sequence[int], size: int, dim: int, trail: Trail = (), **_: object) -> Said:
    """`rest` where the other parts leave nothing."""
    return Said(
        message=f"nothing is left for `rest`: the other sizes take {sum(sizes)} of the "
        f"{size} {_axis(dim)}",
        label=f"must leave at least 1 of {size}",
        notes=trail_note(trail),
        help=("make the other parts smaller",),
    )


def split_sizes_form(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Sizes that are no list of numbers with at most one `rest`."""
    return Said(
        message=f"{subject(block, field)} must be two whole numbers or more, one of which may be "
        f"`rest`, got {got(received)}",
        label="expected, for example, `[16, rest]`",
    )


def into_form(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """`into` that is no list of names."""
    return Said(
        message=f"{subject(block, field)} must be a list of names, got {got(received)}",
        label="expected a name for each part",
        help=(f"write {written('into: [left, right]')}, for example",),
    )


def into_count(*, names: int, parts: int, **_: object) -> Said:
    """Another number of names than parts."""
    return Said(
        message=f"`into` has {count(names, 'name')} for {count(parts, 'part')}",
        label=f"needs {count(parts, 'name')}",
        help=(f"give {number_word(parts)} names, or split into {number_word(names)} parts",),
    )


def into_without_name(*, into: Sequence[str], **_: object) -> Said:
    """`into` on a layer that cannot be read."""
    return Said(
        message="`into` names parts of a layer that has no `name`",
        label="nothing can read these names",
        notes=(f"a part is read through its layer, as {code('NAME.' + into[0])}",),
        help=("give the layer a `name`, or delete `into`",),
    )


def split_unsaid(**_: object) -> Said:
    """`split` alone."""
    return Said(
        message="`split` must say how many parts there are",
        label="into how many?",
        help=(f"write {written('split: 2')}, or {written('split: {sizes: [16, rest]}')}",),
    )


def split_said_twice(**_: object) -> Said:
    """Both `chunks` and `sizes`."""
    return Said(
        message="`chunks` and `sizes` both say how `split` divides its input",
        label="`sizes` is given too",
        help=("delete one of them",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS218",
        "fields of `split` that do not go together",
        """
        `split: n` gives n equal parts, `sizes` says how large each is; one of the two is enough. `into`
        names the parts of a layer that has a `name`, and alone it says how many there are.
        """,
        wrong=spec("- split: {into: [a, b, rest]}", "- concat"),
        right=spec("- split: {name: parts, into: [a, b, rest]}", "- concat"),
        rules={
            "into-without-name": into_without_name,
            "split-unsaid": split_unsaid,
            "split-said-twice": split_said_twice,
        },
    ),
    page(
        "NS410",
        "parts that do not make up the whole",
        """
        `split: n` gives n equal parts, so n must divide the axis: the channels, unless `dim` says
        otherwise. `sizes` must add up to it; one of them may be `rest`.
        """,
        wrong=spec("- conv: {out_channels: 9, kernel_size: 3}", "- split: 2", "- add"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}", "- split: 2", "- add"),
        rules={
            "chunks-not-dividing": chunks_not_dividing,
            "split-sizes": split_sizes,
            "no-rest": no_rest,
        },
    ),
)
