"""NS222: a name that an expression cannot read, and how to make it readable there."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages import foreign
from netspec.messages.conditions import PHASE, PHASES
from netspec.messages.declaring import declaration, usual
from netspec.messages.page import Said
from netspec.messages.words import choices, code, did_you_mean, flow, only_guess, written

_SIZES = ("in_channels", "in_features", "in_height", "in_width")


def unknown_name(
    *,
    name: str,
    known: Sequence[str],
    text: str = "",
    path: Sequence[object] = (),
    below: bool = False,
    **_: object,
) -> Said:
    """`$widht`, or a parameter that nobody has declared; `below` says that it is a later name of a `let`.

    The sizes of the input are never proposed for a name without `in`: they are another thing.
    """
    candidates = [one for one in known if one not in _SIZES or name.startswith("in")]
    advice = did_you_mean(name, candidates)
    fix = only_guess(name, candidates)
    notes: tuple[str, ...] = ()
    if not advice and name in foreign.COPY and "index" in known:
        advice, fix = ("write `index`: the number of the copy, from 0",), "index"
    elif not advice and name == "index":
        advice, notes = _no_index(path)
    elif below or (not advice and name.lower() in PHASES and path[-1:] == ("when",)):
        advice = (_below(name, path) if below else PHASE,)
    elif name in _SIZES:
        advice, fix = (_no_size(name, known),), None
    elif not advice:
        advice, notes = _declared(name, path)
        if text not in {f"${name}", f"$({name})"}:
            quoted = f"'{name}'"
            advice = (*advice, f"or quote it, if it is a text: {code(quoted)}")
        if known and len(known) <= 12:
            notes = (*notes, f"names here: {choices(known, 'and')}")
    return Said(
        message=f"there is no name {code(name)} here",
        label="unknown name",
        notes=notes,
        help=advice,
        fix=fix,
        sure=True,
    )


def _no_index(path: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`$index` where no copy is: help and notes."""
    if path[-1:] in (("repeat",), ("when",), ("from",)):
        notes = (f"{code(str(path[-1]))} is read once, outside the copies that it belongs to",)
        return ("put it on a layer inside of `- sequential: {repeat: 2, layers: [...]}`",), notes
    advice = ("`index` is the number of a copy: add `repeat` to the layer",)
    if path[:1] != ("blocks",) or len(path) < 2:
        return advice, ()
    line = f"- {path[1]}: {{repeat: 2, number: $index}}"
    given = f"or for the copies of the block, declare `params: {{number: int}}`, and give it: {code(line)}"
    return (*advice, given), ()


def _below(name: str, path: Sequence[object]) -> str:
    """A `let` that is read before it is computed."""
    if name in path:
        return "a value cannot be computed from itself"
    return f"{code(name)} is computed further down: move it up, before this line"


def _no_size(name: str, known: Sequence[str]) -> str:
    """A size of the input where there is no input, or one that has no such axis."""
    sizes = [one for one in _SIZES if one in known]
    if sizes:
        return f"the input here has no {name.removeprefix('in_')}: read {choices([f'${one}' for one in sizes])}"
    return f"{code('$' + name)} can be read in layers, and under the `let:` of a block"


def _declared(name: str, path: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How to declare a name that is read at `path`: help and notes."""
    declared, block = declaration(name, path)
    if block is None:
        return (f"declare it: {written(declared)}, or compute it under `let:`",), ()
    field = next(key for key in reversed(path) if isinstance(key, str))
    notes = (f"the block {code(block)} sees its own parameters, not those of the file",)
    if "layers" in path:
        line = written(f"- {block}: {{{name}: {flow(usual(field))}}}")
        return (f"declare it in {code(block)}, {written(declared)}, and give it: {line}",), notes
    line = written(f"- {block}: {{{field}: {flow(usual(field))}}}")
    return (f"leave {code(field)} out, and give it where {code(block)} is used: {line}",), notes
