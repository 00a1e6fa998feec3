"""The values of a file's parameters: its defaults, then the chosen variant, then what was given.

Everything is checked against the declaration in the same way, wherever it was written, and an error
points there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError

from netspec.elaborate.environment import FAILED, Binding, Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.parameters import Parameter, declared, near
from netspec.elaborate.reporting import Reported, Sink
from netspec.elaborate.variants import Variant, VariantReader
from netspec.expressions import is_expression
from netspec.graph import Poisoned
from netspec.limits import Limits
from netspec.source import At, Document
from netspec.spec import Spec, read_spec


@dataclass(frozen=True, slots=True)
class Given:
    """What was given besides the document, as places in text of their own."""

    params: Mapping[str, At]
    input: At | None = None
    variant: At | None = None

    @property
    def anything(self) -> bool:
        """Whether the network may differ from the document as written; a variant is written there."""
        return bool(self.params) or self.input is not None


class Settings:
    """The parameters and variants of a file, and their values in this run."""

    def __init__(self, spec: Spec, given: Given, sink: Sink, limits: Limits) -> None:
        self._given = given
        self._sink = sink
        self.parameters = declared(spec.get("params"), sink, limits)
        self._stray = spec.stray
        self._late = Sink()
        reader = VariantReader(self.parameters, self._late, limits)
        self.variants = reader.read(spec.mapping("variants"))
        self.variant = self._chosen()

    def _chosen(self) -> Variant | None:
        at = self._given.variant
        if at is None:
            return None
        if at.data not in self.variants:
            known = tuple(self.variants)
            self._sink.report("unknown-variant", at.span, name=str(at.data), known=known)
            return None
        return self.variants[str(at.data)]

    def tell_variants(self) -> None:
        """Report what is wrong with the variants: last, because it says nothing about this network."""
        for diagnostic in self._late.diagnostics:
            self._sink.add(diagnostic)

    def bind(self, evaluator: Evaluator, env: Env, bindings: dict[str, Binding]) -> None:
        """Fill `bindings`, which `env` reads, with the value of every parameter."""
        for name, at in self._given.params.items():
            if name not in self.parameters:
                facts = {"name": name, "known": tuple(self.parameters), "value": at.data}
                labels = near(name, self.parameters)
                self._sink.report("unknown-parameter", at.key_span, labels, **facts)
        bindings |= {name: Binding(FAILED) for name in self._stray}
        unknown = self._given.variant is not None and self.variant is None
        for name, parameter in self.parameters.items():
            bindings[name] = Binding(FAILED)
            place = self._place(parameter)
            if not parameter.failed and not (unknown and place is None):
                with suppress(Poisoned):  # reported; whatever reads it stays quiet
                    bindings[name] = self._value(parameter, place, evaluator, env)

    def _place(self, parameter: Parameter) -> At | None:
        """Where the value of a parameter stands."""
        values = self.variant.values if self.variant is not None else {}
        for places in (self._given.params, values):
            if parameter.name in places:
                return places[parameter.name]
        return parameter.default

    def _value(
        self, parameter: Parameter, at: At | None, evaluator: Evaluator, env: Env
    ) -> Binding:
        if at is None:
            name, variants = parameter.name, tuple(self.variants)
            facts = {"name": name, "variants": variants, "chosen": self.variant is not None}
            raise self._sink.report("parameter-not-given", parameter.at.key_span, **facts)
        for place in _leaves(at):
            if isinstance(place.data, str) and is_expression(place.data):
                given = parameter.name in self._given.params
                facts = {"name": parameter.name, "received": place.data, "given": given}
                raise self._sink.report("parameter-default", place.span, **facts)
        read = evaluator.block if parameter.type == "block" else evaluator.plain
        binding = read(at, env)
        try:
            return Binding(parameter.adapter.validate_python(binding.value), binding.at)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                place = binding.at or at
                for step in detail["loc"]:
                    place = place.get(step) or place
                values = {**detail.get("ctx", {}), "received": detail["input"]}
                values["length"] = parameter.length
                values["from_outside"] = parameter.name in self._given.params
                rule = str(detail["type"]).replace("_", "-")
                self._sink.report(rule, place.span, block="params", field=parameter.name, **values)
            raise Reported from None


def _leaves(at: At) -> Iterator[At]:
    """A value and the entries of its lists, inner ones too; the fields of a block are read where it is used."""
    yield at
    for number in range(len(at.data) if isinstance(at.data, list) else 0):
        yield from _leaves(at / number)


def choices(document: Document, given: Given, limits: Limits) -> tuple[str | None, ...]:
    """The networks that a document gives: None for its defaults, when they are complete, and variants."""
    sink = Sink()  # what is wrong in it is told when the document is elaborated
    spec, _ = read_spec(document)
    settings = Settings(spec, given, sink, limits)
    complete = all(
        name in given.params or not parameter.required
        for name, parameter in settings.parameters.items()
    )
    variants = tuple(settings.variants)
    return (None, *variants) if complete or not variants else variants
