"""Events to plain data, places and flaws, in one pass and inside the limits.

Every check sees its node while the parser is still there, because afterwards it is too late: aliases have
multiplied, the second of two equal keys has won, and a quoted `"3"` looks like a bare one. A flaw does not
end the pass; its node reads as None and the next one follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from netspec.limits import Limits
from netspec.source.document import Place
from netspec.source.events import EventReader, OpenParser, ParseError
from netspec.source.flaws import Flaw
from netspec.source.scalars import ScalarFault, resolve, shorten
from netspec.source.syntax import Stop, explain
from netspec.source.traps import Role, double_braces, missing_space, plain_trap

Node = tuple[object, Place]

MOST_FLAWS = 1_000
"""Reading stops here; a message list prints far fewer."""

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*|#[^\r\n]*|\s)+")
_TAG = re.compile(r"(?:&\S*\s+)?(!\S*)")
_COLON = re.compile(r"[ \t]*:")
_TAB_INDENTATION = re.compile(r"[ ]*\t")
_KINDS = {type(None): "null", bool: "boolean", int: "integer", float: "float"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over a text gave: data and places, its flaws, and how many nodes were seen."""

    data: object
    place: Place
    flaws: tuple[Flaw, ...]
    nodes: int


@dataclass(frozen=True, slots=True)
class _Anchor:
    """An anchored node; `node` is None while it is being read. `nodes` and `height` are its size."""

    node: Node | None
    nodes: int = 0
    height: int = 0


class _Enough(Exception):  # noqa: N818 - control flow: a limit is reached, what was found stands
    pass


def build(text: str, parser: OpenParser, limits: Limits) -> Reading:
    """Read `text` once."""
    return _Builder(text, parser, limits).read()


