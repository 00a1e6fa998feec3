"""Facts to sentences: every word that a user reads about a mistake in a spec.

A finding carries a rule and numbers; `diagnose` looks up the rule's sentence and gives the diagnostic.
Sentences stand in modules by code, each beside its explanation:

    characters, text,
    numbers, allowing    NS1xx  text, YAML, limits, comments
    blocks, fields, types, forms,
    ranges, sections,
    parameters           NS2xx  blocks, fields, values, sections; plug-ins (NS507 to NS509)
    expressions          NS2xx  expressions
    copies               NS2xx  `for_each`
    names, several,
    imports              NS3xx  names, wiring, how many values flow; files
    merges, windows,
    shapes, axes,
    evenness,
    expectations         NS4xx  shapes
    inputs               NS407, NS912  the input of the network
    splitting            NS2xx, NS4xx  `split`
    output, weights      NS5xx  files, programs, weights
    unused, suspicions   NS9xx  warnings

The registry is an explicit tuple. An unknown rule is a KeyError, that is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.diagnostics import Diagnostic, Finding, Fix, Label
from netspec.messages import (
    allowing,
    axes,
    blocks,
    characters,
    copies,
    evenness,
    expectations,
    expressions,
    fields,
    imports,
    inputs,
    lookalikes,
    merges,
    names,
    numbers,
    output,
    parameters,
    sections,
    several,
    shapes,
    splitting,
    suspicions,
    text,
    unused,
    weights,
    windows,
)
from netspec.messages.page import Page, Said, Sentence

_MODULES = (
    characters,
    text,
    numbers,
    blocks,
    fields,
    sections,
    parameters,
    expressions,
    copies,
    names,
    several,
    imports,
    merges,
    windows,
    shapes,
    inputs,
    expectations,
    axes,
    evenness,
    splitting,
    output,
    weights,
    allowing,
    unused,
    suspicions,
)

PAGES: tuple[Page, ...] = tuple(
    sorted((page for module in _MODULES for page in module.PAGES), key=lambda page: page.code)
)
"""All pages, by code."""

CODES: Mapping[str, Page] = MappingProxyType({page.code: page for page in PAGES})
"""Code -> page."""

RULES: Mapping[str, tuple[str, Sentence]] = MappingProxyType(
    {rule: (page.code, sentence) for page in PAGES for rule, sentence in page.rules.items()}
)
"""Rule -> its code, and what makes its sentence."""

_TWINS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("too-long", "actual_length"): "too-many-entries",  # a list, as pydantic calls it
        ("trailing-text", "after"): "text-after-value",  # text of YAML, not of an expression
    }
)
"""Two parts may call different rules by one name; a value that only one of them has tells them apart."""

_OF_WORDS = ("NS2", "NS3")
"""Codes of what is said about words: a letter in one may not be what it seems."""

__all__ = ["CODES", "PAGES", "RULES", "Page", "Said", "code_of", "diagnose"]


def code_of(rule: str, values: Mapping[str, object]) -> str:
    """The code of a finding.

    Raises:
        KeyError: for a rule without a sentence.
    """
    return _sentence(rule, values)[0]


def _sentence(rule: str, values: Mapping[str, object]) -> tuple[str, Sentence]:
    for (name, key), other in _TWINS.items():
        if rule == name and key in values:
            rule = other
    return RULES[rule]


def diagnose(finding: Finding, labels: Sequence[Label] = ()) -> Diagnostic:
    """The diagnostic of a finding; `labels` are other places that explain it, with their words.

    Raises:
        KeyError: for a rule without a sentence.
    """
    code, sentence = _sentence(finding.rule, finding.values)
    said = sentence(**finding.values)
    words = (*said.secondary, *[""] * len(finding.secondary))
    notes = lookalikes.notes(finding.span) if code[:3] in _OF_WORDS else ()
    own = [Label(span, word) for span, word in zip(finding.secondary, words, strict=False)]
    return Diagnostic(
        code=code,
        message=said.message,
        primary=Label(finding.span, said.label),
        secondary=(*own, *labels),
        notes=(*said.notes, *notes),
        help=tuple(filter(None, said.help)),
        severity=CODES[code].severity,
        fix=None if said.fix is None else Fix(finding.span, said.fix, said.sure),
    )
