"""Docstrings: `(in_channels, H, W) -> (out_channels, H, W)`, from the shapes of all instances.

A width is that of a constructor parameter, or a sum of those (after a concat); a size that all instances
share is a number, and another one a letter.
"""

from __future__ import annotations

from collections import Counter

from netspec.emit.plan import ClassDef
from netspec.emit.resolution import Parameter
from netspec.emit.vectors import typed
from netspec.ops import Concat, Stack
from netspec.shape import Shape

_LETTERS = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


def shapes_line(cls: ClassDef, *, sums: bool = True) -> str:
    """`(192, 28, 28) -> (256, 28, 28)`, several values with commas between; without `sums` with letters."""
    speller = _Speller(cls, sums=sums)
    body = cls.body
    given = ", ".join(speller.spell(value) for value in range(body.arguments))
    made = ", ".join(speller.spell(value) for value in body.results)
    return f"{given} -> {made}"


def _sum(terms: list[str]) -> str:
    """`2 * expand + 224`: what is there more than once is multiplied, the numbers are added up."""
    terms = [inner for term in terms for inner in term.split(" + ")]  # a concat of concats
    counts = Counter(term for term in terms if not term.isdigit())
    names = [term if count == 1 else f"{count} * {_factor(term)}" for term, count in counts.items()]
    number = sum(int(term) for term in terms if term.isdigit())
    return " + ".join([*names, str(number)] if number else names)


def _factor(term: str) -> str:
    return term if term.isidentifier() else f"({term})"


def spell_shape(shape: Shape) -> str:
    """`(3, 224, 224)`, as Python writes it."""
    return repr(tuple(shape))


class _Speller:
    def __init__(self, cls: ClassDef, *, sums: bool) -> None:
        self.cls = cls
        self.sums = sums
        self.letters: dict[tuple[object, ...], str] = {}
        self.made_by = {
            value: step for step in cls.body.steps for value in step.outputs if step.op is not None
        }
        self.parameters = {parameter.vector: parameter.name for parameter in cls.parameters}

    def spell(self, value: int) -> str:
        step = self.made_by.get(value)
        if step is not None and isinstance(step.op, Stack) and step.op.dim == 1:
            inner = self.spell(step.inputs[0])
            return f"({len(step.inputs)}, {inner.removeprefix('(')}"
        columns = list(zip(*(body.values[value].shape for body in self.cls.bodies), strict=True))
        rank = len(columns) - 1
        letters = _LETTERS.get(rank, tuple(f"N{axis}" for axis in range(rank)))
        sizes = [self.width(value, columns[0])]
        sizes += [self.size(*axis) for axis in zip(letters, columns[1:], strict=True)]
        return f"({sizes[0]},)" if rank == 0 else f"({', '.join(sizes)})"

    def width(self, value: int, sizes: tuple[int, ...]) -> str:
        """The first axis: channels or features."""
        found: Parameter | None = self.cls.widths.get(value)
        if found is not None:
            return found.text
        if len(set(sizes)) == 1:
            return str(sizes[0])
        step = self.made_by.get(value)
        if step is not None and isinstance(step.op, Concat) and step.op.dim == 1 and self.sums:
            terms = [self.width(inner, self.widths(inner)) for inner in step.inputs]
            if "C" not in terms and "F" not in terms:
                return _sum(terms)
        elif step is not None and len(step.inputs) == 1 and self.widths(step.inputs[0]) == sizes:
            return self.width(step.inputs[0], sizes)
        fallback = "C" if self.cls.body.values[value].rank else "F"
        return self.parameters.get(typed(sizes), fallback)

    def widths(self, value: int) -> tuple[int, ...]:
        return tuple(body.values[value].shape[0] for body in self.cls.bodies)

    def size(self, letter: str, sizes: tuple[int, ...]) -> str:
        """One spatial axis: equal sizes have one letter, further ones get primes."""
        if len(set(sizes)) == 1:
            return str(sizes[0])
        key = (letter, *sizes)
        if key not in self.letters:
            used = sum(known[0] == letter for known in self.letters)
            self.letters[key] = letter + "'" * used
        return self.letters[key]
