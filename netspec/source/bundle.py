"""The files of a project without a disk: a spec that travels inside another file, with what it imports.

Names are looked up in the bundle and nowhere else, so that a stranger's bundle reaches no file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path

from netspec.limits import Limits
from netspec.source.document import Document
from netspec.source.project import ImportFault, Project, Source, spelling
from netspec.source.reader import read_text


class Bundle(Project):
    """Files by their names inside a project; `main` is the spec."""

    def __init__(self, files: Mapping[str, str], main: str, limits: Limits) -> None:
        super().__init__(None, limits)
        self._files = files
        self._main = main

    def origin(self) -> Source:
        """The spec itself."""
        return Source(Path(self._main), self._main)

    def find(self, text: str, by: Source | None) -> Source:
        """The file that `text` names in an `import:` of the file `by`.

        Raises:
            ImportFault: it is no relative path, or not in the bundle.
        """
        problem = spelling(text)
        if problem is not None:
            raise ImportFault("import-path", path=text, problem=problem)
        folder = posixpath.dirname(by.path.as_posix() if by is not None else self._main)
        name = posixpath.normpath(posixpath.join(folder, text))
        if name not in self._files:
            raise ImportFault("import-unreadable", path=text, problem="there is no such file")
        return Source(Path(name), name)

    def read(self, source: Source, text: str) -> Document:  # noqa: ARG002 - how messages call it on a disk
        """The document of a file, read once.

        Raises:
            ImportFault: all files together are too large.
            TextFault: with everything that is wrong with the text.
        """
        size = sum(len(one) for one in self._files.values())
        if size > self.limits.import_bytes:
            facts = {"what": "import_bytes", "value": size, "maximum": self.limits.import_bytes}
            raise ImportFault("limit", **facts)
        return read_text(self._files[source.path.as_posix()], source.shown, self.limits)
