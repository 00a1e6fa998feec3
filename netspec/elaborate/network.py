"""A document -> a Graph: parameters, defaults and blocks first, then the layers, then what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from netspec.blocks import Values
from netspec.diagnostics import Diagnostic
from netspec.elaborate.definitions import Home, Library, YamlBlock, YamlPreset
from netspec.elaborate.environment import FAILED, Binding, Defaults, Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.layering import Elaborator, Site, lets
from netspec.elaborate.names import Names, name_problem
from netspec.elaborate.parameters import Parameter, declare
from netspec.elaborate.reporting import Reported, Sink
from netspec.elaborate.traces import Traces
from netspec.errors import SpecError
from netspec.graph import Builder, Graph, Output, Poisoned
from netspec.limits import Limits
from netspec.shape import Shape
from netspec.source import At, Document
from netspec.spec import BlockSection, PresetSection, Spec, read_spec


@dataclass(frozen=True, slots=True)
class Given:
    """What was given besides the document: parameters as places in text of their own, and an input."""

    params: Mapping[str, At]
    input: At | None = None

    @property
    def anything(self) -> bool:
        """Whether the network may differ from the document as written."""
        return bool(self.params) or self.input is not None


@dataclass(frozen=True, slots=True)
class Elaboration:
    """A network, and what was noticed on the way: warnings and notes."""

    graph: Graph
    warnings: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def elaborate(document: Document, given: Given, limits: Limits) -> Elaboration:
    """Document -> Graph.

    Raises:
        SpecError: with every error of the document.
    """
    sink = Sink()
    spec, findings = read_spec(document)
    for finding in findings:
        sink.report(finding.rule, finding.span, **finding.values)
    run = _Run(spec, given, sink, limits)
    result = run.network()
    if sink.failed or result is None:
        raise SpecError(sink.diagnostics)
    result.graph.verify()
    return result


class _Run:
    """One elaboration; keeps what its steps share."""

    def __init__(self, spec: Spec, given: Given, sink: Sink, limits: Limits) -> None:
        self._spec = spec
        self._given = given
        self._sink = sink
        self._limits = limits
        self._evaluator = Evaluator(sink, limits)

    def network(self) -> Elaboration | None:
        bindings: dict[str, Binding] = {}
        env = self._environment(bindings)
        lets(self._evaluator, self._spec.get("let"), env, bindings)
        builder = Builder(self._name(), self._input(env), doc=self._text("doc"))
        env = replace(env, inputs=(builder.input,))
        traces = Traces(builder.input)
        run = Elaborator(builder, self._sink, self._limits, traces, self._given.anything)
        site = Site(env, Names())
        site = self._with_inits(run, site)
        layers = self._spec.get("layers")
        if layers is None:
            return None
        values = run.layers(layers, site, (builder.input,))
        outputs = self._outputs(run, site, values, layers)
        if self._sink.failed:
            return None
        graph = builder.finish([*outputs, *run.outputs])
        expect = self._spec.get("expect")
        if expect is not None:
            run.expecter.network(expect, env, graph)
        return Elaboration(graph, notes=_notes(run))

    def _text(self, key: str) -> str:
        at = self._spec.get(key)
        if at is None:
            return ""
        if not isinstance(at.data, str):
            self._sink.report("not-text", at.span, what=key, received=at.data)
            return ""
        return at.data

    def _name(self) -> str:
        name = self._text("name")
        problem = name_problem(name, self._limits) if name else None
        if problem is not None:
            self._sink.report(
                "bad-name", self._spec.sections["name"].span, name=name, problem=problem
            )
        return name if name and problem is None else "network"

    def _environment(self, bindings: dict[str, Binding]) -> Env:
        """What the top level sees; `bindings` is filled with the parameters, then with `let`."""
        section = self._spec.get("defaults")
        sections = (
            (Defaults(section, bindings),) if section and isinstance(section.data, dict) else ()
        )
        library = Library()
        home = Home(library, sections)
        env = Env(library, bindings, (), sections)
        self._parameters(env, bindings)
        for name, entry in self._spec.blocks.items():
            library.own[name] = self._definition(entry, home)
        self._check_blocks(library)
        self._check_defaults(library)
        return env

    def _parameters(self, env: Env, bindings: dict[str, Binding]) -> None:
        section = self._spec.get("params")
        declared = section if section is not None and isinstance(section.data, dict) else None
        names = list(declared.data) if declared is not None else []
        for name, at in self._given.params.items():
            if name not in names:
                self._sink.report("unknown-parameter", at.key_span, name=name, known=tuple(names))
        for name in names:
            assert declared is not None  # noqa: S101 - it has names
            bindings[name] = Binding(FAILED)
            try:
                parameter = declare(declared / name, name, self._sink)
                bindings[name] = self._value_of(parameter, env)
            except Poisoned:
                pass  # reported; whatever reads it stays quiet

    def _value_of(self, parameter: Parameter, env: Env) -> Binding:
        at = self._given.params.get(parameter.name, parameter.default)
        if at is None:
            raise self._sink.report(
                "parameter-not-given", parameter.at.key_span, name=parameter.name
            )
        read = self._evaluator.block if parameter.type == "block" else self._evaluator.plain
        binding = read(at, env)
        try:
            return Binding(parameter.adapter.validate_python(binding.value), binding.at)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                place = binding.at or at
                for step in detail["loc"]:
                    place = place.get(step) or place
                values = {**detail.get("ctx", {}), "received": detail["input"]}
                rule = str(detail["type"]).replace("_", "-")
                self._sink.report(rule, place.span, block="params", field=parameter.name, **values)
            raise Reported from None

    def _definition(
        self, entry: BlockSection | PresetSection, home: Home
    ) -> YamlBlock | YamlPreset:
        if isinstance(entry, PresetSection):
            fields = entry.fields if entry.fields.data != {} else None
            return YamlPreset(entry.name, entry.at, entry.block, fields)
        sections = entry.sections
        doc = sections["doc"].data if "doc" in sections else ""
        return YamlBlock(
            name=entry.name,
            at=entry.at,
            parameters=self._declared(sections.get("params")),
            layers=sections["layers"],
            home=home,
            let=sections.get("let"),
            defaults=sections.get("defaults"),
            input_names=self._names(sections.get("inputs")),
            output_names=self._names(sections.get("outputs")),
            doc=str(doc),
        )

    def _declared(self, at: At | None) -> dict[str, Parameter]:
        if at is None:
            return {}
        if not isinstance(at.data, dict):
            self._sink.report("not-a-mapping", at.span, what="params", received=at.data)
            return {}
        found = {}
        for name in at.data:
            try:
                found[name] = declare(at / name, name, self._sink)
            except Reported:
                found[name] = Parameter(name, at / name, None, at / name)
        return found

    def _names(self, at: At | None) -> tuple[str, ...]:
        if at is None:
            return ()
        data = at.data if isinstance(at.data, list) else [at.data]
        wrong = [entry for entry in data if not isinstance(entry, str)]
        if wrong:
            self._sink.report("not-a-name", at.span, received=wrong[0])
            return ()
        return tuple(data)

    def _check_blocks(self, library: Library) -> None:
        """Names of own blocks, and the blocks that presets stand for."""
        for name, entry in library.own.items():
            problem = name_problem(name, self._limits)
            if problem is not None:
                self._sink.report("bad-name", entry.at.key_span, name=name, problem=problem)
            if isinstance(entry, YamlPreset) and library.definition(name) is None:
                if library.find(entry.block) is None:
                    span = (entry.at / entry.block).key_span
                    known = tuple(known for known in library.names() if known != name)
                    self._sink.report("unknown-block", span, received=entry.block, known=known)
                else:
                    self._sink.report("recursion", entry.at.key_span, path=(name, entry.block))

    def _check_defaults(self, library: Library) -> None:
        """Key names only: blocks that exist, and fields that they take."""
        section = self._spec.get("defaults")
        if section is None or not isinstance(section.data, dict):
            return
        for name in section.data:
            at = section / name
            definition = library.definition(name)
            if definition is None:
                known = tuple(library.names())
                self._sink.report("unknown-block", at.key_span, received=name, known=known)
                continue
            if not isinstance(at.data, dict):
                continue
            for key in at.data:
                if key not in definition.kinds:
                    self._sink.report(
                        "unknown-field",
                        (at / key).key_span,
                        block=name,
                        field=key,
                        known=tuple(definition.kinds),
                        others=(),
                    )

    def _input(self, env: Env) -> Shape | None:
        at = self._given.input or self._spec.get("input")
        if at is None:
            return None
        if isinstance(at.data, dict):
            self._sink.report("not-yet", at.span, what="an input with names")
            return None
        try:
            value = self._evaluator.plain(at, env).value
        except Poisoned:
            return None
        sizes = value if isinstance(value, list) else []
        whole = all(isinstance(size, int) and not isinstance(size, bool) for size in sizes)
        if not 1 <= len(sizes) <= 4 or not whole:
            self._sink.report("bad-input-shape", at.span, received=value)
            return None
        for number, size in enumerate(sizes):
            limit = self._limits.channels if number == 0 else self._limits.input_size
            if not 1 <= size <= limit:
                place = at.get(number) or at
                self._sink.report(
                    "size-range",
                    place.span,
                    block="the spec",
                    field="input",
                    received=size,
                    minimum=1,
                    maximum=limit,
                )
                return None
        return tuple(sizes)

    def _with_inits(self, run: Elaborator, site: Site) -> Site:
        at = self._spec.get("init")
        if at is None or not isinstance(at.data, dict):
            return site
        try:
            return Site(site.env, site.names, inits=(run.inits.read(at, site.env),))
        except Poisoned:
            return site

    def _outputs(self, run: Elaborator, site: Site, values: Values, layers: At) -> list[Output]:
        """`outputs:` by name, or the last layer as `main`."""
        at = self._spec.get("outputs")
        if at is None:
            if len(values) != 1:
                last = layers / (len(layers.data) - 1)
                self._sink.report("several-values-at-end", last.span, count=len(values))
                return []
            return [Output("main", values[0])]
        data = at.data
        if isinstance(data, dict):
            pairs = [(name, at / name) for name in data]
        elif isinstance(data, list):
            pairs = [(str(entry), at / number) for number, entry in enumerate(data)]
        else:
            self._sink.report("not-outputs", at.span, received=data)
            return []
        heads = {out.name for out in run.outputs}
        outputs: list[Output] = []
        for name, place in pairs:
            key = name.rpartition(".")[2]
            if key in heads or any(out.name == key for out in outputs):
                self._sink.report("duplicate-output", place.span, name=key)
                continue
            if not isinstance(place.data, str):
                self._sink.report("not-a-name", place.span, received=place.data)
                continue
            outputs.append(Output(key, run.wiring.named(place.data, place, site)))
        return outputs


def _notes(run: Elaborator) -> tuple[str, ...]:
    count = run.expecter.skipped
    if not count:
        return ()
    what = "1 expectation was" if count == 1 else f"{count} expectations were"
    return (f"{what} not checked: parameters or the input differ from the spec as written",)
