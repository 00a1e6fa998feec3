"""Which files a spec may import, and their text: relative paths inside the project, plain files only.

A spec may come from a stranger, so a path in it is refused unless it surely names a YAML file of the same
project. The *project root* is the nearest folder at or above the spec that holds `.git` or
`pyproject.toml`; without one it is the folder of the spec. Links are followed first and compared with the
root afterwards, so that a link cannot lead out. Rejected: a search path as compilers have it, because
then a file means something else on another machine.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netspec.errors import Fact
from netspec.limits import Limits
from netspec.source.document import Document
from netspec.source.reader import read_text

MARKS = (".git", "pyproject.toml")
SUFFIXES = (".yaml", ".yml")

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class ImportFault(Fact):
    """A path that cannot be imported; the rule says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the project: where it really is, and what messages call it."""

    path: Path
    shown: str


@dataclass(eq=False)
class Project:
    """The files around a spec. Without a spec on disk nothing can be imported."""

    spec: Path | None = None
    limits: Limits = field(default_factory=Limits)
    _documents: dict[Path, Document] = field(default_factory=dict)
    _bytes: int = 0

    def origin(self) -> Source | None:
        """The spec itself."""
        if self.spec is None:
            return None
        return Source(Path(os.path.realpath(self.spec)), str(self.spec))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that have been read: the spec, then what it imports."""
        origin = self.origin()
        return (*((origin.path,) if origin is not None else ()), *self._documents)

    def root(self) -> Path:
        """The folder that imports may not leave."""
        origin = self.origin()
        folder = origin.path.parent if origin is not None else Path(os.path.realpath("."))
        for candidate in (folder, *folder.parents):
            if any((candidate / mark).exists() for mark in MARKS):
                return candidate
        return folder

    def find(self, text: str, by: Source | None) -> Source:
        """The file that `text` names in an `import:` of the file `by`.

        Raises:
            ImportFault: it is not the relative path of a plain YAML file in the project.
        """
        problem = spelling(text)
        if problem is not None:
            raise ImportFault("import-path", path=text, problem=problem)
        if by is None:
            raise ImportFault("import-without-file", path=text)
        path = by.path.parent / text
        shown = Path(os.path.normpath(Path(by.shown).parent / text))
        root = self.root()
        try:
            real = path.resolve(strict=True)
        except (
            OSError,
            RuntimeError,
        ) as error:  # RuntimeError: a loop of links, before Python 3.13
            if not _inside(path, root):  # whether it is there is not told
                raise ImportFault(
                    "import-outside", path=text, root=str(root), link=False
                ) from error
            raise ImportFault("import-unreadable", path=text, problem=_reason(error)) from error
        if not real.is_relative_to(root):
            raise ImportFault("import-outside", path=text, root=str(root), link=_inside(path, root))
        if real.suffix not in SUFFIXES:
            problem = "it leads to a file that does not end in .yaml or .yml"
            raise ImportFault("import-path", path=text, problem=problem)
        if not shown.exists() or not shown.samefile(real):  # the importing file is behind a link
            shown = real
        return Source(real, str(shown))

    def texts(self) -> Mapping[str, str]:
        """The files that were imported, by their paths from the root."""
        root = self.root()
        return {
            path.relative_to(root).as_posix(): read.file.text
            for path, read in self._documents.items()
        }

    def read(self, source: Source, text: str) -> Document:
        """The document of a file, read once.

        Raises:
            ImportFault: it cannot be read, or is no plain file, or all files together are too large.
            TextFault: with everything that is wrong with the text.
        """
        found = self._documents.get(source.path)
        if found is None:
            data = _bytes_of(source.path, text, self.limits.file_bytes + 1)
            self._bytes += len(data)
            limit = self.limits.import_bytes
            if self._bytes > limit:
                facts = {"what": "import_bytes", "value": self._bytes, "maximum": limit}
                raise ImportFault("limit", **facts)
            found = self._documents[source.path] = read_text(data, source.shown, self.limits)
        return found


def spelling(text: str) -> str | None:
    """Why a text is no relative path; None when it is one."""
    if not text.strip():
        return "it is empty"
    if not text.isprintable():
        return "it holds a control character"
    if text.startswith("~"):
        return "`~` is not expanded"
    if _URL.match(text):
        return "it is a URL or names a drive, and files are never fetched"
    if text.startswith(("/", "\\")):
        return "it is absolute"
    if "\\" in text:
        return "its folders are separated by `\\`"
    if not text.endswith(SUFFIXES):
        return "it does not end in .yaml or .yml"
    return None


def _bytes_of(path: Path, text: str, most: int) -> bytes:
    """The bytes of a plain file. It is opened without waiting: a pipe has no writer, perhaps forever."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "it is a folder" if stat.S_ISDIR(kind) else "it is not a plain file"
            raise ImportFault("import-unreadable", path=text, problem=what)
        with os.fdopen(os.open(path, flags), "rb") as file:
            return file.read(most)
    except OSError as error:
        raise ImportFault("import-unreadable", path=text, problem=_reason(error)) from error


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, RuntimeError) or error.errno == errno.ELOOP:
        return "its links go in a circle"
    if error.errno == errno.ENOENT:
        return "there is no such file"
    return (error.strerror or str(error)).lower()


def _inside(path: Path, root: Path) -> bool:
    """Whether a path stays in a folder as written, so that only a link can lead out of it."""
    return Path(os.path.normpath(path)).is_relative_to(root)
