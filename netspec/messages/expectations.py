"""NS408: expectations that are not met, and where the difference must lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.diagnostics.printable import printable
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import Step, choices, code, flow, value, way_note, written
from netspec.shape import Shape, numel, spell

_MOST_PARTS = 8
"""Layers that are listed; of more, the rest is one number."""


def expectation(
    *,
    key: str,
    expected: object,
    found: object,
    variant: str | None = None,
    way: Sequence[Step] = (),
    held: bool = False,
    parts: Sequence[tuple[str, int]] = (),
    biases: int = 0,
    tensors: Sequence[tuple[str, Shape]] = (),
    **_: object,
) -> Said:
    """A number or shape that differs from what the author expects, of the file or of a variant."""
    message, label = _difference(key, expected, found)
    right = written(f"{key}: {flow(found)}")
    notes = _way(way, held=held)
    if isinstance(found, int) and isinstance(expected, int):
        notes = _parts(key, abs(found - expected), parts, biases, tensors)
    if variant is not None:
        return Said(
            message=message,
            label=f"{label} in variant {code(variant)}",
            notes=notes,
            help=(f"if the variant is right, give it an `expect` of its own with {right}",),
        )
    return Said(
        message=message,
        label=label,
        notes=notes,
        help=(f"if the network is right, write {right}",),
        fix=flow(found),
    )


def _difference(key: str, expected: object, found: object) -> tuple[str, str]:
    """Message and label."""
    names = {"params": "parameters", "macs": "MACs"}
    if isinstance(found, int) and isinstance(expected, int) and not isinstance(expected, bool):
        more = found - expected
        label = f"{abs(more)} {'more' if more > 0 else 'fewer'}"
        return f"expected {expected} {names.get(key, key)}, found {found}", label
    if isinstance(found, list | Mapping) and isinstance(expected, list | Mapping):
        message = f"expected {key} {_shapes(expected)}, found {_shapes(found)}"
        return message, f"is {_shapes(found)}"
    return f"expected {key} {value(expected)}, found {flow(found)}", f"is {flow(found)}"


def _way(way: Sequence[Step], *, held: bool) -> tuple[str, ...]:
    """How the shape came about: from the last layer whose shape was confirmed, or from the input."""
    if len(way) < 2:
        return ()
    title = f"since {code(way[0][0])}, whose shape holds: " if held else "shape so far: "
    return (title + way_note(way, title),)


def _parts(
    key: str,
    difference: int,
    parts: Sequence[tuple[str, int]],
    biases: int,
    tensors: Sequence[tuple[str, Shape]],
) -> tuple[str, ...]:
    """Where a difference in a number can lie, and what is exactly as large."""
    what = "parameters" if key == "params" else "MACs"
    notes = []
    if len(parts) > 1:
        listed = [f"{path} {number}" for path, number in parts[:_MOST_PARTS]]
        rest = parts[_MOST_PARTS:]
        if rest:
            listed.append(f"{len(rest)} more {sum(number for _, number in rest)}")
        notes.append(printable(f"{what}, the largest first: {', '.join(listed)}"))
    elif tensors and len(parts) < 2:
        listed = [f"{name} {spell(shape)} = {numel(shape)}" for name, shape in tensors]
        notes.append(f"{what}: {', '.join(listed)}")
    alike = [path for path, number in parts if number == difference]
    if biases == difference:
        notes.append(f"the difference is exactly that of the biases, {biases}")
    elif 1 <= len(alike) <= 2 and len(parts) > 1:
        notes.append(f"the difference is exactly that of {choices(alike)}")
    return tuple(notes)


def _shapes(data: list[object] | Mapping[object, object]) -> str:
    """`1000`, `64x8x8`, or every output with its own."""
    if isinstance(data, Mapping):
        return ", ".join(
            f"{name} {_shapes(shape) if isinstance(shape, list) else flow(shape)}"
            for name, shape in data.items()
        )
    return code("x".join(map(flow, data)))


def expect_one_output(*, key: str, **_: object) -> Said:
    """`shape` for a network with several outputs."""
    return Said(
        message=f"{code(key)} is for one value, and here are several",
        label="which one?",
        help=("write `shapes: {main: [...], ...}`, one for each output",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS408",
        "an expectation that is not met",
        """
        `expect:` on the network or on a layer states what the author knows: shape, parameters, MACs. A
        difference is an error, so that a spec checks itself. `params` counts everything in the state
        dict, `macs` the multiply-accumulates of inference.
        """,
        wrong=spec("- gap", "- flatten", "- linear: 10", sections="expect: {params: 41}"),
        right=spec("- gap", "- flatten", "- linear: 10", sections="expect: {params: 40}"),
        rules={"expectation": expectation, "expect-one-output": expect_one_output},
    ),
)
