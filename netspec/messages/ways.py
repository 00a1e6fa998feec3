"""How the sides of a merge came about, as facts and in words: their ways, where they part, what mends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from netspec.messages.words import Step, code, flow, join, way_note, written
from netspec.shape import Shape, Window, spell

_SHOWN = 4  # ways; of more sides only those that differ are shown


@dataclass(frozen=True, slots=True)
class Parting:
    """The layer at which a side becomes another than the others; `window` is what it slides, if it does."""

    layer: str
    before: Shape
    after: Shape
    window: Window | None = None


Kind = Literal["branch", "input", "field"]
"""What a side of a merge is: one of its branches, of its inputs, or of its fields of layers."""


@dataclass(frozen=True, slots=True)
class Way:
    """One side of a merge: what it is called, and its steps from the last value that all sides have."""

    kind: Kind
    key: int | str
    steps: tuple[Step, ...]
    parting: Parting | None = None

    @property
    def shape(self) -> Shape:
        """What it brings to the merge."""
        return self.steps[-1][1]


@dataclass(frozen=True, slots=True)
class Mend:
    """A change of one layer with which the merge was found to work."""

    layer: str
    fields: Mapping[str, object]
    shape: Shape
    """What the side becomes."""


@dataclass(frozen=True, slots=True)
class Evened:
    """Shapes of the network's input, in multiples of `step`, with which the merge was found to work."""

    step: int
    shapes: tuple[Shape, ...]


def side(way: Way) -> str:
    """`branch 2`, ``branch `wide` ``, `input 1`, `` `shortcut` ``."""
    key = str(way.key) if isinstance(way.key, int) else code(way.key)
    return key if way.kind == "field" else f"{way.kind} {key}"


def ways_notes(ways: Sequence[Way]) -> tuple[str, ...]:
    """A line for the steps of each side, and one for each layer where they part."""
    shown = ways if len(ways) <= _SHOWN else [way for way in ways if way.parting is not None]
    lines = [
        f"{side(way)}: {way_note(way.steps, f'{side(way)}: ', _kept(way))}"
        for way in shown[:_SHOWN]
        if len(way.steps) > 1 or any(len(other.steps) > 1 for other in ways)
    ]
    return (*lines, *(_parting(way) for way in shown[:_SHOWN] if way.parting is not None))


def _kept(way: Way) -> str:
    return way.parting.layer if way.parting is not None else ""


def _parting(way: Way) -> str:
    parting = way.parting
    assert parting is not None  # noqa: S101 - the caller has looked
    at = code(parting.layer)
    if parting.before[1:] == parting.after[1:]:
        what = "features" if len(parting.after) == 1 else "channels"
        return f"{side(way)} has {parting.after[0]} {what} since {at}"
    if len(parting.before) != len(parting.after):
        return f"{side(way)} leaves {spell(parting.before)} at {at}, for {spell(parting.after)}"
    before, after = spell(parting.before[1:]), spell(parting.after[1:])
    settings = f": {_settings(parting.window)}" if parting.window is not None else ""
    return f"{side(way)} leaves {before} at {at}, for {after}{settings}"


def _settings(window: Window) -> str:
    """Kernel, stride and padding, and the dilation where there is one."""
    parts = [f"kernel {spell(window.kernel_size)}", f"stride {_one(window.stride)}"]
    before = [pair[0] for pair in window.sides]
    even = all(pair[0] == pair[1] for pair in window.sides)
    parts.append(f"padding {_one(before) if even else list(map(list, window.sides))}")
    parts += [f"dilation {_one(window.dilation)}"] if set(window.dilation) != {1} else []
    return join(parts)


def _one(sizes: Sequence[int]) -> str:
    """`3` for equal axes, `3x1` otherwise."""
    return str(sizes[0]) if len(set(sizes)) == 1 else spell(sizes)


def mend_help(mends: Sequence[Mend]) -> tuple[str, ...]:
    """What was found to work, one line for each."""
    return tuple(
        f"{'or ' if number else ''}give {code(mend.layer)} {_fields(mend.fields)}, "
        f"which brings {spell(mend.shape)} here"
        for number, mend in enumerate(mends)
    )


def _fields(fields: Mapping[str, object]) -> str:
    given = [
        written(f"{name}: {flow(value)}") for name, value in fields.items() if value is not None
    ]
    instead = [code(name) for name, value in fields.items() if value is None]
    return join(given) + (f" in place of {join(instead)}" if instead else "")


def evened_help(evened: Evened | None) -> tuple[str, ...]:
    """Which input leaves nothing to round."""
    if evened is None:
        return ()
    inputs = [code(f"input: {flow(list(shape))}") for shape in evened.shapes]
    return (f"give the network an input in multiples of {evened.step}: {join(inputs, 'or')}",)
