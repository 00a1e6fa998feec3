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
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netspec.limits import Limits
from netspec.source.document import Place
from netspec.source.events import (
    EventReader,
    OpenParser,
    ParseError,
    TooDeep,
    begin_of,
    end_of,
    python_events,
)
from netspec.source.flaws import Flaw
from netspec.source.leaves import Enough, Leaves, Node
from netspec.source.scalars import shorten
from netspec.source.stop import Stop
from netspec.source.syntax import explain
from netspec.source.traps import Role, double_braces

Content = ScalarEvent | MappingStartEvent | SequenceStartEvent

_TAG = re.compile(r"(?:&\S*\s+)?(!\S*)")
_MOST_KNOWN = 50  # anchors worth comparing a misspelt alias with
_COLON = re.compile(r"[ \t]*:")


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


def build(text: str, parser: OpenParser, limits: Limits) -> Reading:
    """Read `text` once.

    Where libyaml (0.2.6 and later) gives up on the nesting before it has told of any, PyYAML's own parser
    reads up to the limit, which is much sooner reached.
    """
    try:
        return _Builder(text, parser, limits).read()
    except TooDeep:
        return _Builder(text, python_events, limits).read()


class _Builder:
    def __init__(self, text: str, parser: OpenParser, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._leaves = Leaves(text, limits)
        self._flows = self._leaves.flows
        self._next = EventReader(text, parser).next
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = 0
        self._alias_nodes = 0
        self._deepest = 0

    def read(self) -> Reading:
        """The data, or None and the flaws that forbid it."""
        node: Node = (None, Place(0, 0))
        try:
            node = self._document()
        except Enough:
            pass
        except ParseError as error:
            self._stopped(error)
        return Reading(node[0], node[1], tuple(self._leaves.flaws), self._nodes)

    def _stopped(self, error: ParseError) -> None:
        last = self._leaves.last
        quoted = begin_of(last) if last is not None and last.style in ("'", '"') else None
        flaw = explain(Stop(self._text, error, tuple(self._flows), quoted))
        flaws = self._leaves.flaws
        if flaw.rule == "unclosed":  # whatever stands behind it was not meant to be inside
            flaws[:] = [found for found in flaws if found.start < flaw.start]
        flaws.append(flaw)

    def _document(self) -> Node:
        self._next()  # the start of the stream
        if not isinstance(self._next(), DocumentStartEvent):
            self._leaves.flaw("empty", 0, 0)
            return None, Place(0, 0)
        root = self._next()
        node = self._node(root, 0, Role.ROOT)
        self._next()  # the end of the document
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            start = begin_of(after)
            self._leaves.flaw("several-documents", start, start + 3, received="---")
        elif isinstance(root, ScalarEvent) and not root.style and root.value == "":
            self._leaves.flaw("empty", 0, 0)
        return node

    # -- nodes

    def _node(self, event: Event | None, depth: int, role: Role) -> Node:
        if event is None:
            raise Enough
        self._count(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, depth)
        if not isinstance(event, Content):
            raise Enough
        if event.anchor is not None or event.tag is not None:
            return self._with_properties(event, depth, role)
        if isinstance(event, ScalarEvent):
            return self._leaves.scalar(event, role)
        return self._collection(event, depth)

    def _count(self, event: Event) -> None:
        self._nodes += 1
        if self._nodes > self._limits.yaml_nodes:
            self._leaves.limit("yaml_nodes", self._nodes, self._limits.yaml_nodes, event)
        if self._leaves.has_tabs and self._flows:
            self._leaves.refuse_tab(begin_of(event))

    def _with_properties(self, event: Content, depth: int, role: Role) -> Node:
        """A node with an anchor or a tag before it; its span begins behind them."""
        if event.tag is not None:
            match = _TAG.match(self._text, begin_of(event))
            start, end = match.span(1) if match else (begin_of(event), end_of(event))
            self._leaves.flaw("tag", start, end, received=shorten(self._text[start:end]))
        before, deepest = self._nodes + self._alias_nodes, self._deepest
        self._deepest = depth
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = _Anchor(None)
        if not isinstance(event, ScalarEvent):
            node = self._collection(event, depth)
        elif event.tag is not None:
            node = event.value, self._leaves.place(event)
        else:
            node = self._leaves.scalar(event, role)
        if anchor is not None:
            nodes = self._nodes + self._alias_nodes - before + 1
            self._anchors[anchor] = _Anchor(node, nodes, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return node

    def _alias(self, event: AliasEvent, depth: int) -> Node:
        start, end = begin_of(event), end_of(event)
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            known = tuple(sorted(self._anchors)) if len(self._anchors) <= _MOST_KNOWN else ()
            self._leaves.flaw("undefined-alias", start, end, received=name, known=known)
            return None, Place(start, end)
        if anchor.node is None:
            self._leaves.flaw("alias-cycle", start, end, received=name)
            return None, Place(start, end)
        self._alias_nodes += anchor.nodes
        if self._alias_nodes > self._limits.alias_nodes:
            self._leaves.limit("alias_nodes", self._alias_nodes, self._limits.alias_nodes, event)
        self._descend(depth + anchor.height, event)
        data, original = anchor.node
        return data, Place(start, end, original.quoted, original.children)

    def _descend(self, depth: int, event: Event) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > self._limits.yaml_depth:
            self._leaves.limit("yaml_depth", depth, self._limits.yaml_depth, event)

    # -- collections

    def _collection(self, event: MappingStartEvent | SequenceStartEvent, depth: int) -> Node:
        depth += 1
        self._descend(depth, event)
        start = begin_of(event)
        if event.anchor is not None or event.tag is not None:
            start = self._leaves.behind_properties(start)
        mapping = isinstance(event, MappingStartEvent)
        bracket = bool(event.flow_style) and self._text[start : start + 1] in ("{", "[")
        if bracket:
            self._flows.append(start)
            if mapping and (flaw := double_braces(self._text, start)):
                self._leaves.add(flaw)
        place = Place(start, start)
        data = self._mapping(place, depth) if mapping else self._sequence(place, depth)
        if bracket:
            self._flows.pop()
        return data, place

    def _sequence(self, place: Place, depth: int) -> list[object]:
        data: list[object] = []
        children: list[Place] = []
        event = self._next()
        while not isinstance(event, SequenceEndEvent):
            value, child = self._node(event, depth, Role.ITEM)
            data.append(value)
            children.append(child)
            place.end = child.end
            event = self._next()
        self._close(place, event)
        place.children = children
        return data

    def _close(self, place: Place, event: Event) -> None:
        """A bracket ends at its closer; a block ends with its last child, whatever libyaml says."""
        if self._flows and self._flows[-1] == place.start:
            if self._leaves.has_tabs:
                self._leaves.refuse_tab(begin_of(event))
            if end_of(event) > begin_of(event):
                place.end = end_of(event)
        place.key_end = place.end

    def _mapping(self, place: Place, depth: int) -> dict[str, object]:
        data: dict[str, object] = {}
        children: dict[str, Place] = {}
        event = self._next()
        while not isinstance(event, MappingEndEvent):
            key, stands = self._key(event, depth)
            value, child = self._node(self._next(), depth, Role.VALUE)
            if value is None and child.start == child.end:
                self._settle_empty(child, stands)
            child.key_start, child.key_end = stands.start, stands.end
            place.end = child.end
            if key is not None and key in data:
                first = children[key]
                self._leaves.add(_duplicate(key, stands, first))
            elif key is not None:
                data[key] = value
                children[key] = child
            event = self._next()
        self._close(place, event)
        place.children = children
        return data

    def _key(self, event: Event | None, depth: int) -> tuple[str | None, Place]:
        if isinstance(event, ScalarEvent) and event.anchor is None and event.tag is None:
            self._count(event)
            return self._leaves.key(event)
        found = len(self._leaves.flaws)
        data, place = self._node(event, depth, Role.KEY)
        if isinstance(data, str):
            return data, place
        if len(self._leaves.flaws) == found or isinstance(data, dict | list):
            self._leaves.refuse_key(data, place)
        return None, place

    def _settle_empty(self, child: Place, key: Place) -> None:
        """An empty value stands right behind its colon, wherever the parser puts it."""
        colon = _COLON.match(self._text, key.end)
        child.start = child.end = colon.end() if colon else key.end
        if colon is None:
            self._leaves.glued_key(key)


def _duplicate(key: str, second: Place, first: Place) -> Flaw:
    values: dict[str, object] = {"received": shorten(key)}
    secondary = ((first.key_start, first.key_end),)
    return Flaw("duplicate-key", second.start, second.end, values, secondary)
