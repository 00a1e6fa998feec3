"""NS301 to NS306: names, wiring, and how many values flow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.splitting import into_count
from netspec.messages.words import (
    choices,
    code,
    count,
    did_you_mean,
    got,
    join,
    kind,
    number_word,
    only_guess,
    written,
)

_AUTOMATIC = re.compile(r"[a-z_]+_\d+")
_FEW = 10


def unknown_layer(*, name: str, known: Sequence[str], **_: object) -> Said:
    """A name that no layer has."""
    notes: tuple[str, ...] = ()
    advice = did_you_mean(name, known)
    if not advice:
        listed = f"names that can be read here: {choices(known[:_FEW], 'and')}"
        advice = (listed + (" and others" if len(known) > _FEW else ""),)
        if _AUTOMATIC.fullmatch(name):
            notes = ("automatic names cannot be read: give the layer a `name`",)
    return Said(
        message=f"there is no layer {code(name)} to read here",
        label="unknown name",
        notes=notes,
        help=advice,
        fix=only_guess(name, known),
    )


def name_later(*, name: str, own: bool = False, **_: object) -> Said:
    """A name that is given at this line or further down."""
    if own:
        return Said(
            message=f"the layer {code(name)} reads itself",
            label="its own name",
            notes=("a layer reads earlier layers only, never itself or later ones",),
            help=("write `previous` to read the layer before, or the name of another one",),
            fix="previous",
        )
    return Said(
        message=f"the layer {code(name)} is read before it is there",
        label="not there yet",
        notes=("a layer reads earlier layers only, never itself or later ones",),
        help=(f"move this layer below {code(name)}, or read another one",),
    )


def name_removed(*, name: str, **_: object) -> Said:
    """A name whose layer `when` took away."""
    return Said(
        message=f"the layer {code(name)} is not there: its `when` is false",
        label="read here",
        notes=("a false `when` means as if the line were deleted",),
        help=("give this layer the same `when`, or read another layer",),
    )


def duplicate_name(*, name: str, automatic: bool = False, **_: object) -> Said:
    """A name that is taken in its scope."""
    notes = ("a layer without a name is called so in this scope",) if automatic else ()
    return Said(
        message=f"the name {code(name)} is taken",
        label="given again",
        notes=notes,
        help=("names are addresses: choose another one",),
    )


def duplicate_output(*, name: str, **_: object) -> Said:
    """Two outputs with one name."""
    return Said(
        message=f"two outputs are called {code(name)}",
        label="taken by another output",
        help=("name outputs by a mapping: `outputs: {mask: decoder.head}`",),
    )


def bad_name(*, name: object, problem: str, **_: object) -> Said:
    """A name that no layer can have."""
    if not isinstance(name, str):
        return Said(
            message=f"a name is text, got {got(name)}",
            label="not text",
            help=(f"write letters first, for example {written(f'layer_{name}')}",)
            if isinstance(name, int) and not isinstance(name, bool)
            else (),
            fix=f"layer_{name}" if isinstance(name, int) and not isinstance(name, bool) else None,
        )
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    meant = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")[:60]
    if meant and not meant[0].isalpha():
        meant = f"layer_{meant}"
    if meant == name:
        meant = f"{name}_1"
    return Said(
        message=f"{code(name)} cannot be a name: {problem}",
        label="not a name",
        help=(f"write {written(meant)}, for example",) if meant else (),
        fix=meant or None,
    )


def not_a_name(*, received: object, **_: object) -> Said:
    """An index, or something else, where a name must stand."""
    words = got(received) if not isinstance(received, list | dict) else kind(received)
    return Said(
        message=f"expected the name of a layer, got {words}",
        label="not a name",
        notes=("layers are read by name, never by index",) if isinstance(received, int) else (),
        help=("give the layer a `name`, and write that",),
    )


def read_from_head(*, name: str, **_: object) -> Said:
    """`from: aux1`."""
    return Said(
        message=f"{code(name)} is a head, and nothing can read it",
        label="read here",
        notes=("a head is an output of the network; the stream passes it by",),
        help=("read the layer before the head",),
    )


def head_inside(**_: object) -> Said:
    """`aux_head` inside a block."""
    return Said(
        message="a head can stand only at the top level",
        label="inside another block",
        help=("move it to the top level, or to a `sequential` there",),
    )


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
            f"name them, {written(f'{block}: {{from: [a, b]}}')}, or write branches, "
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


def recursion(*, path: Sequence[str], **_: object) -> Said:
    """A block that contains itself."""
    return Said(
        message=f"the block {code(path[0])} contains itself",
        label="never ends",
        notes=(f"the way around: {' -> '.join(map(code, path))}",),
        help=("a block can contain other blocks and copies (`repeat`), never itself",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS301",
        "a name that cannot be read here",
        """
        `from` reads a layer by the `name` it was given, looked up in its own scope and outward to the
        wall of a block, earlier lines only. A dotted path enters a named scope: `encoder.stage2`.
        `previous` is the layer before, `input` the block's input. Automatic names (`conv_1`) cannot be
        read, and neither can a layer whose `when` is false.
        """,
        wrong=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 8, kernel_size: 1}",
            "- add: {from: [previous, stm]}",
        ),
        right=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 8, kernel_size: 1}",
            "- add: {from: [previous, stem]}",
        ),
        rules={
            "unknown-layer": unknown_layer,
            "name-later": name_later,
            "name-removed": name_removed,
        },
    ),
    page(
        "NS302",
        "a name given twice",
        """
        A name is the layer's address: its module path, its prefix in the state dict, its place in
        diagrams. So it is unique in its scope, and so are the names of outputs.
        """,
        wrong=spec("- relu: {name: act}", "- sigmoid: {name: act}"),
        right=spec("- relu: {name: act1}", "- sigmoid: {name: act2}"),
        rules={"duplicate-name": duplicate_name, "duplicate-output": duplicate_output},
    ),
    page(
        "NS303",
        "a name that cannot be one",
        """
        A name is a letter, then letters, digits and underscores, at most 64 of them. It becomes an
        attribute of a Python class, so it is no word of Python and no attribute of `nn.Module`
        (`forward`, `training`, `keys`); `input` and `previous` have a meaning already.
        """,
        wrong=spec("- relu: {name: forward}"),
        right=spec("- relu: {name: forward_act}"),
        rules={"bad-name": bad_name, "not-a-name": not_a_name},
    ),
    page(
        "NS304",
        "a head in the wrong place, or read by a layer",
        """
        `aux_head` makes an extra output of the network; the stream passes it by unchanged. It stands at
        the top level or in a top-level group, and no layer can read what it gives.
        """,
        wrong=spec(
            "- aux_head: {name: aux, layers: [gap, flatten, linear: 10]}",
            "- flatten",
            "- linear: 10",
            "- add: {from: [previous, aux]}",
        ),
        right=spec(
            "- aux_head: {name: aux, layers: [gap, flatten, linear: 10]}",
            "- flatten",
            "- linear: 10",
        ),
        rules={"read-from-head": read_from_head, "head-inside": head_inside},
    ),
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
    page(
        "NS306",
        "a block that contains itself",
        """
        Blocks under `blocks:` can use each other, but not in a circle: such a network would never end.
        Depth comes from `repeat`.
        """,
        wrong=spec("- fractal", sections="blocks: {fractal: {layers: [relu, fractal]}}"),
        right=spec(
            "- fractal: {repeat: 3}", sections="blocks: {fractal: {layers: [relu, sigmoid]}}"
        ),
        rules={"recursion": recursion},
    ),
)
