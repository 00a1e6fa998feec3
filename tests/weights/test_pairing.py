"""Pairs of units by order: the sequences may differ in the middle, at the ends, and be long."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.weights.pairing import by_order
from netspec.weights.tensors import TensorInfo, Unit


def units(side: str, widths: list[int]) -> list[Unit]:
    """A unit with a weight and a bias for each width."""
    return [
        Unit(f"{side}{n}", tuple(
            TensorInfo(f"{side}{n}.{name}", (width,), "float32") for name in ("weight", "bias")
        ))
        for n, width in enumerate(widths)
    ]  # fmt: skip


def pairs(here: list[int], there: list[int]) -> list[tuple[int, int]]:
    found = by_order(units("a", here), units("b", there))
    numbers = [
        (int(mine[1:].split(".")[0]), int(theirs[1:].split(".")[0]))
        for mine, theirs in found.items()
    ]
    assert numbers[::2] == numbers[1::2]  # weight and bias go together
    return numbers[::2]


@pytest.mark.parametrize(("here", "there", "wanted"), [
    ([1, 2, 3], [1, 2, 3], [(0, 0), (1, 1), (2, 2)]),
    ([1, 2, 3], [1, 2, 9], [(0, 0), (1, 1), (2, 2)]),  # the last of another width: told as unfit
    ([1, 2, 3], [1, 3], [(0, 0), (2, 1)]),
    ([1, 3], [1, 2, 3], [(0, 0), (1, 2)]),
    ([1, 1, 1], [1, 1], [(0, 0), (1, 1)]),
    ([5, 1, 2], [1, 2], [(1, 0), (2, 1)]),
    ([1, 2], [2, 1], [(0, 1)]),
    ([], [1], []),
])  # fmt: skip
def test_pairs(here: list[int], there: list[int], wanted: list[tuple[int, int]]) -> None:
    assert pairs(here, there) == wanted


@given(st.lists(st.integers(1, 3), max_size=12), st.lists(st.integers(1, 3), max_size=12))
def test_pairs_keep_the_order_and_use_nothing_twice(here: list[int], there: list[int]) -> None:
    found = pairs(here, there)
    for (a, b), (c, d) in pairwise(found):
        assert a < c
        assert b < d
    if here == there:
        assert len(found) == len(here)


def test_ten_thousand_equal_layers_are_paired_one_by_one() -> None:
    """A search over them would take minutes."""
    many = [1] * 10_000
    assert pairs([*many, 7], [*many, 8]) == [(n, n) for n in range(10_001)]
