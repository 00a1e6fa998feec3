"""Did you mean: near names are found, and no guess is better than a silly one."""

from __future__ import annotations

import pytest

from netspec.messages.suggest import suggest

KNOWN = ("conv", "concat", "linear", "max_pool", "kernel_size", "lrn", "k", "p", "relu", "relu6")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("cnov", "conv"),
        ("Conv", "conv"),
        ("CONV", "conv"),
        ("maxpool", "max_pool"),
        ("kernal_size", "kernel_size"),
        ("kernel", "kernel_size"),
        ("lr", "lrn"),
        ("linaer", "linear"),
    ],
)
def test_a_near_name_is_the_first_guess(word: str, meant: str) -> None:
    assert suggest(word, KNOWN)[0] == meant


@pytest.mark.parametrize("word", ["q", "xy", "attention", "", "z_z", "pool_of_something_else"])
def test_there_is_no_silly_guess(word: str) -> None:
    assert suggest(word, KNOWN) == ()


def test_a_single_letter_is_near_its_other_case_only() -> None:
    assert suggest("K", KNOWN) == ("k",)
    assert suggest("q", ["k", "p"]) == ()


def test_at_most_three_nearest_first() -> None:
    assert suggest("relu", ["relu6", "prelu", "selu", "celu", "gelu"]) == ("celu", "gelu", "prelu")


def test_a_word_is_no_guess_for_itself() -> None:
    assert suggest("conv", ["conv"]) == ()


def test_a_transposition_is_one_edit() -> None:
    assert suggest("agp", ["gap"]) == ("gap",)
    assert suggest("pga", ["gap"]) == ()


def test_full_width_letters_are_those_that_they_look_like() -> None:
    assert suggest("\uff52\uff45\uff4c\uff55", KNOWN)[0] == "relu"


def test_a_word_with_letters_that_only_look_right_means_the_one_that_it_looks_like() -> None:
    assert suggest("c\u043env", KNOWN) == ("conv",)
    assert suggest("\u0433\u03bf", KNOWN) == ()
