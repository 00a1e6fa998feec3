"""What a line whose `when` is false leaves behind: numbers for automatic names, and names to explain.

The line counts as if it were there, so that keys do not move between variants, and its names are checked
(see `unused`). Everything else about it is as if it were deleted, so no value in it is reported.
Elaborating it for real, beside the network, was rejected: a line that is switched off must cost nothing.
"""

from __future__ import annotations

from netspec.blocks import BlockValue, FieldKind
from netspec.blocks.for_each import ForEach
from netspec.elaborate.binding import Binder
from netspec.elaborate.definitions import BuiltIn, Definition
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Evaluator, Slot
from netspec.elaborate.items import Item, read_item
from netspec.elaborate.names import Names
from netspec.elaborate.reporting import Sink
from netspec.graph import Builder, Poisoned
from netspec.limits import Limits
from netspec.source import At


class Skipper:
    """Counts skipped lines in the open scope of a builder."""

    def __init__(self, builder: Builder, limits: Limits) -> None:
        self._builder = builder
        self._sink = Sink()  # never read: nothing in a skipped line is reported
        self._evaluator = Evaluator(self._sink, limits)
        self._binder = Binder(self._sink, self._evaluator, limits)

    def skip(self, item: Item, env: Env, names: Names) -> None:
        """Count one line, or what is inside it when it adds no level of its own."""
        name = item.common.get("name")
        if name is not None:
            names.removed[str(name.data)] = name
            return
        try:
            block = self._block(item, env)
            if block.off:
                return
            definition = env.library.definition(block.name)
        except Poisoned:
            return
        adds_level = definition is None or not definition.structural or "repeat" in item.common
        if adds_level or not isinstance(definition, BuiltIn):
            self._builder.automatic_name(block.name)
        else:
            self._structure(item, definition, env, names)

    def _block(self, item: Item, env: Env) -> BlockValue:
        if not item.block.startswith("$"):
            return BlockValue(item.block)
        return self._evaluator.named_block(item.block, item.at, item.place, env)

    def _structure(self, item: Item, definition: BuiltIn, env: Env, names: Names) -> None:
        """What unnamed structure puts into the scope around: its layers, its merge, its parts."""
        fields = dict(item.fields)
        if item.bare is not None and definition.bare_field is not None:
            fields[definition.bare_field] = item.bare
        slots = self._binder.gather(item.block, env)
        slots |= {key: Slot(at, env) for key, at in fields.items()}
        for inside in self._copies(item, definition, slots, env):
            for key, kind in definition.kinds.items():
                if key in fields and kind in (FieldKind.LAYERS, FieldKind.BRANCHES):
                    self._lists(fields[key], inside, names)
        if definition.block.merge is not None:
            self._builder.automatic_name(definition.block.merge.kind)
        for part in self._parts(definition, slots):
            self._builder.automatic_name(part)

    def _copies(
        self, item: Item, definition: BuiltIn, slots: dict[str, Slot], env: Env
    ) -> list[Env]:
        """What the layers inside see, once for each copy: `for_each` is counted as often as it has rows."""
        if not definition.copies:
            return [env]
        try:
            bound = self._binder.bind(item.block, definition, slots, item, env)
            assert isinstance(bound.fields, ForEach)  # noqa: S101 - the one block with copies
            fields = bound.fields
            rows = self._binder.rows.rows(fields.over, fields.as_, fields.index, slots)
        except Poisoned:
            return []
        return [env.bind(row.bindings) for row in rows]

    def _lists(self, at: At, env: Env, names: Names) -> None:
        """A list of layers, or of lists; a named branch is a scope of its own."""
        if isinstance(at.data, dict):
            names.removed.update({name: at / name for name in at.data})
        for number, entry in enumerate(at.data if isinstance(at.data, list) else ()):
            if isinstance(entry, list):
                self._lists(at / number, env, names)
                continue
            try:
                self.skip(read_item(at / number, self._sink), env, names)
            except Poisoned:
                continue

    def _parts(self, definition: Definition, slots: dict[str, Slot]) -> list[str]:
        """The names of the blocks in fields that are switched on."""
        assert isinstance(definition, BuiltIn)  # noqa: S101 - only built-in blocks are structural
        found = []
        for key, kind in definition.kinds.items():
            if kind is not FieldKind.BLOCK:
                continue
            value = definition.block.infos()[key].default
            slot = slots.get(key)
            try:
                if slot is not None and slot.at is not None:
                    value = self._evaluator.block(slot.at, slot.env).value
            except Poisoned:
                continue
            if isinstance(value, BlockValue) and not value.off:
                found.append(value.name)
        return found
