"""A document -> a Graph: parameters, defaults and blocks first, then the layers, then what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netspec.blocks import Values
from netspec.diagnostics import Diagnostic, Label
from netspec.elaborate.allowing import Allowance, allowances, unneeded, without_allowed
from netspec.elaborate.blame import Sketch, blamed
from netspec.elaborate.bodies import lets
from netspec.elaborate.defining import Definer
from netspec.elaborate.definitions import Home, Library, YamlBlock
from netspec.elaborate.environment import Binding, Defaults, Entries, Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.importing import Importer
from netspec.elaborate.layering import Elaborator
from netspec.elaborate.names import Names, name_problem, spelling_problem
from netspec.elaborate.needless import Needless
from netspec.elaborate.reporting import Exhausted, Sink
from netspec.elaborate.settings import Given, Settings
from netspec.elaborate.site import Site
from netspec.elaborate.suspicious import Suspicious
from netspec.elaborate.traces import Traces
from netspec.elaborate.variants import network_name
from netspec.errors import SpecError
from netspec.graph import Builder, Graph, Output, Poisoned, SketchBuilder
from netspec.limits import Limits
from netspec.plugins import Registry
from netspec.shape import Shape
from netspec.source import At, Document, Project
from netspec.spec import Spec, read_spec


@dataclass(frozen=True, slots=True)
class Elaboration:
    """A network, and what was noticed on the way: warnings and notes."""

    graph: Graph
    warnings: tuple[Diagnostic, ...] = ()
    allowed: tuple[Diagnostic, ...] = ()
    """The warnings that comments in the document and its imports allow."""
    notes: tuple[str, ...] = ()
    variant: str | None = None
    variants: tuple[str, ...] = ()


def elaborate(
    document: Document,
    given: Given,
    limits: Limits,
    project: Project | None = None,
    registry: Registry | None = None,
) -> Elaboration:
    """Document -> Graph.

    `project` has the files that the document may import; None: there are none. `registry` has the blocks
    that need no file; None: the built-in ones.

    Raises:
        SpecError: with every error of the document.
    """
    sink = Sink(limits.found_errors)
    files = project or Project(limits=limits)
    result, layers = _elaborated(document, given, sink, limits, files, registry)
    if sink.failed or result is None:
        raise SpecError(sink.diagnostics, layers) from sink.cause
    result.graph.verify()
    return result


def unneeded_allowances(document: Document, silent: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """A warning for each allowance in a document that silences none of `silent`.

    Those are the warnings allowed in all its variants as they are written: what one needs is needed.
    """
    return unneeded(allowances(document, Sink()), silent)


def sketch(
    document: Document,
    given: Given,
    limits: Limits,
    project: Project | None = None,
    registry: Registry | None = None,
) -> Sketch:
    """Document -> what can be shown of it, with the errors that `elaborate` raises."""
    sink = Sink(limits.found_errors)
    files = project or Project(limits=limits)
    result, _ = _elaborated(document, given, sink, limits, files, registry, SketchBuilder)
    graph = result.graph if result is not None else None
    return Sketch(graph, blamed(graph, sink.diagnostics), sink.diagnostics, files.files)


def _elaborated(
    document: Document,
    given: Given,
    sink: Sink,
    limits: Limits,
    project: Project,
    registry: Registry | None,
    builder: type[Builder] = Builder,
) -> tuple[Elaboration | None, int]:
    """Document -> Graph, as far as it goes, and how many layers were built; errors are in the sink."""
    spec, findings = read_spec(document)
    run: _Run | None = None
    try:
        for finding in findings:
            sink.report(finding.rule, finding.span, **finding.values)
        run = _Run(spec, given, sink, limits, project, registry or Registry(), builder)
        return run.network(), run.layers
    except Exhausted:
        return None, run.layers if run is not None else 0


class _Run:
    """One elaboration; keeps what its steps share."""

    def __init__(
        self,
        spec: Spec,
        given: Given,
        sink: Sink,
        limits: Limits,
        project: Project,
        registry: Registry,
        builder: type[Builder],
    ) -> None:
        self._builder = builder
        self._spec = spec
        self._registry = registry
        self._project = project
        self._given = given
        self._sink = sink
        self._limits = limits
        self._evaluator = Evaluator(sink, limits)
        self._definer = Definer(sink, limits)
        self._settings = Settings(spec, given, sink, limits)
        self._importer = Importer(project, self._definer, sink, limits, registry)
        self._allowed = allowances(spec.document, sink)
        self._elaborator: Elaborator | None = None

    @property
    def layers(self) -> int:
        """How many layers were built."""
        return self._elaborator.layer_count if self._elaborator is not None else 0

    def network(self) -> Elaboration | None:
        bindings: dict[str, Binding] = {}
        env = self._environment(bindings)
        builder = self._builder(self._name(), self._input(env), doc=self._text("doc"))
        env = replace(env, inputs=(builder.input,))
        traces = Traces(builder.input)
        run = Elaborator(builder, self._sink, self._limits, traces, self._given.anything)
        self._elaborator = run
        if self._settings.variant is not None:
            run.expecter.variant = self._settings.variant.name
        site = self._with_inits(run, Site(env, Names()))
        layers = self._spec.get("layers")
        if layers is None:
            return None
        values = run.layers(layers, site, (builder.input,))
        outputs = self._outputs(run, site, values, layers)
        self._check_unused(run, env.library)
        graph = builder.finish([*outputs, *run.outputs])
        self._expect(run, env, None if self._sink.failed else graph)
        self._settings.tell_variants()
        chosen = self._settings.variant
        name = chosen.name if chosen is not None else None
        variants = tuple(self._settings.variants)
        told, silent = without_allowed(*self._warnings(run, graph, env.library))
        traces.forget()
        return Elaboration(graph, told, silent, _notes(run), name, variants)

    def _warnings(
        self, run: Elaborator, graph: Graph, library: Library
    ) -> tuple[Sequence[Diagnostic], Sequence[Allowance]]:
        """What is right and yet strange, and what comments allow of it; nothing beside an error."""
        sink = Sink()
        if self._sink.failed:
            return (), ()
        needless = Needless(sink, self._limits)
        for file, blocks in self._importer.files:
            needless.blocks(file, blocks)
        given = tuple(self._given.params.values())
        needless.spec(self._spec, library, self._settings.parameters, given)
        suspicious = Suspicious(sink, run)
        suspicious.graph(graph)
        if (at := self._given.input or self._spec.get("input")) is not None:
            suspicious.input(at, graph.input.shape)
        return sink.diagnostics, (*self._allowed, *self._importer.allowed)

    def _check_unused(self, run: Elaborator, library: Library) -> None:
        for block in library.own.values():
            if isinstance(block, YamlBlock) and block not in run.built:
                run.names.block(block)

    def _expect(self, run: Elaborator, env: Env, graph: Graph | None) -> None:
        """What the network expects holds for every variant, unless the variant expects otherwise."""
        chosen = self._settings.variant
        own = chosen.expect if chosen is not None else None
        if chosen is not None and chosen.failed:
            graph = None
        expect = self._spec.get("expect")
        if expect is not None:
            replaced = tuple(own.data) if own is not None and isinstance(own.data, dict) else ()
            run.expecter.network(expect, env, graph, replaced)
        if own is not None:
            run.expecter.variant_of(own, env, graph)

    def _text(self, key: str) -> str:
        at = self._spec.get(key)
        if at is None:
            return ""
        if not isinstance(at.data, str):
            self._sink.report("not-text", at.span, what=key, received=at.data)
            return ""
        return at.data

    def _name(self) -> str:
        at = self._spec.get("name")
        name = self._text("name")
        if at is None or not isinstance(at.data, str):
            return "network"
        problem = name_problem(name, self._limits)
        if problem is not None:
            self._sink.report("bad-name", at.span, name=name, problem=problem)
            return "network"
        chosen = self._settings.variant
        return name if chosen is None else network_name(name, chosen.name)

    def _environment(self, bindings: dict[str, Binding]) -> Env:
        """What the top level sees; `bindings` is filled with the parameters, then with `let`."""
        complete = self._spec.readable("params", "let")
        section = self._spec.get("defaults")
        given = section is not None or self._spec.stray
        sections = (Defaults(Entries(section), bindings, complete),) if given else ()
        library = Library(self._registry)
        env = Env(library, bindings, (), sections, complete)
        self._settings.bind(self._evaluator, env, bindings)
        let = self._spec.get("let")
        self._definer.check_lets(let, tuple(bindings))
        lets(self._evaluator, let, env, bindings)
        origin = self._project.origin()
        library.incomplete = not self._spec.readable("blocks")
        self._importer.fill(library, self._spec, (origin,) if origin is not None else ())
        self._definer.fill(library, Home(library, sections), self._spec)
        return env

    def _input(self, env: Env) -> Shape | None:
        at = self._given.input or self._spec.get("input")
        if at is None:
            return None
        if isinstance(at.data, dict):
            is_shape = all(isinstance(size, int) for size in at.data.values())
            rule = "bad-input-shape" if is_shape else "not-yet"
            self._sink.report(rule, at.span, received=at.data, what="an input with names")
            return None
        if isinstance(at.data, list) and at.data[:1] == [None]:
            self._sink.report("bad-input-shape", at.span, received=at.data)
            return None
        try:
            value = self._evaluator.plain(at, env).value
        except Poisoned:
            return None
        sizes = value if isinstance(value, list) else []
        whole = all(isinstance(size, int) and not isinstance(size, bool) for size in sizes)
        if not 1 <= len(sizes) <= 4 or not whole or (sizes[0] == -1 and len(sizes) > 1):
            if at is self._given.input or at.path == ("input",):  # another key has been told
                self._sink.report("bad-input-shape", at.span, received=value)
            return None
        for number, size in enumerate(sizes):
            limit = "channels" if number == 0 else "input_size"
            most: int = getattr(self._limits, limit)
            if not 1 <= size <= most:
                facts = {"received": size, "minimum": 1, "maximum": most, "limit": limit}
                span = (at.get(number) or at).span
                self._sink.report("size-range", span, block="the spec", field="input", **facts)
                return None
        return self._of_written_rank(at, tuple(sizes))

    def _of_written_rank(self, at: At, shape: Shape) -> Shape | None:
        """A shape from outside must have as many sizes as the one in the spec."""
        own = self._spec.get("input")
        if own is None or own is at or not isinstance(own.data, list) or own.data[:1] == [None]:
            return shape
        if len(shape) != len(own.data):
            name, labels = at.span.file.name, (Label(own.span, "the input of the spec"),)
            values = {"received": shape, "expected": own.data, "option": name}
            self._sink.report("other-rank", at.span, labels, **values)
            return None
        return shape

    def _with_inits(self, run: Elaborator, site: Site) -> Site:
        at = self._spec.mapping("init")
        if at is None:
            return site
        try:
            return site._replace(inits=(run.inits.read(at, site.env),))
        except Poisoned:
            return site

    def _outputs(self, run: Elaborator, site: Site, values: Values, layers: At) -> list[Output]:
        """`outputs:` by name, or the last layer as `main`."""
        at = self._spec.get("outputs")
        if at is None:
            if len(values) != 1:
                count = len(layers.data) if isinstance(layers.data, list) else 0
                last = layers.get(count - 1) or layers
                self._sink.report("several-values-at-end", last.span, count=len(values))
                return []
            return [Output("main", values[0])]
        data = at.data
        if isinstance(data, dict):
            pairs = [(name, at / name) for name in data]
        else:
            entries = data if isinstance(data, list) else []
            pairs = [(str(entry), at / number) for number, entry in enumerate(entries)]
        if not pairs or all(isinstance(place.data, dict) for _, place in pairs):
            if at.path == ("outputs",):  # another key has been told
                self._sink.report("not-outputs", at.span, received=data)
            return []
        heads = {out.name for out in run.outputs}
        outputs: list[Output] = []
        for name, place in pairs:
            key = name.rpartition(".")[2]
            if not isinstance(place.data, str):
                self._sink.report("not-a-name", place.span, received=place.data)
            elif key in heads or any(out.name == key for out in outputs):
                self._sink.report("duplicate-output", place.span, name=key)
            elif isinstance(data, dict) and spelling_problem(name, self._limits):
                problem = spelling_problem(name, self._limits)
                self._sink.report("bad-name", place.key_span, name=name, problem=problem)
            else:
                outputs.append(Output(key, run.wiring.named(place.data, place, site)))
        return outputs


def _notes(run: Elaborator) -> tuple[str, ...]:
    count = len(run.expecter.skipped)
    if not count:
        return ()
    what = "1 expectation was" if count == 1 else f"{count} expectations were"
    return (f"{what} not checked: parameters or the input differ from the spec as written",)
