"""Sentences about values of the wrong form: lists, mappings and blocks, with what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.blocks import GROUPS, Preset
from netspec.messages import foreign, translation
from netspec.messages.page import Said
from netspec.messages.types import subject
from netspec.messages.words import code, flow, got, join, written


def list_type(
    *,
    received: object,
    block: str = "",
    field: str = "",
    length: int = 0,
    from_outside: bool = False,
    **_: object,
) -> Said:
    """No list, or none of `length` entries; `from_outside` it was given by `--set`."""
    single = not isinstance(received, dict)
    parts = received.split(",") if isinstance(received, str) else [received] * (length or 1)
    form = f"a list of {length}" if length > 1 else "a list"
    listed = flow([part.strip() if isinstance(part, str) else part for part in parts])
    advice = f"write {written(listed)}" + " for a list of one" * (len(parts) == 1)
    if from_outside:
        setting = f"--set '{field}={listed.replace(' ', '')}'"
        advice = f"write {written(setting)}"
    return Said(
        message=f"{subject(block, field)} must be {form}, got {got(received)}",
        label=f"expected {form}",
        help=(advice,) if single else (),
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
        owner = None if meant is not None else _owner(field, str(name), given)
        if owner is not None:
            return Said(
                message=f"{what} must be a block, got {got(received)}",
                label="a field, and no block",
                help=(f"name the block that has it: {written(f'{field}: {flow(owner)}')}",),
            )
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


def _owner(field: str, name: str, given: object) -> Mapping[str, object] | None:
    """The block that a field belongs to which stands alone: `norm: {groups: 8}` is a `group_norm`."""
    group = {"norm": "Normalisation", "activation": "Activation"}.get(field)
    for entry in GROUPS.get(group or "", ()):
        own = entry.name if isinstance(entry, Preset) else entry.block_name
        known = tuple(translation.kinds(own))
        key = name if name in known else foreign.field(name, known)
        if key is not None:
            return {own: {key: given}}
    return None


def mapping_type(*, what: str, received: object, below: Sequence[str] = (), **_: object) -> Said:
    """A section that must be a mapping; `below` are the keys that stand behind it at its own indentation."""
    if below:
        return Said(
            message=f"nothing is indented below {code(what)}",
            label="empty",
            help=(f"indent {join([code(key) for key in below])} by two spaces",),
        )
    meant = _as_mapping(what, received)
    advice = f"write {written(f'{what}: {meant}')}" if meant else ""
    return Said(
        message=f"{code(what)} must be a mapping, got {got(received)}",
        label="expected `key: value`",
        help=(
            advice or f"write {written(what + ': {key: value}')}, or keys on lines of their own",
        ),
        fix=meant,
    )


def _as_mapping(what: str, received: object) -> str | None:
    """A list of single keys as one mapping, names of parameters with a type, a scheme for the weights."""
    if what == "init" and isinstance(received, str):
        return flow({"weight": received})
    if not isinstance(received, list) or not received:
        return None
    if all(isinstance(entry, dict) for entry in received):
        if what == "blocks":
            received = [_as_definition(entry) for entry in received]
        pairs = [pair for entry in received for pair in entry.items()]
        return flow(dict(pairs)) if len(dict(pairs)) == len(pairs) else None
    if what == "params" and all(isinstance(entry, str) for entry in received):
        return flow(dict.fromkeys(received, "int"))
    return None


def _as_definition(entry: Mapping[object, object]) -> Mapping[object, object]:
    """A block of a list whose sections stand beside its name: `{unit: null, params: ...}`."""
    (name, body), *others = entry.items()
    return {name: dict(others)} if body is None and others else entry


def outputs_type(*, received: object, **_: object) -> Said:
    """`outputs:` that is neither a list of names nor a mapping."""
    listed = received if isinstance(received, list) and received else []
    named = [entry for entry in listed if isinstance(entry, dict) and len(entry) == 1]
    form = f"[{received if isinstance(received, str) else 'name'}]"
    if named and len(named) == len(listed):
        form = flow({key: name for entry in named for key, name in entry.items()})
    return Said(
        message=f"`outputs` must be a list of names or a mapping, got {got(received)}",
        label="expected a list of names",
        help=(f"write {written(f'outputs: {form}')}",),
    )
