"""NS901 to NS905: what stands in a file and is never used."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import choices, code


def unused_block(*, name: str, **_: object) -> Said:
    """A block under `blocks:` that no layer leads to."""
    return Said(
        message=f"the block {code(name)} is never used",
        label="no layer leads to it",
        help=(f"use it (`- {name}`), or delete it",),
    )


def unused_parameter(*, name: str, kind: str, block: str = "", **_: object) -> Said:
    """A parameter of a file, or a field of a block, that no expression reads."""
    of_block = f" of the block {code(block)}" if block else ""
    return Said(
        message=f"the {'parameter' if kind == 'parameter' else 'field'} {code(name)}{of_block} "
        "is never read",
        label=f"no `${name}` anywhere" if not block else f"no `${name}` in the block",
        help=(f"write `${name}` where its value belongs, or delete it",),
    )


def unused_import(*, path: object, names: Sequence[str], **_: object) -> Said:
    """An imported file, none of whose blocks is named."""
    brought = f"it brings {choices(names[:4], 'and')}" if names else "it brings no block"
    more = f" and {len(names) - 4} more" * (len(names) > 4)
    return Said(
        message=f"nothing from {code(str(path))} is used",
        label="imported, and never used",
        notes=(brought + more,),
        help=("use one of its blocks, or delete the line",),
    )


def unused_let(*, name: str, **_: object) -> Said:
    """A name under `let:` that nothing reads."""
    return Said(
        message=f"{code(name)} is computed and never read",
        label=f"no `${name}` anywhere",
        help=(f"write `${name}` where its value belongs, or delete it",),
    )


def unused_default(*, name: str, **_: object) -> Said:
    """Defaults of a block that the file does not write."""
    return Said(
        message=f"the defaults of {code(name)} reach no layer",
        label=f"no {code(name)} is written in this file",
        notes=(
            "`defaults` reach what is written in their file, not the inside of built-in blocks",
        ),
        help=("delete them, or write the block that they are meant for",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS901",
        "a block that is never used",
        """
        A block under `blocks:` that no layer leads to, in no variant: a leftover, or a layer that was
        meant to be there and is not. Blocks of a file that others import are for them, and nothing is said
        where a parameter holds a block, since `--set` can bring any.
        """,
        wrong=spec(
            "- conv3x3: 8",
            sections="""
            blocks:
              conv1x1: {conv: {kernel_size: 1}}
              conv3x3: {conv: {kernel_size: 3}}
            """,
        ),
        right=spec("- conv3x3: 8", sections="blocks: {conv3x3: {conv: {kernel_size: 3}}}"),
        rules={"unused-block": unused_block},
    ),
    page(
        "NS902",
        "a parameter that is never read",
        """
        A parameter of the spec, or a field of a block of its own, that no expression reads. Whoever sets
        it changes nothing. A parameter that only one variant needs is read.
        """,
        wrong=spec("- linear: 10", input_="[32]", sections="params: {num_classes: 10}"),
        right=spec("- linear: $num_classes", input_="[32]", sections="params: {num_classes: 10}"),
        rules={"unused-parameter": unused_parameter},
    ),
    page(
        "NS903",
        "an import that is never used",
        """
        A file is imported for its blocks, and none of them is named in this file.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3}", sections="import: [unit.yaml]"),
        right=spec("- unit", sections="import: [unit.yaml]"),
        beside={"unit.yaml": "blocks:\n  unit: {layers: [relu]}"},
        rules={"unused-import": unused_import},
    ),
    page(
        "NS904",
        "a `let` that is never read",
        """
        A name under `let:`, of the spec or of a block, that no expression reads.
        """,
        wrong=spec("- linear: 64", input_="[32]", sections='let: {hidden: "$(4 * 16)"}'),
        right=spec("- linear: $hidden", input_="[32]", sections='let: {hidden: "$(4 * 16)"}'),
        rules={"unused-let": unused_let},
    ),
    page(
        "NS905",
        "defaults that reach no layer",
        """
        `defaults:` fill in the fields of blocks that are written in the same file. This block is not
        written there: the name may be another than the layers use (`pool` reaches `max_pool`, `avg_pool` does
        not), or the layers that it was for are inside a built-in block, where defaults do not reach.
        """,
        wrong=spec(
            "- max_pool: 2",
            sections="defaults: {avg_pool: {ceil_mode: true}}",
            input_="[3, 33, 33]",
        ),
        right=spec(
            "- max_pool: 2",
            sections="defaults: {max_pool: {ceil_mode: true}}",
            input_="[3, 33, 33]",
        ),
        rules={"unused-default": unused_default},
    ),
)
