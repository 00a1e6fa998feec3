"""Sentences about values of the wrong form: lists, mappings and blocks, with what was meant."""

from __future__ import annotations

from netspec.messages import foreign, translation
from netspec.messages.page import Said
from netspec.messages.types import subject
from netspec.messages.words import code, flow, got, written


def list_type(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """No list."""
    single = not isinstance(received, dict)
    listed = f"[{flow(received)}]"
    return Said(
        message=f"{subject(block, field)} must be a list, got {got(received)}",
        label="expected a list",
        help=(f"write {written(listed)} for a list of one",) if single else (),
        fix=listed if single else None,
    )


def list_length(
    *,
    actual_length: int,
    block: str = "",
    field: str = "",
    min_length: int | None = None,
    max_length: int | None = None,
    **_: object,
) -> Said:
    """A list with too few or too many entries."""
    wanted = min_length if min_length is not None else max_length or 0
    entries = "1 entry" if wanted == 1 else f"{wanted} entries"
    return Said(
        message=f"{subject(block, field)} must have {entries}, got {actual_length}",
        label=f"expected {entries}",
    )


def block_value(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Neither the name of a block nor `{name: {fields}}`."""
    what = subject(block, field) if field else "this"
    advice: tuple[str, ...] = ()
    fix = None
    if isinstance(received, dict) and len(received) == 1:
        ((name, given),) = received.items()
        meant = translation.part(str(name), given)
        has_fields = meant is None or ":" in meant
        fields = written(meant or f"{{{name}: {{...}}}}")
        advice = (
            f"write its fields in braces: {fields}" if has_fields else f"write {fields} alone",
        )
        fix = meant.partition(": ")[2].removesuffix("}") if meant and has_fields else None
    elif received is False:
        advice, fix = ("write `none` to switch it off",), "none"
    elif received is True and field in foreign.TRUTHS:
        fix = foreign.TRUTHS[field]
        advice = (f"say which one: {code(f'{field}: {fix}')}",)
    elif isinstance(received, dict) and received:
        advice = ("give one block: its name, and its fields in braces behind it",)
    return Said(
        message=f"{what} must be a block, got {got(received)}",
        label="expected a name, or `{name: {fields}}`",
        help=advice,
        fix=fix,
    )


def mapping_type(*, what: str, received: object, **_: object) -> Said:
    """A section that must be a mapping."""
    return Said(
        message=f"{code(what)} must be a mapping, got {got(received)}",
        label="expected `key: value`",
        help=(f"write {written(what + ': {key: value}')}, or keys on lines of their own",),
    )


def outputs_type(*, received: object, **_: object) -> Said:
    """`outputs:` that is neither a list nor a mapping."""
    name = received if isinstance(received, str) else "name"
    return Said(
        message=f"`outputs` must be a list of names or a mapping, got {got(received)}",
        label="expected a list of names",
        help=(f"write {written(f'outputs: [{name}]')}",),
    )
