"""Constructor calls as values: what stands right of `self.conv1 =`.

An argument's value is plain data, or a `Ref` to a constructor parameter of the class around. Its kind
says which numbers may share a parameter: two widths may, a stride and a padding that happen to be
equal may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from netspec.ops.base import NO_DEFAULT, Op

_INPUT_WIDTHS = frozenset(
    {"in_channels", "in_features", "num_features", "num_channels", "normalized_shape"}
)
_OUTPUT_WIDTHS = frozenset({"out_channels", "out_features"})
_OTHER_WIDTHS = frozenset({"groups", "num_parameters"})
WIDTHS = _INPUT_WIDTHS | _OUTPUT_WIDTHS | _OTHER_WIDTHS
"""What torch's modules call their widths: names that do not say of which layer."""


class Kind(StrEnum):
    """What a constructor argument measures."""

    READS = "reads"  # the width of what comes in
    WRITES = "writes"  # the width of what goes out
    WIDTH = "width"  # another number of channels
    SETTING = "setting"
    CLASS = "class"  # of the units inside
    IN_PLACE = "in_place"  # true only where every instance agrees

    @property
    def is_width(self) -> bool:
        """Whether it counts channels or features."""
        return self in {Kind.READS, Kind.WRITES, Kind.WIDTH}


@dataclass(frozen=True, slots=True)
class Ref:
    """A constructor parameter of the class around, or a whole multiple or part of it."""

    name: str
    times: int = 1
    over: int = 1

    @property
    def text(self) -> str:
        """`width`, `4 * width`, `width // 16`."""
        if self.times != 1:
            return f"{self.times} * {self.name}"
        return self.name if self.over == 1 else f"{self.name} // {self.over}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A class of the plan as a value: what a constructor takes that makes units of different activations."""

    target: str | int


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a constructor call."""

    name: str
    value: object
    kind: Kind
    default: object = NO_DEFAULT
    positional: bool = False


@dataclass(frozen=True, slots=True)
class Make:
    """`nn.Conv2d(3, 64, kernel_size=7)`; a target that is a number is a class of the plan.

    One that is a reference is the class that the constructor around it was given.

    `reads` and `gives` are the widths of its first input and first result, for naming only.
    """

    target: str | int | Ref
    arguments: tuple[Argument, ...] = ()
    reads: int = field(default=0, compare=False)
    gives: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """An `nn.Sequential` written in place, by name or, for copies, by position."""

    entries: tuple[tuple[str, Module], ...]

    @property
    def by_position(self) -> bool:
        """Whether the names are 0, 1, 2, ..."""
        return all(name == str(place) for place, (name, _) in enumerate(self.entries))


@dataclass(frozen=True, slots=True)
class Run:
    """The further copies of a layer in a chain of `total`, all made alike; the first stands before it."""

    make: Make
    total: int | Ref


Module = Make | Chain | Run


def copies_of(entries: Sequence[tuple[str, Module]], *, same_shape: bool) -> Chain:
    """A chain of copies: the first, and the others as a run where they are alike.

    So chains of which only the number of copies differs have one form. A single copy that gives the
    `same_shape` as it reads has a run of none: more of them could follow.
    """
    (name, first), *others = entries
    follows = others[0][1] if others else first
    alike = isinstance(follows, Make) and all(other == follows for _, other in others)
    if not isinstance(follows, Make) or not alike or not (others or same_shape):
        return Chain(tuple(entries))
    return Chain(((name, first), ("1", Run(follows, len(entries)))))


def runs(module: Module) -> Iterator[Run]:
    """Every run inside, in order."""
    if isinstance(module, Run):
        yield module
    elif isinstance(module, Chain):
        for _, entry in module.entries:
            yield from runs(entry)


def with_totals(module: Module, totals: Iterator[int | Ref]) -> Module:
    """The same module with these totals of its runs, in order."""
    if isinstance(module, Run):
        return replace(module, total=next(totals))
    if isinstance(module, Make):
        return module
    return Chain(tuple((name, with_totals(entry, totals)) for name, entry in module.entries))


def units(name: str, module: Module) -> Iterator[tuple[str, Make]]:
    """Every constructor call inside, in order of execution, under the name next to it."""
    if isinstance(module, Make):
        yield name, module
        return
    if isinstance(module, Run):
        yield name, module.make
        return
    for inner, entry in module.entries:
        yield from units(name if inner.isdigit() else inner, entry)


def rebuild(module: Module, change: Callable[[Make], Make]) -> Module:
    """The same module with every constructor call changed, in order of execution."""
    if isinstance(module, Make):
        return change(module)
    if isinstance(module, Run):
        return replace(module, make=change(module.make))
    return Chain(tuple((name, rebuild(entry, change)) for name, entry in module.entries))


def make_op(op: Op, target: str | int | None = None, *, in_place: bool = False) -> Make | None:
    """The constructor call of an op, None when it has only an expression."""
    constructor = op.module
    if constructor is None:
        return None
    arguments = [
        Argument(entry.name, entry.value, _kind(entry.name), entry.default, entry.positional)
        for entry in constructor.arguments
    ]
    if op.can_work_in_place:
        arguments.append(Argument("inplace", in_place, Kind.IN_PLACE, default=False))
    return Make(constructor.target if target is None else target, tuple(arguments))


def sized(make: Make, reads: int, gives: int) -> Make:
    """The same call, knowing the widths that go in and out."""
    return replace(make, reads=reads, gives=gives)


def _kind(name: str) -> Kind:
    if name in _INPUT_WIDTHS:
        return Kind.READS
    if name in _OUTPUT_WIDTHS:
        return Kind.WRITES
    return Kind.WIDTH if name in _OTHER_WIDTHS else Kind.SETTING
