"""NS305: how many values flow."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.splitting import into_count
from netspec.messages.words import code, count, join, number_word, written

_FEW = 10


def several_values(*, name: str, count: int, **_: object) -> Said:
    """A name that stands for several values."""
    return Said(
        message=f"{code(name)} gives {number_word(count)} values, and one is read here",
        label="needs one value",
        help=("merge them first, with `concat` or `add`",),
    )


def several_values_at_end(*, count: int, **_: object) -> Said:
    """The last layer gives several values."""
    return Said(
        message=f"the last layer gives {number_word(count)} values, and the network has one output",
        label=f"gives {number_word(count)} values",
        help=("merge them with `concat` or `add`, or name the outputs: `outputs: [a, b]`",),
    )


def value_count(
    *, block: str, wanted: int, found: int, makers: Sequence[str] = (), **_: object
) -> Said:
    """A block that reads another number of values than it gets."""
    makers = [*map(code, makers[:_FEW]), *["others"] * (len(makers) > _FEW)]
    many = f"{number_word(wanted)} {'value' if wanted == 1 else 'values'}"
    advice = (
        ("merge them first, with `concat` or `add`, or read one of them by `from`",)
        if found > wanted
        else (f"name {number_word(wanted)} layers in `from: [...]`",)
    )
    return Said(
        message=f"{code(block)} reads {many}, and gets {number_word(found)}"
        + (f", from {join(makers)}" if makers else ""),
        label=f"reads {many}",
        help=advice,
    )


def one_value_per_side(
    *, count: int, block: str = "", field: str | None = None, **_: object
) -> Said:
    """Layers inside a block that end in several values."""
    where = f"{code(field)} of {code(block)}" if field else f"the layers of {code(block)}"
    return Said(
        message=f"{where} must end in one value, and give {number_word(count)}",
        label="must end in one value",
        help=("merge them with `concat` or `add`",),
    )


def branch_count(*, inputs: int, branches: int, block: str = "", **_: object) -> Said:
    """Several values, but not one for each branch."""
    return Said(
        message=f"{code(block)} gets {count(inputs, 'value')} for "
        f"{count(branches, 'branch', 'branches')}",
        label=count(branches, "branch", "branches"),
        notes=("every branch reads the one input, or each reads one of as many",),
        help=(f"write {inputs} branches, or merge the values first",),
    )


def too_few_to_merge(*, count: int, branches: int, block: str = "", **_: object) -> Said:
    """A merge of one value."""
    gets = "one value" if count == 1 else f"{number_word(count)} values"
    return Said(
        message=f"{code(block)} needs two values or more, and gets {gets}",
        label="nothing to merge",
        help=("add a second branch, such as `[]` for the identity",)
        if branches
        else (
            f"name them, {written(f'{block}: {{from: [previous, a]}}')}, or write branches, "
            + written(f"{block}: [[...], []]"),
        ),
    )


def from_nothing(**_: object) -> Said:
    """`from: []`."""
    return Said(
        message="`from` names nothing",
        label="an empty list",
        help=("name a layer, or delete `from` to read the layer before",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS305",
        "too many or too few values",
        """
        Most blocks read one value; a merge reads two or more; `parallel` gives one for each branch,
        `split` one for each part. The number that a layer gives must be the number that the next one reads.
        """,
        wrong=spec("- parallel: [[relu], [sigmoid]]", "- gap"),
        right=spec("- parallel: [[relu], [sigmoid]]", "- concat", "- gap"),
        rules={
            "several-values": several_values,
            "several-values-at-end": several_values_at_end,
            "value-count": value_count,
            "one-value-per-side": one_value_per_side,
            "branch-count": branch_count,
            "into-count": into_count,
            "too-few-to-merge": too_few_to_merge,
            "from-nothing": from_nothing,
        },
    ),
)
