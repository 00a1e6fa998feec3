"""What a misspelt or unreadable text may have been meant as: enough to stay quiet about what is missing."""

from __future__ import annotations

from netspec.elaborate.definitions import Definition
from netspec.elaborate.environment import Entries, Env
from netspec.elaborate.evaluate import Slot
from netspec.messages import foreign
from netspec.messages.suggest import suggest


def misspelt(key: str, failed: set[str]) -> bool:
    """Whether a missing field is there under a misspelt name, which has been reported already."""
    return any(
        key in suggest(wrong, [key])
        or foreign.field(wrong, [key]) == key
        or wrong.startswith(f"{key}=")
        for wrong in failed
    )


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
