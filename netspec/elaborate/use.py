"""One layer on its way to ops: its name, its copies, its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netspec.blocks import COMMON, BlockValue, FieldKind, Values
from netspec.elaborate.bodies import lower
from netspec.elaborate.definitions import BuiltIn, Definition, YamlBlock
from netspec.elaborate.environment import Binding, Env
from netspec.elaborate.evaluate import Slot, Written
from netspec.elaborate.items import Item
from netspec.elaborate.lists import are_fields
from netspec.elaborate.meant import misspelt
from netspec.elaborate.names import Named, Names
from netspec.elaborate.origin import Origin
from netspec.elaborate.reporting import Exhausted, Reported
from netspec.elaborate.site import FAILURE, Place, Site
from netspec.elaborate.traces import Trace
from netspec.graph import Poisoned, Role
from netspec.messages.suggest import suggest
from netspec.source import At

if TYPE_CHECKING:
    from netspec.elaborate.layering import Elaborator


@dataclass(eq=False)
class Use:
    """A use of a block: what it reads, what was written, and where."""

    elaborator: Elaborator
    item: Item
    site: Site
    block: BlockValue
    definition: Definition
    written: Mapping[str, At]
    inputs: Values
    changes: Mapping[str, object] = field(default_factory=dict)
    """Fields that are tried with other values than written."""

    def run(self) -> tuple[Values, Names | None, str | None]:
        """The layer's values, the names inside it, and its own name where it has one.

        Raises:
            Reported: something about the layer as a whole is wrong; that has been reported.
        """
        run = self.elaborator
        repeat = self.item.common.get("repeat")
        name = None
        try:
            if not self._may_stand_for("when"):  # a line that is not there takes no name
                name = run.wiring.layer_name(self.item, self.site, run.builder, run.limits)
        except Reported:  # what it makes is still worth checking, under another name perhaps
            self.site.names.incomplete = True
            name = run.builder.automatic_name(self.block.name)
        if name is None and (repeat is not None or not self.definition.structural):
            name = run.builder.automatic_name(self.block.name)
        if repeat is None or name is None:
            for key in ("first", "last"):
                if key in self.item.common and not self._may_stand_for("repeat"):
                    run.sink.report(
                        "override-without-repeat", self.item.common[key].key_span, key=key
                    )
            slots = self._slots(self.site.env, None, None)
            values, inside = self._once(name, slots, self.inputs, self.site)
            return values, inside, name
        count = self._count(repeat)
        return *self._copies(name, count), name

    def _may_stand_for(self, common: str) -> bool:
        """Whether a field that the block does not have, which is told elsewhere, may be a misspelt other."""
        kinds = self.definition.kinds
        unknown = [key for key in self.written if key not in kinds]
        return any(
            misspelt(common, {key}) or not suggest(key, [*kinds, *COMMON]) for key in unknown
        )

    def trace(self, path: str, inputs: Values, outputs: Values) -> Trace:
        """That this layer made `outputs`."""
        definition = self.definition
        whole = isinstance(definition, BuiltIn) and not definition.structural
        fields = tuple(definition.kinds)
        names = self._output_names() if len(outputs) > 1 else ()
        return Trace(path, self.item, inputs, outputs, self.again, fields, whole=whole, names=names)

    def _output_names(self) -> tuple[str, ...]:
        """How the several values of a block are read: by its `outputs`, or by the `into` of a split."""
        if isinstance(self.definition, YamlBlock):
            return tuple(str(at.data) for at in self.definition.output_names)
        into = self.item.fields.get("into")
        return (
            tuple(map(str, into.data)) if into is not None and isinstance(into.data, list) else ()
        )

    def again(self, inputs: Values, changes: Mapping[str, object]) -> Values:
        """Build the layer beside the network, from other inputs or fields; poison when that fails."""
        run = self.elaborator.beside()
        try:
            outputs, *_ = replace(self, elaborator=run, inputs=inputs, changes=changes).run()
        except (Poisoned, Exhausted):
            return FAILURE
        return FAILURE if run.sink.failed else outputs

    def _count(self, repeat: At) -> int:
        """How many copies; refused before any is made when there would be too many in all."""
        run = self.elaborator
        limit = run.limits.repeat
        count = run.evaluator.whole(repeat, self.site.env, maximum=limit, what="repeat")
        total = count * self.site.copies
        if total > run.limits.layers:
            raise run.too_many(repeat.span, total)
        run.count(repeat.span, count)
        return count

    def _copies(self, name: str, count: int) -> tuple[Values, Names | None]:
        run = self.elaborator
        if count == 0:
            return self.inputs, None
        stream, inside = self.inputs, Names(self.site.names)
        around = self.site._replace(top=False, copies=self.site.copies * count)
        with run.builder.scope(name, self.block.name, role=Role.COPIES, origin=self._origin(name)):
            for index in range(count):
                env = self.site.env.bind({"index": Binding(index)})
                slots = self._slots(env, index, count)
                site = around._replace(env=env)
                stream, within = self._once(str(index), slots, stream, site, copy=index)
                inside.entries[str(index)] = Named(stream, self.item.at, within)
                if within is not None and index == count - 1:
                    inside.entries.update(within.entries)
        return stream, inside

    def _slots(self, env: Env, index: int | None, count: int | None) -> dict[str, Slot]:
        """All fields by precedence: defaults and presets, the block value's, written, first, last."""
        run = self.elaborator
        context: Written = self.block.context
        of_value = context.env if self.block.name != self.item.block else env
        slots = run.binder.gather(self.block.name, of_value)
        slots |= context.slots
        slots |= {key: Slot(at, env) for key, at in self.written.items()}
        for key, at_index in (("first", 0), ("last", (count or 0) - 1)):
            at = self.item.common.get(key)
            if at is None or index is None or index != at_index:
                continue
            if not isinstance(at.data, dict):
                raise run.sink.report("not-a-mapping", at.span, what=key, received=at.data)
            slots |= {name: Slot(at / name, env) for name in at.data}
        return slots | {name: Slot(None, env, value) for name, value in self.changes.items()}

    def _origin(self, name: str | None, copy: int | None = None) -> Origin:
        path = self.elaborator.builder.child_path(name or self.block.name)
        is_use = isinstance(self.definition, YamlBlock)
        return Origin(
            self.item.at, path, self.site.origin, self.block.name if is_use else None, copy
        )

    def _once(
        self,
        name: str | None,
        slots: Mapping[str, Slot],
        inputs: Values,
        site: Site,
        copy: int | None = None,
    ) -> tuple[Values, Names | None]:
        """The layer, or one copy of it: bind its fields, then build it."""
        run = self.elaborator
        if "init" in self.item.common:
            try:
                section = run.inits.read(self.item.common["init"], site.env)
                site = site._replace(inits=(*site.inits, section))
            except Poisoned:
                pass  # reported; the layer itself is still worth checking
        origin = self._origin(name, copy)
        try:
            bound = run.binder.bind(self.block.name, self.definition, slots, self.item, site.env)
        except Poisoned:
            with run.builder.aside():
                self._visit_nested(slots, site._replace(origin=origin))
            return run.builder.stand_in(self.block.name, inputs, name, origin), None
        if isinstance(self.definition, YamlBlock):
            origin = replace(origin, arguments=bound.given)
        return lower(run, Place(site, self.item), origin, bound, name, inputs)

    def _visit_nested(self, slots: Mapping[str, Slot], site: Site) -> None:
        """The layers inside a layer that failed still report their own errors."""
        for key, kind in self.definition.kinds.items():
            slot = slots.get(key)
            if slot is None or slot.at is None:
                continue
            lists = []
            if kind is FieldKind.LAYERS:
                lists = [slot.at]
            elif kind is FieldKind.BRANCHES and isinstance(slot.at.data, list | dict):
                keys = slot.at.data if isinstance(slot.at.data, dict) else range(len(slot.at.data))
                lists = [slot.at / number for number in keys]
            for at in (one for one in lists if not are_fields(one, slot.env)):
                env = replace(slot.env, complete=not self.definition.copies)
                nested = site._replace(env=env, names=Names(site.names))
                self.elaborator.layers(at, nested, FAILURE)
