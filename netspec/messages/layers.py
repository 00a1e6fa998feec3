"""Sentences about lists of layers: items that are no layer, and something else where a list must stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.blocks import BLOCKS, COMMON
from netspec.messages import foreign, translation
from netspec.messages.page import Said
from netspec.messages.words import (
    LONGEST_ADVICE,
    choices,
    code,
    flow,
    flow_item,
    got,
    join,
    written,
)

_NAMED = 6  # names that a message lists; the rest is counted


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
    if own is None and isinstance(name, str):
        own_one = f"there is no block {code(name)}: define it under `blocks:`"
        return (f"{own_one}, and write {code(f'- {name}: ...')}",), notes
    return (f"write {code(f'- {own}: ...')} with its fields by name",), notes


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
    named = [key for key in keys if _is_block(key)]
    if len(named) == 1 or (not named and _IS_GROUP in keys):
        block = named[0] if named else "sequential"
        others = [key for key in keys if key != block]
    if len(named) == len(keys):
        lines = [code("- " + _alone(key, item.get(key))) for key in keys]
        return _two_keys(keys, keys[0], (f"give each layer a dash of its own: {join(lines)}",))
    together = _together(block, item)
    listed = ", ".join(f"{key}: ..." for key in others[:3])
    line = written(f"- {together}") if together else code(f"- {block}: {{{listed}}}")
    verb = "belongs" if len(others) == 1 else "belong"
    advice = f"if {choices(others, 'and')} {verb} to {code(block)}, write {line}"
    if not named and _IS_GROUP in keys:
        advice = f"layers together are a group: write {line}"
    elif together and all(key in COMMON for key in others):
        advice = f"write {line}"
    elif item.get(block) is None and block == keys[0]:
        advice = f"indent {choices(others, 'and')} deeper than {code(block)}, or write {line}"
    is_layer = others[0] not in COMMON and not together
    dash = f"if {code(others[0])} is a layer, give it a dash of its own" * is_layer
    return _two_keys(keys, block, (advice, dash))


def _two_keys(keys: Sequence[str], block: str, advice: tuple[str, ...]) -> Said:
    listed = f"{len(keys)} keys: {choices(keys, 'and')}"
    return Said(
        message=f"one item of a list of layers is one block, and this one has {listed}",
        label=f"is this a field of {code(block)}?" if block != keys[1] else "a second key",
        help=advice,
    )


_IS_GROUP = "layers"
"""A key that says: an item without the name of a block is a group."""


def _is_block(key: str) -> bool:
    """Whether a key of an item names a block, or a layer of others, and no field of all layers."""
    return key not in (*COMMON, _IS_GROUP) and foreign.block(key, tuple(BLOCKS)) is not None


def _together(block: str, item: Mapping[object, object]) -> str | None:
    """The item as one layer: what stands beside a block among its fields."""
    given = item.get(block)
    others = {key: value for key, value in item.items() if key != block}
    if isinstance(given, Mapping):
        others = {**given, **others}
    elif given is not None:
        own = foreign.block(block, tuple(BLOCKS))
        bare = translation.bare_field(own) if own is not None else None
        if bare is None:
            return None
        others = {bare: given, **others}
    if foreign.block(block, tuple(BLOCKS)) is None:
        return translation.own_layer(block, others) if isinstance(given, Mapping) else None
    return translation.layer(block, others)


def _alone(name: str, given: object) -> str:
    """A layer as it stands behind a dash: `relu: null` is `relu`."""
    return name if given in (None, {}) else flow_item({name: given})


def list_of_layers(*, received: object, block: str = "", **_: object) -> Said:
    """Something else where a list of layers must stand."""
    listed = flow([received]) if isinstance(received, str | dict) else ""
    advice = (f"write {written(listed)}, or lines that begin with `- `",) if listed else ()
    fixed = [one for one, open_ in foreign.WITH_LAYERS.items() if open_ == block]
    if isinstance(received, dict) and received and all(str(key)[:1] == "-" for key in received):
        first = str(next(iter(received))).lstrip("-")
        advice = (f"put a space behind each dash: {code(f'- {first}: ...')}",)
    elif isinstance(received, dict) and received:
        lines = [code("- " + _item(str(key), value)) for key, value in received.items()]
        listed = join(lines[:3]) + (" and so on" if len(lines) > 3 else "")
        advice = (f"begin each layer with a dash: {listed}",)
    elif fixed and isinstance(received, int):
        line = written(f"- {fixed[0]}: {received}")
        advice = (f"for the unit of ResNet, two convolutions and a shortcut, write {line}",)
    elif not advice:
        advice = ("write lines that begin with `- `, such as `- relu`",)
    return Said(
        message=f"expected a list of layers, got {got(received)}",
        label="expected a list of layers",
        help=advice,
    )


def fields_as_list(*, block: str, received: Sequence[Mapping[object, object]], **_: object) -> Said:
    """`- sequential:` with `- name: enc` and `- layers: [...]` below it."""
    fields = {key: value for one in received for key, value in one.items()}
    return Said(
        message=f"the list behind {code(block)} has its fields, and no layers",
        label="fields, and no layers",
        help=(f"leave the dashes out: {written(f'- {block}: {flow(fields)}')}",),
    )


def _item(name: str, given: object) -> str:
    """A layer behind its dash; one with a `type:` has the key for its name."""
    typed = translation.typed({"name": name, **given}) if isinstance(given, Mapping) else None
    return typed or _alone(name, given)


def branches_are_names(*, names: Sequence[str], block: str, **_: object) -> Said:
    """`- concat: [previous, skip]`."""
    read = names if len(names) > 1 or block == "parallel" else ["previous", *names]
    line = f"- {block}: {{from: {flow(read)}}}"
    return Said(
        message=f"a branch is a list of layers, and {_few(names)} "
        f"{'is no block' if len(names) == 1 else 'are no blocks'}",
        label="names of layers" if len(names) > 1 else "the name of a layer",
        help=(f"to read layers by name, write {written(line)}",),
    )


def _few(names: Sequence[str]) -> str:
    """All of a few names, else the first ones."""
    if len(names) <= _NAMED + 1:
        return choices(names, "and")
    return f"{', '.join(map(code, names[:_NAMED]))} and {len(names) - _NAMED} others"


def loose_branches(*, block: str, branches: Mapping[str, object], **_: object) -> Said:
    """`- concat: {left: [...], right: [...]}`."""
    line = f"- {block}: {flow({'branches': branches})}"
    inside = ", ".join(f"{key}: [...]" for key in branches)
    short = f"- {block}: {{branches: {{{inside}}}}}"
    return Said(
        message=f"branches with names stand under `branches:`, and here is {code(next(iter(branches)))}",
        label=f"a branch, and no field of {code(block)}",
        help=(f"write {written(line if len(line) <= LONGEST_ADVICE else short)}",),
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
    only_from = isinstance(received, dict) and set(received) == {"from"}
    layer = {"identity": received} if only_from else received
    listed = flow([layer]) if isinstance(received, str | dict) else "[...]"
    return Said(
        message=f"a branch must be a list of layers, got {got(received)}",
        label="not a list",
        help=(f"put it in brackets of its own: {written(listed)}",),
        fix=listed if isinstance(received, str) else None,
    )
