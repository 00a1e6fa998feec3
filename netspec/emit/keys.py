"""Which scopes are one class: those of one block with equal children, wiring and expressions.

Where they differ in one thing only, the activation of their units, they are one class too: it takes the
class of these units, as `conv`, like the `norm_layer` of torchvision. Two such choices would say less
than two classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from netspec.emit.body import Body, Call
from netspec.emit.modules import Make, Module, Ref, Run, units
from netspec.emit.resolution import Instance
from netspec.ops import Activation

Families = Mapping[str | int, object]
"""The number of a unit's class -> what it has in common with those that differ in the activation."""


def grouped(instances: Sequence[Instance], families: Families) -> list[list[Instance]]:
    """The instances of each class-to-be, in their order."""
    sizes = Counter(families.values())
    several = {target: kin for target, kin in families.items() if sizes[kin] > 1}
    found: list[list[Instance]] = []
    for members in _by_key(instances, several):
        split = several and len(_choices(members)) > 1
        found += _by_key(members, {}) if split else [members]
    return found


def _by_key(instances: Sequence[Instance], families: Families) -> list[list[Instance]]:
    found: dict[object, list[Instance]] = {}
    for instance in instances:
        found.setdefault(_key(instance, families), []).append(instance)
    return list(found.values())


def _choices(instances: Sequence[Instance]) -> set[tuple[object, ...]]:
    """The classes of children that differ between instances, each as one per instance."""
    rows = (
        [make.target for child in one.children for _, make in units(*child)] for one in instances
    )
    return {column for column in zip(*rows, strict=True) if len(set(column)) > 1}


def family(instance: Instance, made: Make) -> object:
    """What a unit has in common with those that differ from it in the activation; None for no unit.

    They are called alike: with the same arguments, of the same defaults.
    """
    body = instance.body
    last = body.steps[-1]
    if not body.is_unit or last.call is not Call.EXPRESSION or not isinstance(last.op, Activation):
        return None
    signature = tuple((one.name, one.default, one.positional) for one in made.arguments)
    return _key(instance, {}, but=len(body.steps) - 1), signature


def _key(instance: Instance, families: Families, but: int | None = None) -> object:
    """What instances of one class have in common. A unit is one whatever its block is called.

    `but` is a step whose expression does not count.
    """
    body = instance.body
    children = iter(instance.children)
    steps = tuple(
        (
            step.name if step.call is Call.MODULE else "",
            step.call,
            (_spelling(body, number) if number != but else "")
            if step.call is Call.EXPRESSION
            else _module_key(next(children)[1], families),
            step.inputs,
            step.outputs,
            step.training,
            step.op.prepared("x") if step.prepares and step.op is not None else "",
        )
        for number, step in enumerate(body.steps)
    )
    return ("" if body.is_unit else body.scope.block, body.arguments, steps, body.results)


def _spelling(body: Body, number: int) -> str | None:
    step = body.steps[number]
    names = [f"value_{slot}" for slot in step.inputs]
    return None if step.op is None else step.op.expression(names)


def _module_key(module: Module, families: Families) -> object:
    if isinstance(module, Run):
        return "copies", _module_key(module.make, families)
    if not isinstance(module, Make):
        return tuple((name, _module_key(entry, families)) for name, entry in module.entries)
    names = tuple(argument.name for argument in module.arguments)
    assert not isinstance(module.target, Ref)  # noqa: S101 - only a class that is planned has them
    return families.get(module.target, module.target), names
