"""Checking a whole file: with its defaults, and every variant of it; each error is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netspec.diagnostics import Diagnostic, Finding, Severity
from netspec.elaborate import Given, choices, library_of, unneeded_allowances
from netspec.errors import SpecError
from netspec.graph import Role
from netspec.limits import Limits
from netspec.messages import diagnose, words
from netspec.network import Network, network
from netspec.plugins import Registry
from netspec.reading import choose
from netspec.source import At, Document, Project
from netspec.spec import is_block_file

MOST_NAMED = 3

Found = tuple[Diagnostic, list[str | None]]
"""A finding, and the networks that have it: None is the file with its defaults."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a file, and the networks of it that are right."""

    diagnostics: tuple[Diagnostic, ...]
    networks: tuple[Network, ...] = ()
    notes: tuple[str, ...] = ()
    blocks: int = 0
    """How many blocks a file of blocks defines."""

    @property
    def variants(self) -> int:
        """How many of the networks are variants."""
        return sum(found.variant is not None for found in self.networks)


def check(
    read: Document,
    given: Given,
    limits: Limits,
    project: Project | None = None,
    registry: Registry | None = None,
) -> Checked:
    """Check a read spec; without a chosen variant all of them, and the file with its defaults.

    A file whose parameters have no defaults is checked by its variants alone. Of a file of blocks the
    names are checked: values and shapes wait for a spec that uses them.
    """
    if is_block_file(read):
        library, told = library_of(read, limits, project or Project(limits=limits), registry)
        return Checked(told, blocks=len(library.own))
    names: Sequence[str | None] = (None,)
    if given.variant is None:
        names = choices(read, given, limits)
    networks, found = _networks(names, read, given, limits, project, registry)
    if len(networks) == len(names) > 1 and not given.anything:
        silent = [diagnostic for one in networks for diagnostic in one.allowed]
        for diagnostic in unneeded_allowances(read, silent):
            found[diagnostic.identity] = (diagnostic, [None])
    notes = dict.fromkeys(note for one in networks for note in one.notes)
    told = _in_order(list(found.values()), len(names), read.at().get("variants"))
    return Checked(told, tuple(networks), tuple(notes))


def _networks(
    names: Sequence[str | None],
    read: Document,
    given: Given,
    limits: Limits,
    project: Project | None,
    registry: Registry | None,
) -> tuple[list[Network], dict[object, Found]]:
    """The networks of these names that are right, and what was found in all of them."""
    networks: list[Network] = []
    found: dict[object, Found] = {}
    layers = 0
    for name in names:
        if layers > limits.layers:
            limit = _too_many(read.at() / "variants", layers, limits)
            found[limit.identity] = (limit, list(names))
            break
        chosen = given if name is None else choose(given, name, limits)
        try:
            networks.append(network(read, chosen, limits, project, registry))
            diagnostics: Sequence[Diagnostic] = networks[-1].warnings
            scopes = networks[-1].graph.root.scopes()
            layers += sum(scope.role is not Role.PART for scope in scopes)
        except SpecError as error:
            diagnostics = error.diagnostics
            layers += error.layers
        for diagnostic in diagnostics:
            found.setdefault(diagnostic.identity, (diagnostic, []))[1].append(name)
    return networks, found


def _too_many(variants: At, layers: int, limits: Limits) -> Diagnostic:
    """That a file gives more networks than are checked in one go."""
    facts = {"what": "layers after expansion in all variants", "value": layers}
    return diagnose(Finding("limit", variants.key_span, {**facts, "maximum": limits.layers}))


def _in_order(found: Sequence[Found], total: int, section: At | None) -> tuple[Diagnostic, ...]:
    """What is told, in the order of the text; `total` networks were built, `section` is that of variants."""
    if any(one.severity is Severity.ERROR for one, _ in found):
        # a warning can be the consequence of an error in another variant
        found = [entry for entry in found if entry[0].severity is Severity.ERROR]
    told = [
        one if len(of) == total and _holds(section, one) else _told(one, of) for one, of in found
    ]
    return tuple(sorted(told, key=lambda one: one.place))


def _holds(section: At | None, diagnostic: Diagnostic) -> bool:
    """Whether a finding stands in a section: what all variants bring is then about the section."""
    if section is None or section.span.file is not diagnostic.primary.span.file:
        return False
    return section.span.start <= diagnostic.primary.span.start <= section.span.end


def _told(diagnostic: Diagnostic, names: Sequence[str | None]) -> Diagnostic:
    """A finding with a note of the variants that it belongs to, when the file as such has it not."""
    variants = [name for name in names if name is not None]
    if None in names or not variants:
        return diagnostic
    shown = [words.code(name) for name in variants[:MOST_NAMED]]
    if len(variants) > MOST_NAMED:
        shown.append(f"{len(variants) - MOST_NAMED} more")
    noun = "variant" if len(variants) == 1 else "variants"
    note = f"in {noun} {words.join(shown)}"
    return replace(diagnostic, notes=(*diagnostic.notes, note))
