"""Every example in a docstring is executed, and gives what it shows."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import netspec

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(netspec.__path__, "netspec.")
    if found.name != "netspec.__main__"  # running it is its only content
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_give_what_they_show(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_are_found() -> None:
    finder = doctest.DocTestFinder()
    found = [case for name in MODULES for case in finder.find(importlib.import_module(name))]
    assert sum(bool(case.examples) for case in found) >= 15
