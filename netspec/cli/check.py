"""`netspec check`: whether specs are right."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from netspec.checking import Checked, check
from netspec.cli.boundary import (
    SPEC_ERROR,
    USAGE_ERROR,
    as_errors,
    print_diagnostics,
    print_usage_error,
)
from netspec.cli.opening import check_once, given_by, limits_of, open_document, project_of
from netspec.cli.options import (
    ErrorFormat,
    ErrorFormatOption,
    FixOption,
    InputOption,
    LimitOption,
    PathsArgument,
    PluginOption,
    SetOption,
    StrictOption,
    VariantOption,
)
from netspec.cli.walking import specs_in
from netspec.collector import sweep
from netspec.diagnostics import Diagnostic, Severity
from netspec.errors import SpecError, UsageError
from netspec.fixing import sure_fixes
from netspec.limits import Limits
from netspec.messages import words
from netspec.plugins import Registry, enable

EXAMPLES = "Examples: `netspec check specs` · `netspec check net.yaml --error-format concise`"


@dataclass(frozen=True, slots=True)
class _Options:
    """What is given beside the paths."""

    settings: Sequence[str] | None
    size: str | None
    variant: str | None
    limit: Sequence[str] | None
    plugins: Sequence[str] | None
    strict: bool


@dataclass(slots=True)
class _Report:
    """What was found in all specs: diagnostics, a line for each spec that is right, notes, and counts."""

    found: list[Diagnostic] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unusable: list[UsageError] = field(default_factory=list)
    specs: int = 0
    wrong: int = 0
    """How many of the specs have errors."""
    networks: int = 0

    def add(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Add findings; what two specs import is told once."""
        known = {found.identity for found in self.found}
        self.found += [found for found in diagnostics if found.identity not in known]

    @property
    def count(self) -> str:
        """The closing line."""
        if self.wrong or self.unusable:
            parts = [f"{self.wrong} of {self.specs} specs have errors"] * bool(self.wrong)
            parts += [f"{len(self.unusable)} cannot be read"] * bool(self.unusable)
            return ", ".join(parts)
        line = f"{words.count(self.specs, 'spec')}, {words.count(self.networks, 'network')}: ok"
        warnings = words.count(len(self.found), "warning")
        return line + f", {warnings}" * bool(self.found)

    @property
    def code(self) -> int:
        """The exit code."""
        if self.unusable:
            return USAGE_ERROR
        return SPEC_ERROR if any(map(_is_error, self.found)) else 0


def run(
    paths: PathsArgument,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
    error_format: ErrorFormatOption = ErrorFormat.FULL,
    strict: StrictOption = False,
    fix: FixOption = False,
) -> None:
    """Check specs and all their variants. Names, fields, shapes, expectations; needs no torch."""
    check_once(paths)
    options = _Options(set_, input_, variant, limit, plugin, strict)
    report = _report(paths, options)
    if fix and _fix(report, quiet=error_format.for_programs):
        report = _report(paths, options)
    for error in report.unusable:
        print_usage_error(error)
    for line in report.fine if not error_format.for_programs else ():
        typer.echo(line)
    for note in report.notes:
        typer.echo(f"note: {note}", err=True)
    if report.found or error_format.for_programs:
        print_diagnostics(report.found, error_format)
    if report.specs > 1 and not error_format.for_programs:
        typer.echo(report.count)
    sys.exit(report.code)


def _is_error(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR


def _report(paths: Sequence[str], options: _Options) -> _Report:
    """Check every spec, and go on after one that has errors or cannot be read."""
    limits = limits_of(options.limit)
    registry = enable(options.plugins or ())
    report = _Report()
    for path in paths:
        try:
            _check_is_path(path, paths, limits)
            specs = specs_in(path)
        except UsageError as error:
            report.unusable.append(error)
            continue
        report.specs += len(specs)
        for number, spec in enumerate(specs):
            if number:
                sweep()
            _check_one(spec, options, limits, registry, report)
    return report


def _check_is_path(path: str, paths: Sequence[str], limits: Limits) -> None:
    """That an argument is no variant of another one, and no parameter, where no such file is.

    Raises:
        UsageError: it is (NS506).
    """
    if path == "-" or Path(path).exists():
        return
    advice = ""
    if re.fullmatch(r"[A-Za-z]\w*=.*", path):
        advice = f"a parameter is set by --set {path}"
    elif path.isidentifier() and any(path in _variants(other, limits) for other in paths):
        advice = f"a variant is chosen by --variant {path}"
    if advice:
        raise UsageError("NS506", f"{words.code(path)} is no spec", help=advice)


def _variants(path: str, limits: Limits) -> Collection[str]:
    """The variants of a spec that can be read."""
    try:
        data = open_document(path, limits).data if Path(path).is_file() else None
    except (SpecError, UsageError):
        return ()
    variants = data.get("variants") if isinstance(data, dict) else None
    return variants if isinstance(variants, dict) else ()


def _check_one(
    spec: str, options: _Options, limits: Limits, registry: Registry, report: _Report
) -> None:
    """Check a spec, and add what was found to the report; nothing else of it stays."""
    try:
        read = open_document(spec, limits)
        given = given_by(options.settings, options.size, options.variant, limits)
        checked = check(read, given, limits, project_of(spec, limits), registry)
    except SpecError as error:
        report.add(error.diagnostics)
        report.wrong += 1
        return
    except UsageError as error:
        report.unusable.append(error)
        return
    told = checked.diagnostics
    report.add(as_errors(told) if options.strict else told)
    report.networks += len(checked.networks)
    if any(map(_is_error, told)) or (options.strict and told):
        report.wrong += 1
    else:
        report.fine.append(f"{spec}: ok{_size(checked)}")
    report.notes += checked.notes


def _size(checked: Checked) -> str:
    """What a file holds besides one network, and how many warnings it has."""
    parts = []
    if checked.blocks:
        parts.append(words.count(checked.blocks, "block"))
    elif checked.variants > 1:
        parts.append(words.count(checked.variants, "variant"))
    if checked.diagnostics:
        parts.append(words.count(len(checked.diagnostics), "warning"))
    return f" ({', '.join(parts)})" if parts else ""


def _fix(report: _Report, *, quiet: bool) -> bool:
    """Apply the sure fixes; the diff is printed before a file is written. Whether there were any."""
    changed = list(sure_fixes(report.found))
    for file in changed:
        typer.echo(file.diff, nl=False, err=quiet)
        file.write()
        typer.echo(f"{file.path}: {words.count(file.count, 'fix', 'fixes')} applied", err=quiet)
    return bool(changed)
