"""Reading a spec's text and what is given beside it, before anything is checked.

Text faults become a `SpecError` with sentences here, so that everyone above sees one kind of error.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netspec.collector import waiting_collector
from netspec.elaborate import Given
from netspec.errors import SpecError, UsageError
from netspec.limits import Limits
from netspec.messages import diagnose, words
from netspec.nearby import meant
from netspec.source import At, Document, Project, TextFault, read_data, read_text

_FILE_NAME = re.compile(r"[^\n:{}]+\.ya?ml")
"""One line that is no YAML mapping and ends as the name of a spec file does."""


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
        UsageError: it cannot be read, or holds weights (NS501).
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "is a folder" if path.is_dir() else "is not a plain file"
            raise UsageError("NS501", f"`{path}` {what}", help="give the path of a YAML file")
        if path.suffix == ".safetensors":
            help_ = f"netspec weights {path} shows what is in it, netspec.open_weights its network"
            raise UsageError("NS501", f"`{path}` holds weights and no spec", help=help_)
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = meant(path) if isinstance(error, FileNotFoundError) or len(str(path)) > 255 else None
        raise UsageError(
            "NS501", f"cannot read {words.written(str(path))}: {reason}", help=hint
        ) from error


def read_document(path: Path, limits: Limits) -> Document:
    """A file -> data and places.

    Raises:
        SpecError: with everything that is wrong with the text.
        UsageError: the file cannot be read (NS501).
    """
    _check_limits(limits)
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
    """Parameters, input and variant as places in text of their own, so that errors can point there.

    Raises:
        SpecError: with what is no value.
        UsageError: `params` are no mapping (NS506).
    """
    if params is not None and not isinstance(params, Mapping):
        raise wrong_type("params", "a mapping of names to values", params)
    with told():
        places: dict[str, At] = {}
        if params:
            root = read_data(dict(params), "<params>", limits).at()
            places = {name: root / name for name in params}
        size: At | None = None
        if input is not None:
            sizes = input if isinstance(input, str | int) else list(input)
            size = read_data({"input": sizes}, "<input>", limits).at() / "input"
    found = Given(places, size)
    return found if variant is None else choose(found, variant, limits)


def file_at(path: object) -> Path:
    """The path of a spec file, as `load` takes it.

    Raises:
        UsageError: it is no path (NS506).
    """
    if isinstance(path, str | os.PathLike):
        return Path(path)
    hint = "netspec.loads reads a spec that is text or data" if isinstance(path, Mapping) else None
    raise wrong_type("load", "the path of a spec file", path, hint)


def text_or_data(spec: object, name: str, limits: Limits) -> Document:
    """A spec that is YAML text or plain data -> data and places.

    Raises:
        SpecError: with everything that is wrong with the text.
        UsageError: it is the name of a file, or neither text nor a mapping (NS506).
    """
    if isinstance(spec, os.PathLike) or (isinstance(spec, str) and _FILE_NAME.fullmatch(spec)):
        raise UsageError(
            "NS506",
            f"`loads` takes the text of a spec, got the path {words.written(str(spec))}",
            help="netspec.load reads a file",
        )
    _check_limits(limits)
    if isinstance(spec, str):
        return document(spec, name, limits)
    if not isinstance(spec, Mapping):
        raise wrong_type("loads", "the text of a spec, or a mapping", spec)
    with told():
        return read_data(spec, name, limits)


def _check_limits(limits: object) -> None:
    if not isinstance(limits, Limits):
        hint = "write limits=netspec.Limits(repeat=2000)"
        raise wrong_type("limits", "netspec.Limits", limits, hint)


def wrong_type(taker: str, wanted: str, got: object, hint: str | None = None) -> UsageError:
    """What takes something else than it got."""
    kind = "a mapping" if isinstance(got, Mapping) else f"`{type(got).__name__}`"
    return UsageError("NS506", f"`{taker}` takes {wanted}, got {kind}", help=hint)


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
