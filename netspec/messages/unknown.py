"""Sentences about fields and keys that a spec does not have, and what was meant by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.messages import foreign, foreign_keys, translation
from netspec.messages.declaring import type_name
from netspec.messages.foreign_values import is_stray, meant
from netspec.messages.page import Said
from netspec.messages.words import (
    choices,
    code,
    did_you_mean,
    flow,
    join,
    only_guess,
    written,
)


def unknown_field(
    *,
    block: str,
    field: str,
    known: Sequence[str],
    common: Sequence[str] = (),
    others: Sequence[str] = (),
    value: object = None,
    needed: Sequence[str] = (),
    beside: Mapping[object, object] | None = None,
    inputs: Sequence[str] = (),
    read_inside: bool = False,
    **_: object,
) -> Said:
    """A field of others or of another block, `beside` others; `needed` ones are missing."""
    own = foreign.field(field, (*known, *common), value)
    near = did_you_mean(field, known) or did_you_mean(field, common)
    fix = only_guess(field, known) or only_guess(field, common)
    notes: tuple[str, ...] = ()
    if value is None and ("=" in field or field[:1] == "$"):
        advice, fix = _assignment(field, (*known, *common), needed)
    elif why := foreign.needless(field, known):
        advice, fix = (f"leave it out: {why}",), None
    elif instead := _instead(block, field, beside or {}, inputs, read_inside):
        advice = instead
    elif own is not None:
        advice, fix = _own_field(own, value)
    elif found := near or _layer_behind(block, field, value):
        advice = found
    else:
        advice = (*_needed(block, needed), _fields_of(block, known, others))
        notes = (f"{code(field)} is a field of {choices(others[:6], 'and')}",) * bool(others)
    return Said(
        message=f"{code(block)} has no field {code(field)}",
        label="unknown field",
        notes=notes,
        help=advice,
        fix=fix,
        sure=True,
    )


def _needed(block: str, needed: Sequence[str]) -> tuple[str, ...]:
    """That fields are missing, of which this may be one under another name."""
    if not needed:
        return ()
    fields = join([code(key) for key in needed])
    return (f"{code(block)} needs {fields}: is that what is meant?",)


def _instead(
    block: str,
    field: str,
    beside: Mapping[object, object],
    inputs: Sequence[str],
    read_inside: bool,
) -> tuple[str, ...]:
    """Help for a field that was not declared, an input given like a field, and what a block leaves as it is."""
    if read_inside:
        declared = written(f"params: {{{field}: {type_name(beside.get(field))}}}")
        return (f"{code(block)} reads it: declare it there by {declared}",)
    if field in inputs:
        read = [beside.get(name, "...") for name in inputs]
        layer = written(f"- {block}: {flow({'from': read})}")
        return (f"{code(field)} is an input of {code(block)}: write {layer}",)
    why, other = foreign.INSTEAD.get(
        (block, foreign.field(field, ("out_channels",)) or field), ("", "")
    )
    line = translation.layer(other, beside) if other else None
    return (f"{why}: for other channels write {written('- ' + line)}",) if line else ()


def _layer_behind(block: str, field: str, value: object) -> tuple[str, ...]:
    """Help for a field that is a layer of its own: `activation: relu` of `linear`, `dropout: 0.1`."""
    line: object = translation.layer(field, None if value is True else value)
    if field in foreign.TRUTHS:
        line = meant(field, value)
    if line is None:
        return ()
    what = code(f"- {flow(line)}") if isinstance(line, str) else f"a layer of the {field}"
    return (f"put {what} on a line of its own, behind {code(block)}",)


def _own_field(own: str, value: object) -> tuple[tuple[str, ...], str | None]:
    """The field that was meant, with its value; the key alone is mended where the value stays."""
    if value is None or isinstance(value, dict):
        return (f"write {code(own + ': ...')}",), own
    ours = meant(own, value)
    return (f"write {written(f'{own}: {flow(ours)}')}",), own if ours == value else None


def _assignment(
    field: str, known: Sequence[str], needed: Sequence[str]
) -> tuple[tuple[str, ...], str | None]:
    """`kernel_size=3`, or a value alone in the braces: `{$width}`."""
    if field[:1] == "$":
        line = f"{(*needed, *known)[0]}: {field}"
        return (f"give the value its field: {written(line)}",), line
    key, _, given = field.partition("=")
    own = foreign.field(key, known) or key
    return (f"write {written(f'{own}: {given}')}",), f"{own}: {given}"


def _fields_of(block: str, known: Sequence[str], others: Sequence[str]) -> str:
    if others:
        return f"delete it; {code('netspec blocks ' + block)} shows what {code(block)} has"
    if len(known) > 1:
        return f"fields of {code(block)} are {choices(known, 'and')}"
    if known:
        return f"the one field of {code(block)} is {code(known[0])}"
    return f"{code(block)} has no fields of its own"


def _chosen_outside(received: str, value: object) -> tuple[str, str] | None:
    """A key for what whoever builds the spec chooses: a note and help."""
    if received == "variant" and isinstance(value, str):
        line = f"leave it out, and choose by {code(f'--variant {value}')}"
        return "a file has all its variants, and whoever builds it chooses", line
    if received in ("plugin", "plugins"):
        line = "leave it out: `--plugin NAME`, or `plugins=[...]` in Python, enables one"
        return "a spec cannot enable plug-ins, because they are code", line
    return None


def unknown_key(
    *, received: str, where: str, known: Sequence[str], value: object = None, **_: object
) -> Said:
    """A key that the spec, a block or another section does not have."""
    place = where if " " in where else code(where)
    listed = f"its keys are {choices(known, 'and')}"
    own = foreign_keys.section(received, known, where)
    fix = own or only_guess(received, known)
    advice = did_you_mean(received, known) or (listed,)
    if chosen := _chosen_outside(received, value):
        note, line = chosen
        message = f"{place} has no key {code(received)}"
        return Said(message=message, label="unknown key", notes=(note,), help=(line,))
    if own == "macs" and received.lower().startswith("flop"):
        is_even = isinstance(value, int) and value % 2 == 0
        half = f"macs: {value // 2 if is_even and isinstance(value, int) else '...'}"
        advice, fix = (f"write {code(half)}: a multiply and an add are two FLOPs",), None
    elif own == "outputs" and isinstance(value, str):
        advice, fix = (f"write {written(f'outputs: [{value}]')}",), None
    elif own is not None:
        advice = (f"write {code(own + ':')}",)
    elif where == "the spec" and received.lower() in foreign_keys.TRAINING:
        advice = ("leave it out: a spec says what the network is, not how it is trained",)
    elif where == "the spec" and advice[0] == listed and is_stray(value):
        advice = (
            f"for a parameter, declare it: {written(f'params: {{{received}: {flow(value)}}}')}",
        )
    elif where == "the spec" and advice[0] == listed and isinstance(value, list):
        advice = ("for layers: there is one list, under `layers:`",)
    return Said(
        message=f"{place} has no key {code(received)}",
        label="unknown key",
        help=advice,
        fix=fix,
        sure=True,
    )
