"""NS401: the inputs of a merge do not go together, and what would make them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.ways import (
    Evened,
    Mend,
    Way,
    evened_help,
    mend_help,
    side,
    ways_notes,
)
from netspec.messages.words import Step, axes, code, flow, join, written
from netspec.shape import Shape, Window, numel, spell

Side = Step
"""An input of a merge: the layer that made it, and its shape."""

_AUTOMATIC = re.compile(r"[a-z_]+_\d+")
_MOST_STRIDE = 64
_NAMED = 6  # different sizes that are named; the rest is counted
_GATE = "`squeeze_excite` is such a gate in one block; by hand, `gap` and 1x1 `conv`s keep it Cx1x1"
_SLIP = 8  # a difference in size up to this comes from missing padding, not from a stride


def _difference(shapes: Sequence[Shape]) -> str:
    """In what the shapes differ, with the numbers."""
    if len({len(shape) for shape in shapes}) > 1:
        return f"different numbers of axes: {_each(map(spell, shapes))}"
    if len({shape[1:] for shape in shapes}) == 1:
        what = "features" if len(shapes[0]) == 1 else "channels"
        return f"different {what}: {_each(str(shape[0]) for shape in shapes)}"
    if len({shape[0] for shape in shapes}) == 1:
        return f"different sizes: {_each(spell(shape[1:]) for shape in shapes)}"
    return f"different shapes: {_each(map(spell, shapes))}"


def _each(words: Iterable[str]) -> str:
    """Every word once, in order: 96 and 128; of many the first ones."""
    found = list(dict.fromkeys(words))
    others = len(found) - _NAMED
    return join(found if others < 2 else [*found[:_NAMED], f"{others} others"])


def _stride(large: Shape, small: Shape) -> int | None:
    """The stride of a 1x1 convolution that makes the sizes of `large` those of `small`."""
    rank = len(large) - 1
    if len(small) != len(large) or not rank:
        return 1 if len(small) == len(large) else None
    for stride in range(1, _MOST_STRIDE + 1):
        window = Window((1,) * rank, (stride,) * rank, (0,) * rank, (1,) * rank)
        if window.output(large[1:]) == small[1:]:
            return stride
    return None


def _projection(source: Shape, target: Shape, origin: str = "") -> str | None:
    """A layer that turns one shape into the other, as one writes it."""
    if len(source) == 1 and len(target) == 1:
        linear = f"{{out_features: {target[0]}, from: {origin}}}" if origin else f"{target[0]}"
        return f"linear: {linear}"
    stride = _stride(source, target)
    if stride is None:
        return None
    fields = [f"out_channels: {target[0]}", "kernel_size: 1"]
    fields += [f"stride: {stride}"] if stride > 1 else []
    fields += [f"from: {origin}"] if origin else []
    return f"conv: {{{', '.join(fields)}}}"


def _readable(name: str) -> bool:
    """Whether `from` can name it here: a path leads into a scope, and automatic names are not read."""
    return "." not in name and not _AUTOMATIC.fullmatch(name)


def _same_shape_help(block: str, sides: Sequence[Side], mends: Sequence[Mend]) -> tuple[str, ...]:
    """What makes the sides equal: changes that were tried, or a projection of one of them."""
    tried = mend_help(mends)
    pair = _pair(sides)
    if pair is None:
        return tried
    (kept, target), (changed, source) = pair
    if block == "residual":
        shortcut, layers = (target, source) if sides[-1] == pair[0] else (source, target)
        layer = _projection(shortcut, layers)
        if layer is None:
            return tried or _size_help(pair)
        projection = f"put a projection on the other side: {written(f'shortcut: [{layer}]')}"
        return (projection, *(f"or {line.removeprefix('or ')}" for line in tried[:1]))
    layer = _projection(source, target, changed if _readable(changed) else "")
    if layer is None:
        return tried or _size_help(pair)
    if tried and source[1:] == target[1:]:
        it = "it" if changed == mends[0].layer else code(changed)
        here = f"project {it}" if _readable(changed) else f"put behind {it}"
        return (*tried, f"or {here}: {written(layer)}")
    return tried or (f"bring {code(changed)} to the shape of {code(kept)}: {written(layer)}",)


def _pair(sides: Sequence[Side]) -> tuple[Side, Side] | None:
    """A side to keep, and one that can be changed to its shape."""
    first = sides[0] if sides else None
    other = next((side for side in sides if first is not None and side[1] != first[1]), None)
    if first is None or other is None or len(first[1]) != len(other[1]):
        return None
    larger_first = first[1][1:] > other[1][1:]
    return (other, first) if larger_first or other[0] == "input" else (first, other)


def _size_help(pair: tuple[Side, Side]) -> tuple[str, ...]:
    """What makes two sides of different sizes equal, when no projection does."""
    (kept, small), (changed, large) = sorted(pair, key=lambda side: side[1][1:])
    if len(small) < 2:
        return ()
    slips = [abs(a - b) for a, b in zip(large[1:], small[1:], strict=True)]
    if max(slips) <= _SLIP:
        return (f"{code(kept)} lost {max(slips)} at the border: `padding: same` keeps the size",)
    return (f"bring {code(changed)} and {code(kept)} to one size",)


def _rank_help(
    sides: Sequence[Side], ways: Sequence[Way], *, joins: bool = False
) -> tuple[str, ...]:
    """What makes vectors of maps that stand beside vectors; what `joins` takes any number of features."""
    maps = [number for number, (_, shape) in enumerate(sides) if len(shape) > 1]
    vectors = [shape for _, shape in sides if len(shape) == 1]
    if not maps or not vectors:
        return ()
    shape, (features,) = sides[maps[0]][1], vectors[0]
    where = _behind(sides, ways, maps[0])
    if joins:
        return (f"put `flatten` {where}, often after `gap`",)
    if features == numel(shape):
        return (f"put `flatten` {where}",)
    last = "" if shape[0] == features else f", then {code(f'linear: {features}')}"
    return (f"put `gap` and `flatten` {where}{last}",)


def _behind(sides: Sequence[Side], ways: Sequence[Way], number: int) -> str:
    """Where a layer must be put to change one of the sides."""
    way = ways[number] if len(ways) == len(sides) else None
    is_branch = way is not None and way.kind == "branch"
    name = code(sides[number][0])
    return f"at the end of {side(way)}" if way is not None and is_branch else f"behind {name}"


def _vector_gate_help(sides: Sequence[Side], ways: Sequence[Way]) -> tuple[str, ...]:
    """A gate that has lost its axes: what gives it those of the map beside it."""
    maps = [shape for _, shape in sides if len(shape) > 1]
    vectors = [number for number, (_, shape) in enumerate(sides) if len(shape) == 1]
    if not maps or not vectors:
        return ()
    channels = maps[0][0]
    size = flow([channels] + [1] * (len(maps[0]) - 1))
    layers = [f"unflatten: {{dim: 1, unflattened_size: {size}}}"]
    layers[:0] = [f"linear: {channels}"] if sides[vectors[0]][1] != (channels,) else []
    return (f"put {join([*map(code, layers)])} {_behind(sides, ways, vectors[0])}",)


def _notes(shapes: Sequence[Shape], rule: str, ways: Sequence[Way]) -> tuple[str, ...]:
    letters = axes(shapes[0])
    first = f"shapes are {letters}; {rule}" if len(shapes[0]) > 1 else rule
    return (first, *ways_notes(ways))


def add_shapes_differ(
    *,
    shapes: Sequence[Shape],
    block: str,
    inputs: Sequence[Side] = (),
    ways: Sequence[Way] = (),
    mends: Sequence[Mend] = (),
    evened: Evened | None = None,
    **_: object,
) -> Said:
    """An addition of different shapes."""
    tried = _same_shape_help(block, inputs, mends)
    sides = "sides" if block == "residual" else "inputs"
    return Said(
        message=f"{code(block)} {sides} have {_difference(shapes)}",
        label=f"all {sides} of {code(block)} must have the same shape",
        notes=_notes(shapes, "an addition never broadcasts", ways),
        help=_rank_help(inputs, ways)
        or _or(evened_help(evened), mend_help(mends) if evened else tried),
    )


def mul_shapes_differ(
    *,
    shapes: Sequence[Shape],
    block: str,
    inputs: Sequence[Side] = (),
    ways: Sequence[Way] = (),
    mends: Sequence[Mend] = (),
    **_: object,
) -> Said:
    """A product of different shapes, none of them a gate."""
    gate = _vector_gate_help(inputs, ways)
    one_block = (_GATE,) if gate else ()
    return Said(
        message=f"{code(block)} inputs have {_difference(shapes)}",
        label=f"all inputs of {code(block)} must have the same shape, or be a gate",
        notes=(
            *_notes(shapes, "a gate is Cx1x1, and is spread over a map CxHxW", ways),
            *one_block,
        ),
        help=gate or _gate_help(inputs, mends) or _same_shape_help(block, inputs, mends),
    )


def _gate_help(sides: Sequence[Side], mends: Sequence[Mend]) -> tuple[str, ...]:
    """A gate with another number of channels than its map."""
    gates = [side for side in sides if len(side[1]) > 2 and set(side[1][1:]) == {1}]
    maps = [side for side in sides if side not in gates and len(side[1]) > 2]
    if not gates or not maps or gates[0][1][0] == maps[0][1][0]:
        return ()
    channels = maps[0][1][0]
    layer = f"conv: {{out_channels: {channels}, kernel_size: 1}}"
    tried = mend_help(mends)
    return tried or (f"give the gate {channels} channels: {written(layer)} before its `sigmoid`",)


def _or(*groups: Sequence[str]) -> tuple[str, ...]:
    """Lines of help, each but the first one an alternative."""
    lines = [line.removeprefix("or ") for group in groups for line in group]
    return tuple("or " * bool(number) + line for number, line in enumerate(lines))


def _pooled(pair: tuple[Side, Side]) -> tuple[str, ...]:
    """What brings one of two sides to the size of the other, where one is a multiple."""
    (kept, small), (changed, large) = sorted(pair, key=lambda side: side[1][1:])
    factor = large[1] // small[1]
    if factor < 2 or any(n != m * factor for n, m in zip(large[1:], small[1:], strict=True)):
        return ()
    ways = {
        changed: f"bring {code(changed)} to {spell(small[1:])} first: {code(f'max_pool: {factor}')}",
        kept: f"bring {code(kept)} to {spell(large[1:])} first: {code(f'upsample: {factor}')}",
    }
    return tuple(line for name, line in ways.items() if name != "input")


def concat_sizes_differ(
    *,
    shapes: Sequence[Shape],
    dim: int,
    block: str,
    inputs: Sequence[Side] = (),
    ways: Sequence[Way] = (),
    mends: Sequence[Mend] = (),
    evened: Evened | None = None,
    **_: object,
) -> Said:
    """A concatenation of maps that differ in another axis than the one that is joined."""
    rest = [shape[: dim - 1] + shape[dim:] for shape in shapes]
    what = "sizes" if dim == 1 else "shapes"
    pair = _pair(inputs)
    advice = mend_help(mends)
    by_size = {name for mend in mends for name in mend.fields} <= {"size", "scale_factor"}
    if pair is not None and dim == 1 and evened is None and by_size:
        advice = _or(advice, _pooled(pair)) or _size_help(pair)
    advice = _or(evened_help(evened), advice)
    return Said(
        message=f"{code(block)} inputs have different {what}: {_each(map(spell, rest))}",
        label=f"inputs may differ in axis {dim} only" + (", the channels" if dim == 1 else ""),
        notes=_notes(shapes, f"{code(block)} joins along axis {dim}", ways),
        help=advice,
    )


def stack_shapes_differ(
    *,
    shapes: Sequence[Shape],
    block: str,
    inputs: Sequence[Side] = (),
    ways: Sequence[Way] = (),
    mends: Sequence[Mend] = (),
    **_: object,
) -> Said:
    """A stack of different shapes."""
    return Said(
        message=f"{code(block)} inputs have {_difference(shapes)}",
        label=f"all inputs of {code(block)} must have the same shape",
        notes=_notes(shapes, f"{code(block)} adds an axis, and never broadcasts", ways),
        help=_rank_help(inputs, ways) or _same_shape_help(block, inputs, mends),
    )


def merge_ranks_differ(
    *,
    shapes: Sequence[Shape],
    block: str,
    inputs: Sequence[Side] = (),
    ways: Sequence[Way] = (),
    **_: object,
) -> Said:
    """A map and a vector in one merge."""
    return Said(
        message=f"{code(block)} inputs have {_difference(shapes)}",
        label=f"all inputs of {code(block)} must have as many axes",
        notes=_notes(shapes, "a vector has one axis, a map has more", ways),
        help=_rank_help(inputs, ways, joins=True),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS401",
        "the inputs of a merge do not go together",
        """
        `add` needs inputs of the same shape and never broadcasts: PyTorch would add 64 channels to 1 in
        silence. `concat` joins along the channels, so all else must be equal. `mul` needs the same shape,
        or a gate (C, 1, 1) beside a map (C, H, W). The marks show the layers that made the inputs.
        """,
        wrong=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 16, kernel_size: 1}",
            "- add: {from: [stem, previous]}",
        ),
        right=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 8, kernel_size: 1}",
            "- add: {from: [stem, previous]}",
        ),
        rules={
            "add-shapes-differ": add_shapes_differ,
            "mul-shapes-differ": mul_shapes_differ,
            "stack-shapes-differ": stack_shapes_differ,
            "concat-sizes-differ": concat_sizes_differ,
            "merge-ranks-differ": merge_ranks_differ,
        },
    ),
)
