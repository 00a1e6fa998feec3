"""Scalars and keys: one event to one value, with every check that sees a single scalar.

Apart from the builder because nothing here knows about nesting; it knows the text, the limits, the flow
collections that are open, and collects the flaws of the pass.
"""

from __future__ import annotations

import re
from typing import NoReturn

from yaml.events import Event, ScalarEvent

from netspec.limits import Limits
from netspec.source.document import Place
from netspec.source.events import ParseError, begin_of, end_of
from netspec.source.flaws import Flaw
from netspec.source.scalars import ScalarFault, resolve, shorten
from netspec.source.traps import Role, missing_space, plain_trap

Node = tuple[object, Place]

MOST_FLAWS = 1_000
"""A pass stops here; far fewer are printed."""

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*|#[^\r\n]*|\s)+")
KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "float",
    dict: "mapping",
    list: "list",
}


class Enough(Exception):  # noqa: N818 - control flow: a limit is reached, what was found stands
    """Ends a pass early."""


class Leaves:
    """The scalars of one pass, and what was found in it."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.flaws: list[Flaw] = []
        self.flows: list[int] = []
        """Where each open flow collection begins, outermost first."""
        self.last: ScalarEvent | None = None
        self.has_tabs = "\t" in text

    # -- scalars

    def scalar(self, event: ScalarEvent, role: Role) -> Node:
        """The value of a scalar and its place, behind its anchor."""
        self.last = event
        self._check_size(event)
        place = self.place(event)
        if event.style:
            return event.value, place
        return self._plain(event.value, place, role), place

    def place(self, event: ScalarEvent) -> Place:
        """Where the text of a scalar stands; a block scalar ends with its last word."""
        start, end = begin_of(event), end_of(event)
        if event.anchor is not None and end > start:
            start = min(self.behind_properties(start), end)
        style = event.style
        if not style:
            return Place(start, end)
        if style in "|>":
            end = start + len(self.text[start:end].rstrip())
        elif style == '"' and not event.value.isascii():
            self._check_escapes(event.value, start, end)
        return Place(start, end, quoted=True)

    def behind_properties(self, start: int) -> int:
        """Where a node begins whose anchor or tag begins at `start`."""
        match = _PROPERTIES.match(self.text, start)
        return match.end() if match else start

    def _plain(self, value: str, place: Place, role: Role) -> object:
        flow = bool(self.flows)
        suspect = (
            ":" in value or (flow and ("$" in value or value[:1] == "(")) or not value.isascii()
        )
        if suspect and (flaw := plain_trap(self.text, place.start, value, role, flow)):
            self.add(flaw)
            return value
        try:
            return resolve(value, self.limits.integer_digits)
        except ScalarFault as fault:
            self.add(Flaw(fault.rule, place.start, place.end, fault.values))
            return None

    # -- keys

    def key(self, event: ScalarEvent) -> tuple[str | None, Place]:
        """The text of a key, None when it is refused."""
        self._check_size(event)
        place = self.place(event)
        if event.style:
            return event.value, place
        self._check_glue(place)
        return self._plain_key(event.value, place), place

    def _plain_key(self, value: str, place: Place) -> str | None:
        if value == "<<":
            self.flaw("merge-key", place.start, place.end, received="<<")
            return None
        if ":" in value or not value.isascii():
            flaw = plain_trap(self.text, place.start, value, Role.KEY, bool(self.flows))
            if flaw is not None:
                self.add(flaw)
                return value
        try:
            resolved = resolve(value, self.limits.integer_digits)
        except ScalarFault:
            kind = "number"
        else:
            if isinstance(resolved, str):
                return resolved
            kind = KINDS[type(resolved)]
        received = shorten(value)
        values: dict[str, object] = {"received": received, "kind": kind}
        if value:
            values["suggestion"] = f'"{received}"'
        self.add(Flaw("key-not-text", place.start, place.end, values))
        return None

    def refuse_key(self, data: object, place: Place) -> None:
        """A collection, an alias to one or to a number, where a key should be."""
        received = shorten(self.text[place.start : place.end])
        kind = KINDS.get(type(data), "null")
        self.flaw("key-not-text", place.start, place.end, received=received, kind=kind)

    def _check_glue(self, place: Place) -> None:
        """`{conv:[1]}`: libyaml stops there, PyYAML's own parser reads a key; both get one answer."""
        text, end = self.text, place.end
        if self.flows and text[end : end + 1] == ":" and text[end + 1 : end + 2] in tuple("[]{},"):
            received = text[place.start : end + 1]
            values: dict[str, object] = {"received": received, "replacement": received + " "}
            self.add(Flaw("missing-space", place.start, end + 1, values))

    def glued_key(self, place: Place) -> None:
        """`{a:1}`: a key of a flow mapping without a colon that has one inside."""
        flaw = missing_space(self.text, place.start, None) if self.flows else None
        if flaw is not None and flaw.end < place.end and not place.quoted:
            self.add(flaw)

    # -- checks

    def _check_size(self, event: ScalarEvent) -> None:
        value, most = event.value, self.limits.scalar_bytes
        if len(value) * 4 > most and (size := len(value.encode("utf-8", "surrogatepass"))) > most:
            self.limit("scalar_bytes", size, most, event)

    def _check_escapes(self, value: str, start: int, end: int) -> None:
        """Lone surrogates, written as escapes, which only PyYAML's own parser lets through."""
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ParseError("quoted scalar", "escape", self.text.find("\\", start, end), start)

    def refuse_tab(self, index: int) -> None:
        """A line of a flow collection indented with a tab, which only libyaml lets through."""
        text, start = self.text, index
        while start > 0 and text[start - 1] in " \t":
            start -= 1
        first = start == 0 or text[start - 1] in "\r\n"
        if first and (tab := text.find("\t", start, index)) >= 0:
            raise ParseError("flow", "tab", tab, None)

    # -- flaws

    def limit(self, what: str, value: int, maximum: int, event: Event) -> NoReturn:
        """A limit is passed at `event`; the pass ends."""
        start = begin_of(event)
        self.flaw("limit", start, start + 1, what=what, value=value, maximum=maximum)
        raise Enough

    def flaw(self, rule: str, start: int, end: int, **values: object) -> None:
        """A broken rule from `start` up to `end`."""
        self.add(Flaw(rule, start, end, values))

    def add(self, flaw: Flaw) -> None:
        """One more flaw."""
        self.flaws.append(flaw)
        if len(self.flaws) >= MOST_FLAWS:
            raise Enough
