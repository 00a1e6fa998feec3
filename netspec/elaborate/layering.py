"""Lists of layers -> ops: names, wiring, `when`, copies, and recovery from errors, once for all blocks.

A layer that fails is poisoned: its values have no shape, what reads them stays quiet, and its siblings
still report. So every error of a file is told in one run, and none is the consequence of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from netspec.blocks import BlockValue, FieldKind, Values
from netspec.elaborate.binding import Binder, Bound
from netspec.elaborate.building import LayerBuild
from netspec.elaborate.definitions import Arguments, Definition, YamlBlock
from netspec.elaborate.environment import FAILED, Binding, Defaults, Env
from netspec.elaborate.evaluate import Evaluator, Slot, Written
from netspec.elaborate.expecting import Expecter
from netspec.elaborate.initialisation import InitReader, Inits
from netspec.elaborate.items import Item, names_in, read_item
from netspec.elaborate.names import Named, Names
from netspec.elaborate.origin import Origin
from netspec.elaborate.reporting import Sink
from netspec.elaborate.traces import Traces
from netspec.elaborate.wiring import Wiring
from netspec.errors import Misfit
from netspec.graph import POISON, Builder, Output, Poisoned, Role
from netspec.limits import Limits
from netspec.source import At

FAILURE: Values = (POISON,)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a list of layers is elaborated: what it sees, and what is around it."""

    env: Env
    names: Names
    origin: Origin | None = None
    inits: tuple[Inits, ...] = ()
    top: bool = True
    """At the top level, or in a top-level group: heads may stand here."""
    depth: int = 0
    entered: tuple[str, ...] = ()
    """The YAML blocks whose bodies are around, outermost first."""
    copies: int = 1
    """How many copies of this list the repeats around it make."""


@dataclass(eq=False)
class Elaborator:
    """One run over one document. The pieces share the sink, the builder and the limits."""

    builder: Builder
    sink: Sink
    limits: Limits
    traces: Traces
    overridden: bool = False
    """Parameters or the input differ from the document: literal expectations are skipped."""
    outputs: list[Output] = field(default_factory=list)
    layer_count: int = 0

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.sink, self.limits)
        self.binder = Binder(self.sink, self.evaluator)
        self.inits = InitReader(self.sink, self.evaluator)
        self.wiring = Wiring(self.sink, self.evaluator)
        self.expecter = Expecter(self.sink, self.evaluator, self.overridden)

    def layers(self, at: At, site: Site, inputs: Values) -> Values:
        """Elaborate a list of layers that reads `inputs`; gives what its last layer gives."""
        if site.depth > self.limits.block_depth:
            self.sink.report(
                "limit",
                at.span,
                what="nesting of blocks",
                value=site.depth,
                maximum=self.limits.block_depth,
            )
            return FAILURE
        site.names.later.update(names_in(at))
        stream = inputs
        for number in range(len(at.data) if isinstance(at.data, list) else 0):
            try:
                stream = self._layer(read_item(at / number, self.sink), site, stream)
            except Poisoned:
                stream = FAILURE
        return stream

    def _layer(self, item: Item, site: Site, stream: Values) -> Values:
        when = item.common.get("when")
        if when is not None and not self.evaluator.condition(when, site.env):
            self._skip(item, site)
            return stream
        self._count(item)
        try:
            block = self._block_of(item, site)
            if block.off:
                return stream
            definition = self.definition(block.name, site.env, item)
            inputs = self.wiring.inputs(item.common.get("from"), site, stream)
            written = self._written(item, block, definition)
        except Poisoned:
            self._register(item, site, FAILURE, None)
            raise
        use = Use(self, item, site, block, definition, written, inputs)
        before = self.builder.totals
        outputs, inside, name = use.run()
        self.traces.record(self.builder.child_path(name or block.name), item.span, inputs, outputs)
        if "expect" in item.common:
            self.expecter.layer(
                item.common["expect"], site.env, outputs, before, self.builder.totals
            )
        self._register(item, site, outputs, inside)
        return outputs

    def _block_of(self, item: Item, site: Site) -> BlockValue:
        """The block of an item, by name or by `$name`."""
        if not item.block.startswith("$"):
            return BlockValue(item.block, Written(item.at, {}, site.env))
        if item.place is item.at:
            value = self.evaluator.block(item.at, site.env).value
        else:
            value = self.evaluator.block_key(item.block, item.place, site.env)
        if not isinstance(value, BlockValue):
            raise self.sink.report("block-value", item.span, received=value)
        return value

    def definition(self, name: str, env: Env, item: Item) -> Definition:
        """The block that a name means.

        Raises:
            Reported: there is none; that has been reported.
        """
        found = env.library.definition(name)
        if found is None:
            known = tuple(env.library.names())
            raise self.sink.report("unknown-block", item.span, received=name, known=known)
        return found

    def _written(self, item: Item, block: BlockValue, definition: Definition) -> Mapping[str, At]:
        """The fields written in the item."""
        if item.bare is None:
            return item.fields
        if definition.bare_field is None:
            known = tuple(definition.kinds)
            raise self.sink.report("no-bare-field", item.bare.span, block=block.name, known=known)
        return {definition.bare_field: item.bare}

    def _count(self, item: Item) -> None:
        self.layer_count += 1
        if self.layer_count > self.limits.layers:
            raise self.sink.report(
                "limit",
                item.span,
                what="layers after expansion",
                value=self.layer_count,
                maximum=self.limits.layers,
            )

    def _skip(self, item: Item, site: Site) -> None:
        """A layer that `when` takes away still counts for automatic names, so that keys do not move."""
        name = item.common.get("name")
        if name is not None:
            site.names.removed[str(name.data)] = name
            return
        definition = site.env.library.definition(item.block)
        if definition is None or not definition.structural or "repeat" in item.common:
            self.builder.automatic_name(item.block.lstrip("$"))
            return
        for key, kind in definition.kinds.items():
            at = item.bare if key == definition.bare_field and item.bare else item.fields.get(key)
            if at is not None and kind in (FieldKind.LAYERS, FieldKind.BRANCHES):
                self._skip_list(at, site)

    def _skip_list(self, at: At, site: Site) -> None:
        if isinstance(at.data, dict):
            for key in at.data:
                self._skip_list(at / key, site)
        elif isinstance(at.data, list):
            for number, entry in enumerate(at.data):
                if isinstance(entry, list):
                    self._skip_list(at / number, site)
                else:
                    self._skip(read_item(at / number, self.sink), site)

    def _register(self, item: Item, site: Site, outputs: Values, inside: Names | None) -> None:
        name = item.common.get("name")
        if name is not None and isinstance(name.data, str):
            head = item.block == "aux_head"
            site.names.entries.setdefault(name.data, Named(outputs, name, inside, head))


