"""Sentences about lists of layers: items that are no layer, and something else where a list must stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.blocks import BLOCKS
from netspec.messages import foreign, translation
from netspec.messages.page import Said
from netspec.messages.words import choices, code, flow, flow_item, got, join, written


def not_a_layer(*, received: object, **_: object) -> Said:
    """An item that names no block."""
    if received is None or received == "":
        return Said(
            message="an item without a layer",
            label="nothing here",
            help=("delete the dash, or name a block behind it",),
        )
    advice: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    if isinstance(received, list) and len(received) == 4 and isinstance(received[2], str):
        advice, notes = _of_row(received)
    elif isinstance(received, list):
        advice = ("branches stand in a merge: `- concat: [[...], [...]]`",)
    return Said(
        message=f"a layer is a block name or `name: {{fields}}`, got {got(received)}",
        label="not a layer",
        notes=notes,
        help=advice,
    )


def _of_row(received: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`[-1, 1, Conv, [64, 3, 2]]`, a row of a YOLO file: help and notes."""
    source, _, name, _ = received
    layer = translation.row(received)
    if layer is not None:
        return (f"write {written('- ' + layer)}",), ()
    own = foreign.block(str(name), tuple(BLOCKS))
    notes = () if source == -1 else ("layers are read by name, never by index",)
    if own in ("concat", "add", "mul"):
        line = code(f"- {own}: {{from: [previous, p4]}}")
        return (f"give the layers that it reads a `name`, and list them: {line}",), notes
    if own is None:
        return (_FORM,), notes
    return (f"write {code(f'- {own}: ...')} with its fields by name",), notes


_FORM = "write `- conv: {out_channels: 64, kernel_size: 3}`: a block, and its fields by name"


def two_keys_in_item(
    *, keys: Sequence[str], item: Mapping[object, object] = MappingProxyType({}), **_: object
) -> Said:
    """Fields that are not indented below their block, two layers behind one dash, or a `type:`."""
    block, others = keys[0], keys[1:]
    layer = translation.typed(item)
    if layer is not None:
        return Said(
            message="a layer begins with the name of its block, and this one gives it as a value",
            label="a key beside another",
            notes=(f"the keys of this item are {choices(keys, 'and')}",),
            help=(f"write {written('- ' + layer)}",),
        )
    first = item.get(block)
    behind = {key: value for key, value in item.items() if key != block}
    layer = translation.layer(block, behind) if first is None else None
    fields = ", ".join(f"{key}: ..." for key in others[:3])
    together = written(f"- {layer}") if layer else code(f"- {block}: {{{fields}}}")
    if first is None:
        advice = f"indent {choices(others, 'and')} deeper than {code(block)}, or write {together}"
    else:
        verb = "belongs" if len(others) == 1 else "belong"
        advice = f"if {choices(others, 'and')} {verb} to {code(block)}, write {together}"
    return Said(
        message=f"one item of a list of layers is one block, and this one has "
        f"{len(keys)} keys: {choices(keys, 'and')}",
        label=f"is this a field of {code(block)}?",
        help=(advice, f"if {code(others[0])} is a layer, give it a dash of its own"),
    )


def list_of_layers(*, received: object, **_: object) -> Said:
    """Something else where a list of layers must stand."""
    listed = flow([received]) if isinstance(received, str | dict) else ""
    advice = (f"write {written(listed)}, or lines that begin with `- `",) if listed else ()
    if isinstance(received, dict) and received and all(str(key)[:1] == "-" for key in received):
        first = str(next(iter(received))).lstrip("-")
        advice = (f"put a space behind each dash: {code(f'- {first}: ...')}",)
    elif isinstance(received, dict) and received:
        lines = [code("- " + flow_item({key: value})) for key, value in received.items()]
        listed = join(lines[:3]) + (" and so on" if len(lines) > 3 else "")
        advice = (f"begin each layer with a dash: {listed}",)
    return Said(
        message=f"expected a list of layers, got {got(received)}",
        label="expected a list of layers",
        help=advice,
    )


def branches(*, received: object, **_: object) -> Said:
    """Something else where branches must stand."""
    return Said(
        message=f"expected branches, got {got(received)}",
        label="expected lists of layers",
        help=(
            "write a list for each branch: `[[conv: 96], []]`, or named: `{a: [conv: 96], b: []}`",
        ),
    )


def branch(*, received: object, **_: object) -> Said:
    """A layer where a branch must stand."""
    listed = flow([received]) if isinstance(received, str | dict) else "[...]"
    return Said(
        message=f"a branch must be a list of layers, got {got(received)}",
        label="not a list",
        help=(f"put it in brackets of its own: {written(listed)}",),
        fix=listed if isinstance(received, str) else None,
    )
