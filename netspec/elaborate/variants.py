"""`variants:`: the members of a family, as named sets of values with expectations of their own.

    variants:
      resnet34: {block: basic, expect: {params: 21797672}}

A variant gives values to declared parameters, as `--set` does, and nothing else: another stride or one
more layer comes from a parameter that the layers read. A variant that patches layers was rejected,
because then no line of the file would mean what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netspec.diagnostics import Label
from netspec.elaborate.names import spelling_problem
from netspec.elaborate.parameters import Parameter, near, no_literal
from netspec.elaborate.reporting import Sink
from netspec.limits import Limits
from netspec.source import At

OWN_KEYS = ("expect", "doc")
"""What a variant has besides values of parameters."""

_ALIKE = 4


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant: its values by parameter, and what is expected of it."""

    name: str
    values: Mapping[str, At] = field(default_factory=dict)
    expect: At | None = None
    failed: bool = False
    """A value of it is missing because of an error, so nothing can be expected."""
    undeclared: Mapping[str, At] = field(default_factory=dict)
    """Its keys that are no parameters."""


def network_name(name: str, variant: str) -> str:
    """The name of the network that a variant gives: its own when it says enough, else both.

    It says enough when it contains the name of the spec or shares the first four letters with it.

    >>> network_name("resnet", "wide_resnet50_2"), network_name("resnet", "resnext50_32x4d")
    ('wide_resnet50_2', 'resnext50_32x4d')
    >>> network_name("shufflenet_v2", "x0_5")
    'shufflenet_v2_x0_5'
    """
    alike = len(name) >= _ALIKE and variant.startswith(name[:_ALIKE])
    return variant if alike or name in variant else f"{name}_{variant}"


class VariantReader:
    """Reads `variants:`; what is wrong with any of them is reported, chosen or not."""

    def __init__(self, parameters: Mapping[str, Parameter], sink: Sink, limits: Limits) -> None:
        self._parameters = parameters
        self._sink = sink
        self._limits = limits

    def read(self, section: At | None) -> dict[str, Variant]:
        """The variants by name; keys and forms are checked here, values when one is chosen."""
        found: dict[str, Variant] = {}
        if section is None or not isinstance(section.data, dict):
            return found
        count, limit = len(section.data), self._limits.variants
        if count > limit:
            self._sink.report(
                "limit", section.key_span, what="variants", value=count, maximum=limit
            )
            return found
        for key in OWN_KEYS:
            if key in self._parameters:
                span = self._parameters[key].at.key_span
                clash = "variants have a key of that name"
                self._sink.report("bad-name", span, name=key, problem=clash)
        for name in section.data:
            problem = spelling_problem(name, self._limits)
            if problem is not None:
                span = (section / name).key_span
                self._sink.report("bad-name", span, name=name, problem=problem)
            found[name] = self._variant(section / name, name)
        self._tell_undeclared(found)
        return found

    def _tell_undeclared(self, variants: Mapping[str, Variant]) -> None:
        """Keys that are no parameters, each once with all variants that have it."""
        places: dict[str, dict[str, At]] = {}
        for variant in variants.values():
            for key, at in variant.undeclared.items():
                places.setdefault(key, {})[variant.name] = at
        for key, (first, *others) in ((key, [*ats.values()]) for key, ats in places.items()):
            labels = [Label(at.key_span, "and here") for at in others]
            labels += near(key, self._parameters)
            facts = {"known": tuple(self._parameters), "value": first.data, "keys": OWN_KEYS}
            facts["variants"] = tuple(places[key])
            self._sink.report("unknown-parameter", first.key_span, labels, name=key, **facts)

    def _variant(self, at: At, name: str) -> Variant:
        if not isinstance(at.data, dict):
            self._sink.report("not-a-mapping", at.span, what=name, received=at.data)
            return Variant(name, failed=True)
        doc = at.get("doc")
        if doc is not None and not isinstance(doc.data, str):
            self._sink.report("not-text", doc.span, what="doc", received=doc.data)
        values: dict[str, At] = {}
        undeclared: dict[str, At] = {}
        failed = False
        for key in at.data:
            if key in OWN_KEYS:
                continue
            if key not in self._parameters:
                undeclared[key] = at / key
                failed = True
            elif no_literal((at / key).data) and (at / key).data is not None:
                facts = {"name": key, "variant": name, "received": (at / key).data}
                self._sink.report("parameter-default", (at / key).span, **facts)
                failed = True
            else:
                values[key] = at / key
        return Variant(name, values, at.get("expect"), failed, undeclared)
