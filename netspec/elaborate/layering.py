"""Lists of layers -> ops: names, wiring, `when`, copies, and recovery from errors, once for all blocks.

A layer that fails is poisoned: its values have no shape, what reads them stays quiet, and its siblings
still report. So every error of a file is told in one run, and none is the consequence of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from netspec.blocks import BlockValue, Values
from netspec.diagnostics import Label, Span
from netspec.elaborate.binding import Binder, Bound
from netspec.elaborate.bodies import body
from netspec.elaborate.checkpoints import Checkpoints, Step
from netspec.elaborate.definitions import Arguments, Definition, YamlBlock
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Evaluator, Slot, Written
from netspec.elaborate.expecting import Expecter, Found
from netspec.elaborate.initialisation import InitReader
from netspec.elaborate.items import Item, names_in, names_in_item, read_item
from netspec.elaborate.meant import undeclared
from netspec.elaborate.names import Named, Names, spelling_problem
from netspec.elaborate.origin import Origin
from netspec.elaborate.reporting import Exhausted, Reported, Sink
from netspec.elaborate.site import Place, Site, contains
from netspec.elaborate.skipping import Skipper
from netspec.elaborate.traces import Traces
from netspec.elaborate.unused import NameChecker
from netspec.elaborate.use import Use
from netspec.elaborate.wiring import Wiring
from netspec.graph import Builder, Output, Poisoned, Value
from netspec.limits import Limits
from netspec.records import record
from netspec.source import At

TRIAL_LAYERS = 256
"""A layer that has more inside is not built again to try something."""


@record(eq=False)
class Result:
    """One layer, or a copy of it, that was built: its line, its path if it has one, and its values."""

    item: Item
    path: str | None
    outputs: Values


@dataclass(eq=False)
class Elaborator:
    """One run over one document. The pieces share the sink, the builder and the limits."""

    builder: Builder
    sink: Sink
    limits: Limits
    traces: Traces
    overridden: bool = False
    layer_count: int = 0
    outputs: list[Output] = field(default_factory=list)
    """The heads."""
    results: list[Result] = field(default_factory=list)
    """What every line gave, in order: the lines inside a layer before the layer."""
    places: dict[Value, Mapping[str, Slot]] = field(default_factory=dict)
    """Value of an op -> where the fields of the block that made it were written."""
    built: set[YamlBlock] = field(default_factory=set)
    """The blocks in YAML whose bodies were elaborated at least once."""
    trials: int = 400
    """How many more changes may be tried, over all messages; none beside the network."""

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.sink, self.limits)
        self.binder = Binder(self.sink, self.evaluator, self.limits)
        self.inits = InitReader(self.sink, self.evaluator)
        self.wiring = Wiring(self.sink)
        self.checkpoints = Checkpoints()
        self.expecter = Expecter(
            self.sink, self.evaluator, self.traces, self.checkpoints, self.overridden
        )
        self.skipper = Skipper(self.builder, self.limits)
        self.names = NameChecker(self.sink, self.binder)

    def beside(self) -> Elaborator:
        """Another run over the same text, for a trial: what it finds and makes is thrown away."""
        builder = Builder(self.builder.name, None)
        limits = replace(self.limits, layers=min(self.limits.layers, TRIAL_LAYERS))
        return Elaborator(builder, Sink(), limits, Traces(builder.input, beside=True), trials=0)

    def layers(self, at: At, site: Site, inputs: Values) -> Values:
        """Elaborate a list of layers that reads `inputs`; gives what its last layer gives."""
        self.check_depth(site.depth, at)
        site.names.later.update(names_in(at))
        stream = inputs
        for number in range(len(at.data) if isinstance(at.data, list) else 0):
            stream = self._layer(at / number, site, stream)
        return stream

    def check_depth(self, depth: int, where: At | Written) -> None:
        """That blocks are not nested too deep.

        Raises:
            Reported: they are; that has been reported.
        """
        if depth > self.limits.block_depth:
            values = {"value": depth, "maximum": self.limits.block_depth}
            raise self.sink.report("limit", where.span, what="nesting of blocks", **values)

    def _layer(self, at: At, site: Site, stream: Values) -> Values:
        """One item; a failure is poison for whoever reads the layer, and nothing more."""
        try:
            item = read_item(at, self.sink)
        except Poisoned:
            values = self._stand_in(at, None, site, stream)
            names = dict(names_in_item(at))
            for name, place in names.items():
                site.names.entries.setdefault(name, Named(values, place))
            site.names.incomplete |= not names
            return values
        try:
            when = item.common.get("when")
            if when is not None and not self.evaluator.condition(when, site.env):
                self.names.line(item, site.env)
                self.skipper.skip(item, site.env, site.names)
                return stream
            return self._use(item, site, stream)
        except Poisoned:
            values = self._stand_in(at, item, site, stream)
            self._register(item, site, values, None)
            return values

    def _stand_in(self, at: At, item: Item | None, site: Site, stream: Values) -> Values:
        """What a layer gives that became nothing, not even a scope."""
        block = next(iter(at.data), "") if isinstance(at.data, dict) else at.data
        origin = Origin(at, self.builder.path, site.origin)
        inputs = stream
        if item is not None:
            try:
                inputs = self.wiring.inputs(item.common.get("from"), site, stream)
            except Poisoned:
                inputs = ()
        return self.builder.stand_in(str(block), inputs, None, origin)

    def _use(self, item: Item, site: Site, stream: Values) -> Values:
        self.count(item.span)
        block = self._block_of(item, site)
        inputs = self.wiring.inputs(item.common.get("from"), site, stream)
        if block.off:
            self.wiring.layer_name(item, site, self.builder, self.limits)
            self._register(item, site, inputs, None)
            return inputs
        definition = self._definition_of(block, item, site.env)
        written = self._written(item, block, definition)
        use = Use(self, item, site, block, definition, written, inputs)
        before, start = self.builder.totals, self.checkpoints.position
        outputs, inside, name = use.run()
        path = self.builder.child_path(name or "")
        if not any(value in inputs for value in outputs):
            self.results.append(Result(item, path if name is not None else None, outputs))
        if name is not None:
            self.traces.record(use.trace(path, inputs, outputs))
        step = Step.of(path, before, self.builder.totals, outputs)
        if "expect" in item.common:
            nodes = self.builder.nodes_at(path) if name is not None else ()
            expected = item.common["expect"]
            self.expecter.layer(expected, site.env, Found(step, outputs, start, nodes))
        if name is not None:
            self.checkpoints.add(step)
        is_head = bool(self.outputs) and self.outputs[-1].head == path
        self._register(item, site, outputs, inside, head=is_head)
        if inside is None and all(value.poisoned for value in outputs):
            self._poison_misspelt(item, site, definition, outputs)
        return outputs

    def body(self, place: Place, block: YamlBlock, arguments: Arguments, inputs: Values) -> Values:
        """The body of a YAML block: what a block value that is one is built from."""
        return body(self, place, block, arguments, inputs)

    def _block_of(self, item: Item, site: Site) -> BlockValue:
        """The block of an item, by name or by `$name`."""
        if item.block.startswith("$"):
            return self.evaluator.named_block(item.block, item.at, item.place, site.env)
        if item.block == "none" and (item.fields or item.bare is not None):
            facts = site.env.library.unknown(item.block)
            raise self.sink.report("unknown-block", item.span, **facts)
        return BlockValue(item.block, Written(item.at, {}, site.env))

    def _definition_of(self, block: BlockValue, item: Item, env: Env) -> Definition:
        """The definition of an item's block; a wrong name is told where it was written."""
        if block.name == item.block:
            return self.definition(block.name, env, item)
        context: Written = block.context
        return self.definition(block.name, env, context, _used_in(item, context))

    def part(self, name: str, context: Written, item: Item) -> Bound:
        """The norm or activation of a layer that a block value means, with its fields.

        Raises:
            Poisoned: there is none, or something in it is wrong; that has been reported.
        """
        bound = self.binder.known(name, context)
        if bound is None:
            labels = _used_in(item, context)
            definition = self.definition(name, context.env, context, labels)
            bound = self.binder.bind_value(name, definition, context)
        if bound.definition.inputs not in (None, 1):
            facts = {"block": name, "wanted": bound.definition.inputs, "found": 1}
            raise self.sink.report("value-count", context.span, _used_in(item, context), **facts)
        return bound

    def definition(
        self, name: str, env: Env, where: Item | Written, labels: tuple[Label, ...] = ()
    ) -> Definition:
        """The block that a name means; `where` is where the name was written.

        Raises:
            Poisoned: there is none, or its definition is wrong; that has been reported.
        """
        found = env.library.definition(name)
        if found is None:
            labels = (*labels, *env.library.near(name))
            facts = env.library.unknown(name)
            facts |= {"given": where.given} if isinstance(where, Item) else {"part": True}
            raise self.sink.report("unknown-block", where.span, labels, **facts)
        return found

    def _written(self, item: Item, block: BlockValue, definition: Definition) -> Mapping[str, At]:
        """The fields written in the item."""
        if item.bare is None:
            return item.fields
        if definition.bare_field is None:
            facts: dict[str, object] = {"block": block.name, "known": tuple(definition.kinds)}
            facts |= {"required": definition.required, "inputs": definition.inputs}
            facts["read_inside"] = tuple(undeclared(definition))
            raise self.sink.report(
                "no-bare-field", item.bare.span, received=item.bare.data, **facts
            )
        return {definition.bare_field: item.bare}

    def count(self, span: Span, number: int = 1) -> None:
        """Count layers, copies and parts of composites, before they are made.

        Raises:
            Exhausted: these are too many.
        """
        self.layer_count += number
        if self.layer_count > self.limits.layers:
            self.too_many(span, self.layer_count)
            raise Exhausted

    def too_many(self, span: Span, count: int) -> Reported:
        """Report that repeats and blocks make too many layers."""
        limit = self.limits.layers
        return self.sink.report(
            "limit", span, what="layers after expansion", value=count, maximum=limit
        )

    def _register(
        self, item: Item, site: Site, outputs: Values, inside: Names | None, *, head: bool = False
    ) -> None:
        name = item.common.get("name")
        if name is None:
            return
        if isinstance(name.data, str):
            site.names.entries.setdefault(name.data, Named(outputs, name, inside, head))
        site.names.incomplete |= spelling_problem(str(name.data), self.limits) is not None

    def _poison_misspelt(
        self, item: Item, site: Site, definition: Definition, outputs: Values
    ) -> None:
        """A field that a failed layer does not have may be a misspelt `name`: its readers stay quiet."""
        for key, at in item.fields.items():
            if key not in definition.kinds and isinstance(at.data, str):
                site.names.entries.setdefault(at.data, Named(outputs, at))


def _used_in(item: Item, context: Written) -> tuple[Label, ...]:
    """A label at the layer that uses a block which was written elsewhere, in `defaults` perhaps."""
    return () if contains(item.at, context.at) else (Label(item.span, "used here"),)
