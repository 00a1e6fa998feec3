"""What is not built: bodies of blocks that no layer used, lines whose `when` is false. Their names count.

What is used is checked while it is built, with its values. A body that nothing built (another variant's
block, a file of blocks) would keep its typos until somebody needs it. Names need no values: whether a
block exists, which fields it takes, and which of them are missing whatever the values are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from netspec.blocks import FieldKind
from netspec.elaborate.binding import Binder
from netspec.elaborate.definitions import Definition, Library, YamlBlock
from netspec.elaborate.environment import Defaults, Env
from netspec.elaborate.items import Item, read_item
from netspec.elaborate.meant import unknown_field
from netspec.elaborate.reporting import Sink
from netspec.graph import Poisoned
from netspec.source import At


class NameChecker:
    """Checks the names in a body; errors go to the sink."""

    def __init__(self, sink: Sink, binder: Binder) -> None:
        self._sink = sink
        self._binder = binder

        self._seen: set[At] = set()

    def block(self, block: YamlBlock) -> None:
        """The body of a block."""
        defaults = block.home.defaults
        if block.defaults is not None:
            defaults = (*defaults, Defaults(block.defaults, {}))
        self._layers(block.layers, Env(block.home.library, defaults=defaults))

    def line(self, item: Item, env: Env) -> None:
        """A line that is switched off; in each copy it is the same line."""
        if item.at in self._seen:
            return
        self._seen.add(item.at)
        with suppress(Poisoned):
            self._item(item, env)

    def _layers(self, at: At, env: Env) -> None:
        if not isinstance(at.data, list):
            self._sink.report("not-layers", at.span, received=at.data)
            return
        for number in range(len(at.data)):
            try:
                self._item(read_item(at / number, self._sink), env)
            except Poisoned:
                continue

    def _item(self, item: Item, env: Env) -> None:
        if item.block.startswith("$") or item.block == "none":
            return
        definition = env.library.definition(item.block)
        if definition is None:
            near, facts = env.library.near(item.block), env.library.unknown(item.block)
            facts["given"] = item.given
            self._sink.report("unknown-block", item.span, near, **facts)
            return
        if item.bare is not None and definition.bare_field is None:
            known = tuple(definition.kinds)
            facts = {"block": item.block, "known": known, "required": definition.required}
            self._sink.report("no-bare-field", item.bare.span, received=item.bare.data, **facts)
            return
        for key, at in item.fields.items():
            if key not in definition.kinds:
                unknown_field(self._sink, item.block, at, definition, env.library)
        self._missing(item, definition, env)
        for key, at in _given(item, definition):
            for inner in _lists(definition.kinds[key], at):
                self._layers(inner, env)
            if definition.kinds[key] is FieldKind.BLOCK:
                self._block_name(at, env.library)

    def _missing(self, item: Item, definition: Definition, env: Env) -> None:
        """Fields that neither the line nor a default gives; a misspelt one has been told already."""
        given = {key for key, _ in _given(item, definition)} | set(
            self._binder.gather(item.block, env)
        )
        overridden = {"first", "last"} & set(item.common)
        unknown = not (given | set(item.fields)) <= set(definition.kinds)
        missing = [key for key in definition.required if key not in given]
        if missing and not overridden and not unknown:
            facts = {"field": missing, "alone": item.given is None}
            self._sink.report("missing-field", item.span, block=item.block, **facts)

    def _block_name(self, at: At, library: Library) -> None:
        data = at.data
        if isinstance(data, dict) and len(data) == 1:
            (name,) = data
            span = (at / name).key_span
        else:
            name, span = data, at.span
        if not isinstance(name, str) or name.startswith("$") or name in ("none", ""):
            return
        if library.find(name) is None:
            near, facts = library.near(name), library.unknown(name)
            self._sink.report("unknown-block", span, near, **facts, part=True)


def _given(item: Item, definition: Definition) -> Iterator[tuple[str, At]]:
    """The fields of an item that its block has, the bare one by its name."""
    if item.bare is not None and definition.bare_field is not None:
        yield definition.bare_field, item.bare
    yield from ((key, at) for key, at in item.fields.items() if key in definition.kinds)


def _lists(kind: FieldKind, at: At) -> Iterator[At]:
    """The lists of layers in a field."""
    if kind is FieldKind.LAYERS and isinstance(at.data, list):
        yield at
    elif kind is FieldKind.BRANCHES and isinstance(at.data, list | dict):
        keys = at.data if isinstance(at.data, dict) else range(len(at.data))
        yield from (at / key for key in keys if isinstance((at / key).data, list))
