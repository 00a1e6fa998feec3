"""Which files a path on the command line stands for: itself, or the specs in a folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from netspec.errors import UsageError

SUFFIXES = (".yaml", ".yml")
_SPEC = re.compile(rb"^netspec[ \t]*:", re.MULTILINE)
_HEAD = 1 << 16


def specs_in(path: str) -> list[str]:
    """A file as it is; of a folder every spec below it, sorted.

    A spec is a YAML file with a line that begins with `netspec:`, so that other YAML in the folder is
    left alone and a spec that is no YAML is not. Hidden folders are skipped and links to folders are
    not followed. Files of blocks are checked by whoever imports them.

    Raises:
        UsageError: a folder without a spec (NS501).
    """
    if not Path(path).is_dir():
        return [path]
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        candidates = (Path(folder) / name for name in sorted(files) if name.endswith(SUFFIXES))
        found += [str(file) for file in candidates if _is_spec(file)]
    if not found:
        raise UsageError(
            "NS501",
            f"`{path}` holds no spec",
            help="a spec is a .yaml file with a line that begins with `netspec:`",
        )
    return found


def _is_spec(path: Path) -> bool:
    """Whether a file begins as a spec does; one that cannot be read is reported when it is opened."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return bool(_SPEC.search(file.read(_HEAD)))
    except OSError:
        return True
