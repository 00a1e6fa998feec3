"""Which tensor of a source goes to which tensor of a network: by name, by order, or by a key map.

By order, units (a module's own tensors) are paired as they run. Order of execution is the only one that
two implementations of a network share: by shape alone half of a network is ambiguous, and the order of
registration is another one wherever a module is made early and called late, such as an auxiliary head.
Where the two sequences differ, the longest common stretches are paired, and what lies between two of them
one to one if the names of its tensors are alike. Branches that run in another order are not paired by
their shapes (two norms are alike everywhere): a key map says which is which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from netspec.weights.fitting import Fit, Place, fit
from netspec.weights.tensors import TensorInfo, Unit, by_key
from netspec.weights.transfer import Outcome, Transfer

Pairs = Mapping[str, str]
"""Key in the model -> key in the source."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs, the tensors of the source, and the groups of its convolutions where they are known."""

    pairs: Pairs
    source: tuple[TensorInfo, ...]
    groups: Mapping[str, int]


def by_name(places: Sequence[Place], source: Sequence[TensorInfo]) -> Pairs:
    """The keys that both have."""
    known = by_key(source)
    return {place.tensor.key: place.tensor.key for place in places if place.tensor.key in known}


def by_order(units: Sequence[Unit], source: Sequence[Unit]) -> Pairs:
    """The tensors of units that stand at the same place of both sequences, or of a common stretch."""
    return {
        here.key: there.key
        for mine, theirs in _unit_pairs(units, source)
        for here, there in _tensor_pairs(mine, theirs)
    }


def _unit_pairs(units: Sequence[Unit], source: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Pairs of units; what is alike at both ends needs no search, which is quadratic in equal layers."""
    here = [unit.signature for unit in units]
    there = [unit.signature for unit in source]
    start = _alike(zip(here, there, strict=False))
    both = min(len(here), len(there)) - start
    end = min(_alike(zip(reversed(here), reversed(there), strict=False)), both)
    yield from zip(units[:start], source[:start], strict=True)
    inner, other = units[start : len(units) - end], source[start : len(source) - end]
    middle = here[start : len(here) - end], there[start : len(there) - end]
    for tag, a, b, c, d in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        if tag == "equal" or b - a == d - c:
            yield from zip(inner[a:b], other[c:d], strict=True)
    yield from zip(units[len(units) - end :], source[len(source) - end :], strict=True)


def _alike(pairs: Iterable[tuple[object, object]]) -> int:
    """How many pairs are equal before the first that is not."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _tensor_pairs(mine: Unit, theirs: Unit) -> Iterator[tuple[TensorInfo, TensorInfo]]:
    """Tensors by name; a single weight that is called otherwise (`gamma`) is the one there is."""
    names = {tensor.name: tensor for tensor in theirs.tensors}
    if len(mine.weights) == len(theirs.weights) == 1:
        yield mine.weights[0], theirs.weights[0]
    else:
        yield from ((one, names[one.name]) for one in mine.weights if one.name in names)
    yield from (
        (one, names[one.name]) for one in mine.tensors if one.is_counter and one.name in names
    )


def transfers(places: Sequence[Place], pairing: Pairing) -> Iterator[Transfer]:
    """What would become of every tensor; nothing has been looked into yet.

    A counter of batches that the source lacks is not missed.
    """
    known = by_key(pairing.source)
    used: set[str] = set()
    for place in places:
        target = place.tensor
        key = pairing.pairs.get(target.key)
        if key is None:
            if not target.is_counter:
                yield Transfer(Outcome.MISSING, target.key, target.shape)
            continue
        used.add(key)
        source = known[key]
        yield _pair(target, source, fit(place, source, pairing.groups.get(key)))
    for source in pairing.source:
        if source.key not in used:
            yield Transfer(
                Outcome.UNEXPECTED,
                source_key=source.key,
                source_shape=source.shape,
                dtype=source.dtype,
            )


def _pair(target: TensorInfo, source: TensorInfo, found: Fit) -> Transfer:
    if not found.fits:
        outcome = Outcome.UNFIT
    elif found.reshaped:
        outcome = Outcome.RESHAPED
    else:
        outcome = Outcome.MATCHED if target.key == source.key else Outcome.MOVED
    return Transfer(
        outcome, target.key, target.shape, source.key, source.shape, source.dtype, found.reason
    )
