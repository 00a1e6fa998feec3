"""NS111: numbers that readers of YAML disagree on."""

from __future__ import annotations

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, written
from netspec.messages.words import value as shown


def octal_integer(
    *, received: str, suggestion: str = "", octal: int | None = None, **_: object
) -> Said:
    """`010`, and `0o10`."""
    if "o" in received:
        return other_base(received=received, suggestion=suggestion)
    other = f"YAML 1.1 reads it as octal {octal}" if octal is not None else "it looks octal"
    return Said(
        message=f"the number {code(received)} has a leading zero",
        label=other,
        help=(f"write {written(suggestion)}",),
        fix=suggestion,
    )


def other_base(*, received: str, suggestion: str = "", **_: object) -> Said:
    """`0x10`, `0b11`."""
    return Said(
        message=f"the number {code(received)} is not decimal",
        label="numbers are decimal",
        help=(f"write {written(suggestion)}",) if suggestion else (),
        fix=suggestion or None,
    )


def sexagesimal(
    *, received: str, suggestion: str, sexagesimal: int | None = None, **_: object
) -> Said:
    """`3:30`."""
    other = f"YAML 1.1 reads it as the number {sexagesimal}" if sexagesimal is not None else ""
    return Said(
        message=f"{code(received)} is a number in base 60 to some readers and text to others",
        label=other or "text or number",
        help=(f"if it is text, quote it: {written(suggestion)}",),
        fix=suggestion,
    )


def underscore_integer(*, received: str, suggestion: str, **_: object) -> Said:
    """`1_000`."""
    return Said(
        message=f"{code(received)} is a number to some readers and text to others",
        label="digits without separators",
        help=(f"write {written(suggestion)}",),
        fix=suggestion,
    )


def number_not_ascii(*, received: str, suggestion: str, **_: object) -> Said:
    """Full-width digits."""
    return Said(
        message=f"{code(received)} looks like a number, and YAML reads it as text",
        label="not the digits 0 to 9",
        help=(f"write {written(suggestion)}",),
        fix=suggestion,
    )


def not_finite(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """`.inf`, `.nan`, `1e999`."""
    text = code(received) if isinstance(received, str) else shown(received)
    where = f"{code(field)} of {code(block)} must be finite, got {text}" if field else ""
    return Said(
        message=where or f"{text} is not a finite number",
        label="not finite",
        help=("give a finite number",),
    )


def integer_too_long(*, digits: int, maximum: int, **_: object) -> Said:
    """An integer with thousands of digits."""
    return Said(
        message=f"an integer of {digits} digits",
        label=f"at most {maximum} digits",
        help=("no size of a network is that large",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS111",
        "a number that readers of YAML disagree on",
        """
        Numbers follow YAML 1.2: `64`, `-1`, `0.5`, `1e-3`. What YAML 1.1 reads differently is refused
        with what to write instead: `010` (octal there), `0x10`, `3:30` (base 60 there), `1_000`. Digits of
        other scripts, infinite numbers and integers of more than 18 digits are refused too.
        """,
        wrong=spec("- conv: {out_channels: 064, kernel_size: 1}"),
        right=spec("- conv: {out_channels: 64, kernel_size: 1}"),
        rules={
            "octal-integer": octal_integer,
            "hex-integer": other_base,
            "binary-integer": other_base,
            "sexagesimal": sexagesimal,
            "underscore-integer": underscore_integer,
            "number-not-ascii": number_not_ascii,
            "not-finite": not_finite,
            "finite-number": not_finite,
            "integer-too-long": integer_too_long,
        },
    ),
)
