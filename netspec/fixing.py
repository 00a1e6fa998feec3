"""`netspec check --fix`: the sure fixes of a file, applied to its text and shown as a diff.

A fix is sure when one answer is left: a name with one near candidate, quotes that YAML needs. Whether the
file is then right is not promised: what stayed quiet behind a mistake can speak now.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netspec.diagnostics import Diagnostic, Fix, SourceFile
from netspec.diagnostics.printable import printable
from netspec.files import write_file
from netspec.limits import Limits
from netspec.source import TextFault, read_text

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file with its sure fixes applied."""

    path: Path
    before: str
    after: str
    count: int

    @property
    def diff(self) -> str:
        """The change as a unified diff that is safe to print."""
        old, new = self.before.splitlines(), self.after.splitlines()
        lines = difflib.unified_diff(old, new, str(self.path), str(self.path), lineterm="", n=1)
        return "".join(f"{printable(line)}\n" for line in lines)

    def write(self) -> None:
        """Write it, whole or not at all; a link stays one, and what it leads to is written.

        Raises:
            UsageError: it cannot be written (NS503).
        """
        write_file(self.path.resolve(), self.after)


def sure_fixes(diagnostics: Sequence[Diagnostic]) -> Iterator[Fixed]:
    """The files of the findings with their sure fixes applied, those that can be applied as they are."""
    by_file: dict[SourceFile, dict[Fix, None]] = {}
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is not None and fix.sure:
            by_file.setdefault(fix.span.file, {})[fix] = None
    for file, fixes in by_file.items():
        path = Path(file.name)
        raw = _read(path)
        if raw is None or raw.removeprefix(_BOM) != file.text:
            continue  # standard input and `--set` are no files, and a file may have changed meanwhile
        after, count = apply(file.text, list(fixes))
        if _is_yaml(file.text) and not _is_yaml(after):
            continue  # the right key was there as well
        yield Fixed(path, raw, raw[: len(raw) - len(file.text)] + after, count)


def apply(text: str, fixes: Sequence[Fix]) -> tuple[str, int]:
    """The text with fixes applied, and how many; of two that overlap, the first one is."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    parts: list[str] = []
    done = count = 0
    for fix in sorted(fixes, key=lambda one: (one.span.start, one.span.end)):
        start = starts[fix.span.line - 1] + fix.span.column - 1
        end = starts[fix.span.end_line - 1] + fix.span.end_column - 1
        if start < done:
            continue
        parts += [text[done:start], fix.replacement]
        done, count = end, count + 1
    return "".join([*parts, text[done:]]), count


def _is_yaml(text: str) -> bool:
    try:
        read_text(text, "", Limits())
    except TextFault:
        return False
    return True


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode() if path.is_file() else None
    except (OSError, ValueError):
        return None
