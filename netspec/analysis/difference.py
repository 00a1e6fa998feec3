"""Graph and Graph -> what was added, removed and changed, layer by layer, with the numbers of both.

Layers are matched inside matched scopes: by the names that people gave, else by what they are, in order. An
automatic name says nothing, since one more line shifts the counter of all that follow. A layer that was
written as before and has other numbers *follows*: the change is elsewhere. Rejected: a difference of the two
texts (a default, a parameter or a variant changes a network without touching the line of its layer).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from netspec.analysis.alignment import align
from netspec.analysis.rows import Row, Summary, summarize
from netspec.graph import Graph, Value


class Change(StrEnum):
    """What happened to a layer."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"  # what was written, or what it reads
    FOLLOWS = "follows"  # other numbers, as what it reads or holds has changed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a layer before and after; None where it was not given."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Entry:
    """A layer of both networks, or of one. `inside` are the layers that it holds."""

    change: Change
    before: Row | None
    after: Row | None
    fields: tuple[FieldChange, ...] = ()
    inside: tuple[Entry, ...] = ()

    @property
    def row(self) -> Row:
        """The layer as it is now, or was."""
        row = self.after or self.before
        assert row is not None  # noqa: S101 - one of the two is always there
        return row

    @property
    def touched(self) -> bool:
        """Whether anything but numbers is different, in it or inside."""
        own = self.change not in {Change.SAME, Change.FOLLOWS}
        return own or any(entry.touched for entry in self.inside)

    def walk(self) -> Iterator[Entry]:
        """This entry and all inside, outermost first."""
        yield self
        for entry in self.inside:
            yield from entry.walk()


@dataclass(frozen=True)
class Difference:
    """Two networks and the entries of their top levels, in the order of both."""

    before: Graph
    after: Graph
    entries: tuple[Entry, ...]

    @cached_property
    def summaries(self) -> tuple[Summary, Summary]:
        """The rows and totals of both."""
        return summarize(self.before), summarize(self.after)

    @property
    def is_empty(self) -> bool:
        """Whether both are the same network: the same layers with the same numbers."""
        alike = all(entry.change is Change.SAME for entry in self.walk())
        old, new = self.summaries
        return alike and (old.input, old.outputs) == (new.input, new.outputs)

    def walk(self) -> Iterator[Entry]:
        """All entries, outermost first."""
        for entry in self.entries:
            yield from entry.walk()

    def told(self) -> Iterator[Entry]:
        """The entries that say it all: of what is new, gone or written otherwise the outermost."""
        for entry in self.entries:
            yield from _told(entry)


def difference(before: Graph, after: Graph) -> Difference:
    """Compare two networks."""
    old, new = _Side.of(before), _Side.of(after)
    pairs = _matched(old, new, old.top, new.top)
    partners = {
        pair.before.path: pair.after.path
        for top in pairs
        for pair in top.walk()
        if pair.before is not None and pair.after is not None
    }
    comparing = _Comparing(old, new, partners, {after: old for old, after in partners.items()})
    return Difference(before, after, tuple(map(comparing.entry, pairs)))


def _told(entry: Entry) -> Iterator[Entry]:
    whole = entry.change in {Change.ADDED, Change.REMOVED, Change.CHANGED}
    if whole or not entry.touched:
        if entry.change is not Change.SAME:
            yield entry
        return
    for inner in entry.inside:
        yield from _told(inner)


@dataclass(frozen=True)
class _Side:
    """A network: its rows, which row is inside which, and what each reads."""

    graph: Graph
    top: list[Row]
    inside: Mapping[str, list[Row]]

    @classmethod
    def of(cls, graph: Graph) -> _Side:
        """The rows of a graph as a tree."""
        top: list[Row] = []
        inside: dict[str, list[Row]] = {}
        around: list[Row] = []
        for row in summarize(graph).rows:
            del around[row.depth :]
            (inside.setdefault(around[-1].path, []) if around else top).append(row)
            around.append(row)
        return cls(graph, top, inside)

    @cached_property
    def leaves(self) -> Mapping[str, Row]:
        """Path of a node -> the innermost row that it belongs to."""
        rows = {row.path: row for rows in (self.top, *self.inside.values()) for row in rows}
        found: dict[str, Row] = {}
        last: Row | None = None
        for node in self.graph.nodes:
            path = node.path
            while path and path not in rows:
                path = path.rpartition(".")[0]
            own = rows.get(path)
            is_part = own is not None and not own.leaf and last is not None and path != node.path
            found_row = last if is_part else own
            if found_row is not None:
                found[node.path] = found_row
                last = found_row
        return found

    def fields(self, row: Row) -> Mapping[str, object]:
        """The fields of a layer; of a bare op none."""
        scope = self.graph.scopes.get(row.path)
        return scope.fields if scope is not None else {}

    def content(self, row: Row) -> Hashable:
        """Equal for layers that are written alike."""
        return row.block, row.description, _frozen(self.fields(row))

    @cached_property
    def sources(self) -> Mapping[str, list[Value]]:
        """Path of a leaf row -> the values that it reads."""
        found: dict[str, list[Value]] = {}
        own: dict[str, set[Value]] = {}
        for node in self.graph.nodes:
            row = self.leaves.get(node.path)
            if row is not None:
                made = own.setdefault(row.path, set())
                found.setdefault(row.path, []).extend(v for v in node.inputs if v not in made)
                made.update(node.outputs)
        return found

    def maker(self, value: Value) -> str:
        """The path of the leaf row that makes a value; empty for the network's input."""
        node = self.graph.producers.get(value)
        row = self.leaves.get(node.path) if node is not None else None
        return row.path if row is not None else ""


