"""NS403 and NS405: ranks and groups, with numbers that fit."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from netspec.messages.inputs import other_order
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.sizes import mode_for_other_rank
from netspec.messages.words import axes, choices, code, count, flow, trail_note
from netspec.shape import Shape, numel, spell

Trail = Sequence[tuple[str, Shape]]


def needs_map(
    *,
    shape: Shape,
    ranks: Sequence[int],
    block: str,
    instead: str = "",
    trail: Trail = (),
    **_: object,
) -> Said:
    """A vector, or a map with too many axes, where a map must be."""
    if len(shape) == 1:
        return Said(
            message=f"{code(block)} needs a map, got a vector of {count(shape[0], 'feature')}",
            label="needs CxHxW",
            notes=trail_note(trail),
            help=(f"put {code(block)} before `flatten`",)
            if any(len(step) > 1 for _, step in trail)
            else ("give the network an input of CxHxW, such as `input: [3, 224, 224]`",),
        )
    limit = "at most " if len(ranks) > 1 else ""
    return Said(
        message=f"{code(block)} needs {limit}{count(max(ranks), 'spatial axis', 'spatial axes')}, "
        f"got {spell(shape)}",
        label=f"has {count(len(shape) - 1, 'spatial axis', 'spatial axes')}",
        notes=trail_note(trail),
        help=(other_order(trail), f"use {code(instead)}" if instead else ""),
    )


def needs_vector(*, shape: Shape, block: str, trail: Trail = (), **_: object) -> Said:
    """A map where a vector must be."""
    features, channels = count(numel(shape), "feature"), count(shape[0], "feature")
    return Said(
        message=f"{code(block)} needs a vector, got the map {spell(shape)}",
        label=f"reads {axes(shape)} = {spell(shape)}",
        notes=trail_note(trail),
        help=(f"put `flatten` before it ({features}), or `gap` and `flatten` ({channels})",),
    )


def wrong_rank(
    *,
    shape: Shape,
    rank: int,
    block: str,
    field: str | None = None,
    entries: Sequence[object] = (),
    trail: Trail = (),
    **_: object,
) -> Said:
    """A list with one entry per axis, for another number of axes."""
    spatial = len(shape) - 1
    advice = f"write one number for all axes, or {count(spatial, 'entry', 'entries')}"
    if field and entries and all(entry == entries[0] for entry in entries):
        each = flow([entries[0]] * spatial)
        advice = f"use {code(f'{field}: {flow(entries[0])}')} or {code(f'{field}: {each}')}"
    name = code(field) if field else "the kernel"
    return Said(
        message=f"{name} of {code(block)} has {count(rank, 'entry', 'entries')}, and its input "
        f"has {count(spatial, 'spatial axis', 'spatial axes')}",
        label=f"its input is {spell(shape)}",
        notes=trail_note(trail),
        help=(other_order(trail), advice),
    )


def no_divisor_in_1d(*, shape: Shape, block: str = "avg_pool", **_: object) -> Said:
    """`divisor_override` on a sequence."""
    return Said(
        message=f"{code(block)} has no `divisor_override` for a sequence, and its input is "
        f"{spell(shape)}",
        label="only for maps and volumes",
        notes=("`nn.AvgPool1d` has no such argument",),
        help=("delete `divisor_override`",),
    )


def groups_do_not_divide(
    *,
    what: str,
    channels: int,
    groups: int,
    in_channels: int,
    out_channels: int,
    trail: Trail = (),
    **_: object,
) -> Said:
    """Groups that leave channels over."""
    both = gcd(in_channels, out_channels)
    divisors = [n for n in range(1, min(both, 4096) + 1) if both % n == 0]
    lower = [n for n in divisors if n < groups][-1:]
    higher = [n for n in divisors if n > groups][:1]
    ways = [f"groups: {n}" for n in lower + higher]
    if what == "output":
        ways.append(f"out_channels: {max(groups, round(channels / groups) * groups)}")
    advice = f"use {choices(ways)}"
    return Said(
        message=f"{groups} groups do not divide the {channels} {what} channels",
        label=f"{channels} / {groups} is no whole number",
        notes=trail_note(trail) if what == "input" else (),
        help=(advice,),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS403",
        "an input with the wrong number of axes",
        """
        Convolutions and pools read maps: (C, L), (C, H, W) or (C, D, H, W); `linear` reads a vector (F).
        PyTorch would apply `linear` to the last axis of a map alone; here it is an error. A list for
        `kernel_size` and the like has one entry for each spatial axis.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3}", "- linear: 10"),
        right=spec(
            "- conv: {out_channels: 8, kernel_size: 3}", "- gap", "- flatten", "- linear: 10"
        ),
        rules={
            "needs-map": needs_map,
            "needs-vector": needs_vector,
            "wrong-rank": wrong_rank,
            "no-divisor-in-1d": no_divisor_in_1d,
            "mode-for-other-rank": mode_for_other_rank,
        },
    ),
    page(
        "NS405",
        "groups that do not divide the channels",
        """
        With `groups: g` the input and output channels are cut into g equal parts, so g must divide both.
        Depthwise convolution has as many groups as input channels.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3, groups: 2}"),
        right=spec("- conv: {out_channels: 9, kernel_size: 3, groups: 3}"),
        rules={"groups-do-not-divide": groups_do_not_divide},
    ),
)
