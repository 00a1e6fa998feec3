"""Fields that hold layers: a list of them, and branches, bare or named; what is wrong with their form."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.blocks import COMMON, BranchList, FieldKind, LayerList
from netspec.elaborate.definitions import Definition
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Slot
from netspec.elaborate.reporting import Sink
from netspec.messages import foreign
from netspec.messages.suggest import suggest
from netspec.records import record
from netspec.source import At


@record()
class Closure:
    """The context of a list of layers in a field: where it stands, and what it sees."""

    at: At
    env: Env


def layers_of(at: At, env: Env, sink: Sink) -> LayerList:
    """A list of layers in a field.

    Raises:
        Reported: it is none; that has been reported.
    """
    if not isinstance(at.data, list):
        raise sink.report("not-layers", at.span, received=at.data, block=_owner(at))
    if are_fields(at, env):
        raise sink.report("fields-as-list", at.span, block=str(at.path[-1]), received=at.data)
    return LayerList(Closure(at, env), len(at.data))


def are_fields(at: At, env: Env) -> bool:
    """Whether a bare list has the fields of its block behind dashes, and no layer."""
    data = at.data if isinstance(at.data, list) else []
    keys = [next(iter(one)) for one in data if isinstance(one, dict) and len(one) == 1]
    known = (*COMMON, *env.library.accepts(str(at.path[-1])))
    is_whole = bool(keys) and len(keys) == len(data)
    return is_whole and all(key in known and env.library.find(key) is None for key in keys)


def branches_of(at: At, env: Env, sink: Sink) -> BranchList:
    """Branches, bare or named.

    Raises:
        Reported: they are none, or one of them is no list; that has been reported.
    """
    data = at.data
    if isinstance(data, dict):
        named = tuple(layers_of(at / key, env, sink) for key in data)
        return BranchList(named, tuple(data))
    names = data if isinstance(data, list) else [data]
    if names and all(isinstance(one, str) and env.library.find(one) is None for one in names):
        raise sink.report("branches-are-names", at.span, names=names, block=_owner(at))
    if not isinstance(data, list):
        raise sink.report("not-branches", at.span, received=data)
    for number, entry in enumerate(data):
        if not isinstance(entry, list):
            raise sink.report("branch-not-a-list", (at / number).span, received=entry)
    return BranchList(tuple(layers_of(at / i, env, sink) for i in range(len(data))))


def loose_branches(
    name: str, definition: Definition, slots: Mapping[str, Slot], sink: Sink
) -> set[str]:
    """Named branches that stand beside `branches:` and not in it; they are told together."""
    kinds = definition.kinds
    loose = [slot.at for key, slot in slots.items() if key not in kinds]
    if not loose or "branches" in slots or kinds.get("branches") is not FieldKind.BRANCHES:
        return set()
    found = {str(at.path[-1]): at for at in loose if at is not None}
    known = (*kinds, *COMMON)
    lists = all(isinstance(at.data, list) for at in found.values()) and not any(
        foreign.field(key, known) or suggest(key, known) for key in found
    )
    if not (found and lists):
        return set()
    branches = {key: at.data for key, at in found.items()}
    span = next(iter(found.values())).key_span
    sink.report("loose-branches", span, block=name, branches=branches)
    return {*found, "branches"}


def _owner(at: At) -> str:
    """The block that a field of layers belongs to, as it was written."""
    keys = [key for key in at.path if isinstance(key, str)]
    fields = ("layers", "branches", "shortcut")
    return next((key for key in reversed(keys) if key not in fields), "")
