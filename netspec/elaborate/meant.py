"""What a misspelt or unreadable text may have been meant as: enough to stay quiet about what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netspec.blocks import COMMON
from netspec.diagnostics import Label
from netspec.elaborate.definitions import Definition, Library, YamlBlock
from netspec.elaborate.environment import Entries, Env
from netspec.elaborate.evaluate import Slot
from netspec.elaborate.mentions import names_in
from netspec.elaborate.names import SIZES
from netspec.elaborate.reporting import Reported, Sink
from netspec.limits import Limits
from netspec.messages import foreign
from netspec.messages.suggest import suggest
from netspec.source import At


def misspelt(key: str, failed: set[str]) -> bool:
    """Whether a missing field is there under a misspelt name, which has been reported already."""
    return any(
        key in suggest(wrong, [key])
        or foreign.field(wrong, [key]) == key
        or wrong.startswith(f"{key}=")
        for wrong in failed
    )


def still_missing(missing: Iterable[str], failed: set[str], definition: Definition) -> list[str]:
    """The missing fields that no unknown one stands for: one that is near nothing can be any of them."""
    known = (*definition.kinds, *COMMON)
    left = [key for key in missing if not misspelt(key, failed)]
    unknown = [key for key in failed if key not in known and not suggest(key, known)]
    return [] if len(left) <= len(unknown) else left


def declarations(definition: Definition, fields: Sequence[str] = ()) -> tuple[Label, ...]:
    """Where the block of a file declares these fields, or all that it has."""
    if not isinstance(definition, YamlBlock):
        return ()
    if fields:
        places = [definition.parameters[key].at for key in fields]
        return tuple(Label(at.key_span, "declared here") for at in places)
    section = definition.at.get("params")
    if section is None:
        return (Label(definition.at.key_span, "has no `params`"),)
    return (Label(section.key_span, "the fields of this block"),)


def lost_slots(
    name: str, entries: Entries, definition: Definition | None, env: Env
) -> dict[str, Slot]:
    """The fields that defaults may give this block which could not be read."""
    if definition is None or entries.at is None:
        return {}
    if name in entries.empty or not entries.readable:
        return {key: Slot(entries.at, env, lost=True) for key in definition.kinds}
    found: dict[str, Slot] = {}
    for at in entries.lost:
        given = at.data if isinstance(at.data, dict) else (definition.bare_field or "",)
        names = {*given, str(at.path[-1])}
        keys = [key for key in definition.kinds if key in names or misspelt(key, names)]
        found |= {key: Slot(at, env, lost=True) for key in keys}
    return found


def undeclared(definition: Definition) -> set[str]:
    """The names that the body of a block reads and that are neither its parameters nor its `let`."""
    if not isinstance(definition, YamlBlock):
        return set()
    let = definition.let.data if definition.let is not None else {}
    known = {*definition.parameters, *(let if isinstance(let, dict) else ()), *SIZES}
    return names_in([definition.layers, definition.let], Limits()) - known


def _around(at: At) -> At:
    """What a place stands in."""
    place = at.document.at()
    for key in at.path[:-1]:
        place /= key
    return place


def unknown_field(
    sink: Sink,
    block: str,
    at: At | None,
    definition: Definition,
    library: Library,
    needed: Sequence[str] = (),
) -> Reported:
    """Report the key at `at`, which `block` does not take, and say which blocks do.

    `needed` are the fields that are missing: one of them may be meant.
    """
    assert at is not None  # noqa: S101 - it was written: the presets of the registry fit their blocks
    key = at.path[-1]
    others = [
        other for other in library.names() if other != block and key in library.accepts(other)
    ]
    known = tuple(definition.kinds)
    facts = {"known": known, "common": COMMON, "others": tuple(others), "value": at.data}
    facts["needed"] = tuple(needed)
    facts["beside"] = _around(at).data
    if isinstance(definition, YamlBlock):
        facts["inputs"] = tuple(str(one.data) for one in definition.input_names)
        facts["read_inside"] = key in undeclared(definition)
    labels = declarations(definition)
    return sink.report("unknown-field", at.key_span, labels, block=block, field=key, **facts)
