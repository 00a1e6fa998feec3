"""Names in the generated file: of classes, parameters and local variables, none taken twice."""

from __future__ import annotations

import re
from collections.abc import Container

IN_USE = frozenset(
    {
        "ChannelNorm", "ClassVar", "F", "False", "LayerScale", "None", "OrderedDict", "StochasticDepth",
        "Tensor", "True", "bool", "dict", "float", "int", "isinstance", "nn", "range", "self", "str",
        "super", "torch", "tuple",
    }
)  # fmt: skip
"""What the file imports, calls and defines for ops, and the words of Python that could name a class."""


def camel_case(name: str) -> str:
    """`aux_head` -> `AuxHead`, `inception_3a` -> `Inception3a`; `resnet50` -> `Resnet50`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(word[0].upper() + word[1:] for word in words)


def stem(name: str) -> str:
    """A name without the counter at its end: `conv_1` -> `conv`."""
    return re.sub(r"_?\d+$", "", name) or name


def unique_name(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or with underscores behind it until nobody has it."""
    while wanted in taken or wanted in IN_USE:
        wanted += "_"
    return wanted


def network_class(name: str) -> str:
    """The name of the root class: `googlenet` -> `Googlenet`."""
    found = camel_case(name)
    if not found or found[0].isdigit():
        found = f"Net{found}"
    return f"{found}Network" if found in IN_USE else found


def pick_class_name(candidates: list[str], taken: Container[str]) -> str:
    """The first candidate that is free; a number behind the last one is the last resort."""
    for name in candidates:
        if name not in taken and name not in IN_USE:
            return name
    number = 2
    while f"{candidates[-1]}{number}" in taken:
        number += 1
    return f"{candidates[-1]}{number}"
