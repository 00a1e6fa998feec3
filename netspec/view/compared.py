"""Two networks as one View: what both have once, what is new and what is gone beside it.

Each is taken apart as for its own picture, alike where they are alike; then the two trees become one. Layers
that are the same are one plain box each, so that only what differs has a colour; and a sign, for those who see
none. Lines that only one network has are drawn too, green or dashed in red, but for a line that merely passes a
layer that was put in or taken out: what is read before and after it stands above and below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from netspec.analysis.difference import Change, Difference, Entry
from netspec.graph import Graph
from netspec.layout.boxes import Box, Edge, Frame, View
from netspec.view.detail import Detail, Level
from netspec.view.drawing import view
from netspec.view.labels import count

_Item: TypeAlias = Box | Frame
_Ends: TypeAlias = tuple[str, str]

_SIGNS: Mapping[str, str] = {"added": "+ ", "removed": "− ", "changed": "~ "}
_GONE = "before "  # of the ids of what only the first network has
_TERMINALS = frozenset({"input", "output"})


def compared(difference: Difference, what: Detail) -> View:
    """The picture of both networks.

    At the level `overview` the layers that hold changes are opened, and in them what holds changes; but not
    one of which nothing is left: it is a box that has changed.
    """
    old, new = (view(*each) for each in _both(difference, what))
    entries = [entry for top in difference.entries for entry in top.walk()]
    merging = _Merging(entries)
    children = merging.items(old.root.children, new.root.children)
    edges = tuple(merging.edges(old.edges, new.edges))
    places = {item.id: place for place, item in enumerate(children)}
    stages = (places[new.root.children[stage].id] for stage in new.stages)
    return View(
        f"{new.name}-compared",
        f"{difference.before.name} → {difference.after.name}",
        _told(difference),
        Frame("", children),
        edges,
        tuple(dict.fromkeys((*old.notes, *new.notes))),
        frozenset(stages),
    )


def _both(difference: Difference, what: Detail) -> Iterator[tuple[Graph, Detail]]:
    """Each graph with its detail: without folded neighbours, and opened where something differs."""
    opened: list[Entry] = []
    if what.level is Level.OVERVIEW:
        opened = [
            entry
            for entry in difference.walk()
            if entry.before is not None
            and entry.after is not None
            and any(inner.touched for inner in entry.inside)
            and any(inner.before is not None and inner.after is not None for inner in entry.inside)
        ]
    plain = replace(what, copies=False, fold=False, only=None)
    for graph, rows in (
        (difference.before, [entry.before for entry in opened]),
        (difference.after, [entry.after for entry in opened]),
    ):
        yield graph, replace(plain, opened=frozenset(row.path for row in rows if row is not None))


def _told(difference: Difference) -> str:
    """For readers who do not see the picture."""
    named: defaultdict[Change, list[str]] = defaultdict(list)
    for entry in difference.told():
        named[entry.change].append(entry.row.path)
    parts = [
        f"{change.value.capitalize()}: {', '.join(named[change])}."
        for change in (Change.ADDED, Change.REMOVED, Change.CHANGED)
        if named[change]
    ]
    old, new = difference.before.parameter_count, difference.after.parameter_count
    macs = f"{count(difference.before.macs)} to {count(difference.after.macs)}"
    numbers = f"Parameters {count(old)} to {count(new)}, multiply-accumulates {macs}."
    return " ".join([*(parts or ["The same layers."]), numbers])


@dataclass
class _Merging:
    """`names` maps the id of a box of the first network to its id in the picture.

    `touched` are layers that hold changes or have changed, `opened` those of which the picture shows what they
    hold.
    """

    entries: Iterable[Entry]
    names: dict[str, str] = field(default_factory=dict)
    partners: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for entry in self.entries:
            if entry.after is not None:
                self.changes[entry.after.path] = entry.change
                if entry.touched:
                    self.touched.add(entry.after.path)
                if entry.before is not None:
                    self.partners[entry.before.path] = entry.after.path

    def items(self, old: Sequence[_Item], new: Sequence[_Item]) -> tuple[_Item, ...]:
        """Boxes and frames of both, in the order of both."""
        places = {self._partner(item.id): place for place, item in enumerate(old)}
        merged: list[_Item] = []
        at = 0
        for item in new:
            place = places.get(item.id)
            if place is None or place < at or type(old[place]) is not type(item):
                merged.append(self._alone(item, "added"))
                continue
            merged += (self._alone(each, "removed") for each in old[at:place])
            merged.append(self._pair(old[place], item))
            at = place + 1
        merged += (self._alone(each, "removed") for each in old[at:])
        return tuple(merged)

    def _partner(self, name: str) -> str:
        """The id that a box of the first network has in the second, if that has it at all."""
        around, inner = name, ""
        while around not in self.partners:
            around, dot, last = around.rpartition(".")
            if not dot:
                return name if name.split(" ", maxsplit=1)[0] in _TERMINALS else f"{_GONE}{name}"
            inner = f".{last}{inner}"
        return f"{self.partners[around]}{inner}"

    def _alone(self, item: _Item, kind: str, *, outermost: bool = True) -> _Item:
        """What only one network has, with everything inside."""
        name = f"{_GONE}{item.id}" if kind == "removed" else item.id
        dashed = kind == "removed" or item.dashed
        sign = _SIGNS[kind] if outermost else ""
        if isinstance(item, Frame):
            children = tuple(self._alone(each, kind, outermost=False) for each in item.children)
            return replace(
                item, id=name, kind=kind, dashed=dashed, title=sign + item.title, children=children
            )
        if kind == "removed":
            self.names[item.id] = name
            self.gone.add(name)
        else:
            self.fresh.add(name)
        return replace(item, id=name, kind=kind, dashed=dashed, label=sign + item.label)

    def _pair(self, old: _Item, new: _Item) -> _Item:
        changed = self.changes.get(new.id) is Change.CHANGED
        if isinstance(old, Frame) and isinstance(new, Frame):
            self.opened.add(new.id)
            return replace(
                new,
                kind="changed-frame" if changed else "frame",
                title=_SIGNS["changed"] + new.title if changed else new.title,
                note=_became(old.note, new.note),
                children=self.items(old.children, new.children),
            )
        assert isinstance(old, Box)  # noqa: S101 - `items` pairs like with like
        assert isinstance(new, Box)  # noqa: S101
        self.names[old.id] = new.id
        changed = changed or (new.id in self.touched and new.id not in self.opened)
        kind, sign = ("changed", _SIGNS["changed"]) if changed else ("same", "")
        kind = new.kind if new.kind in _TERMINALS else kind
        tooltip = new.tooltip if old.tooltip == new.tooltip else f"{old.tooltip}\n→\n{new.tooltip}"
        label = sign + _became(old.label, new.label)
        detail = _became(old.detail, new.detail)
        return replace(new, kind=kind, label=label, detail=detail, tooltip=tooltip)

    def edges(self, old: Sequence[Edge], new: Sequence[Edge]) -> Iterator[Edge]:
        """The lines of both, those of the second network first."""
        before = {
            (self.names[edge.source], self.names[edge.target]): edge
            for edge in old
            if edge.source in self.names and edge.target in self.names
        }
        after = {(edge.source, edge.target) for edge in new}
        gone, fresh = _Ways(before, self.gone), _Ways(after, self.fresh)
        passed: set[_Ends] = set()
        for edge in new:
            ends = (edge.source, edge.target)
            around = gone.between(*ends) if ends not in before else set()
            passed |= around
            if ends in before:
                yield edge
            elif not around:
                yield replace(edge, kind="added")
        for ends, edge in before.items():
            source, target = ends
            if ends in passed or (ends not in after and not fresh.between(source, target)):
                yield replace(edge, source=source, target=target, kind="removed", dashed=True)


class _Ways:
    """Ways through boxes that only one network has, from box to box of both."""

    def __init__(self, edges: Iterable[_Ends], through: set[str]) -> None:
        self._through = through
        self._following: defaultdict[str, list[str]] = defaultdict(list)
        for source, target in edges:
            self._following[source].append(target)

    def between(self, source: str, target: str) -> set[_Ends]:
        """The lines of such ways from one to the other; none when there is no way."""
        if {source, target} & self._through:
            return set()
        lines: set[_Ends] = set()
        seen: set[str] = set()
        todo = [source]
        found = False
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            for step in self._following[here]:
                if step in self._through:
                    lines.add((here, step))
                    todo.append(step)
                elif step == target and here != source:
                    lines.add((here, step))
                    found = True
        return lines if found else set()


def _became(old: str, new: str) -> str:
    """`64 · BN` and `96 · BN` -> `64 → 96 · BN`: what differs, part by part."""
    if old == new:
        return new
    before, after = (words.split(" · ") for words in (old, new))
    if len(before) != len(after) or not old or not new:
        return f"{old or '–'} → {new or '–'}"
    return " · ".join(
        b if a == b or "→" in b else f"{a} → {b}" for a, b in zip(before, after, strict=True)
    )
