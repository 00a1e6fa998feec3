"""The cases of this folder: a spec, what is given from outside, and the texts that it must give.

A case is a folder `CODE_slug` with `spec.yaml`, and if it needs them `params.json` (parameters as the API
takes them), `set.txt` (lines for `--set`), `variant.txt` (its name), `input.txt` (for `--input`),
`plugins.txt` (packages to enable, whose code and metadata lie in the folder) and files that the spec imports.
`expected.txt` and `expected.json` are its golden files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import netspec
from netspec.cli.opening import open_network
from netspec.diagnostics import Diagnostic
from netspec.errors import SpecError

HERE = Path(__file__).parent
SPEC = "spec.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """One folder. It is read from inside, so that messages say `spec.yaml`."""

    folder: Path

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def code(self) -> str:
        """The code that every finding of the case has; empty when it has several."""
        return self.name[:5] if self.name.startswith("NS") else ""

    @property
    def params(self) -> dict[str, object] | None:
        """Parameters as the API takes them."""
        file = self.folder / "params.json"
        return json.loads(file.read_text()) if file.exists() else None

    @property
    def settings(self) -> list[str]:
        """Lines for `--set`."""
        file = self.folder / "set.txt"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def variant(self) -> str | None:
        """The chosen variant."""
        file = self.folder / "variant.txt"
        return file.read_text().strip() if file.exists() else None

    @property
    def size(self) -> str | None:
        """Another input shape."""
        file = self.folder / "input.txt"
        return file.read_text().strip() if file.exists() else None

    @property
    def plugins(self) -> list[str]:
        """The plug-ins that are enabled."""
        file = self.folder / "plugins.txt"
        return file.read_text().split() if file.exists() else []


CASES = [Case(spec.parent) for spec in sorted(HERE.glob(f"*/{SPEC}"))]


def findings(case: Case) -> tuple[Diagnostic, ...]:
    """What is said about the spec in the working directory; nothing when it is fine."""
    try:
        if case.params is not None:
            return netspec.load(SPEC, params=case.params).warnings
        return open_network(
            SPEC, case.settings, case.size, case.variant, plugins=case.plugins
        ).warnings
    except SpecError as error:
        return error.diagnostics