@dataclass(eq=False)
class Use:
    """One layer on its way to ops: its name, its copies, its fields."""

    elaborator: Elaborator
    item: Item
    site: Site
    block: BlockValue
    definition: Definition
    written: Mapping[str, At]
    inputs: Values

    def run(self) -> tuple[Values, Names | None, str | None]:
        """The layer's values, the names inside it, and its own name where it has one.

        Raises:
            Reported: something about the layer as a whole is wrong; that has been reported.
        """
        run = self.elaborator
        repeat = self.item.common.get("repeat")
        name = run.wiring.layer_name(self.item, self.site, run.builder, run.limits)
        if name is None and (repeat is not None or not self.definition.structural):
            name = run.builder.automatic_name(self.block.name)
        if repeat is None:
            for key in ("first", "last"):
                if key in self.item.common:
                    run.sink.report(
                        "override-without-repeat", self.item.common[key].key_span, key=key
                    )
            slots = self._slots(self.site.env, None, None)
            values, inside = self._once(name, slots, self.inputs)
            return values, inside, name
        limit = run.limits.repeat
        count = run.evaluator.whole(repeat, self.site.env, maximum=limit, what="repeat")
        total = count * self.site.copies
        if total > run.limits.layers:
            raise run.sink.report(
                "limit",
                repeat.span,
                what="layers after expansion",
                value=total,
                maximum=run.limits.layers,
            )
        assert name is not None  # noqa: S101 - copies always have a name
        return *self._copies(name, count), name

    def _copies(self, name: str, count: int) -> tuple[Values, Names | None]:
        run = self.elaborator
        stream, inside = self.inputs, Names(self.site.names)
        if count == 0:
            return stream, None
        with run.builder.scope(name, self.block.name, role=Role.COPIES, origin=self._origin(name)):
            for index in range(count):
                env = self.site.env.bind({"index": Binding(index)})
                slots = self._slots(env, index, count)
                stream, within = self._once(str(index), slots, stream, copy=index)
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
        return slots

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
        copy: int | None = None,
    ) -> tuple[Values, Names | None]:
        """The layer, or one copy of it: bind its fields, then build it."""
        run = self.elaborator
        site = self.site if copy is None else replace(self.site, top=False)
        if "init" in self.item.common:
            try:
                section = run.inits.read(self.item.common["init"], site.env)
                site = replace(site, inits=(*site.inits, section))
            except Poisoned:
                pass  # reported; the layer itself is still worth checking
        origin = self._origin(name, copy)
        try:
            bound = run.binder.bind(
                self.block.name, self.definition, slots, self.item.place, site.env
            )
        except Poisoned:
            self._visit_nested(slots, replace(site, origin=origin))
            return FAILURE, None
        if isinstance(self.definition, YamlBlock):
            origin = replace(origin, arguments=bound.given())
        place = Place(run, replace(site, origin=origin), self.item)
        return lower(place, bound, name, inputs)

    def _visit_nested(self, slots: Mapping[str, Slot], site: Site) -> None:
        """The layers inside a layer that failed still report their own errors."""
        for key, kind in self.definition.kinds.items():
            slot = slots.get(key)
            if slot is None or slot.at is None:
                continue
            lists = []
            if kind is FieldKind.LAYERS:
                lists = [slot.at]
            elif kind is FieldKind.BRANCHES and isinstance(slot.at.data, list):
                lists = [slot.at / number for number in range(len(slot.at.data))]
            for at in lists:
                nested = replace(site, env=slot.env, names=Names(site.names))
                self.elaborator.layers(at, nested, FAILURE)


