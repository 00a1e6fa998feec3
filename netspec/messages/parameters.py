"""NS212: how parameters are declared."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages import foreign
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import choices, code, did_you_mean, got, only_guess, written


def parameter_default(
    *, name: str, received: object, variant: str = "", given: bool = False, **_: object
) -> Said:
    """A parameter whose default is null or an expression, or its value in a variant or from outside."""
    if given:
        return Said(
            message=f"the value of {code(name)} cannot be an expression",
            label="an expression",
            help=("give a literal value",),
        )
    if variant:
        return Said(
            message=f"the value of {code(name)} in variant {code(variant)} cannot be an expression",
            label="an expression",
            help=("give a literal value, or compute it under `let:`",),
        )
    if received is None:
        return Said(
            message=f"the parameter {code(name)} has neither a type nor a default",
            label="nothing here",
            help=(f"write {written(name + ': int')} if it must be given, or a default",),
        )
    return Said(
        message=f"the default of parameter {code(name)} cannot be an expression",
        label="an expression",
        help=("give a literal value, or compute it under `let:`",),
    )


def parameter_declaration(
    *, name: str, unknown: Sequence[str], known: Sequence[str], **_: object
) -> Said:
    """A declaration with an unknown key, or without a type."""
    if unknown:
        return Said(
            message=f"the declaration of {code(name)} has no key {code(unknown[0])}",
            label="unknown key",
            help=did_you_mean(unknown[0], known) or (f"its keys are {choices(known, 'and')}",),
            fix=only_guess(unknown[0], known),
        )
    return Said(
        message=f"the declaration of {code(name)} has no `type`",
        label="`type` is missing",
        help=(f"write {written(name + ': {type: int, default: 32}')}",),
    )


def parameter_bound(*, name: str, received: object, **_: object) -> Said:
    """`min: two`."""
    return Said(
        message=f"a bound of parameter {code(name)} must be a number, got {got(received)}",
        label="expected a number",
    )


def parameter_type(
    *, received: object, known: Sequence[str], alone: bool = False, **_: object
) -> Said:
    """`type: integer`; `alone` it stands in the place of a default."""
    word = received if isinstance(received, str) else ""
    if word[:1] == "[" and {kind.strip() for kind in word[1:-1].split(",")} <= set(known):
        help_ = (f"without quotes: {written('type: ' + word)}",)
        return Said(message=f"{got(received)} is not a type", label="a text", help=help_)
    meant = foreign.TYPES.get(word) or (only_guess(word, known) if word else None)
    listed = f"types are {choices(known, 'and')}, and lists such as `[int]` and `[int, int]`"
    quoted = f"or {written(chr(34) + word + chr(34))} for a text with this default" * alone
    return Said(
        message=f"{got(received) if not word else code(word)} is not a type",
        label="unknown type",
        help=(f"write {written(meant)}", quoted) if meant else (listed,),
        fix=meant,
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS212",
        "a parameter that is declared wrongly",
        """
        A parameter is declared by a default (`width: 32`), by a type alone when it must be given
        (`width: int`), or by both: `width: {type: int, default: 32, min: 1, doc: ...}`. Types are `int`,
        `float`, `bool`, `text`, `block`, and lists such as `[int]` and `[int, int]`.
        """,
        wrong=spec(
            "- gap",
            "- flatten",
            "- linear: $n",
            sections="params: {n: {type: integer, default: 32}}",
        ),
        right=spec(
            "- gap", "- flatten", "- linear: $n", sections="params: {n: {type: int, default: 32}}"
        ),
        rules={
            "parameter-default": parameter_default,
            "parameter-declaration": parameter_declaration,
            "parameter-bound": parameter_bound,
            "parameter-type": parameter_type,
        },
    ),
)
