"""The verbs that blocks build with, for one layer: the elaborator's side of `netspec.blocks.Build`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from netspec.blocks import Block, BlockValue, LayerList, Rows, Values
from netspec.diagnostics import Label, Span
from netspec.elaborate.binding import Bound, plain_values
from netspec.elaborate.definitions import Arguments, BuiltIn, Library, YamlBlock
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Written
from netspec.elaborate.initialisation import inits_for
from netspec.elaborate.items import Item
from netspec.elaborate.lists import Closure
from netspec.elaborate.merging import Refused, again, merge_facts
from netspec.elaborate.names import Named, Names
from netspec.elaborate.origin import Origin
from netspec.elaborate.plugged import check_child, check_made, check_op, guarded, is_plugged
from netspec.elaborate.reporting import Reported
from netspec.elaborate.rows import Row
from netspec.elaborate.site import Place, Site, as_values, contains
from netspec.elaborate.traces import Trace
from netspec.errors import Misfit
from netspec.graph import Output, Role, Value
from netspec.messages import RULES, code_of
from netspec.ops import Op
from netspec.shape import Shape, Window, numel
from netspec.source import At

if TYPE_CHECKING:
    from netspec.elaborate.layering import Elaborator


@dataclass(eq=False)
class LayerBuild:
    """Implements `Build` for one layer or one child of a built-in composite."""

    run: Elaborator
    site: Site
    item: Item
    bound: Bound
    owns_scope: bool

    def op(self, op: Op, *inputs: Value, name: str | None = None) -> Value:
        """Add an op to the open scope."""
        return self._add(op, inputs, name)[0]

    def values(self, op: Op, *inputs: Value, names: Sequence[str] = ()) -> Values:
        """Add an op that gives several values, and name them below the layer."""
        values = self._add(op, inputs, None)
        if names and "name" not in self.item.common:
            raise Misfit("into-without-name", "into", into=tuple(names))
        slot = self.bound.places.get("into")
        for number, name in enumerate(names):
            at = slot.at.get(number) if slot is not None and slot.at is not None else None
            value = values[min(number, len(values) - 1)]
            self.run.wiring.name_value(name, at or self.item.at, value, self.site, self.run.limits)
        return values

    def _take(self, name: str) -> None:
        """Take the name of a child, which a block chose; the empty one is the layer itself."""
        fresh = self.run.builder.reserve(name)
        if is_plugged(self.bound.definition):
            check_child(name, self.run.limits, fresh=fresh)

    def _add(self, op: Op, inputs: Values, name: str | None) -> Values:
        builder, site = self.run.builder, self.site
        plugged = is_plugged(self.bound.definition)
        if plugged:
            check_op(op)
        if name is None and not self.owns_scope:
            name = builder.automatic_name(op.kind)
        else:
            name = name or ""
            self._take(name)
        if None in [value.known for value in inputs]:
            return builder.op(op, inputs, name, origin=site.origin)
        if plugged:
            check_made(inputs, self.run.traces)
        self._check_count(op, inputs)
        inits = inits_for(op, site.inits)
        try:
            outputs = builder.op(op, inputs, name, inits=inits, origin=site.origin)
        except Misfit as misfit:
            raise Refused(misfit, op, inputs) from None
        for output in outputs:
            self._check_size(output)
            self.run.places[output] = self.bound.places
        path, replay = builder.child_path(name), partial(again, op)
        trace = Trace(path, self.item, inputs, outputs, replay, op=op)
        self.run.traces.record(trace)
        return outputs

    def block(self, block: Block, *inputs: Value, name: str) -> Value:
        """Build a block as the child `name` of this layer."""
        builder = self.run.builder
        self.run.count(self.item.span)
        self._take(name)
        inside = Names(self.site.names)
        with builder.scope(name, block.block_name, fields=block.given(), origin=self.site.origin):
            places = self.bound.places if isinstance(self.bound.fields, type(block)) else {}
            definition = BuiltIn(type(block), self.bound.definition.plugin)
            bound = Bound(block.block_name, definition, block, places)
            site = self.site._replace(names=inside, top=False)
            build = LayerBuild(self.run, site, self.item, bound, owns_scope=True)
            try:
                result = block.lower(build, *inputs)
            except Misfit as misfit:
                misfit.values.setdefault("inside", builder.path)
                raise
        (value,) = as_values(result)
        self.site.names.entries[name] = Named((value,), self.item.at, inside)
        return value

    def part(self, value: BlockValue, x: Value, name: str | None = None) -> Value:
        """Build a norm or an activation as a part of this layer."""
        if value.off:
            return x
        run, builder = self.run, self.run.builder
        context = value.context or self._here()
        parts = self._around(value.name, context)
        bound = run.part(value.name, context, self.item)
        automatic = name is None
        if name is None:
            name = builder.automatic_name(value.name)
        else:
            self._take(name)
        origin, fields, doc = self.site.origin, bound.given, bound.definition.doc
        if isinstance(bound.definition, YamlBlock):
            path = builder.child_path(name)
            origin = Origin(context.at, path, origin, value.name, arguments=fields)
        depth = self.site.depth + 1
        inner = self.site._replace(
            names=Names(), top=False, depth=depth, parts=parts, origin=origin
        )
        role = Role.PART
        with builder.scope(
            name, value.name, role=role, fields=fields, block_doc=doc, origin=origin
        ):
            output = self._lower_part(bound, inner, context, x)
        if not automatic:
            self.site.names.entries[name] = Named((output,), context.at, inner.names)
        return output

    def _here(self) -> Written:
        """The context of a part that a block names itself: it sees nothing of the file."""
        env = Env(Library(self.site.env.library.registry))
        return Written(self.item.at, {}, env, self.item.span)

    def _around(self, name: str, context: Written) -> tuple[tuple[str, At], ...]:
        """The parts around the ops of a part: not the part itself once more (`defaults` can lead there)."""
        parts = (*self.site.parts, (name, context.at))
        if parts[-1] in self.site.parts:
            path = tuple(part for part, _ in parts[parts.index(parts[-1]) :])
            raise self.run.sink.report("recursion", context.span, path=path)
        self.run.check_depth(self.site.depth + 1, context)
        return parts

    def _lower_part(self, bound: Bound, site: Site, context: Written, x: Value) -> Value:
        item = self.item
        if contains(item.at, context.at):
            item = Item(context.at, context.at, bound.name, item.fields, None, item.common)
        if isinstance(bound.definition, YamlBlock) and isinstance(bound.fields, Arguments):
            place = Place(site, item)
            values = self.run.body(place, bound.definition, bound.fields, (x,))
        else:
            assert isinstance(bound.fields, Block)  # noqa: S101 - there are two leaves
            build = LayerBuild(self.run, site, item, bound, owns_scope=True)
            values = build.lower(bound.fields, x)
        if len(values) != 1:
            raise Misfit("one-value-per-side", None, count=len(values))
        return values[0]

    def lower(self, block: Block, *inputs: Value) -> Values:
        """Lower a part, and report its misfits as its own: fields and names are those of the part.

        Raises:
            Reported: it does not fit.
        """
        try:
            return self.lowered(block, inputs)
        except Misfit as misfit:
            self.tell(misfit, inputs)
            raise Reported from None

    def lowered(self, block: Block, inputs: Values) -> Values:
        """What a block makes of its inputs, always as a tuple; a plug-in's mistakes are reported.

        Raises:
            Misfit: fields and shapes that do not go together.
            Reported: the plug-in failed.
        """
        if not is_plugged(self.bound.definition):
            return as_values(block.lower(self, *inputs))
        with guarded(self.run.sink, self.bound.definition, self.item.span):
            values = as_values(block.lower(self, *inputs))
            check_made(values, self.run.traces)
        return values

    def layers(self, items: LayerList, *inputs: Value, name: str | None = None) -> Values:
        """Elaborate the layers of a field; with a name they are a group of that name."""
        closure = items.context
        if not isinstance(closure, Closure):
            return inputs
        definition = self.bound.definition
        group = isinstance(definition, BuiltIn) and definition.block.group
        site = self.site._replace(
            env=closure.env,
            top=self.site.top and group,
            depth=self.site.depth + 1,
        )
        if name is None:
            return self.run.layers(closure.at, site, inputs)
        return self._branch(name, closure, site._replace(names=Names(site.names)), inputs)

    def _branch(self, name: str, closure: Closure, site: Site, inputs: Values) -> Values:
        """A named branch: a group in the open scope, readable by its name; `[]` needs no scope."""
        run = self.run
        run.wiring.take_name(name, closure.at.key_span, self.site, run.builder, run.limits)
        values = inputs
        if closure.at.data:
            with self.run.builder.scope(name, "sequential", origin=site.origin):
                values = self.run.layers(closure.at, site, inputs)
        self.site.names.entries.setdefault(name, Named(values, closure.at, site.names))
        return values

    def each(
        self,
        rows: Rows,
        items: LayerList,
        *inputs: Value,
        names: str | tuple[str, ...],
        index: str | None,
    ) -> Values:
        """Elaborate layers once for each row; with a name of its own each copy is a scope."""
        found = self.run.binder.rows.rows(rows, names, index, self.bound.places)
        total = len(found) * self.site.copies
        if total > self.run.limits.layers:
            raise self.run.too_many(self.item.span, total)
        stream: Values = inputs
        around = self.site._replace(top=False, depth=self.site.depth + 1, copies=max(total, 1))
        for number, row in enumerate(found):
            stream = self._copy(number, row, items, around, stream)
        return stream

    def _copy(self, number: int, row: Row, items: LayerList, around: Site, x: Values) -> Values:
        """One copy of the layers of `each`."""
        run, closure = self.run, items.context
        if not isinstance(closure, Closure):
            return x
        own = {name: value for name, value in row.bindings.items() if name != "index"}
        origin = Origin(
            row.at or self.item.at,
            run.builder.child_path(str(number)) if self.owns_scope else "",
            self.site.origin,
            copy=number,
            row=True,
            arguments=plain_values(own),
        )
        site = around._replace(env=closure.env.bind(row.bindings), origin=origin)
        if not self.owns_scope:
            return run.layers(closure.at, site, x)
        site = site._replace(names=Names(self.site.names))
        with run.builder.scope(str(number), "sequential", origin=origin):
            values = run.layers(closure.at, site, x)
        self.site.names.entries[str(number)] = Named(values, self.item.at, site.names)
        self.site.names.entries.update(site.names.entries)
        return values

    def head(self, value: Value, *, loss_weight: float, train_only: bool) -> None:
        """Make `value` an output, named like the layer."""
        path = self.run.builder.path
        if not self.site.top:
            raise Misfit("head-inside", None, path=path)
        name = path.rpartition(".")[2]
        if name == "main" or any(out.name == name for out in self.run.outputs):
            raise Misfit("duplicate-output", None, name=name)
        self.run.outputs.append(Output(name, value, loss_weight, train_only, path))

    def tell(self, misfit: Misfit, inputs: Values) -> None:
        """Report a misfit of this layer: at the field when it was written here, else at the block."""
        span, labels = self._place(misfit)
        if misfit.rule in RULES and self.run.sink.knows(code_of(misfit.rule, misfit.values), span):
            return  # in another copy: what is to be said of it takes time
        reads = misfit.inputs if isinstance(misfit, Refused) else inputs
        read = [value for value in reads if not value.poisoned]
        shapes = [(self.run.traces.name(value), value.shape) for value in read]
        trail = self.run.traces.way(read[0]) if read else []
        merge, sides = merge_facts(self.run, misfit, self.item, self.bound)
        uses = self.site.origin.uses() if self.site.origin is not None else ()
        definition = self.bound.definition
        values = {
            "block": self.bound.name,
            "plugin": definition.plugin,
            "field": misfit.field,
            "inputs": shapes,
            "trail": trail,
            "written_here": misfit.field in self.bound.places,
            "network_input": self._smallest_input(misfit, read),
            "fields": tuple(definition.kinds),
            "copy": self.site.origin.complete_copies() if self.site.origin is not None else None,
            **merge,
            **misfit.values,
        }
        labels = (*labels, *sides, *uses)
        with guarded(self.run.sink, definition, self.item.span):
            if misfit.rule not in RULES:
                raise LookupError(f"`Misfit` has no rule `{misfit.rule}`")
            self.run.sink.report(misfit.rule, span, labels, **values)

    def _smallest_input(self, misfit: Misfit, read: Sequence[Value]) -> Shape | None:
        """The smallest input of the network with which a window that does not fit would."""
        window = misfit.values.get("window")
        if not isinstance(window, Window) or not read or read[0] is self.run.builder.input:
            return None
        least = self.run.builder.smallest_input(read[0], window.smallest_input())
        fits = least is not None and max(least[1:]) <= self.run.limits.input_size
        return least if fits else None

    def _place(self, misfit: Misfit) -> tuple[Span, tuple[Label, ...]]:
        slot = self.bound.places.get(misfit.field) if misfit.field is not None else None
        if slot is None or slot.at is None:
            return self.item.span, ()
        if contains(self.item.at, slot.at):
            return slot.at.span, ()
        return self.item.span, (Label(slot.at.span, f"`{misfit.field}` comes from here"),)

    def _check_count(self, op: Op, inputs: Values) -> None:
        limit = self.run.limits.merge_inputs
        if op.arity is None and len(inputs) > limit:
            values = {"what": f"inputs of one `{op.kind}`", "value": len(inputs), "maximum": limit}
            raise Misfit("limit", None, **values)

    def _check_size(self, output: Value) -> None:
        size, limit = numel(output.shape), self.run.limits.tensor_elements
        if size > limit:
            raise Misfit("limit", None, what="elements of one tensor", value=size, maximum=limit)
