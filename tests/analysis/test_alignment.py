"""Alignment: every place once, both orders kept, the best score of all."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.analysis import alignment
from netspec.analysis.alignment import Pair, align

letters = st.lists(st.sampled_from("abcA"), max_size=7)


def score(one: str, other: str) -> float:
    if one == other:
        return 3.0
    return 1.0 if one.lower() == other.lower() else 0.0


def aligned(before: list[str], after: list[str]) -> list[Pair]:
    return align(before, after, str, score)


def total(before: list[str], after: list[str], pairs: list[Pair]) -> float:
    return sum(score(before[a], after[b]) for a, b in pairs if a is not None and b is not None)


@given(letters, letters)
def test_every_place_stands_once_and_in_order(before: list[str], after: list[str]) -> None:
    pairs = aligned(before, after)
    assert [a for a, _ in pairs if a is not None] == list(range(len(before)))
    assert [b for _, b in pairs if b is not None] == list(range(len(after)))
    assert all(score(before[a], after[b]) for a, b in pairs if a is not None and b is not None)


@given(letters, letters)
def test_no_other_pairs_score_more(before: list[str], after: list[str]) -> None:
    @cache
    def best(at: int, other: int) -> float:
        if at == len(before) or other == len(after):
            return 0.0
        both = score(before[at], after[other]) + best(at + 1, other + 1)
        return max(both, best(at + 1, other), best(at, other + 1))

    assert total(before, after, aligned(before, after)) == best(0, 0)


@given(letters, letters)
def test_long_lists_are_cut_at_what_is_equal(before: list[str], after: list[str]) -> None:
    """The same invariants where the lists are too long for all pairs to be tried."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_MOST_CELLS", 2)
        test_every_place_stands_once_and_in_order.hypothesis.inner_test(before, after)


def test_one_insertion_into_thousands_of_layers_is_one_insertion() -> None:
    layers = [f"layer {number % 7}" for number in range(5000)]
    more = [*layers[:2500], "new", *layers[2500:]]
    alone = [pair for pair in align(layers, more, str, score) if None in pair]
    assert alone == [(None, 2500)]
