"""NS217: `for_each`, whose values and names do not go together."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.types import subject
from netspec.messages.words import choices, code, count, got, written


def rows(*, received: object, block: str = "for_each", **_: object) -> Said:
    """`over` that is no list."""
    single = not isinstance(received, dict)
    return Said(
        message=f"{subject(block, 'over')} must be a list, or lists by name, got {got(received)}",
        label="expected a list",
        help=("to make copies that are the same, write `repeat` on a layer",)
        if isinstance(received, int) and not isinstance(received, bool)
        else ((f"write {written('over: [8, 16]')}, for example",) if single else ()),
    )


def as_form(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """`as` that is no name."""
    return Said(
        message=f"{subject(block, field)} must be a name, or a list of names, got {got(received)}",
        label="expected a name",
        help=(f"write {written('as: width')}, and read it as `$width`",),
    )


def for_each_without_as(**_: object) -> Said:
    """`over` without a name for its elements."""
    return Said(
        message="the elements of `over` need a name",
        label="walks this list",
        help=(
            f"write {written('as: width')} beside it, or for rows {written('as: [kernel, out]')}",
        ),
    )


def as_beside_columns(*, columns: Sequence[str], **_: object) -> Said:
    """`as` beside lists that have names."""
    return Said(
        message="`as` names what has names already",
        label="not beside lists by name",
        notes=(f"the lists are read as {choices(['$' + name for name in columns[:6]], 'and')}",),
        help=("delete `as`",),
    )


def not_a_row(*, received: object, names: Sequence[str], **_: object) -> Said:
    """An element that is no list where `as` names cells."""
    return Said(
        message=f"each element of `over` must be a row, got {got(received)}",
        label=f"expected {code('[' + ', '.join(names) + ']')}",
        help=(f"write {written(f'as: {names[0]}')} to name the element itself",)
        if len(names) == 1
        else (),
    )


def row_length(*, number: int, cells: int, names: Sequence[str], **_: object) -> Said:
    """A row that is too short or too long."""
    difference = len(names) - cells
    label = (
        f"{count(difference, 'cell')} missing"
        if difference > 0
        else f"{count(-difference, 'cell')} too many"
    )
    return Said(
        message=f"row {number} has {count(cells, 'cell')}, and `as` has {count(len(names), 'name')}",
        label=label,
        notes=("rows count from 0, as `$index` does",),
        help=(f"every row is {written('[' + ', '.join(names) + ']')}",),
    )


def lists_differ(*, name: str, count: int, first: str, wanted: int, **_: object) -> Said:
    """Lists side by side that are not equally long."""
    elements = "1 element" if count == 1 else f"{count} elements"
    return Said(
        message=f"{code(name)} has {elements}, and {code(first)} has {wanted}",
        label=f"needs {wanted}",
        help=("lists side by side are as long as each other",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS217",
        "a `for_each` whose values and names do not go together",
        """
        `for_each` makes a copy of its layers for each element of `over`. `as: width` names the element;
        `as: [kernel, out]` names the cells of rows, so every row has that many; `over: {kernel: [...],
        out: [...]}` names lists that are as long as each other, and has no `as`.
        """,
        wrong=spec(
            "- for_each: {over: [[3, 8], [5]], as: [kernel, out], layers: "
            "[conv: {out_channels: $out, kernel_size: $kernel}]}"
        ),
        right=spec(
            "- for_each: {over: [[3, 8], [5, 16]], as: [kernel, out], layers: "
            "[conv: {out_channels: $out, kernel_size: $kernel}]}"
        ),
        rules={
            "for-each-without-as": for_each_without_as,
            "as-beside-columns": as_beside_columns,
            "not-a-row": not_a_row,
            "row-length": row_length,
            "lists-differ": lists_differ,
        },
    ),
)
