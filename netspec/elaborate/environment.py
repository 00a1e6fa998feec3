"""What a place in a spec sees: values for expressions, blocks, defaults, and the block's own input.

An `Env` is frozen and lexical: a body under `blocks:` starts a new one, everything else extends the one
around it. A value keeps the place of the literal it came from (`Binding.at`), so that an error in it
points at the cell of the table and not at the `$name` that read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netspec.diagnostics import Label
from netspec.graph import Poisoned, Value
from netspec.messages.suggest import suggest
from netspec.records import record
from netspec.source import At

if TYPE_CHECKING:
    from netspec.elaborate.definitions import Library


class _Failed:
    """The value of a parameter or `let` that could not be evaluated, or was never given."""


FAILED = _Failed()
_OF_INPUT = ("in_channels", "in_features", "in_height", "in_width")


@record()
class Binding:
    """A named value, and where its literal stands when there is one."""

    value: object
    at: At | None = None


@dataclass(eq=False, slots=True)
class Entries:
    """The entries of a `defaults:` section, sorted when all blocks are known; `at` is None without one."""

    at: At | None
    by_block: dict[str, At] = field(default_factory=dict)
    """Block -> its fields, those under a misspelt name too."""
    lost: list[At] = field(default_factory=list)
    """What was given to a block that nobody knows: a field that it could give is poison."""
    empty: set[str] = field(default_factory=set)
    """Blocks with nothing behind the colon, whose fields may stand elsewhere."""
    readable: bool = True
    """False for a section of another form, which could give any field."""

    @property
    def failed(self) -> bool:
        """Whether something in it could not be read, which has been reported."""
        return bool(self.lost or self.empty) or not self.readable


@dataclass(frozen=True, slots=True)
class Defaults:
    """A `defaults:` section and the names that its expressions see."""

    entries: Entries
    bindings: Mapping[str, Binding]
    complete: bool = True
    """As that of `Env`, for these bindings."""


@record(eq=False)
class Env:
    """What a layer sees, apart from the names of other layers. `defaults` are outermost first.

    Compared by identity, so that what follows from it can be kept beside it.
    """

    library: Library
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    inputs: tuple[Value, ...] = ()
    defaults: tuple[Defaults, ...] = ()
    complete: bool = True
    """False where what binds names has failed: a name that is missing is poison, not unknown."""

    def bind(self, bindings: Mapping[str, Binding]) -> Env:
        """The same, with more names; a later one hides an earlier one."""
        return replace(self, bindings={**self.bindings, **bindings})

    def of_defaults(self, number: int) -> Env:
        """What the expressions in defaults section `number` see."""
        section = self.defaults[number]
        bindings, complete = section.bindings, section.complete
        defaults = self.defaults[: number + 1]
        return replace(self, bindings=bindings, defaults=defaults, complete=complete)


def near(name: str, bindings: Mapping[str, Binding]) -> tuple[Label, ...]:
    """Labels where names are given that may have been meant: the typo can be there too."""
    places = [_given(bindings[other].at, other) for other in suggest(name, tuple(bindings))]
    return tuple(Label(at.key_span, "given here") for at in places if at is not None)


def _given(at: At | None, name: str) -> At | None:
    """The innermost place around a literal whose key is `name`; None where the name stands elsewhere."""
    found = None
    if at is not None:
        place = at.document.at()
        for key in at.path:
            place /= key
            found = place if key == name else found
    return found


class Visible(Mapping[str, object]):
    """The names of an `Env` as an expression reads them, with `in_channels` and its relatives.

    Raises Poisoned for a value that failed, and for the size of an input that failed.
    """

    def __init__(self, env: Env) -> None:
        self._env = env

    def __getitem__(self, name: str) -> object:
        binding = self._env.bindings.get(name)
        if binding is not None:
            if binding.value is FAILED:
                raise Poisoned
            return binding.value
        if name in _OF_INPUT:
            return self._sizes()[name]
        if not self._env.complete:
            raise Poisoned
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from self._env.bindings
        try:
            sizes: Iterable[str] = self._sizes()
        except Poisoned:
            sizes = _OF_INPUT
        yield from (name for name in sizes if name not in self._env.bindings)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _sizes(self) -> Mapping[str, object]:
        """The sizes of the block's own input, those that it has."""
        if not self._env.inputs:
            return {}
        shape = self._env.inputs[0].shape
        sizes: dict[str, object] = {"in_channels": shape[0]}
        if len(shape) == 1:
            sizes["in_features"] = shape[0]
        if len(shape) > 1:
            sizes["in_width"] = shape[-1]
        if len(shape) > 2:
            sizes["in_height"] = shape[-2]
        return sizes