def _frozen(value: object) -> Hashable:
    """Plain data as something that can be compared and hashed."""
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), _frozen(entry)) for name, entry in value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    return repr(value)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Rows that belong together, before anything is compared."""

    before: Row | None
    after: Row | None
    inside: tuple[_Pair, ...] = field(default=())

    def walk(self) -> Iterator[_Pair]:
        yield self
        for pair in self.inside:
            yield from pair.walk()


def _matched(
    old: _Side, new: _Side, before: Sequence[Row], after: Sequence[Row]
) -> tuple[_Pair, ...]:
    """The rows of two matched scopes in pairs, and what is inside them."""

    def key(thing: tuple[_Side, Row]) -> Hashable:
        side, row = thing
        return row.name, side.content(row)

    def score(one: tuple[_Side, Row], other: tuple[_Side, Row]) -> float:
        return _score(*one, *other)

    found = []
    sides = [(old, row) for row in before], [(new, row) for row in after]
    for at, other in align(*sides, key, score):
        row = before[at] if at is not None else None
        partner = after[other] if other is not None else None
        inside = _matched(
            old,
            new,
            old.inside.get(row.path, []) if row is not None else [],
            new.inside.get(partner.path, []) if partner is not None else [],
        )
        found.append(_Pair(row, partner, inside))
    return tuple(found)


def _score(old: _Side, before: Row, new: _Side, after: Row) -> float:
    """How well two layers belong together; 0: not at all."""
    same_name = before.name == after.name
    alike = old.content(before) == new.content(after)
    same_block = before.block == after.block
    kinds = {_named(before), _named(after)}
    if kinds == {True}:
        if _plain(before.name) == _plain(after.name):
            return 8.0 + 2 * same_block + alike + 0.5 * same_name
        return 3.0 if alike else 0.0
    if alike or same_block:
        return (4.0 if alike else 2.0) + 0.5 * same_name
    return 1.0 if same_name and before.name.isdigit() else 0.0


def _plain(name: str) -> str:
    """`inception_3a` and `Inception3a` are one name, spelled in two ways."""
    return name.replace("_", "").lower()


def _named(row: Row) -> bool:
    """Whether somebody gave the name: neither a counter nor the number of a copy."""
    return not re.fullmatch(rf"(?:{re.escape(row.block)}_)?\d+", row.name)


@dataclass(frozen=True)
class _Comparing:
    """Pairs of rows -> entries."""

    old: _Side
    new: _Side
    partners: Mapping[str, str]
    """Path before -> path after, of all pairs."""
    originals: Mapping[str, str]

    def entry(self, pair: _Pair) -> Entry:
        before, after = pair.before, pair.after
        inside = tuple(map(self.entry, pair.inside))
        if before is None or after is None:
            change = Change.ADDED if before is None else Change.REMOVED
            return Entry(change, before, after, (), inside)
        fields = tuple(self._fields(before, after))
        if fields or before.description != after.description:
            return Entry(Change.CHANGED, before, after, fields, inside)
        numbers = [
            (row.inputs, row.outputs, row.params, row.macs, row.train_only)
            for row in (before, after)
        ]
        follows = numbers[0] != numbers[1] or any(
            entry.change is not Change.SAME for entry in inside
        )
        return Entry(Change.FOLLOWS if follows else Change.SAME, before, after, (), inside)

    def _fields(self, before: Row, after: Row) -> Iterator[FieldChange]:
        if before.block != after.block:
            yield FieldChange("block", before.block, after.block)
        if before.name != after.name and _named(before) and _named(after):
            yield FieldChange("name", before.name, after.name)
        old, new = self.old.fields(before), self.new.fields(after)
        for name in dict.fromkeys((*old, *new)):
            if _frozen(old.get(name)) != _frozen(new.get(name)):
                yield FieldChange(name, old.get(name), new.get(name))
        if before.leaf and after.leaf:
            reads = self._reads(self.old, before, self.partners)
            now = self._reads(self.new, after, self.originals)
            mapped = [self.partners.get(path, path) if path is not None else None for path in reads]
            if None not in (*mapped, *now) and mapped != now:
                yield FieldChange("from", reads, now)

    def _reads(self, side: _Side, row: Row, known: Mapping[str, str]) -> list[str | None]:
        """What a layer reads, past layers that only one network has; None past a merge of such."""
        found: list[str | None] = []
        for value in side.sources.get(row.path, ()):
            path: str | None = side.maker(value)
            while path and path not in known:
                further = {side.maker(each) for each in side.sources.get(path, ())}
                path = further.pop() if len(further) == 1 else None
            found.append(path)
        return found
