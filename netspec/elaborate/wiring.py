"""Names and `from`: which values a layer reads, and what it may be called."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from netspec.blocks import Values
from netspec.diagnostics import Label, Span
from netspec.elaborate.items import Item
from netspec.elaborate.names import RESERVED, Named, name_problem
from netspec.elaborate.reporting import Sink
from netspec.graph import POISON, Builder, Value
from netspec.limits import Limits
from netspec.source import At

if TYPE_CHECKING:
    from netspec.elaborate.site import Site

_NAMED = 4  # paths to layers of a name that are looked for


class Wiring:
    """Looks names up and gives them out; errors go to the sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def inputs(self, at: At | None, site: Site, stream: Values) -> Values:
        """The values that a layer reads: the stream, or what `from` names."""
        if at is None:
            return stream
        places = [at / i for i in range(len(at.data))] if isinstance(at.data, list) else [at]
        if not places:
            raise self._sink.report("from-nothing", at.span)
        values: list[Value] = []
        for place in places:
            values += self._source(place, site, stream)
        return tuple(values)

    def _source(self, at: At, site: Site, stream: Values) -> Values:
        name = at.data
        if name == "previous":
            return stream
        if name == "input":
            return site.env.inputs
        if not isinstance(name, str):
            self._sink.report("not-a-name", at.span, received=name)
            return (POISON,)
        return self._values(name, at, site)

    def named(self, name: str, at: At, site: Site) -> Value:
        """The one value of a name; poison after a reported error."""
        values = self._values(name, at, site)
        if len(values) != 1:
            found = site.names.find_path(name)
            labels = (Label(found.at.span, f"gives {len(values)} values"),) if found else ()
            self._sink.report("several-values", at.span, labels, name=name, count=len(values))
            return POISON
        return values[0]

    def _values(self, name: str, at: At, site: Site) -> Values:
        """What the layer of a name gives; poison after a reported error."""
        found = site.names.find_path(name)
        if found is None:
            self._unknown(name, at, site)
            return (POISON,)
        if found.head:
            label = Label(found.at.span, "a head")
            self._sink.report("read-from-head", at.span, (label,), name=name)
            return (POISON,)
        return found.values

    def _unknown(self, name: str, at: At, site: Site) -> None:
        """Tell why a name cannot be read: switched off, further down, or nowhere."""
        scope, part = site.names.dead_end(name)
        if scope.uncertain:
            return
        is_inner = scope is not site.names
        removed = scope.removed.get(part) if is_inner else scope.place_of_removed(part)
        later = scope.later.get(part) if is_inner else scope.place_of_later(part)
        if removed is not None:
            labels = (Label(removed.span, "its `when` is false"),)
            self._sink.report("name-removed", at.span, labels, name=name)
        elif later is not None:
            own = later.path[:-1] == at.path[: len(later.path) - 1]
            given = (Label(later.span, "given here"),) * (not own)
            self._sink.report("name-later", at.span, given, name=name, own=own)
        else:
            around = name.removesuffix(part)
            names = [f"{around}{entry}" for entry in scope.entries] if is_inner else []
            known = [*names, *site.names.visible(), *sorted(RESERVED)]
            facts = {
                "known": tuple(dict.fromkeys(known)),
                "inside": tuple(islice(site.names.paths_to(part), _NAMED)),
            }
            self._sink.report("unknown-layer", at.span, name=name, path=at.path, **facts)

    def layer_name(self, item: Item, site: Site, builder: Builder, limits: Limits) -> str | None:
        """The name written in an item, checked and taken; None when there is none.

        Raises:
            Reported: it cannot be one, or is taken; that has been reported.
        """
        at = item.common.get("name")
        if at is None:
            return None
        name = at.data
        if not isinstance(name, str):
            raise self._sink.report("bad-name", at.span, name=name, problem="a name is text")
        self.take_name(name, at.span, site, builder, limits)
        return name

    def take_name(
        self, name: str, span: Span, site: Site, builder: Builder, limits: Limits
    ) -> None:
        """Check a name and take it in the open scope.

        Raises:
            Reported: it cannot be one, or is taken; that has been reported.
        """
        problem = name_problem(name, limits)
        if problem is not None:
            raise self._sink.report("bad-name", span, name=name, problem=problem)
        if not builder.reserve(name):
            first = site.names.entries.get(name)
            here = first is not None and first.at.span == span
            labels = (Label(first.at.span, "first given here"),) if first and not here else ()
            raise self._sink.report(
                "duplicate-name", span, labels, name=name, automatic=first is None, copies=here
            )

    def name_value(self, name: str, at: At, value: Value, site: Site, limits: Limits) -> None:
        """Give a name to one of the values of a layer, to be read below the layer's own.

        Raises:
            Reported: it cannot be one, or is taken; that has been reported.
        """
        problem = name_problem(name, limits)
        if problem is not None:
            raise self._sink.report("bad-name", at.span, name=name, problem=problem)
        if name in site.names.entries:
            raise self._sink.report("duplicate-name", at.span, name=name, automatic=False)
        site.names.entries[name] = Named((value,), at)