class _Builder:
    def __init__(self, text: str, parser: OpenParser, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._events = EventReader(text, parser)
        self._next = self._events.next
        self._flaws: list[Flaw] = []
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = 0
        self._alias_nodes = 0
        self._deepest = 0
        self._has_tabs = "\t" in text
        self._flows: list[int] = []  # where each open flow collection begins
        self._last: ScalarEvent | None = None

    def read(self) -> Reading:
        node: Node = (None, Place(0, 0))
        try:
            node = self._document()
        except _Enough:
            pass
        except ParseError as error:
            self._stopped(error)
        return Reading(node[0], node[1], tuple(self._flaws), self._nodes)

    def _stopped(self, error: ParseError) -> None:
        last = self._last
        multiline = last is not None and bool(last.style) and last.style in "'\""
        quoted = last.start_mark.index if last is not None and multiline else None
        flaw = explain(Stop(self._text, error, tuple(self._flows), quoted))
        if flaw.rule == "unclosed":  # whatever stands behind it was not meant to be inside
            self._flaws = [found for found in self._flaws if found.start < flaw.start]
        self._flaws.append(flaw)

    def _document(self) -> Node:
        self._next()  # the start of the stream
        start = self._next()
        if not isinstance(start, DocumentStartEvent):
            self._flaw("empty", 0, 0)
            return None, Place(0, 0)
        root = self._event()
        node = self._node(root, 0, Role.ROOT)
        if isinstance(root, ScalarEvent) and not root.style and root.value == "":
            self._flaw("empty", 0, 0)
        self._next()  # the end of the document
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            index = after.start_mark.index
            self._flaw("several-documents", index, index + 3, received="---")
        elif not isinstance(after, StreamEndEvent):
            raise _Enough
        return node

    def _event(self) -> Event:
        event = self._next()
        if event is None:
            raise _Enough
        return event

    # -- nodes

    def _node(self, event: Event, depth: int, role: Role) -> Node:
        self._nodes += 1
        if self._nodes > self._limits.yaml_nodes:
            self._limit("yaml_nodes", self._nodes, event)
        if self._has_tabs and self._flows:
            self._refuse_tab(event.start_mark.index)
        if type(event) is ScalarEvent:
            if event.anchor is None and event.tag is None:
                return self._scalar(event, role)
        elif isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if not isinstance(event, NodeEvent):
            raise _Enough
        if event.anchor is None and event.tag is None:
            return self._collection(event, depth)
        return self._with_properties(event, depth, role)

    def _with_properties(self, event: NodeEvent, depth: int, role: Role) -> Node:
        """A node with an anchor or a tag before it; its span begins behind them."""
        start = event.start_mark.index
        if event.tag is not None:
            match = _TAG.match(self._text, start)
            begin, end = match.span(1) if match else (start, start)
            self._flaw("tag", begin, end, received=shorten(self._text[begin:end]))
        before, deepest = self._nodes + self._alias_nodes, self._deepest
        self._deepest = depth
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(None)
        if isinstance(event, ScalarEvent):
            node = (event.value, Place(start, start)) if event.tag else self._scalar(event, role)
        else:
            node = self._collection(event, depth)
        if event.anchor is not None:
            nodes = self._nodes + self._alias_nodes - before + 1
            self._anchors[event.anchor] = _Anchor(node, nodes, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return node

    def _start(self, event: NodeEvent) -> int:
        start: int = event.start_mark.index
        if event.anchor is None and event.tag is None:
            return start
        match = _PROPERTIES.match(self._text, start)
        return match.end() if match else start

    def _alias(self, event: AliasEvent, depth: int) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        anchor = self._anchors.get(event.anchor)
        place = Place(start, end)
        if anchor is None:
            known = tuple(sorted(self._anchors))
            self._flaw("undefined-alias", start, end, received=event.anchor, known=known)
            return None, place
        if anchor.node is None:
            self._flaw("alias-cycle", start, end, received=event.anchor)
            return None, place
        self._alias_nodes += anchor.nodes
        if self._alias_nodes > self._limits.alias_nodes:
            self._limit("alias_nodes", self._alias_nodes, event)
        self._deepest = max(self._deepest, depth + anchor.height)
        if self._deepest > self._limits.yaml_depth:
            self._limit("yaml_depth", self._deepest, event)
        data, original = anchor.node
        place.quoted, place.children = original.quoted, original.children
        return data, place

    # -- collections

    def _collection(self, event: Event, depth: int) -> Node:
        if not isinstance(event, MappingStartEvent | SequenceStartEvent):
            raise _Enough
        depth += 1
        if depth > self._limits.yaml_depth:
            self._limit("yaml_depth", depth, event)
        self._deepest = max(self._deepest, depth)
        start = self._start(event)
        mapping = isinstance(event, MappingStartEvent)
        bracket = bool(event.flow_style) and self._text[start : start + 1] in ("{", "[")
        if bracket:
            self._flows.append(start)
            if mapping and (flaw := double_braces(self._text, start)):
                self._add(flaw)
        place = Place(start, start)
        data = self._mapping(place, depth) if mapping else self._sequence(place, depth)
        if bracket:
            self._flows.pop()
        return data, place

    def _sequence(self, place: Place, depth: int) -> list[object]:
        data: list[object] = []
        children: list[Place] = []
        event = self._event()
        while not isinstance(event, SequenceEndEvent):
            value, child = self._node(event, depth, Role.ITEM)
            data.append(value)
            children.append(child)
            place.end = child.end
            event = self._event()
        self._close(place, event)
        place.children = children
        return data

    def _close(self, place: Place, event: Event) -> None:
        """A bracket ends at its closer; a block ends with its last child, whatever libyaml says."""
        if self._flows and self._flows[-1] == place.start:
            if self._has_tabs:
                self._refuse_tab(event.start_mark.index)
            if event.end_mark.index > event.start_mark.index:
                place.end = event.end_mark.index
        place.key_end = place.end

    def _mapping(self, place: Place, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        children: dict[str, Place] = {}
        event = self._event()
        while not isinstance(event, MappingEndEvent):
            key, start, end = self._key(event, depth)
            following = self._event()
            value, child = self._node(following, depth, Role.VALUE)
            if value is None and child.start == child.end:
                self._settle_empty(child, event, end)
            child.key_start, child.key_end = start, end
            place.end = child.end
            if key is not None and key not in data:
                data[key] = value
                children[key] = child
            elif key is not None:
                first = children[key]
                secondary = ((first.key_start, first.key_end),)
                self._flaw("duplicate-key", start, end, secondary, received=shorten(key))
            event = self._event()
        self._close(place, event)
        place.children = children
        return data

    def _settle_empty(self, child: Place, key: Event, end: int) -> None:
        """An empty value stands right behind its colon (the parsers differ); without one, look for a glued key."""
        colon = _COLON.match(self._text, end)
        child.start = child.end = colon.end() if colon else end
        if colon is None and self._flows and isinstance(key, ScalarEvent) and not key.style:
            flaw = missing_space(self._text, key.start_mark.index, None)
            if flaw is not None and flaw.end < end:
                self._add(flaw)

    # -- keys

    def _key(self, event: Event, depth: int) -> tuple[str | None, int, int]:
        start = event.start_mark.index
        text = self._text
        if type(event) is ScalarEvent and event.tag is None:
            self._nodes += 1
            key = event.value if event.style else self._plain_key(event)
            begin = start if event.anchor is None else self._start(event)
            end = event.end_mark.index
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchor((key, Place(begin, end, bool(event.style))), 1)
            self._check_size(event)
            self._check_glue(event, begin, end)
            return key, begin, end
        data, place = self._node(event, depth, Role.KEY)
        end = max(place.end, place.start)
        if isinstance(data, str):
            return data, place.start, end
        kinds = {dict: "mapping", list: "list"}
        kind = kinds.get(type(data)) or _KINDS.get(type(data), "null")
        if not (isinstance(event, AliasEvent) and data is None):
            self._flaw("key-not-text", start, end, received=shorten(text[start:end]), kind=kind)
        return None, start, end

    def _plain_key(self, event: ScalarEvent) -> str | None:
        value, start, end = event.value, event.start_mark.index, event.end_mark.index
        if value == "<<":
            self._flaw("merge-key", start, end, received="<<")
            return None
        flaw = plain_trap(self._text, start, value, Role.KEY, bool(self._flows)) if value else None
        if flaw is not None:
            self._add(flaw)
            return value
        try:
            resolved = resolve(value, self._limits.integer_digits)
        except ScalarFault:
            kind = "number"
        else:
            if isinstance(resolved, str):
                return resolved
            kind = _KINDS[type(resolved)]
        suggestion = {"suggestion": f'"{value}"'} if value else {}
        self._flaw("key-not-text", start, end, received=shorten(value), kind=kind, **suggestion)
        return None

    def _check_glue(self, event: ScalarEvent, start: int, end: int) -> None:
        """`{conv:[1]}`: libyaml stops there, PyYAML's own parser reads a key; both get the same answer."""
        text = self._text
        glued = self._flows and not event.style and text[end : end + 1] == ":"
        if glued and text[end + 1 : end + 2] in (*"[]{},",):
            received = text[start : end + 1]
            values = {"received": received, "replacement": received + " "}
            self._add(Flaw("missing-space", start, end + 1, dict(values)))

    # -- scalars

    def _scalar(self, event: ScalarEvent, role: Role) -> Node:
        value = event.value
        start, end = event.start_mark.index, event.end_mark.index
        self._last = event
        self._check_size(event)
        if event.anchor is not None and end > start:
            start = min(self._start(event), end)
        if event.style:
            if event.style in "|>":
                end = start + len(self._text[start:end].rstrip())
            elif event.style == '"' and not value.isascii():
                self._check_escapes(value, start, end)
            return value, Place(start, end, quoted=True)
        place = Place(start, end)
        flow = bool(self._flows)
        if (flow and "$" in value) or ":" in value or not value.isascii():
            flaw = plain_trap(self._text, start, value, role, flow) if value else None
            if flaw is not None:
                self._add(flaw)
                return value, place
        try:
            return resolve(value, self._limits.integer_digits), place
        except ScalarFault as fault:
            self._add(Flaw(fault.rule, start, end, fault.values))
            return None, place

    def _check_size(self, event: ScalarEvent) -> None:
        value, most = event.value, self._limits.scalar_bytes
        if len(value) * 4 > most and (size := len(value.encode("utf-8", "surrogatepass"))) > most:
            self._limit("scalar_bytes", size, event)

    def _check_escapes(self, value: str, start: int, end: int) -> None:
        """Lone surrogates, which only PyYAML's own parser lets through (as `\\ud800`)."""
        if any("\ud800" <= character <= "\udfff" for character in value):
            offset = self._text.find("\\", start, end)
            raise ParseError("quoted scalar", "escape", max(offset, start), start)

    # -- flaws

    def _refuse_tab(self, index: int) -> None:
        text = self._text
        start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
        match = _TAB_INDENTATION.match(text, start, index)
        if match and text[start:index].strip(" \t") == "":
            raise ParseError("flow", "tab", match.end() - 1, None)

    def _limit(self, what: str, value: int, event: Event) -> None:
        start = event.start_mark.index
        maximum: int = getattr(self._limits, what)
        self._flaw("limit", start, start + 1, what=what, value=value, maximum=maximum)
        raise _Enough

    def _flaw(
        self,
        rule: str,
        start: int,
        end: int,
        secondary: tuple[tuple[int, int], ...] = (),
        **values: object,
    ) -> None:
        self._add(Flaw(rule, start, end, values, secondary))

    def _add(self, flaw: Flaw) -> None:
        self._flaws.append(flaw)
        if len(self._flaws) >= MOST_FLAWS:
            raise _Enough
