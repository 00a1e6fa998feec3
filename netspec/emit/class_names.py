"""Names of the classes: after the block, after the ops of a unit, or after a group's own name.

Each of several structures of one block is named by what it has more than all of them:
`Bottleneck` and `BottleneckProjection`. A number is the last resort.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_

from netspec.emit.body import Body, short_name, single_op
from netspec.emit.names import camel_case, network_class, pick_class_name, stem
from netspec.graph import Graph, Role

_WORDS = 4
"""A name of more words says less than a number."""

STRUCTURE = frozenset(
    {"add", "concat", "for_each", "mul", "parallel", "residual", "sequential", "split", "stack"}
)
"""Blocks that say how layers stand together, not what they are: their name names no class."""


def class_names(
    graph: Graph, groups: Sequence[Sequence[Body]], parameters: Iterable[str]
) -> tuple[str, ...]:
    """One name per group of bodies, and at the end the root's, which is chosen first.

    None is that of a parameter: a constructor that takes `Right` could not call the class `Right`.
    """
    root = network_class(graph.name)
    order = {path: place for place, path in enumerate(graph.scopes)}
    families: dict[str, list[int]] = {}
    for number, bodies in enumerate(groups):
        families.setdefault(_base_name(bodies), []).append(number)
    wanted: dict[int, list[str]] = {}
    simplest: list[int] = []
    for base, family in families.items():
        firsts = {number: groups[number][0] for number in family}
        smallest = min(family, key=lambda n: (len(firsts[n].steps), order[firsts[n].scope.path]))
        simplest.append(smallest)
        extras = _extras(firsts)
        for number, body in firsts.items():
            rest = ["".join(_words(body, targets=True))] if body.is_unit else []
            plain = [base, f"{base}Block"] if number == smallest else [base]
            wanted[number] = [base + extras[number], *rest, *plain]
    taken = {root, *parameters}
    found: dict[int, str] = {}
    for number in (*simplest, *(n for n in range(len(groups)) if n not in set(simplest))):
        found[number] = pick_class_name(wanted[number], taken)
        taken.add(found[number])
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


def _extras(family: Mapping[int, Body]) -> dict[int, str]:
    """What each of the structures of one block has more than all have; nothing where that is too much.

    By the names of its children; structures that have the same are told apart by what is inside those.
    """
    extras = _more({number: _child_words(body) for number, body in family.items()})
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, extra in extras.items():
        alike.setdefault(tuple(extra), []).append(number)
    for numbers in alike.values():
        if len(numbers) > 1:
            inner = _more({number: _inner_words(family[number]) for number in numbers})
            extras |= {number: [*extras[number], *inner[number]] for number in numbers}
    return {n: "".join(extra) if len(extra) <= _WORDS else "" for n, extra in extras.items()}


def _more(family: Mapping[int, Sequence[str]]) -> dict[int, list[str]]:
    """The words that are more than in all, each once, in order; of those that come together the last."""
    counts = {number: Counter(words) for number, words in family.items()}
    common = reduce(and_, counts.values())
    extra = {number: Counter(words) - common for number, words in counts.items()}
    places = {
        word: frozenset(number for number in family if word in extra[number])
        for words in extra.values()
        for word in words
    }
    return {
        number: [
            word
            for place, word in enumerate(own)
            if places[word] not in {places[later] for later in own[place + 1 :]}
        ]
        for number, own in ((number, list(words)) for number, words in extra.items())
    }


def _child_words(body: Body) -> list[str]:
    """What each step is, by the name of its child without a counter."""
    return [camel_case(stem(step.name)) for step in body.steps if step.name]


def _inner_words(body: Body) -> list[str]:
    """The short names of all ops inside, each once: how often it is there says nothing."""
    return list(dict.fromkeys(short_name(node.op) for node in body.scope.nodes()))


def _words(body: Body, *, targets: bool) -> list[str]:
    """The short names of the single ops, or with `targets` torch's names of their modules."""
    found = []
    for member in body.members:
        op = single_op(member)
        if op is None:
            continue
        constructor = op.module if targets else None
        name = constructor.target.rpartition(".")[2] if constructor else short_name(op)
        found.append(f"Pad{name}" if constructor and op.prepares else name)
    return found
