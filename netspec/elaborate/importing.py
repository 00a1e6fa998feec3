"""`import:`: blocks from other files, each file closed with its own defaults and imports.

A file sees the blocks of the files that it names, and not what those import in turn: where a name comes
from can be read off the file that uses it. A file that several others import is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from netspec.diagnostics import Diagnostic, Label
from netspec.elaborate.allowing import Allowance, allowances, without_allowed
from netspec.elaborate.binding import Binder
from netspec.elaborate.defining import Definer
from netspec.elaborate.definitions import Home, Library, YamlBlock
from netspec.elaborate.environment import Defaults, Entries
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.needless import Needless
from netspec.elaborate.reporting import Exhausted, Reported, Sink
from netspec.elaborate.unused import NameChecker
from netspec.limits import Limits
from netspec.messages import diagnose
from netspec.plugins import Registry
from netspec.source import At, Document, ImportFault, Project, Source, TextFault
from netspec.spec import Spec, is_whole_spec, read_blocks, read_spec


@dataclass(eq=False)
class Importer:
    """Fills libraries with imported blocks. Errors go to the sink."""

    project: Project
    definer: Definer
    sink: Sink
    limits: Limits
    registry: Registry
    _libraries: dict[Path, Library | None] = field(default_factory=dict)
    """What has been read; None for a file that cannot be used, which has been reported."""
    files: list[tuple[Spec, Library]] = field(default_factory=list)
    """The imported files, each after those that it imports."""
    allowed: list[Allowance] = field(default_factory=list)
    """The warnings that comments in imported files allow."""

    def fill(self, library: Library, spec: Spec, chain: tuple[Source, ...]) -> None:
        """Import what a spec names into `library`; `chain` are the files that led here, itself last."""
        places: dict[str, At] = {}
        for at in self._entries(spec.get("import")):
            try:
                imported = self._library(at, chain)
            except Reported:
                library.incomplete = True
                continue
            for name, entry in imported.own.items():
                if name in spec.blocks:
                    before = spec.blocks[name].at.key_span
                elif name in places:
                    before = places[name].span
                else:
                    library.imported[name] = entry
                    continue
                label = Label(before, f"`{name}` comes from here too")
                self.sink.report("import-duplicate", at.span, (label,), name=name, path=at.data)
                break
            places |= dict.fromkeys(imported.own, at)
            library.imports[at] = tuple(imported.own)

    def _entries(self, section: At | None) -> Iterator[At]:
        """The places of the paths; what is no list of texts is reported."""
        if section is None:
            return
        if not isinstance(section.data, list):
            self.sink.report("not-imports", section.span, received=section.data)
            return
        for number, data in enumerate(section.data):
            if isinstance(data, str):
                yield section / number
            else:
                self.sink.report("not-imports", (section / number).span, received=data)

    def _library(self, at: At, chain: tuple[Source, ...]) -> Library:
        """The blocks of the file that an entry names.

        Raises:
            Reported: it cannot be used, which has been reported.
        """
        try:
            source = self.project.find(str(at.data), chain[-1] if chain else None)
            self._check_circle(source, chain)
            if source.path not in self._libraries:
                self._libraries[source.path] = None
                self._check_count(chain)
                self._libraries[source.path] = self._read(at, (*chain, source))
        except ImportFault as fault:
            raise self.sink.report(fault.rule, at.span, **fault.values) from None
        library = self._libraries[source.path]
        if library is None:
            raise Reported
        return library

    def _check_circle(self, source: Source, chain: tuple[Source, ...]) -> None:
        paths = [file.path for file in chain]
        if source.path in paths:
            circle = (*chain[paths.index(source.path) :], source)
            raise ImportFault("import-circle", path=tuple(file.shown for file in circle))

    def _check_count(self, chain: tuple[Source, ...]) -> None:
        counts = {"import_files": len(self._libraries), "import_depth": len(chain)}
        for what, count in counts.items():
            limit: int = getattr(self.limits, what)
            if count > limit:
                raise ImportFault("limit", what=what, value=count, maximum=limit)

    def _read(self, at: At, chain: tuple[Source, ...]) -> Library | None:
        """The blocks of the last file of a chain, None when its text or form is wrong."""
        try:
            document = self.project.read(chain[-1], str(at.data))
        except TextFault as fault:
            for finding in fault.findings:
                self.sink.add(diagnose(finding))
            return None
        spec, findings = read_blocks(document, str(at.data))
        for finding in findings:
            self.sink.report(finding.rule, finding.span, **finding.values)
        self.allowed += allowances(document, self.sink)
        library = self.define(spec, chain)
        self.files.append((spec, library))
        return library

    def define(self, spec: Spec, chain: tuple[Source, ...]) -> Library:
        """The blocks of a file of blocks, its imports included."""
        library = Library(self.registry)
        section = spec.get("defaults")
        defaults = (Defaults(Entries(section), {}),) if section is not None or spec.stray else ()
        self.fill(library, spec, chain)
        self.definer.fill(library, Home(library, defaults), spec)
        return library


def library_of(
    document: Document, limits: Limits, project: Project, registry: Registry | None = None
) -> tuple[Library, tuple[Diagnostic, ...]]:
    """The blocks of a file, and everything that can be told of them without a use."""
    sink, strange = Sink(limits.found_errors), Sink()
    origin = project.origin()
    shown = origin.shown if origin is not None else document.file.name
    whole = is_whole_spec(document)
    spec, findings = read_spec(document) if whole else read_blocks(document, shown)
    importer = Importer(project, Definer(sink, limits), sink, limits, registry or Registry())
    library = Library(importer.registry)
    try:
        for finding in findings:
            sink.report(finding.rule, finding.span, **finding.values)
        allowed = allowances(document, sink)
        library = importer.define(spec, (origin,) if origin is not None else ())
        names = NameChecker(sink, Binder(sink, Evaluator(sink, limits), limits))
        for block in library.own.values():
            if isinstance(block, YamlBlock):
                names.block(block)
    except Exhausted:
        return library, sink.diagnostics
    if sink.failed:
        return library, sink.diagnostics
    needless = Needless(strange, limits)
    for file, blocks in (*importer.files, (spec, library)):
        needless.blocks(file, blocks)
    found = sorted((*sink.diagnostics, *strange.diagnostics), key=lambda one: one.place)
    told, _ = without_allowed(found, (*allowed, *importer.allowed))
    return library, told
