"""A bound block -> ops: in a scope of its own when it has a name, with a wall around YAML bodies."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from netspec.blocks import Values
from netspec.elaborate.binding import Bound
from netspec.elaborate.building import LayerBuild
from netspec.elaborate.definitions import Arguments, YamlBlock
from netspec.elaborate.environment import FAILED, Binding, Defaults, Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.names import Named, Names
from netspec.elaborate.origin import Origin
from netspec.elaborate.site import FAILURE, Place, too_few
from netspec.errors import Misfit
from netspec.graph import Poisoned, Role
from netspec.source import At

if TYPE_CHECKING:
    from netspec.elaborate.layering import Elaborator


def lower(
    run: Elaborator, place: Place, origin: Origin, bound: Bound, name: str | None, inputs: Values
) -> tuple[Values, Names | None]:
    """Build a bound block from `inputs`; gives its values and the names inside it."""
    site, item = place.site, place.item
    given, inputs = inputs, _as_many(run, place, bound, inputs)
    is_body = isinstance(bound.definition, YamlBlock)
    inside = site.names if name is None else Names(None if is_body else site.names)
    with _scope(run, place, bound, name, origin):
        within = site._replace(names=inside, origin=origin)
        build = LayerBuild(run, within, item, bound, owns_scope=name is not None)
        try:
            if isinstance(bound.fields, Arguments):
                assert isinstance(bound.definition, YamlBlock)  # noqa: S101 - its fields are arguments
                inner = replace(place, site=build.site)
                outputs = body(run, inner, bound.definition, bound.fields, inputs)
            else:
                outputs = build.lowered(bound.fields, inputs)
        except (Misfit, Poisoned) as stop:
            if isinstance(stop, Misfit):
                build.tell(stop, inputs)
            own = "" if name is not None else None
            return run.builder.stand_in(bound.name, given, own, origin), None
    return outputs, inside if name is not None else None


def _scope(
    run: Elaborator, place: Place, bound: Bound, name: str | None, origin: Origin
) -> AbstractContextManager[None]:
    """The scope of a layer with a name; nothing without one."""
    if name is None:
        return nullcontext()
    run.builder.reserve(name)
    doc = place.item.common.get("doc")
    return run.builder.scope(
        name,
        bound.name,
        role=Role.COPIES if bound.definition.copies else Role.LAYER,
        fields=bound.given,
        doc="" if doc is None else str(doc.data),
        block_doc=bound.definition.doc,
        origin=origin,
    )


def _as_many(run: Elaborator, place: Place, bound: Bound, inputs: Values) -> Values:
    """The inputs when there are as many as the block reads; poison after a reported error."""
    item, wanted = place.item, bound.definition.inputs
    if wanted is None or len(inputs) == wanted:
        return inputs
    if not too_few(inputs, wanted):
        known = [value for value in inputs if not value.poisoned]
        values = {
            "wanted": wanted,
            "found": len(inputs),
            "makers": tuple(dict.fromkeys(map(run.traces.name, known))),
        }
        span = item.common.get("from", item).span
        run.sink.report("value-count", span, block=bound.name, **values)
    return FAILURE * wanted


def body(
    run: Elaborator, place: Place, block: YamlBlock, arguments: Arguments, inputs: Values
) -> Values:
    """The body of a YAML block: closed, it sees its parameters, its `let` and its own input.

    Of several inputs the first is the stream; the others are read by name.
    """
    site, item = place.site, place.item
    if block in site.entered:
        circle = [around.name for around in site.entered[site.entered.index(block) :]]
        circle.append(block.name)
        run.sink.report("recursion", item.span, path=circle)
        return run.builder.stand_in(block.name, inputs, "", site.origin)
    run.built.add(block)
    bindings = dict(arguments.bindings)
    defaults = block.home.defaults
    if block.defaults is not None:
        defaults = (*defaults, Defaults(block.defaults, bindings))
    stream = inputs[:1]
    env = Env(block.home.library, bindings, stream, defaults)
    lets(run.evaluator, block.let, env, bindings)
    if len(bindings) > len(arguments.bindings):
        known = arguments.bindings
        run.builder.let({n: entry.value for n, entry in bindings.items() if n not in known})
    for at, value in zip(block.input_names, inputs, strict=False):
        run.builder.reserve(str(at.data))
        site.names.entries[str(at.data)] = Named((value,), at)
    inner = site._replace(env=env, top=False, depth=site.depth + 1, entered=(*site.entered, block))
    outputs = run.layers(block.layers, inner, stream)
    if not block.output_names:
        return outputs
    return tuple(run.wiring.named(str(at.data), at, inner) for at in block.output_names)


def lets(evaluator: Evaluator, at: At | None, env: Env, bindings: dict[str, Binding]) -> None:
    """Fill `bindings`, which `env` reads, with the names of a `let:`; each may read those before it."""
    if at is None or not isinstance(at.data, dict):
        return
    for name in at.data:
        try:
            bindings[name] = evaluator.plain(at / name, env)
        except Poisoned:
            bindings[name] = Binding(FAILED)
