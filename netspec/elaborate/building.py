"""The verbs that blocks build with, for one layer: the elaborator's side of `netspec.blocks.Build`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netspec.blocks import Block, BlockValue, LayerList, Values
from netspec.diagnostics import Label, Span
from netspec.elaborate.binding import Bound, Closure
from netspec.elaborate.definitions import Arguments, BuiltIn, Library, YamlBlock
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Written
from netspec.elaborate.initialisation import inits_for
from netspec.elaborate.items import Item
from netspec.elaborate.names import Named, Names
from netspec.errors import Misfit
from netspec.graph import Output, Role, Value
from netspec.ops import Op
from netspec.shape import numel

if TYPE_CHECKING:
    from netspec.elaborate.layering import Elaborator, Site


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
        builder, site = self.run.builder, self.site
        if any(value.poisoned for value in inputs):
            return inputs[[value.poisoned for value in inputs].index(True)]
        self._check_count(op, inputs)
        if name is None:
            name = "" if self.owns_scope else builder.automatic_name(op.kind)
        else:
            builder.reserve(name)
        inits = inits_for(op, site.inits)
        try:
            (output,) = builder.op(op, inputs, name, inits=inits, origin=site.origin)
        except Misfit as misfit:
            misfit.inputs = inputs
            raise
        self._check_size(output)
        return output

    def block(self, block: Block, *inputs: Value, name: str) -> Value:
        """Build a block as the child `name` of this layer."""
        builder = self.run.builder
        builder.reserve(name)
        inside = Names(self.site.names)
        with builder.scope(name, block.block_name, fields=block.given(), origin=self.site.origin):
            bound = Bound(block.block_name, BuiltIn(type(block)), block)
            site = replace(self.site, names=inside, top=False)
            build = LayerBuild(self.run, site, self.item, bound, owns_scope=True)
            try:
                result = block.lower(build, *inputs)
            except Misfit as misfit:
                misfit.values.setdefault("inside", builder.path)
                raise
        values = result if isinstance(result, tuple) else (result,)
        self.site.names.entries[name] = Named(values, self.item.at, inside)
        (value,) = values
        return value

    def part(self, value: BlockValue, x: Value, name: str | None = None) -> Value:
        """Build a norm or an activation as a part of this layer."""
        if value.off:
            return x
        context: Written = value.context or Written(self.item.at, {}, Env(Library()))
        item = replace(self.item, at=context.at, place=context.at) if value.context else self.item
        definition = self.run.definition(value.name, context.env, item)
        slots = self.run.binder.gather(value.name, context.env) | context.slots
        bound = self.run.binder.bind(value.name, definition, slots, context.at, context.env)
        builder = self.run.builder
        if name is None:
            name = builder.automatic_name(value.name)
        else:
            builder.reserve(name)
        with builder.scope(
            name, value.name, role=Role.PART, fields=bound.given(), origin=self.site.origin
        ):
            return self._lower_part(bound, replace(item, bare=None), x)

    def _lower_part(self, bound: Bound, item: Item, x: Value) -> Value:
        from netspec.elaborate.layering import Place, body

        site = replace(self.site, names=Names(None), top=False)
        if isinstance(bound.definition, YamlBlock) and isinstance(bound.fields, Arguments):
            values = body(Place(self.run, site, item), bound.definition, bound.fields, (x,))
        else:
            assert isinstance(bound.fields, Block)  # noqa: S101 - there are two leaves
            build = LayerBuild(self.run, site, item, bound, owns_scope=True)
            result = bound.fields.lower(build, x)
            values = result if isinstance(result, tuple) else (result,)
        if len(values) != 1:
            raise Misfit("one-value-per-side", None, count=len(values))
        return values[0]

    def layers(self, items: LayerList, *inputs: Value) -> Values:
        """Elaborate the layers of a field."""
        closure = items.context
        if not isinstance(closure, Closure):
            return inputs
        group = self.site.top and self.bound.name == "sequential"
        site = replace(
            self.site,
            env=closure.env,
            top=group or (self.site.top and not self.owns_scope),
            depth=self.site.depth + 1,
        )
        return self.run.layers(closure.at, site, inputs)

    def head(self, value: Value, *, loss_weight: float, train_only: bool) -> None:
        """Make `value` an output, named like the layer."""
        path = self.run.builder.path
        if not self.site.top:
            raise Misfit("head-inside", None, path=path)
        name = path.rpartition(".")[2]
        self.run.outputs.append(Output(name, value, loss_weight, train_only, path))

    def tell(self, misfit: Misfit, inputs: Values) -> None:
        """Report a misfit of this layer: at the field when it was written here, else at the block."""
        span, labels = self._place(misfit)
        read = [value for value in misfit.inputs or inputs if not value.poisoned]
        shapes = [(self.run.traces.name(value), value.shape) for value in read]
        trail = self.run.traces.trail(read[0]) if read else []
        sides = self.run.traces.labels(misfit.inputs or inputs)
        uses = self.site.origin.uses() if self.site.origin is not None else ()
        values = {
            "block": self.bound.name,
            "field": misfit.field,
            "inputs": shapes,
            "trail": trail,
            **misfit.values,
        }
        labels = (*labels, *(sides if len(sides) > 1 else ()), *uses)
        self.run.sink.report(misfit.rule, span, labels, **values)

    def _place(self, misfit: Misfit) -> tuple[Span, tuple[Label, ...]]:
        slot = self.bound.places.get(misfit.field) if misfit.field is not None else None
        if slot is None or slot.at is None:
            return self.item.span, ()
        here = self.item.at
        written_here = (
            slot.at.document is here.document and slot.at.path[: len(here.path)] == here.path
        )
        if written_here:
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
