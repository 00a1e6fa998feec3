"""A page: one code with its explanation, a wrong and a right example, and the sentences of its rules.

Sentence and explanation stand side by side, so that one is not changed without the other. Rejected: a
template language for messages, which cannot compute a kernel that fits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netspec.diagnostics import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said about one finding.

    `label` stands under its place, `secondary` under the finding's other places, in their order. `fix`
    replaces what stands at the place; it is `sure` when it can be applied without asking.
    """

    message: str
    label: str = ""
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    fix: str | None = None
    sure: bool = False


Sentence = Callable[..., Said]
"""The values of a finding -> what is said about it. It takes what it needs by name, and ignores the rest."""


@dataclass(frozen=True, slots=True)
class Page:
    """What `netspec explain` shows, and the sentence for each rule that has this code."""

    code: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""
    rules: Mapping[str, Sentence] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    """Files that both examples import, by their names."""

    @property
    def severity(self) -> Severity:
        """Whether its findings are errors or warnings: the code says so."""
        return Severity.WARNING if self.code.startswith("NS9") else Severity.ERROR

    @property
    def language(self) -> str:
        """What its examples are: specs, or commands where the mistake is outside the spec."""
        return "sh" if self.code.startswith("NS5") else "yaml"


def page(
    code: str,
    title: str,
    explanation: str,
    *,
    wrong: str = "",
    right: str = "",
    rules: Mapping[str, Sentence] | None = None,
    beside: Mapping[str, str] | None = None,
) -> Page:
    """A page from indented text."""
    clean = inspect.cleandoc
    return Page(
        code, title, clean(explanation), clean(wrong), clean(right), rules or {}, beside or {}
    )


def spec(*layers: str, input_: str = "[3, 32, 32]", sections: str = "") -> str:
    """A complete small spec: `layers` line by line, `sections` before them.

    >>> print(spec("- gap", "- flatten"))
    netspec: 1
    name: example
    input: [3, 32, 32]
    layers:
      - gap
      - flatten
    """
    head = ["netspec: 1", "name: example", f"input: {input_}"]
    head += inspect.cleandoc(sections).splitlines() if sections else []
    return "\n".join([*head, "layers:", *(f"  {line}" for line in layers)])
