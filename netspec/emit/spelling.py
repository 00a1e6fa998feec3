"""Modules -> constructor calls as text structures: `nn.Conv2d(3, 64, kernel_size=7, stride=2)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from netspec.emit.modules import Argument, Choice, Make, Module, Ref, Run
from netspec.emit.wrap import Atom, Bracket, Doc, Prefixed, literal

_LISTED = 2  # equal copies in a row that are written one by one; more are a generator
_STEPS_LISTED = 3  # the same for copies of which one number grows by a step


def module_doc(module: Module) -> Doc:
    """The call that makes a module."""
    if isinstance(module, Make):
        target = module.target.text if isinstance(module.target, Ref) else module.target
        return Bracket(f"{target}(", tuple(_arguments(module)), ")")
    if isinstance(module, Run):
        raise TypeError("a run is written by the chain around it")
    if module.by_position:
        entries = _by_position([entry for _, entry in module.entries])
        return Bracket("nn.Sequential(", entries, ")", exploded=len(entries) > 1)
    return Bracket("nn.Sequential(", (named_entries(module.entries),), ")")


def _by_position(modules: Sequence[Module]) -> tuple[Doc, ...]:
    """The entries of a chain; of a run whose number the constructor takes, a loop."""
    last = modules[-1]
    if not isinstance(last, Run):
        return copies(modules)
    first, total = modules[0], last.total
    if isinstance(total, int):
        return copies([first, *[last.make] * (total - 1)])
    same = first == last.make
    start = "" if same else "1, "
    loop = _comprehension(last.make, f"for _ in range({start}{total.text})")
    return (loop,) if same else (module_doc(first), loop)


def named_entries(entries: Sequence[tuple[str, Module]]) -> Doc:
    """`OrderedDict(conv1=..., pool1=...)`, one per line."""
    pairs = tuple(Prefixed(f"{name}=", module_doc(module)) for name, module in entries)
    return Bracket("OrderedDict(", pairs, ")", exploded=len(pairs) > 1)


def copies(modules: Sequence[Module]) -> tuple[Doc, ...]:
    """Entries by position. A longer run is a generator: `*(Block(64) for _ in range(6))`.

    So is a run in which one number grows: `*(Block(width) for width in range(64, 256, 32))`.
    """
    found: list[Doc] = []
    place = 0
    while place < len(modules):
        equal = _equal(modules, place)
        growing = _growing(modules, place)
        if growing is not None and growing.count > max(equal, _STEPS_LISTED):
            found.append(_loop(growing.pattern, growing.name, growing.numbers))
            place += growing.count
            continue
        few = equal <= _LISTED
        doc = module_doc(modules[place])
        found += [doc] * equal if few else [_loop(modules[place], "_", range(equal))]
        place += equal
    return tuple(found)


def _loop(module: Module, name: str, numbers: range) -> Bracket:
    """`*(Block(64) for _ in range(6))`; `repr` of a range leaves out a step of 1."""
    start = numbers.start or numbers.step != 1
    text = repr(numbers) if start else f"range({numbers.stop})"
    return _comprehension(module, f"for {name} in {text}")


def _comprehension(module: Module, clause: str) -> Bracket:
    return Bracket("*(", (module_doc(module), Atom(clause)), ")", comma="")


def _equal(modules: Sequence[Module], place: int) -> int:
    """How many modules from `place` on are equal."""
    first = modules[place]
    return _length(modules, place, lambda _: first)


def _length(modules: Sequence[Module], place: int, expected: Callable[[int], Module]) -> int:
    """How many modules from `place` on are the expected ones, by their number in the run."""
    count = 0
    while place + count < len(modules) and modules[place + count] == expected(count):
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class _Growing:
    """A run of calls that differ in one number, which grows by a step: `name` stands for it."""

    pattern: Make
    name: str
    numbers: range

    @property
    def count(self) -> int:
        """How many calls."""
        return len(self.numbers)


def _growing(modules: Sequence[Module], start: int) -> _Growing | None:
    """The run from `start` on in which one argument grows evenly, None where there is none."""
    first, second = (*modules[start : start + 2], None, None)[:2]
    place = _only_difference(first, second)
    if place is None or not isinstance(first, Make) or not isinstance(second, Make):
        return None
    name, low = first.arguments[place].name, first.arguments[place].value
    following = second.arguments[place].value
    if type(low) is not int or type(following) is not int:
        return None
    refs = [argument.value for argument in first.arguments if isinstance(argument.value, Ref)]
    if any(ref.name == name for ref in refs):
        return None  # the loop would hide the parameter of the class
    step = following - low
    count = _length(modules, start, lambda number: _with_value(first, place, low + number * step))
    pattern = _with_value(first, place, Ref(name))
    return _Growing(pattern, name, range(low, low + count * step, step))


def _only_difference(one: Module | None, other: Module | None) -> int | None:
    """The place of the argument in which two calls of one class differ, None if not in just one."""
    if not isinstance(one, Make) or not isinstance(other, Make) or one.target != other.target:
        return None
    pairs = enumerate(zip(one.arguments, other.arguments, strict=True))
    places = [place for place, (mine, theirs) in pairs if mine != theirs]
    return places[0] if len(places) == 1 else None


def _with_value(make: Make, place: int, value: object) -> Make:
    arguments = list(make.arguments)
    arguments[place] = replace(arguments[place], value=value)
    return replace(make, arguments=tuple(arguments))


def _arguments(make: Make) -> list[Doc]:
    """Positional ones first, then by name those that differ from the default."""
    places = [argument for argument in make.arguments if argument.positional]
    named = [
        argument for argument in make.arguments if not argument.positional and not _usual(argument)
    ]
    return [
        *(Atom(_value(argument)) for argument in places),
        *(Prefixed(f"{argument.name}=", Atom(_value(argument))) for argument in named),
    ]


def _usual(argument: Argument) -> bool:
    return not isinstance(argument.value, Ref) and argument.value == argument.default


def _value(argument: Argument) -> str:
    value = argument.value
    if isinstance(value, Ref):
        return value.text
    return str(value.target) if isinstance(value, Choice) else literal(value)
