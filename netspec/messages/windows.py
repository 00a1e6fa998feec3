"""NS402 and NS406: kernels and paddings that do not fit, with numbers that do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import ceil

from netspec.messages.inputs import other_order
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, trail_note
from netspec.shape import Padding, Shape, Window, sides, spell

Trail = Sequence[tuple[str, Shape]]
_POOLS = ("max_pool", "avg_pool")


def window_too_large(
    *,
    op: str,
    shape: Shape,
    window: Window,
    out: Sequence[int],
    trail: Trail = (),
    inside: str | None = None,
    written_here: bool = False,
    fields: Collection[str] = ("kernel_size", "padding"),
    copy: int | None = None,
    network_input: Shape | None = None,
    **_: object,
) -> Said:
    """A kernel that is larger than its padded input.

    `inside` is the child of a composite whose kernel it is; `written_here`, that it is a field of the
    composite and so can be changed; `fields` are what the block has. In a repeat, `copy` counts the
    copies that fit: what fits this copy need not fit the next. `network_input` would be large enough.
    """
    spatial = shape[1:]
    padded = [n + sum(pair) for n, pair in zip(spatial, window.sides, strict=True)]
    needed = [n + sum(pair) for n, pair in zip(window.smallest_input(), window.sides, strict=True)]
    where = f" of {code(inside)}" if inside else ""
    fixed = inside is not None and not written_here
    if fixed or copy == 0:
        advice = _smallest(window)
    elif copy is not None:
        advice = f"use `repeat: {copy}`{' or fewer' * (copy > 1)}"
    else:
        advice = _fitting(op, spatial, window, fields)
    return Said(
        message=f"kernel {spell(window.kernel_size)}{_dilated(window)}{where} does not fit its "
        f"{spell(spatial)} input",
        label=f"needs at least {spell(needed)}, has {spell(padded)} after padding "
        f"{_padding(window)}",
        notes=(*trail_note(trail), _formula(spatial, window, out)),
        help=(other_order(trail), advice, _larger_network(network_input, copy)),
    )


def _larger_network(size: Shape | None, copy: int | None) -> str:
    """The input of the network with which it fits; in a repeat the next copy would fail."""
    if size is None or copy is not None:
        return ""
    return f"it fits when the input of the network is {spell(size)} or larger"


def _dilated(window: Window) -> str:
    dilated = any(step > 1 for step in window.dilation)
    return f" with dilation {_one(window.dilation)}" if dilated else ""


def _one(sizes: Sequence[int]) -> str:
    """`3` for equal axes, `3x1` otherwise."""
    return str(sizes[0]) if len(set(sizes)) == 1 else spell(sizes)


def _padding(window: Window) -> str:
    """`1`, `3x1`, or `[[0, 1], [1, 1]]` where the sides differ."""
    if all(before == after for before, after in window.sides):
        return _one([before for before, _ in window.sides])
    return str([list(pair) for pair in window.sides])


def _formula(spatial: Sequence[int], window: Window, out: Sequence[int]) -> str:
    """The arithmetic of the first axis that does not fit, with its numbers."""
    axis = next(number for number, size in enumerate(out) if size < 1)
    kernel, dilation = window.kernel_size[axis], window.dilation[axis]
    covered = f"{kernel}" if dilation == 1 else f"({dilation}*({kernel} - 1) + 1)"
    rounding = "ceil" if window.ceil_mode else "floor"
    before, after = window.sides[axis]
    added = f"2*{before}" if before == after else f"{before} + {after}"
    return (
        f"out = {rounding}(({spatial[axis]} + {added} - {covered}) / "
        f"{window.stride[axis]}) + 1 = {out[axis]}"
    )


def _smallest(window: Window) -> str:
    return f"its input must be at least {spell(window.smallest_input())}"


def _fitting(op: str, spatial: Sequence[int], window: Window, fields: Collection[str]) -> str:
    """Fields that make the window fit, each tried."""
    ways = []
    kernel = _largest_kernel(op, spatial, window)
    if kernel is not None and "kernel_size" in fields:
        smaller = " or smaller" if kernel > 1 else ""
        ways.append(f"`kernel_size: {kernel}`{smaller}")
    padding = _smallest_padding(op, spatial, window)
    if padding is not None and "padding" in fields:
        ways.append(f"`padding: {padding}`")
    if op in _POOLS:
        ways.append("`gap`")
    if not ways:
        return _smallest(window)
    last = ways.pop()
    return f"use {', '.join(ways)}, or {last}" if ways else f"use {last}"


def _fits(spatial: Sequence[int], window: Window) -> bool:
    return all(size >= 1 for size in window.output(spatial))


def _largest_kernel(op: str, spatial: Sequence[int], window: Window) -> int | None:
    """The largest square kernel that fits with the padding as it is."""
    rank = len(spatial)
    padded = (size + sum(pair) for size, pair in zip(spatial, window.sides, strict=True))
    most = min(padded) + window.ceil_mode * max(window.stride)  # none above this fits
    for size in range(min(max(window.kernel_size) - 1, most), 0, -1):
        allowed = op not in _POOLS or all(max(pair) <= size // 2 for pair in window.sides)
        if op == "avg_pool" and rank == 3:  # PyTorch's kernel must fit without the padding there
            allowed = allowed and size <= min(spatial)
        if allowed and _fits(spatial, replace(window, kernel_size=(size,) * rank)):
            return size
    return None


def _smallest_padding(op: str, spatial: Sequence[int], window: Window) -> int | None:
    """The smallest padding, equal on all axes, with which the kernel fits and that is allowed."""
    rank = len(spatial)
    if op == "avg_pool" and rank == 3:
        return None
    most = min(window.kernel_size) // 2 if op in _POOLS else max(window.extent)
    lacking = (e - size for size, e in zip(spatial, window.extent, strict=True))
    least = (max(lacking) - window.ceil_mode * max(window.stride)) // 2  # none below
    for padding in range(max(max(map(max, window.sides)) + 1, least), most + 1):
        if _fits(spatial, replace(window, padding=(padding,) * rank)):
            return padding
    return None


def even_same(*, kernel: int, dilation: int, **_: object) -> Said:
    """`same` with an even kernel."""
    half = (dilation * (kernel - 1) - 1) // 2
    smaller = f"`kernel_size: {kernel - 1}` or " if kernel > 2 else ""
    return Said(
        message=f"`same` needs an odd kernel, and this one is {kernel}",
        label=f"{dilation} * ({kernel} - 1) / 2 is no whole number",
        help=(
            f"use {smaller}`kernel_size: {kernel + 1}`, or give the padding as a number",
            "or `same_tf`, which pads one more at the end",
            f"`padding: {half}` makes the map one smaller at stride 1, and halves it at stride 2",
        ),
    )


def pool_padding(*, padding: int, kernel: int, maximum: int, **_: object) -> Said:
    """A pool whose window could lie in the padding alone."""
    smaller = f"`padding: {maximum}`" + (" or less" if maximum else "")
    return Said(
        message=f"padding {padding} is more than half of kernel {kernel}",
        label=f"at most {maximum}",
        notes=("PyTorch refuses it: a window could lie in the padding alone",),
        help=(f"use {smaller}, or `kernel_size: {2 * padding}` or more",),
    )


def kernel_exceeds_map(*, kernel: int, size: int, block: str = "", **_: object) -> Said:
    """An average pool of a volume that is larger than the volume without its padding."""
    return Said(
        message=f"kernel {kernel} of {code(block)} is larger than its input {size}",
        label=f"at most {size}",
        notes=("PyTorch averages a volume only over kernels that fit it without the padding",),
        help=(f"use `kernel_size: {size}`{' or smaller' * (size > 1)}, or `gap`",),
    )


def ceil_with_sides(*, padding: Padding, **_: object) -> Said:
    """`ceil_mode` on a pool whose two sides are padded differently."""
    equal = max(map(max, sides(padding)))
    return Said(
        message="`ceil_mode` needs the same padding on both sides",
        label="the sides differ",
        notes=("a further window is the same as more padding at the end",),
        help=(f"delete `ceil_mode`, or use `padding: {equal}`",),
    )


def output_padding_too_large(
    *, output_padding: int, stride: int, dilation: int, **_: object
) -> Said:
    """An `output_padding` that reaches both the stride and the dilation."""
    most = max(stride, dilation) - 1
    return Said(
        message=f"output padding {output_padding} must be below the stride {stride} or the "
        f"dilation {dilation}",
        label=f"at most {most}",
        notes=("it picks one of the sizes that the stride maps to the same input",),
        help=(f"use `output_padding: {most}`{' or less' * (most > 0)}",),
    )


def nothing_left(
    *,
    shape: Shape,
    out: Sequence[int],
    block: str,
    field: str | None = None,
    given: Sequence[int] = (),
    trail: Trail = (),
    **_: object,
) -> Said:
    """A padding or a factor that leaves nothing of the map; a padding takes twice of every axis."""
    most = min((p - (2 - size) // 2 for p, size in zip(given, out, strict=False)), default=0)
    least = ceil(1000 / min(shape[1:])) / 1000
    advice = f"use {code(f'scale_factor: {least:g}')} or larger"
    if field == "padding":
        smaller = " or smaller" if most > 0 else ""
        advice = f"use {code(f'padding: {most}')}{smaller}" if most >= 0 else "use a larger kernel"
    return Said(
        message=f"{code(block)} leaves nothing of its {spell(shape[1:])} input",
        label=f"gives {spell(out)}",
        notes=trail_note(trail),
        help=(advice,),
    )


def padding_exceeds_map(
    *, mode: str, padding: int, size: int, setting: str = "padding_mode", **_: object
) -> Said:
    """Padding that repeats the map, and more of it than there is."""
    most = size - 1 if mode == "reflect" else size
    plain = f"{setting}: {'zeros' if setting == 'padding_mode' else 'constant'}"
    return Said(
        message=f"`{setting}: {mode}` cannot pad a map of {size} by {padding}",
        label=f"at most {most}",
        notes=(f"{code(mode)} fills the padding from the map itself",),
        help=(f"use `padding: {most}`{' or less' * (most > 0)}, or `{plain}`",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS402",
        "a window that does not fit its input",
        """
        A kernel slides over the padded input: out = floor((in + 2*padding - extent) / stride) + 1, where
        extent = dilation*(kernel_size - 1) + 1. When the extent is larger than the padded input, nothing
        comes out. Often the map has become smaller than one thinks; the note shows how.
        """,
        wrong=spec("- max_pool: {kernel_size: 16}", "- max_pool: {kernel_size: 3}"),
        right=spec("- max_pool: {kernel_size: 16}", "- max_pool: {kernel_size: 2}"),
        rules={
            "window-too-large": window_too_large,
            "kernel-exceeds-map": kernel_exceeds_map,
            "nothing-left": nothing_left,
        },
    ),
    page(
        "NS406",
        "a padding that cannot be",
        """
        `same` pads dilation*(kernel_size - 1)/2 on each side, which is a whole number for odd kernels
        only. A pool pads at most half of its kernel, as in PyTorch, and padding that is filled from the
        map (`reflect`, `circular`) cannot be larger than the map.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 4, padding: same}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 4, stride: 2, padding: 1}"),
        rules={
            "even-same": even_same,
            "pool-padding": pool_padding,
            "ceil-with-sides": ceil_with_sides,
            "output-padding-too-large": output_padding_too_large,
            "padding-exceeds-map": padding_exceeds_map,
        },
    ),
)
