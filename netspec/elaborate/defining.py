"""Sections of a spec -> the blocks that it can name, and the check of every `defaults:`.

Key names only: which blocks there are and which fields they take. Values wait until they are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netspec.elaborate.definitions import Broken, Home, Library, YamlBlock, YamlPreset
from netspec.elaborate.environment import Entries
from netspec.elaborate.meant import declarations
from netspec.elaborate.names import block_name_problem, name_problem, value_name_problem
from netspec.elaborate.parameters import declared
from netspec.elaborate.reporting import Sink
from netspec.graph import Poisoned
from netspec.limits import Limits
from netspec.source import At
from netspec.spec import BlockSection, BrokenSection, PresetSection, Section, Spec


class Definer:
    """Reads `blocks:` and `defaults:`; errors go to the sink."""

    def __init__(self, sink: Sink, limits: Limits) -> None:
        self._sink = sink
        self._limits = limits

    def fill(self, library: Library, home: Home, spec: Spec) -> None:
        """Fill `library` with the blocks of a spec whose bodies see `home`."""
        for name, section in spec.blocks.items():
            problem = block_name_problem(name, self._limits)
            if problem is not None:
                self._sink.report("bad-name", section.at.key_span, name=name, problem=problem)
                plain = name.partition("(")[0].strip()
                library.own.setdefault(plain, Broken(plain))
            library.own[name] = self._definition(section, home)
        places = spec.stray.items()
        library.astray = frozenset(name for name, at in places if isinstance(at.data, dict))
        for entry in library.own.values():
            if isinstance(entry, YamlPreset):
                self._check_preset(entry, library)
            elif isinstance(entry, YamlBlock):
                self._sort(entry.defaults, library)
        for given in home.defaults:
            self._sort(given.entries, library)
            given.entries.by_block |= {
                name: at
                for name, at in places
                if isinstance(at.data, dict) and set(at.data) <= set(library.accepts(name))
            }

    def _definition(self, section: Section, home: Home) -> YamlBlock | YamlPreset | Broken:
        if isinstance(section, BrokenSection):
            return Broken(section.name, section.at)
        if isinstance(section, PresetSection):
            fields = section.fields if section.fields.data != {} else None
            return YamlPreset(section.name, section.at, section.block, fields, home, section.doc)
        return self._block(section, home)

    def _block(self, section: BlockSection, home: Home) -> YamlBlock | Broken:
        places = section.sections
        parameters = declared(places.get("params"), self._sink, self._limits, fields=True)
        self.check_lets(places.get("let"), tuple(parameters))
        doc = places["doc"].data if "doc" in places else ""
        inputs = tuple(_entries(places.get("inputs")))
        problems = [(at, name_problem(str(at.data), self._limits)) for at in inputs]
        for at, problem in problems:
            if problem is not None:
                self._sink.report("bad-name", at.span, name=at.data, problem=problem)
        if any(problem for _, problem in problems):
            return Broken(section.name, section.at)
        return YamlBlock(
            name=section.name,
            at=section.at,
            parameters=parameters,
            layers=places["layers"],
            home=home,
            let=places.get("let"),
            defaults=Entries(places["defaults"]) if "defaults" in places else None,
            input_names=inputs,
            output_names=tuple(_entries(places.get("outputs"))),
            doc=str(doc),
        )

    def check_lets(self, at: At | None, parameters: tuple[str, ...]) -> None:
        """Names of a `let:`: readable, and not those of parameters."""
        for name in at.data if at is not None and isinstance(at.data, dict) else ():
            assert at is not None  # noqa: S101 - it has names
            problem = value_name_problem(name, self._limits)
            if name in parameters:
                problem = "a parameter has that name"
            if problem is not None:
                self._sink.report("bad-name", (at / name).key_span, name=name, problem=problem)

    def _check_preset(self, entry: YamlPreset, library: Library) -> None:
        """The block that a preset stands for, and the names of its fields."""
        if library.find(entry.block) is None:
            span = (entry.at / entry.block).key_span
            known = tuple(known for known in library.names() if known != entry.name)
            facts = {**library.unknown(entry.block), "known": known}
            self._sink.report("unknown-block", span, **facts)
            return
        circle = library.circle(entry.name)
        if circle is not None:
            first = next(name for name in library.own if name in circle)
            if circle[-1] == entry.name == first:
                self._sink.report("recursion", entry.at.key_span, path=circle)
            return
        if entry.fields is not None:
            self._check_fields(entry.name, entry.fields, library)

    def _sort(self, entries: Entries | None, library: Library) -> None:
        """The entries of a `defaults:` section by block, and whether these take their fields.

        What is misspelt or written as a list has been told, and is read as it was meant: a layer without
        its defaults would bring errors of its own.
        """
        if entries is None or entries.at is None:
            return
        places = dict(_places(entries.at))
        entries.readable = bool(places) or not entries.at.data
        below = _fields_below(places, library)
        for name, at in places.items():
            if any(name in fields for fields in below.values()):
                entries.lost.append(at)
            elif library.find(name) is None:
                near, facts = library.near(name), library.unknown(name)
                facts |= {"given": at.data, "in_defaults": True}
                self._sink.report("unknown-block", at.key_span, near, **facts)
                meant = library.meant(name, at.data)
                if meant is None:
                    entries.lost.append(at)
                else:
                    entries.by_block.setdefault(meant, at)
            elif at.data is None:
                fields = {key: places[key].data for key in below.get(name, ())}
                facts = {"block": name, "in_defaults": True, "below": fields}
                self._sink.report("layer-without-value", at.key_span, **facts)
                entries.empty.add(name)
            else:
                entries.by_block[name] = at
                self._check_fields(name, at, library)

    def _check_fields(self, name: str, at: At, library: Library) -> None:
        """The fields given to a block in advance: known ones, or the bare one."""
        try:
            definition = library.definition(name)
        except Poisoned:
            return
        if definition is None:
            return
        known = tuple(definition.kinds)
        if not isinstance(at.data, dict):
            if definition.bare_field is None:
                facts = {"block": name, "known": known, "required": definition.required}
                self._sink.report("no-bare-field", at.span, received=at.data, **facts)
            return
        for key in at.data:
            if key not in known:
                span = (at / key).key_span
                values = {"field": key, "known": known, "others": (), "value": at.data[key]}
                self._sink.report(
                    "unknown-field", span, declarations(definition), block=name, **values
                )


def _places(section: At) -> Iterator[tuple[str, At]]:
    """Name -> entry of a `defaults:` section, also where that is a list of mappings."""
    data = section.data
    parts = [section / n for n in range(len(data))] if isinstance(data, list) else [section]
    for at in parts:
        yield from ((name, at / name) for name in (at.data if isinstance(at.data, dict) else ()))


def _fields_below(places: Mapping[str, At], library: Library) -> dict[str, list[str]]:
    """Block with nothing behind its colon -> its fields that stand below it at its own indentation."""
    found: dict[str, list[str]] = {}
    empty = None
    for name, at in places.items():
        if library.find(name) is not None:
            empty = name if at.data is None else None
        elif empty is not None and name in library.accepts(empty):
            found.setdefault(empty, []).append(name)
    return found


def _entries(at: At | None) -> Iterator[At]:
    """The places of a list of names, or of one name."""
    if at is None:
        return
    if isinstance(at.data, list):
        yield from (at / number for number in range(len(at.data)))
    else:
        yield at
