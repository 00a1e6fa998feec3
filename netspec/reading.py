"""Reading a spec's text and what is given beside it, before anything is checked.

Text faults become a `SpecError` with sentences here, so that everyone above sees one kind of error.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netspec.collector import waiting_collector
from netspec.elaborate import Given
from netspec.errors import SpecError, UsageError
from netspec.limits import Limits
from netspec.messages import diagnose
from netspec.source import At, Document, Project, TextFault, read_data, read_text


@dataclass(frozen=True, eq=False)
class Written:
    """What a network was made of, as plain data: enough to make it again without its files.

    `files` are the spec and what it imports, by their paths from the root of the project.
    """

    spec: str
    files: Mapping[str, str]
    params: Mapping[str, object]
    input: Sequence[int] | None = None
    variant: str | None = None


def written(read: Document, given: Given, project: Project | None) -> Written:
    """What a network was made of."""
    origin = None if project is None else project.origin()
    name, imported = read.file.name, {}
    if project is not None and origin is not None:
        name = origin.path.relative_to(project.root()).as_posix()
        imported = dict(project.texts())
    size = given.input.data if given.input is not None else None
    variant = given.variant.data if given.variant is not None else None
    return Written(
        spec=name,
        files={name: read.file.text, **imported},
        params={key: at.data for key, at in given.params.items()},
        input=size if isinstance(size, list) else None,
        variant=variant if isinstance(variant, str) else None,
    )


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of a spec file; only plain files are read, so a pipe cannot hang the reader.

    Raises:
        UsageError: it cannot be read (NS501).
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "is a folder" if path.is_dir() else "is not a plain file"
            raise UsageError("NS501", f"`{path}` {what}", help="give the path of a YAML file")
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError("NS501", f"cannot read `{path}`: {reason}") from error


def read_document(path: Path, limits: Limits) -> Document:
    """A file -> data and places.

    Raises:
        SpecError: with everything that is wrong with the text.
        UsageError: the file cannot be read (NS501).
    """
    return document(read_file(path, limits), str(path), limits)


@waiting_collector()
def document(text: str | bytes, name: str, limits: Limits) -> Document:
    """Text -> data and places.

    Raises:
        SpecError: with everything that is wrong with the text.
    """
    with told():
        return read_text(text, name, limits)


def given(
    params: Mapping[str, object] | None,
    input: Sequence[int] | None,  # noqa: A002 - the key of the spec
    limits: Limits,
    variant: str | None = None,
) -> Given:
    """Parameters, input and variant as places in text of their own, so that errors can point there."""
    with told():
        places: dict[str, At] = {}
        if params:
            root = read_data(dict(params), "<params>", limits).at()
            places = {name: root / name for name in params}
        size: At | None = None
        if input is not None:
            size = read_data({"input": list(input)}, "<input>", limits).at() / "input"
    found = Given(places, size)
    return found if variant is None else choose(found, variant, limits)


def choose(given: Given, variant: str, limits: Limits) -> Given:
    """The same with another variant."""
    with told():
        place = read_data({"variant": variant}, "<variant>", limits).at() / "variant"
    return replace(given, variant=place)


class told:  # noqa: N801 - reads like the context manager it is
    """Turns a TextFault into the SpecError with its sentences."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TextFault):
            raise SpecError([diagnose(finding) for finding in error.findings]) from None
