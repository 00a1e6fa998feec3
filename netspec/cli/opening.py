"""Opening a spec as the commands do: a file or standard input, with `--set` and `--input`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from netspec.diagnostics import Severity
from netspec.elaborate import Given, Library, Sketch, library_of, sketch
from netspec.errors import SpecError, UsageError
from netspec.limits import Limits
from netspec.messages.suggest import suggest
from netspec.network import Network, network
from netspec.plugins import Registry, enable
from netspec.reading import document, read_file
from netspec.source import At, Document, Project, read_data

STDIN = "-"
_SHAPE = re.compile(r"\d{1,18}(?:[x×,]\d{1,18})*", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def open_document(spec: str, limits: Limits) -> Document:
    """Read a spec, or a file of blocks.

    Raises:
        SpecError: with every error of the text.
        UsageError: the file cannot be read (NS501).
    """
    if spec == STDIN:
        return document(sys.stdin.buffer.read(limits.file_bytes + 1), "<stdin>", limits)
    return document(read_file(Path(spec), limits), spec, limits)


def check_once(paths: Sequence[str]) -> None:
    """That standard input is not to be read twice.

    Raises:
        UsageError: it is (NS506).
    """
    if paths.count(STDIN) > 1:
        raise UsageError(
            "NS506", "standard input can be read only once", help="give one `-`, and files"
        )


def open_network(
    spec: str,
    settings: Sequence[str] | None = None,
    size: str | None = None,
    variant: str | None = None,
    limit: Sequence[str] | None = None,
    plugins: Sequence[str] | None = None,
) -> Network:
    """Read and check a spec.

    Raises:
        SpecError: with every error of the spec.
        UsageError: the file cannot be read (NS501), an option has a wrong value (NS506), or a plug-in
            cannot be used (NS507).
    """
    return network(*_opened(spec, settings, size, variant, limit, plugins))


def open_sketch(
    spec: str,
    settings: Sequence[str] | None = None,
    size: str | None = None,
    variant: str | None = None,
    limit: Sequence[str] | None = None,
    plugins: Sequence[str] | None = None,
) -> Sketch:
    """Read a spec that may have errors: the network as far as it can be told, and the errors.

    Raises:
        SpecError: with every error of the text: there is nothing to show.
        UsageError: the file cannot be read (NS501), an option has a wrong value (NS506), or a plug-in
            cannot be used (NS507).
    """
    return sketch(*_opened(spec, settings, size, variant, limit, plugins))


def _opened(
    spec: str,
    settings: Sequence[str] | None,
    size: str | None,
    variant: str | None,
    limit: Sequence[str] | None,
    plugins: Sequence[str] | None,
) -> tuple[Document, Given, Limits, Project, Registry]:
    """What a network, or a sketch of one, is made of."""
    limits = limits_of(limit)
    registry = enable(plugins or ())
    read = open_document(spec, limits)
    given = given_by(settings, size, variant, limits)
    return read, given, limits, project_of(spec, limits), registry


def project_of(spec: str, limits: Limits) -> Project:
    """The files around a spec; there are none around standard input."""
    return Project(None if spec == STDIN else Path(spec), limits)


def open_library(
    file: str | None, limit: Sequence[str] | None, plugins: Sequence[str] | None = None
) -> Library:
    """The blocks that a file can name; without a file, those that need none.

    Raises:
        SpecError: something is wrong with its definitions.
        UsageError: the file cannot be read (NS501), an option has a wrong value (NS506), or a plug-in
            cannot be used (NS507).
    """
    limits = limits_of(limit)
    registry = enable(plugins or ())
    if file is None:
        return Library(registry)
    read = open_document(file, limits)
    library, told = library_of(read, limits, project_of(file, limits), registry)
    if any(found.severity is Severity.ERROR for found in told):
        raise SpecError(told)
    return library


def limits_of(settings: Sequence[str] | None) -> Limits:
    """The limits that `--limit` asks for.

    Raises:
        UsageError: there is no such limit, or it has a wrong value (NS506).
    """
    known = tuple(field.name for field in fields(Limits))
    values: dict[str, int] = {}
    for setting in settings or ():
        name, _, value = (part.strip() for part in setting.partition("="))
        if name not in known:
            near = suggest(name, known)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else f"limits are {', '.join(known)}"
            )
            raise UsageError("NS506", f"there is no limit `{name}`", help=hint)
        if not _NUMBER.fullmatch(value):
            raise UsageError(
                "NS506",
                f"`--limit {setting}` is no whole number",
                help=f"write --limit {name}=2000",
            )
        values[name] = int(value)
    return Limits(**values)


def given_by(
    settings: Sequence[str] | None, size: str | None, variant: str | None, limits: Limits
) -> Given:
    """The overrides, as lines of YAML, so that an error can point at them."""
    lines: dict[str, str] = {}
    for setting in settings or ():
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                "NS506", f"`--set {setting}` has no value", help="write --set num_classes=10"
            )
        _check_setting(name.strip(), value.strip(), lines)
        lines[name.strip()] = value.strip()
    places = {}
    if lines:
        text = "".join(f"{name}: {value}\n" for name, value in lines.items())
        root = document(text, "--set", limits).at()
        places = {name: root / name for name in lines}
    chosen = _line("variant", variant, "--variant", limits) if variant is not None else None
    if size is None:
        return Given(places, None, chosen)
    if not _SHAPE.fullmatch(size):
        raise UsageError(
            "NS506", f"`--input {size}` is no shape", help="write sizes with x: --input 3x224x224"
        )
    axes = [int(axis) for axis in re.split(r"[x×,]", size)]
    return Given(places, _line("input", axes, "--input", limits), chosen)


def _check_setting(name: str, value: str, others: Mapping[str, str]) -> None:
    """That a setting is one line of its own: nothing is overridden or added in silence."""
    if name in others:
        both = f"`{others[name]}` and `{value}`"
        raise UsageError("NS506", f"`--set {name}` is given twice, as {both}", help="give it once")
    if len(value.splitlines()) > 1:
        raise UsageError(
            "NS506",
            f"`--set {name}` has several lines",
            help="give one value: --set num_classes=10",
        )


def _line(key: str, value: object, name: str, limits: Limits) -> At:
    """A value as a line of YAML."""
    return read_data({key: value}, name, limits).at() / key
