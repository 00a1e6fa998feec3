"""`over` of `for_each`: what each copy sees. A value keeps the place of its cell.

Read cell by cell and not as one value, so that an error in a cell points at it, however far the value
travelled, and so that a cell can be a block with fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netspec.blocks import Rows
from netspec.diagnostics import Label
from netspec.elaborate.environment import Binding, Env
from netspec.elaborate.evaluate import Evaluator, Slot
from netspec.elaborate.names import value_name_problem
from netspec.elaborate.reporting import Sink
from netspec.limits import Limits
from netspec.source import At


@dataclass(frozen=True, slots=True)
class Cells:
    """What `over` says: elements, or elements by name."""

    at: At
    elements: tuple[Binding, ...] = ()
    columns: Mapping[str, tuple[Binding, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The names of one copy, and where its values stand when they stand together."""

    bindings: Mapping[str, Binding]
    at: At | None = None


class RowReader:
    """Reads `over`, and pairs its values with names; errors go to the sink."""

    def __init__(self, sink: Sink, evaluator: Evaluator, limits: Limits) -> None:
        self._sink = sink
        self._evaluator = evaluator
        self._limits = limits

    def read(self, at: At, env: Env) -> Rows:
        """The values of `over`.

        Raises:
            Reported: it is neither list nor lists, or a cell has an error; that has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        data = at.data
        if isinstance(data, dict):
            if not data:
                raise self._sink.report("rows", at.span, block="for_each", received=data)
            columns = {name: self._elements(at / name, env) for name in data}
            return Rows(Cells(at, columns=columns))
        return Rows(Cells(at, self._elements(at, env)))

    def _elements(self, at: At, env: Env) -> tuple[Binding, ...]:
        if isinstance(at.data, list):
            return tuple(self._cell(at / number, env) for number in range(len(at.data)))
        found = self._evaluator.plain(at, env)
        if not isinstance(found.value, list):
            place = found.at or at
            raise self._sink.report("rows", place.span, block="for_each", received=found.value)
        return tuple(_part(found, number) for number in range(len(found.value)))

    def _cell(self, at: At, env: Env) -> Binding:
        if isinstance(at.data, dict):
            return self._evaluator.block(at, env)
        if isinstance(at.data, list):
            cells = [self._cell(at / number, env).value for number in range(len(at.data))]
            return Binding(cells, at)
        return self._evaluator.plain(at, env)

    def rows(
        self,
        found: Rows,
        names: str | tuple[str, ...],
        index: str | None,
        places: Mapping[str, Slot],
    ) -> list[Row]:
        """The copies, with all that their layers see.

        Raises:
            Reported: names and values do not go together; that has been reported.
        """
        cells: Cells = found.context
        self._check_names(cells, names, index, places)
        rows = self._side_by_side(cells) if cells.columns is not None else self._each(cells, names)
        self._check_count(cells, len(rows))
        return [_counted(row, number, index) for number, row in enumerate(rows)]

    def _check_names(
        self,
        cells: Cells,
        names: str | tuple[str, ...],
        index: str | None,
        places: Mapping[str, Slot],
    ) -> None:
        slot = places.get("as")
        if cells.columns is not None and names:
            at = slot.at if slot is not None and slot.at is not None else cells.at
            raise self._sink.report("as-beside-columns", at.span, columns=tuple(cells.columns))
        if cells.columns is None and not names:
            raise self._sink.report("for-each-without-as", cells.at.key_span)
        taken: set[str] = set()
        for name, at in _places(cells, names, index, places):
            problem = value_name_problem(name, self._limits)
            if name in taken:
                problem = "it stands there twice"
            if problem is not None:
                is_key = cells.columns is not None and name in cells.columns
                span = at.key_span if is_key else at.span
                raise self._sink.report("bad-name", span, name=name, problem=problem)
            taken.add(name)

    def _check_count(self, cells: Cells, count: int) -> None:
        if count > self._limits.repeat:
            values = {"value": count, "maximum": self._limits.repeat}
            raise self._sink.report("limit", cells.at.span, what="copies of `for_each`", **values)

    def _each(self, cells: Cells, names: str | tuple[str, ...]) -> list[Row]:
        """One name for the element, or one for each cell of it."""
        if isinstance(names, str):
            return [Row({names: element}, element.at) for element in cells.elements]
        rows = []
        for number, element in enumerate(cells.elements):
            row, place = element.value, element.at or cells.at
            if not isinstance(row, list):
                raise self._sink.report("not-a-row", place.span, received=row, names=names)
            if len(row) != len(names):
                extra = place.get(len(names)) or place
                values = {"number": number, "cells": len(row), "names": names}
                raise self._sink.report("row-length", extra.span, **values)
            bindings = {name: _part(element, cell) for cell, name in enumerate(names)}
            rows.append(Row(bindings, place))
        return rows

    def _side_by_side(self, cells: Cells) -> list[Row]:
        """The first elements of all lists, the second ones, ..."""
        columns = cells.columns or {}
        first, *others = columns
        for name in others:
            if len(columns[name]) != len(columns[first]):
                label = Label((cells.at / first).span, f"`{first}` has {len(columns[first])}")
                values = {"name": name, "count": len(columns[name]), "first": first}
                at = cells.at / name
                raise self._sink.report(
                    "lists-differ", at.span, (label,), wanted=len(columns[first]), **values
                )
        return [
            Row({name: column[number] for name, column in columns.items()})
            for number in range(len(columns[first]))
        ]


def _part(whole: Binding, number: int) -> Binding:
    """An element of a list, at the place of its literal."""
    assert isinstance(whole.value, list)  # noqa: S101 - the caller has looked
    at = whole.at.get(number) if whole.at is not None else None
    return Binding(whole.value[number], at or whole.at)


def _counted(row: Row, number: int, index: str | None) -> Row:
    counter = Binding(number)
    named = {index: counter} if index is not None else {}
    return Row({**row.bindings, "index": counter, **named}, row.at)


def _places(
    cells: Cells, names: str | tuple[str, ...], index: str | None, places: Mapping[str, Slot]
) -> Iterator[tuple[str, At]]:
    """Every name that the copies see, and where it is given."""
    slot = places.get("as")
    given = slot.at if slot is not None and slot.at is not None else cells.at
    for name in cells.columns or ():
        yield name, cells.at / name
    if isinstance(names, str):
        yield names, given
    else:
        yield from ((name, given.get(number) or given) for number, name in enumerate(names))
    counter = places.get("index")
    if index is not None:
        yield index, counter.at if counter is not None and counter.at is not None else cells.at