@dataclass(frozen=True, slots=True)
class Place:
    """A layer being built: by which run, where, and as written."""

    run: Elaborator
    site: Site
    item: Item


def lower(
    place: Place, bound: Bound, name: str | None, inputs: Values
) -> tuple[Values, Names | None]:
    """Build a bound block from `inputs`, in a scope of its own when it has a name."""
    run, site, item = place.run, place.site, place.item
    wanted = bound.definition.inputs
    if wanted is not None and len(inputs) != wanted:
        run.sink.report(
            "value-count", item.span, block=bound.name, wanted=wanted, found=len(inputs)
        )
        inputs = FAILURE * wanted
    is_body = isinstance(bound.definition, YamlBlock)
    inside = site.names if name is None else Names(None if is_body else site.names)
    fields = bound.given()
    doc = item.common["doc"].data if "doc" in item.common else ""
    scope: AbstractContextManager[None] = nullcontext()
    if name is not None:
        run.builder.reserve(name)
        scope = run.builder.scope(name, bound.name, fields=fields, doc=str(doc), origin=site.origin)
    with scope:
        build = LayerBuild(
            run, replace(site, names=inside), item, bound, owns_scope=name is not None
        )
        try:
            if isinstance(bound.fields, Arguments):
                assert isinstance(bound.definition, YamlBlock)  # noqa: S101 - its fields are arguments
                inner = replace(place, site=build.site)
                outputs = body(inner, bound.definition, bound.fields, inputs)
            else:
                result = bound.fields.lower(build, *inputs)
                outputs = result if isinstance(result, tuple) else (result,)
        except Misfit as misfit:
            build.tell(misfit, inputs)
            outputs = FAILURE
        except Poisoned:
            outputs = FAILURE
    return outputs, inside if name is not None else None


def body(place: Place, block: YamlBlock, arguments: Arguments, inputs: Values) -> Values:
    """The body of a YAML block: closed, it sees its parameters, its `let` and its own input."""
    run, site, item = place.run, place.site, place.item
    if block.name in site.entered:
        circle = (*site.entered[site.entered.index(block.name) :], block.name)
        run.sink.report("recursion", item.span, path=circle)
        return FAILURE
    bindings = dict(arguments.bindings)
    defaults = block.home.defaults
    if block.defaults is not None:
        defaults = (*defaults, Defaults(block.defaults, bindings))
    env = Env(block.home.library, bindings, inputs, defaults)
    lets(run.evaluator, block.let, env, bindings)
    names = site.names
    for input_name, value in zip(block.input_names, inputs, strict=False):
        names.entries[input_name] = Named((value,), block.at)
    inner = replace(
        site, env=env, top=False, depth=site.depth + 1, entered=(*site.entered, block.name)
    )
    outputs = run.layers(block.layers, inner, inputs)
    if not block.output_names:
        return outputs
    return tuple(run.wiring.named(name, block.at, inner) for name in block.output_names)


def lets(evaluator: Evaluator, at: At | None, env: Env, bindings: dict[str, Binding]) -> None:
    """Fill `bindings`, which `env` reads, with the names of a `let:`; each may read those before it."""
    if at is None or not isinstance(at.data, dict):
        return
    for name in at.data:
        try:
            bindings[name] = evaluator.plain(at / name, env)
        except Poisoned:
            bindings[name] = Binding(FAILED)
