"""Body -> the statements of a `forward`, with good names for its values.

The stream is `x` while nothing else needs that name; what is kept for later, or meets others in a
merge, is named after the child that made it; values that die in the middle of a long forward take
turns at short names, so that their memory is freed. Runs of single-use calls are nested.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from netspec.emit.body import Body, Call, Step
from netspec.emit.names import unique_name
from netspec.emit.wrap import WIDTH

_SPARE = ("y", "z", "w", "v", "u")
_NESTED_CALLS = 3
_INDENT = 8


@dataclass(frozen=True, slots=True)
class Line:
    """`targets = expression`, under `if self.training:` when it is a head's."""

    targets: tuple[str, ...]
    expression: str
    training: bool = False


@dataclass(frozen=True, slots=True)
class Forward:
    """The statements, and the names of the results."""

    lines: tuple[Line, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive steps, each the only reader of the one before: `self.b(self.a(x))`."""

    steps: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    training: bool
    calls: int


def forward(
    body: Body, argument_names: Sequence[str], in_place: frozenset[int], *, one_per_line: bool
) -> Forward:
    """The statements of a class with this body; `one_per_line` never nests calls of modules."""
    runs = _runs(body)
    nested = 1 if one_per_line else _NESTED_CALLS
    found = _Names(body, runs, argument_names, in_place, nested)
    names = found.found
    lines: list[Line] = []
    for run in runs:
        lines += _lines(body, run, names, in_place, nested)
        if all(found.last_use[value] < 0 for value in run.outputs):
            lines[-1] = replace(lines[-1], targets=())  # nobody reads what it makes
    return Forward(tuple(lines), tuple(names[value] for value in body.results))


def _runs(body: Body) -> list[_Run]:
    uses = [0] * len(body.values)
    for value in (*(v for step in body.steps for v in step.inputs), *body.results):
        uses[value] += 1
    runs: list[list[int]] = []
    for number, step in enumerate(body.steps):
        before = body.steps[number - 1] if number else None
        joins = (
            before is not None
            and len(step.inputs) == 1
            and step.inputs == before.outputs
            and len(step.inputs) == 1
            and uses[step.inputs[0]] == 1
            and not step.training
            and not before.training
        )
        if joins:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_run(body, tuple(run)) for run in runs]


def _run(body: Body, numbers: tuple[int, ...]) -> _Run:
    first, last = body.steps[numbers[0]], body.steps[numbers[-1]]
    calls = sum(body.steps[number].call is not Call.EXPRESSION for number in numbers)
    return _Run(numbers, first.inputs, last.outputs, first.training, calls)


class _Names:
    """Chooses the local names, run by run; `found` maps a value to its name."""

    def __init__(
        self,
        body: Body,
        runs: list[_Run],
        argument_names: Sequence[str],
        in_place: frozenset[int],
        nested: int,
    ) -> None:
        self.body = body
        self.runs = runs
        self.in_place = in_place
        self.nested = nested
        self.found: dict[int, str] = dict(enumerate(argument_names))
        self.holder = {name: value for value, name in self.found.items()}
        self.hints = {"x", *_SPARE, *argument_names}
        self.heads = {value for run in runs if run.training for value in run.outputs}
        self.kept = set(body.results)
        self.final = max(self.kept - self.heads, default=-1)
        self.readers = [0] * len(body.values)
        self.last_use = [-1] * len(body.values)
        self.merged: set[int] = set()
        self._find_uses()
        self.forks = self._count_forks()
        self.live = sum(self.last_use[value] >= 0 for value in self.found)
        for place, run in enumerate(runs):
            self._name_outputs(place, run)

    def _find_uses(self) -> None:
        for place, run in enumerate(self.runs):
            first = self.body.steps[run.steps[0]]
            inputs = set(run.inputs)
            for value in inputs:
                self.last_use[value] = place
                self.readers[value] += not run.training
            if first.call is Call.EXPRESSION and len(inputs) > 1:
                self.merged |= inputs
        for value in self.kept:
            self.last_use[value] = len(self.runs)

    def _count_forks(self) -> list[int]:
        """How many values with several readers the first n runs have made."""
        counts = [0]
        for run in self.runs:
            forks = sum(self.readers[value] + (value in self.kept) > 1 for value in run.outputs)
            counts.append(counts[-1] + forks)
        return [*counts, counts[-1]]

    def _name_outputs(self, place: int, run: _Run) -> None:
        """Name what a run makes; `live` counts the other values that are still needed, heads apart."""
        self.live -= sum(
            self.last_use[value] == place and value not in self.heads for value in set(run.inputs)
        )
        for value in run.outputs:
            name = self._choose(place, run, value)
            self.found[value] = name
            self.holder[name] = value
        self.live += sum(
            self.last_use[value] > place and value not in self.heads for value in run.outputs
        )

    def _choose(self, place: int, run: _Run, value: int) -> str:
        last_of_run = value == run.outputs[-1] and not run.training
        if last_of_run and self._free("x", place) and self._is_stream(place, run, value):
            return "x"
        single = len(run.outputs) == 1 and self.readers[value] == 1 and value not in self.kept
        if single and not run.training and self._passes(run, value):
            for name in _SPARE:
                if self._free(name, place):
                    return name
        return self._hint(value)

    def _passes(self, run: _Run, value: int) -> bool:
        """Whether it goes in the middle of the forward, or takes several lines to be made."""
        if self.last_use[value] < len(self.runs) - 1:
            return True
        own = (self.body.names[value],)
        return _whole(self.body, run, self.found, self.in_place, self.nested, own) is None

    def _free(self, name: str, place: int) -> bool:
        holder = self.holder.get(name)
        return holder is None or self.last_use[holder] <= place

    def _is_stream(self, place: int, run: _Run, value: int) -> bool:
        """Whether the rest of the network flows through this value."""
        if value in self.kept:
            alone = len(run.outputs) == 1
            return value == self.final and self.readers[value] == 0 and alone
        if self.readers[value] == 1 and value not in self.merged:
            return True
        return self.live == 0 and self.forks[self.last_use[value] + 1] == self.forks[place + 1]

    def _hint(self, value: int) -> str:
        name = unique_name(self.body.names[value], self.hints)
        self.hints.add(name)
        return name


def _lines(
    body: Body, run: _Run, names: dict[int, str], in_place: frozenset[int], nested: int
) -> list[Line]:
    """One line where all calls may be nested and fit, else one line per call of a module."""
    targets = tuple(names[value] for value in run.outputs)
    whole = _whole(body, run, names, in_place, nested, targets)
    if whole is not None:
        return [Line(targets, whole, run.training)]
    groups = _groups(body, run.steps, names, in_place)
    lines: list[Line] = []
    for group in groups:
        source = targets[-1] if lines else None
        text = _nest(body, group, names, in_place, source)
        here = targets if group is groups[-1] else targets[-1:]
        lines.append(Line(here, text or "", run.training))
    return lines


def _whole(
    body: Body,
    run: _Run,
    names: dict[int, str],
    in_place: frozenset[int],
    nested: int,
    targets: Sequence[str],
) -> str | None:
    """The expression of a whole run, None where it holds too many calls or is too long for one line."""
    text = _nest(body, run.steps, names, in_place, None) if run.calls <= nested else None
    prefix = len(", ".join(targets)) + 3 + _INDENT
    return text if text is not None and prefix + len(text) <= WIDTH else None


def _groups(
    body: Body, steps: tuple[int, ...], names: dict[int, str], in_place: frozenset[int]
) -> list[tuple[int, ...]]:
    """The steps of a run by line: a function stays with what comes before, where it reads well."""
    groups: list[tuple[int, ...]] = []
    for number in steps:
        function = body.steps[number].call is Call.EXPRESSION
        joined = (*groups[-1], number) if groups and function else (number,)
        text = _nest(body, joined, names, in_place, None)
        if len(joined) > 1 and text is not None and len(text) + 2 * _INDENT <= WIDTH:
            groups[-1] = joined
        else:
            groups.append((number,))
    return groups


def _nest(
    body: Body,
    steps: tuple[int, ...],
    names: dict[int, str],
    in_place: frozenset[int],
    source: str | None,
) -> str | None:
    """The nested expression of consecutive steps, None where the text of an op forbids it.

    `source` is the name of the first step's input when an earlier line made it.
    """
    text: str | None = None
    for number in steps:
        step = body.steps[number]
        inputs = [source] if source is not None else [names.get(value, "") for value in step.inputs]
        source = None
        if text is None:
            text = _call(step, inputs, number in in_place)
            continue
        outer = _call(step, ["x"], number in in_place)
        inner = text
        text = _substitute(outer, inner)
        if text is None:
            return None
    return text


def _call(step: Step, inputs: Sequence[str], in_place: bool) -> str:
    """The expression of one step."""
    if step.prepares and step.op is not None:
        inputs = [step.op.prepared(name) for name in inputs]
    if step.call is Call.OWN:
        return f"super().forward({', '.join(inputs)})"
    if step.call is Call.MODULE:
        callee = f"self[{step.name}]" if step.name.isdigit() else f"self.{step.name}"
        return f"{callee}({', '.join(inputs)})"
    found = None if step.op is None else step.op.expression(inputs, in_place=in_place)
    if found is None:
        raise AssertionError(f"{step.name}: an op without module and expression")
    return found


def _substitute(outer: str, inner: str) -> str | None:
    """`F.relu(x)` and `a + b` -> `F.relu(a + b)`; None unless `x` is there once, as a whole argument."""
    tree = ast.parse(outer, mode="eval")
    places = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "x"]
    whole = [
        argument
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in node.args
        if argument in places
    ]
    if len(places) != 1 or not whole:
        return None
    start = places[0].col_offset
    return outer[:start] + inner + outer[start + 1 :]
