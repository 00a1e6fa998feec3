"""The zoo as data: the members of every spec in `specs/`, their lines, and the table in the README."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from netspec.emit.table import human

SPECS = Path(__file__).parent.parent / "specs"
Member = tuple[str, str | None]
"""A spec and its variant; a spec without variants is the member None."""


@dataclass(frozen=True)
class Family:
    """One spec of the zoo."""

    file: Path

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load(self.text)
        return data

    @property
    def lines(self) -> int:
        """Lines of YAML that are neither blank nor a comment."""
        return sum(
            bool(line.strip()) and not line.strip().startswith("#")
            for line in self.text.splitlines()
        )

    @property
    def expected(self) -> dict[Member, dict[str, int]]:
        """What the spec says of each of its members."""
        variants = self.data.get("variants", {None: self.data})
        return {(self.name, variant): said["expect"] for variant, said in variants.items()}


def families() -> list[Family]:
    return [Family(file) for file in sorted(SPECS.glob("*.yaml"))]


def members() -> dict[Member, dict[str, int]]:
    """Every member of the zoo, with what its spec expects."""
    found: dict[Member, dict[str, int]] = {}
    for family in families():
        found |= family.expected
    return found


def zoo_table(sources: dict[Member, str], compared: set[Member]) -> str:
    """The table of the README, in Markdown.

    `sources` says what each member is verified against, `compared` those whose outputs are compared too.
    """
    rows = [
        "| family | members | lines | parameters | MACs | verified against |",
        "|---|---|---:|---:|---:|---|",
    ]
    rows += [_row(family, sources, compared) for family in families()]
    return "\n".join(rows) + "\n"


def _row(family: Family, sources: dict[Member, str], compared: set[Member]) -> str:
    expected = family.expected
    by_source: dict[str, list[Member]] = {}
    for member in expected:
        by_source.setdefault(sources[member], []).append(member)
    cells = (
        f"[{family.name}](specs/{family.file.name})",
        ", ".join(variant for _, variant in expected if variant),
        str(family.lines),
        _range([said["params"] for said in expected.values()]),
        _range([said["macs"] for said in expected.values()]),
        "; ".join(_source(source, those, compared) for source, those in by_source.items()),
    )
    return f"| {' | '.join(cells)} |"


def _source(source: str, those: list[Member], compared: set[Member]) -> str:
    """`torchvision (outputs of 3 of 8)`"""
    count = len(compared & set(those))
    if not count:
        return source
    return f"{source} (outputs{'' if count == len(those) else f' of {count} of {len(those)}'})"


def _range(numbers: list[int]) -> str:
    """The number, or the smallest and the largest."""
    least, most = human(min(numbers)), human(max(numbers))
    return least if least == most else f"{least} – {most}"
