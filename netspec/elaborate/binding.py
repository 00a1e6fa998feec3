"""Fields of one use of a block: gathered by precedence, evaluated, validated, placed.

Precedence, weakest first: the block's own defaults, the file's `defaults`, a YAML block's `defaults`,
the preset, what was written, `first`/`last`. Gathering is field by field; a field keeps the place and
the names that it was written with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from pydantic import ValidationError

from netspec.blocks import Block, BlockValue, FieldKind, Preset
from netspec.diagnostics import Label
from netspec.elaborate.definitions import (
    Arguments,
    BuiltIn,
    Definition,
    YamlBlock,
    YamlPreset,
)
from netspec.elaborate.environment import FAILED, Binding, Env
from netspec.elaborate.evaluate import Evaluator, Slot, Written
from netspec.elaborate.items import Item
from netspec.elaborate.lists import branches_of, layers_of, loose_branches
from netspec.elaborate.meant import declarations, lost_slots, still_missing, unknown_field
from netspec.elaborate.plugged import guarded, validated
from netspec.elaborate.reporting import Reported, Sink
from netspec.elaborate.rows import RowReader
from netspec.expressions import is_expression
from netspec.graph import Poisoned
from netspec.limits import Limits
from netspec.messages import RULES
from netspec.records import record
from netspec.source import At


@record()
class Bound:
    """A block with its fields: a pydantic model, or the arguments of a YAML block."""

    name: str
    definition: Definition
    fields: Block | Arguments
    places: Mapping[str, Slot] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)
    """The evaluated fields as plain data."""


def plain_values(bindings: Mapping[str, Binding]) -> dict[str, object]:
    """Values by name as plain data; a block is its name."""
    found = {name: binding.value for name, binding in bindings.items()}
    return {name: _plain(value) for name, value in found.items() if value is not FAILED}


def _plain(value: object) -> object:
    return value.name if isinstance(value, BlockValue) else value


class Binder:
    """Makes a `Bound` of a name and what was written. Errors go to the sink."""

    def __init__(self, sink: Sink, evaluator: Evaluator, limits: Limits) -> None:
        self._sink = sink
        self._evaluator = evaluator
        self._limits = limits
        self.rows = RowReader(sink, evaluator, limits)
        self._bare: dict[tuple[str, Env], Bound] = {}

    def gather(self, name: str, env: Env) -> dict[str, Slot]:
        """The fields that come from defaults and presets for a use of `name` in `env`."""
        entry = env.library.find(name)
        slots: dict[str, Slot] = {}
        if isinstance(entry, Preset):
            slots = self.gather(entry.block, env)
            slots |= {key: Slot(None, env, value) for key, value in entry.fields.items()}
        elif isinstance(entry, YamlPreset) and env.library.circle(name) is None:
            home = entry.home
            closed = Env(home.library, inputs=env.inputs, defaults=home.defaults)
            if home.library is env.library:
                closed = replace(closed, defaults=env.defaults)
            slots = self.gather(entry.block, env if home.library is env.library else closed)
            if entry.fields is not None:
                slots |= self._slots(name, entry.fields, closed)
        for number, section in enumerate(env.defaults):
            fields = section.entries.by_block.get(name)
            if section.entries.failed:
                slots |= lost_slots(name, section.entries, env.library.definition(name), env)
            if fields is not None:
                slots |= self._slots(name, fields, env.of_defaults(number))
        return slots

    def _slots(self, name: str, fields: At, env: Env) -> dict[str, Slot]:
        """The fields of a mapping, or of a bare value."""
        if isinstance(fields.data, dict):
            return {key: Slot(fields / key, env) for key in fields.data}
        definition = env.library.definition(name)
        bare = definition.bare_field if definition is not None else None
        return {bare: Slot(fields, env)} if bare is not None else {}

    def bind(
        self,
        name: str,
        definition: Definition,
        slots: Mapping[str, Slot],
        where: Item | Written,
        env: Env,
    ) -> Bound:
        """Evaluate and validate the fields.

        Raises:
            Reported: something is wrong here or in what a field reads; all of it has been reported.
        """
        values: dict[str, Binding] = {}
        failed, kinds = loose_branches(name, definition, slots, self._sink), definition.kinds
        for key, slot in slots.items():
            if key in failed:
                continue
            try:
                if key not in kinds:
                    needed = [one for one in definition.required if one not in slots]
                    raise unknown_field(self._sink, name, slot.at, definition, env.library, needed)
                values[key] = self._value(kinds[key], slot)
            except Poisoned:
                failed.add(key)
        fields = self._validate(name, definition, values, failed, where, env)
        if fields is None or failed:
            raise Reported
        given = fields.given() if isinstance(fields, Block) else plain_values(fields.bindings)
        return Bound(name, definition, fields, slots, given)

    def bind_value(self, name: str, definition: Definition, context: Written) -> Bound:
        """The fields of a block value, as `bind`; without fields of its own, once for all that see alike."""
        env = context.env
        slots = self.gather(name, env) | context.slots
        bound = self.bind(name, definition, slots, context, env)
        if not context.slots:
            self._bare[name, env] = bound
        return bound

    def known(self, name: str, context: Written) -> Bound | None:
        """What `bind_value` gave before for a block value without fields of its own."""
        return None if context.slots else self._bare.get((name, context.env))

    def _value(self, kind: FieldKind, slot: Slot) -> Binding:
        if slot.lost:
            raise Poisoned
        if slot.at is None:
            return Binding(slot.constant)
        if kind is FieldKind.PLAIN:
            return self._evaluator.plain(slot.at, slot.env)
        if kind is FieldKind.BLOCK:
            found = self._evaluator.block(slot.at, slot.env)
            self._check_block(found.value)
            return found
        if kind is FieldKind.LAYERS:
            return Binding(layers_of(slot.at, slot.env, self._sink), slot.at)
        if kind is FieldKind.ROWS:
            return Binding(self.rows.read(slot.at, slot.env), slot.at)
        return Binding(branches_of(slot.at, slot.env, self._sink), slot.at)

    def _check_block(self, value: object) -> None:
        """That a block value names a block, and fields of it: told even where its input failed."""
        if not isinstance(value, BlockValue) or value.off or value.context is None:
            return
        context: Written = value.context
        library = context.env.library
        definition = library.definition(value.name)
        if definition is None:
            near, facts = library.near(value.name), library.unknown(value.name)
            raise self._sink.report("unknown-block", context.span, near, **facts, part=True)
        for key, slot in context.slots.items():
            if key not in definition.kinds:
                raise unknown_field(self._sink, value.name, slot.at, definition, library)

    def _validate(
        self,
        name: str,
        definition: Definition,
        values: Mapping[str, Binding],
        failed: set[str],
        where: Item | Written,
        env: Env,
    ) -> Block | Arguments | None:
        """The model of the values, or None after its errors have been reported."""
        plain = {key: binding.value for key, binding in values.items()}
        if isinstance(definition, BuiltIn):
            try:
                return validated(
                    self._sink, definition, where, plain, self._limits, ValidationError
                )
            except ValidationError as error:
                with guarded(self._sink, definition, where.span):
                    self._tell(name, definition, error, values, failed, where, env)
                return None
        assert isinstance(definition, YamlBlock)  # noqa: S101 - there are two leaves
        return self._arguments(name, definition, values, failed, where, env)

    def _arguments(
        self,
        name: str,
        definition: YamlBlock,
        values: Mapping[str, Binding],
        failed: set[str],
        where: Item | Written,
        env: Env,
    ) -> Arguments | None:
        bindings: dict[str, Binding] = {}
        missing: dict[str, str] = {}
        wrong: set[str] = set()
        for key, parameter in definition.parameters.items():
            if key in failed:
                continue
            binding = values.get(key)
            if parameter.failed:
                bindings[key] = Binding(FAILED)
                continue
            if binding is None and parameter.default is not None:
                env = Env(definition.home.library, defaults=definition.home.defaults)
                binding = self._value(parameter.kind, Slot(parameter.default, env))
            if binding is None:
                missing[key] = parameter.doc
                continue
            try:
                value = parameter.adapter.validate_python(binding.value)
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    facts = {"length": parameter.length, "order": tuple(definition.parameters)}
                    context = detail.get("ctx", {}) | facts
                    inner = {**detail, "loc": (key, *detail["loc"]), "ctx": context}
                    shown = declarations(definition, [key])
                    self._tell_one(name, inner, binding, where, env, shown)
                wrong.add(key)
                continue
            bindings[key] = Binding(value, binding.at)
        if not (definition.bare_field in wrong and _all_in_bare(where)):
            self._missing(name, missing, failed, where, definition)
        return None if wrong or missing else Arguments(bindings)

    def _tell(
        self,
        name: str,
        definition: BuiltIn,
        error: ValidationError,
        values: Mapping[str, Binding],
        failed: set[str],
        where: Item | Written,
        env: Env,
    ) -> None:
        missing: list[str] = []
        details = error.errors(include_url=False)
        wrong = failed | {str(detail["loc"][0]) for detail in details if detail["loc"]}
        in_bare = definition.bare_field in wrong and _all_in_bare(where)
        for detail in details:
            context = detail.get("ctx", {})
            key = str(detail["loc"][0] if detail["loc"] else context.get("field", ""))
            if key in failed or (failed and not detail["loc"]):
                continue  # of fields together nothing is known while one has failed
            if detail["type"] == "missing":
                missing += [] if in_bare else [key]
                continue
            self._tell_one(
                name, _in_own_words(detail, definition.plugin), values.get(key), where, env
            )
        docs = definition.block.docs()
        self._missing(name, {key: docs[key] for key in missing}, failed, where, definition)

    def _missing(
        self,
        block: str,
        missing: Mapping[str, str],
        failed: set[str],
        where: Item | Written,
        definition: Definition,
    ) -> None:
        """Report the fields without a default that were not given; `missing` has the doc of each."""
        fields = still_missing(missing, failed, definition)
        if not fields:
            return
        alone = isinstance(where, Item) and where.given is None
        docs = [missing[key] for key in fields]
        facts = {"block": block, "field": fields, "doc": docs, "alone": alone}
        facts["role"] = where.at.path[-1] if isinstance(where, Written) else ""
        if isinstance(definition, YamlBlock):
            facts["types"] = {key: definition.parameters[key].spelling for key in fields}
        labels = declarations(definition, fields)
        self._sink.report("missing-field", where.span, labels, **facts)

    def _tell_one(
        self,
        name: str,
        detail: Mapping[str, Any],
        binding: Binding | None,
        where: Item | Written,
        env: Env,
        labels: Sequence[Label] = (),
    ) -> None:
        """Report one error of pydantic's, at the literal that it is about."""
        place = binding.at if binding is not None else None
        for step in detail["loc"][1:]:
            if place is not None and isinstance(step, int):
                place = place.get(step) or place
        field_name = str(detail["loc"][0]) if detail["loc"] else ""
        values = {
            **detail.get("ctx", {}),
            "received": detail["input"],
            "in_scope": tuple(env.bindings),
            "alone": isinstance(where, Item) and where.bare is not None,
            "text": place.data if place is not None and isinstance(place.data, str) else "",
        }
        if not detail["loc"]:
            values = dict(detail.get("ctx", {}))
        else:
            values["field"] = field_name
        span = place.span if place is not None else where.span
        rule = str(detail["type"]).replace("_", "-")
        self._sink.report(rule, span, labels, block=name, **values)


def _all_in_bare(where: Item | Written) -> bool:
    """Whether all fields seem to stand in the bare value: a list, or arguments as in a call."""
    bare = where.bare.data if isinstance(where, Item) and where.bare is not None else None
    if isinstance(bare, str) and not is_expression(bare):
        return any(character in bare for character in "=(,")
    return isinstance(bare, list)


def _in_own_words(detail: Mapping[str, Any], plugin: str | None) -> Mapping[str, Any]:
    """What a plug-in says about a value, when it is no rule of netspec's: its own sentence."""
    if plugin is None or str(detail["type"]).replace("_", "-") in RULES:
        return detail
    words = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return {**detail, "type": "plugin_value", "ctx": {"why": words, "plugin": plugin}}
