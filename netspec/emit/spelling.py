"""Modules -> constructor calls as text structures: `nn.Conv2d(3, 64, kernel_size=7, stride=2)`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from netspec.emit.modules import Argument, Make, Module, Ref
from netspec.emit.wrap import Atom, Bracket, Doc, Prefixed, literal

_LISTED = 2  # equal copies in a row that are written one by one; more are a generator


def module_doc(module: Module) -> Doc:
    """The call that makes a module."""
    if isinstance(module, Make):
        return Bracket(f"{module.target}(", tuple(_arguments(module)), ")")
    if module.by_position:
        entries = copies([entry for _, entry in module.entries])
        return Bracket("nn.Sequential(", entries, ")", exploded=len(entries) > 1)
    return Bracket("nn.Sequential(", (named_entries(module.entries),), ")")


def named_entries(entries: Sequence[tuple[str, Module]]) -> Doc:
    """`OrderedDict(conv1=..., pool1=...)`, one per line."""
    pairs = tuple(Prefixed(f"{name}=", module_doc(module)) for name, module in entries)
    return Bracket("OrderedDict(", pairs, ")", exploded=len(pairs) > 1)


def copies(modules: Sequence[Module]) -> tuple[Doc, ...]:
    """Entries by position; a longer run of equal ones is `*(Block(64) for _ in range(6))`."""
    found: list[Doc] = []
    for module, run in groupby(modules):
        count = len(list(run))
        doc = module_doc(module)
        if count <= _LISTED:
            found += [doc] * count
            continue
        loop = (doc, Atom(f"for _ in range({count})"))
        found.append(Bracket("*(", loop, ")", comma=""))
    return tuple(found)


def _arguments(make: Make) -> list[Doc]:
    """Positional ones first, then by name those that differ from the default."""
    places = [argument for argument in make.arguments if argument.positional]
    named = [
        argument for argument in make.arguments if not argument.positional and not _usual(argument)
    ]
    return [
        *(Atom(_value(argument)) for argument in places),
        *(Prefixed(f"{argument.name}=", Atom(_value(argument))) for argument in named),
    ]


def _usual(argument: Argument) -> bool:
    return not isinstance(argument.value, Ref) and argument.value == argument.default


def _value(argument: Argument) -> str:
    return argument.value.name if isinstance(argument.value, Ref) else literal(argument.value)
