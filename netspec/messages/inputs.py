"""NS407 and NS912: the input of the network: what is no shape, and what looks like one of another library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, count, flow, got, written
from netspec.shape import COLOURS, Shape, looks_batched, spell


def other_order(trail: Sequence[tuple[str, Shape]]) -> str:
    """That the input looks like one of other libraries: channels last, or with a batch."""
    if not trail or trail[0][0] != "input":
        return ""
    shape = trail[0][1]
    if len(shape) == 3 and shape[2] in COLOURS and min(shape[:2]) > max(COLOURS):
        meant = [shape[2], *shape[:2]]
        return f"channels come first: write {code(f'input: {meant}')} if {shape[2]} is their number"
    if looks_batched(shape):
        return f"the batch is implied: write {code(f'input: {list(shape[1:])}')} if 1 is the batch"
    return ""


def bad_input_shape(*, received: object, **_: object) -> Said:
    """An `input:` that is no shape."""
    meant = _meant_shape(received)
    is_number = isinstance(received, int) and not isinstance(received, bool)
    advice = "write `input: [3, 224, 224]` for images, or `input: [784]` for vectors"
    if isinstance(received, int) and is_number and received in COLOURS:
        advice = f"write {code(f'input: [{received}, 224, 224]')}: channels, height and width"
    elif is_number:
        square, vector = code(f"input: [3, {received}, {received}]"), code(f"input: [{received}]")
        advice = f"write {square} for colour images of that size, or {vector} for vectors"
    elif meant:
        advice = f"write {written(f'input: {meant}')}"
    return Said(
        message=f"`input` must be a list of one to four sizes, got {got(received)}",
        label="expected [C, H, W]",
        notes=("the batch is implied",),
        help=(advice,),
        fix=meant,
    )


def _meant_shape(received: object) -> str | None:
    """`3x224x224` in text, a tuple of Python, or a list that begins with a place for the batch."""
    if isinstance(received, list) and received[1:] and received[0] in (None, -1, "None", "batch"):
        sizes = received[1:]
        return f"[{', '.join(map(str, sizes))}]" if all(isinstance(n, int) for n in sizes) else None
    if isinstance(received, dict):
        sizes = [_size_of(received, letter) for letter in ("c", "d", "h", "w")]
        found = [size for size in sizes if size is not None]
        return flow(found) if len(found) == len(received) else None
    text = received.strip("()") if isinstance(received, str) else ""
    whole = re.fullmatch(r"\d+(?:\s*[x×,]\s*\d+){0,3}", text)
    return f"[{', '.join(re.findall('[0-9]+', text))}]" if whole else None


def _size_of(sizes: Mapping[object, object], letter: str) -> object:
    """The size of an axis by its name: `channels` or `c`, `depth`, `height`, `width`."""
    return next((size for key, size in sizes.items() if str(key).lower()[:1] == letter), None)


def other_rank(
    *, received: Sequence[int], expected: Sequence[object], option: str, **_: object
) -> Said:
    """An input from outside with more or fewer sizes than the one in the spec."""
    sizes = count(len(expected), "size")
    advice = f"give {sizes}; for another number of axes change `input:` in the spec"
    if len(received) == len(expected) + 1:
        advice = f"sizes are without the batch: write {_given(received[1:], option)}"
    elif len(received) + 1 == len(expected) > 1 and isinstance(expected[0], int):
        advice = f"channels come first: write {_given([expected[0], *received], option)}"
    return Said(
        message=f"the input {spell(received)} has {count(len(received), 'size')}, and that of the spec has "
        f"{len(expected)}",
        label=f"expected {sizes}",
        help=(advice,),
    )


def _given(sizes: Sequence[int], option: str) -> str:
    """As the command line writes it, or Python."""
    written_as = f"--input {spell(sizes)}" if option.startswith("--") else f"input={tuple(sizes)}"
    return code(written_as)


def batch_in_input(*, shape: Shape, received: object, **_: object) -> Said:
    """`input: [1, 3, 224, 224]`, which is a volume."""
    channels, depth, *_more = shape
    meant = flow(received[1:]) if isinstance(received, list) else str(list(shape[1:]))
    return Said(
        message=f"`input` is a volume of {count(channels, 'channel')} and depth {depth}: "
        f"{spell(shape)}",
        label="read as [C, D, H, W]",
        notes=("the batch is implied, and convolutions over four sizes are 3-d",),
        help=(f"write {code(f'input: {meant}')} if {channels} is the batch",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS407",
        "an input that is not a shape",
        """
        `input` is the shape of one sample, channels first, without the batch: [3, 224, 224] for images,
        [F] for vectors, [C, L] for sequences, [C, D, H, W] for volumes. What is given in its place
        (`--input 3x96x96`, `input=(3, 96, 96)`) has as many sizes: with another number of axes it would be
        another network.
        """,
        wrong=spec("- gap", input_="3x32x32"),
        right=spec("- gap", input_="[3, 32, 32]"),
        rules={"bad-input-shape": bad_input_shape, "other-rank": other_rank},
    ),
    page(
        "NS912",
        "an input that looks as if it began with a batch",
        """
        Shapes in a spec are those of one sample: the batch is implied. Four sizes are a volume,
        [C, D, H, W], so that [1, 3, 224, 224] is one channel of three slices, over which convolutions and
        pools are 3-d. That computes, with other weights than a network for images has. It is told for one
        channel and a depth of 1, 3 or 4; where volumes are meant, allow it: `# netspec: allow NS912`.
        """,
        wrong=spec(
            "- conv: {out_channels: 8, kernel_size: 3, padding: 1}", input_="[1, 3, 32, 32]"
        ),
        right=spec("- conv: {out_channels: 8, kernel_size: 3, padding: 1}", input_="[3, 32, 32]"),
        rules={"batch-in-input": batch_in_input},
    ),
)
