"""Names of the classes: after the block, after the ops of a unit, or after a group's own name.

A second structure of the same block is named by what it has more than the smallest one:
`Bottleneck` and `BottleneckProjection`. A number is the last resort.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from netspec.emit.body import Body, short_name, single_op
from netspec.emit.names import camel_case, network_class, pick_class_name, stem
from netspec.graph import Graph, Role

STRUCTURE = frozenset(
    {"add", "concat", "for_each", "mul", "parallel", "residual", "sequential", "split", "stack"}
)
"""Blocks that say how layers stand together, not what they are: their name names no class."""


def class_names(graph: Graph, groups: Sequence[Sequence[Body]]) -> tuple[str, ...]:
    """One name per group of bodies, and at the end the root's, which is chosen first."""
    root = network_class(graph.name)
    order = {path: place for place, path in enumerate(graph.scopes)}
    smallest: dict[str, Body] = {}
    for bodies in groups:
        base = _base_name(bodies)
        known = smallest.setdefault(base, bodies[0])
        smallest[base] = min(
            known, bodies[0], key=lambda body: (len(body.steps), order[body.scope.path])
        )
    taken = {root}
    found: dict[int, str] = {}
    keepers = [n for n, bodies in enumerate(groups) if smallest[_base_name(bodies)] is bodies[0]]
    others = [n for n in range(len(groups)) if n not in set(keepers)]
    for number in (*keepers, *others):
        bodies = groups[number]
        name = pick_class_name(_candidates(bodies, smallest[_base_name(bodies)]), taken)
        taken.add(name)
        found[number] = name
    return (*(found[number] for number in range(len(groups))), root)


def _base_name(bodies: Sequence[Body]) -> str:
    """What the class is called when nothing else is called so."""
    body = bodies[0]
    if body.is_unit:
        return "".join(_words(body, targets=False))
    if body.scope.block not in STRUCTURE and body.scope.role is not Role.COPIES:
        return _starting_with_letter(camel_case(body.scope.block))
    names = dict.fromkeys(_own_name(one) for one in bodies)
    own = next(iter(names)) if len(names) == 1 else stem(next(iter(names)))
    return _starting_with_letter(camel_case(own))


def _own_name(body: Body) -> str:
    """The nearest name on the path that is not a number."""
    named = [name for name in body.scope.path.split(".") if not name.isdigit()]
    return named[-1] if named else body.scope.block


def _starting_with_letter(name: str) -> str:
    return name if name[:1].isalpha() else f"Block{name}"


def _candidates(bodies: Sequence[Body], smallest: Body) -> list[str]:
    """Names to try in order."""
    body, base = bodies[0], _base_name(bodies)
    if body.is_unit:
        return [base, "".join(_words(body, targets=True))]
    if body is smallest:
        return [base, f"{base}Block"]
    by_child = _more(_child_words(body), _child_words(smallest))
    by_op = _more(_words(body, targets=False), _words(smallest, targets=False))
    extras = [extra for extra in (by_child, by_op) if 0 < len(extra) <= 3]
    return [*(base + "".join(extra) for extra in extras), base]


def _more(words: Sequence[str], fewer: Sequence[str]) -> list[str]:
    """The words that are more than in `fewer`, each once, in order."""
    extra = Counter(words) - Counter(fewer)
    return [word for word in dict.fromkeys(words) if word in extra]


def _child_words(body: Body) -> list[str]:
    """What each step is, by the name of its child without a counter."""
    return [camel_case(stem(step.name)) for step in body.steps if step.name]


def _words(body: Body, *, targets: bool) -> list[str]:
    """The short names of the single ops, or with `targets` torch's names of their modules."""
    found = []
    for member in body.members:
        op = single_op(member)
        if op is None:
            continue
        constructor = op.module if targets else None
        short = short_name(op)
        found.append(constructor.target.rpartition(".")[2] if constructor else short)
    return found
