"""Warnings about what stands in a file and is never used: blocks, parameters, imports, `let`, defaults.

What a file of blocks defines is for others, so only a spec has unused blocks. Where a parameter holds a
block, any of them may be meant for `--set`, and nothing is said about blocks at all. A field that a block
does not read may still belong to it: blocks that stand for each other take the same fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from netspec.elaborate.definitions import Library, YamlBlock
from netspec.elaborate.mentions import Reach, names_in, passed
from netspec.elaborate.parameters import Parameter
from netspec.elaborate.reporting import Sink
from netspec.limits import Limits
from netspec.source import At
from netspec.spec import Spec

_DEFINING = ("params", "let", "blocks", "import", "defaults")
"""Sections in which something can be defined for nothing."""

_OWN_NAMES = ("params", "let", "blocks")
"""Sections that do not read the parameters of the file, or are looked at by themselves."""


class Needless:
    """Looks through files; warnings go to the sink."""

    def __init__(self, sink: Sink, limits: Limits) -> None:
        self._sink = sink
        self._limits = limits

    def spec(
        self,
        spec: Spec,
        library: Library,
        parameters: Mapping[str, Parameter],
        given: Iterable[At] = (),
    ) -> None:
        """A spec with its network; `given` are values of parameters from outside."""
        if not any(map(spec.get, _DEFINING)):
            return
        reach = Reach(spec, library, given)
        readers = [at for key, at in spec.sections.items() if key not in _OWN_NAMES]
        self._names("parameter", parameters, readers, spec.get("let"))
        if not _holds_block(spec, parameters, library):
            used = reach.used()
            for name, entry in library.own.items():
                if name not in used and entry.at is not None:
                    self._sink.report("unused-block", entry.at.key_span, name=name)
            self._imports(library, used)
            self._defaults(spec.mapping("defaults"), reach.mentioned())
        self._bodies(library, set(passed(spec.document.data)))

    def blocks(self, spec: Spec, library: Library) -> None:
        """A file of blocks."""
        mentioned = Reach(spec, library).mentioned()
        self._imports(library, mentioned)
        self._defaults(spec.mapping("defaults"), mentioned | set(library.own))
        fields = Counter(name for block in _yaml_blocks(library) for name in block.parameters)
        self._bodies(library, {name for name, number in fields.items() if number > 1})

    def _bodies(self, library: Library, shared: set[str]) -> None:
        """The blocks of a file; `shared` fields belong to blocks that stand for each other."""
        for block in _yaml_blocks(library):
            own = {name: one for name, one in block.parameters.items() if name not in shared}
            given = block.defaults.at if block.defaults is not None else None
            self._names("field", own, [block.layers, given], block.let, block.name)

    def _names(
        self,
        kind: str,
        parameters: Mapping[str, Parameter],
        readers: Iterable[At | None],
        let: At | None,
        block: str = "",
    ) -> None:
        """Parameters and names of a `let` that nothing in `readers` reads."""
        read = names_in(readers, self._limits)
        lets = let.data if let is not None and isinstance(let.data, dict) else {}
        read |= names_in([let], self._limits)
        for name, parameter in parameters.items():
            if name not in read:
                span = parameter.at.key_span
                self._sink.report("unused-parameter", span, name=name, kind=kind, block=block)
        for name in lets:
            if name not in read and let is not None:
                self._sink.report("unused-let", (let / name).key_span, name=name)

    def _imports(self, library: Library, used: set[str]) -> None:
        for at, names in library.imports.items():
            if not used.intersection(names):
                self._sink.report("unused-import", at.span, path=at.data, names=names)

    def _defaults(self, section: At | None, mentioned: set[str]) -> None:
        for name in section.data if section is not None and isinstance(section.data, dict) else ():
            if section is not None and name not in mentioned:
                self._sink.report("unused-default", (section / name).key_span, name=name)


def _yaml_blocks(library: Library) -> list[YamlBlock]:
    return [block for block in library.own.values() if isinstance(block, YamlBlock)]


def _holds_block(spec: Spec, parameters: Mapping[str, Parameter], library: Library) -> bool:
    """Whether a parameter has a block as its value, by declaration or in the file or a variant."""
    if any(parameter.type == "block" for parameter in parameters.values()):
        return True
    variants = spec.mapping("variants")
    values = [parameter.default for parameter in parameters.values()]
    for name in variants.data if variants is not None and isinstance(variants.data, dict) else ():
        values += [(variants / name).get(key) for key in parameters] if variants else []
    texts = [at.data for at in values if at is not None and isinstance(at.data, str)]
    return any(library.find(text) is not None for text in texts)
