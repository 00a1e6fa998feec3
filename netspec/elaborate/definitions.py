"""Blocks as the elaborator sees them: one interface, two leaves.

`BuiltIn` wraps the pydantic class of a block, `YamlBlock` a definition under `blocks:`. Both say which
fields there are and how they are read (the same properties, so `Definition` is their union); both are
used and checked the same way. A preset is neither:
it is another name for a block with some fields given, and a `Library` resolves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from netspec.blocks import Block, FieldKind, Preset
from netspec.diagnostics import Label
from netspec.elaborate.environment import Binding, Defaults, Entries
from netspec.elaborate.parameters import Parameter
from netspec.graph import Poisoned
from netspec.messages import foreign
from netspec.messages.suggest import suggest
from netspec.plugins import Registry
from netspec.source import At


@dataclass(frozen=True)
class BuiltIn:
    """A block of the registry; `plugin` is the one that it comes from, if it does."""

    block: type[Block]
    plugin: str | None = None

    @property
    def name(self) -> str:
        """What YAML calls it."""
        return self.block.block_name

    @property
    def structural(self) -> bool:
        """Whether it adds no level without a name."""
        return self.block.structural

    @property
    def copies(self) -> bool:
        """Whether its scope holds copies."""
        return self.block.copies

    @property
    def inputs(self) -> int | None:
        """How many values it reads."""
        return self.block.inputs

    @property
    def doc(self) -> str:
        """What the spec says about it: nothing, it is not the spec's."""
        return ""

    @property
    def kinds(self) -> Mapping[str, FieldKind]:
        """Field -> how it is read, in the order of declaration."""
        return self.block.field_kinds()

    @property
    def bare_field(self) -> str | None:
        """The field that `- block: value` gives."""
        return self.block.bare_field

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that must be given."""
        return tuple(n for n, info in self.block.infos().items() if info.is_required())


@dataclass(frozen=True, eq=False)
class Home:
    """The file in which blocks were written: what their bodies see of it."""

    library: Library
    defaults: tuple[Defaults, ...] = ()


@dataclass(frozen=True, eq=False)
class YamlBlock:
    """A block defined under `blocks:`. `home` is filled in when its file has been read."""

    name: str
    at: At
    parameters: Mapping[str, Parameter]
    layers: At
    home: Home
    let: At | None = None
    defaults: Entries | None = None
    input_names: tuple[At, ...] = ()
    output_names: tuple[At, ...] = ()
    doc: str = ""
    structural: bool = False
    copies: bool = False

    @property
    def plugin(self) -> None:
        """No plug-in has it."""

    @property
    def inputs(self) -> int | None:
        """How many values it reads: one for each name under `inputs:`, else one."""
        return len(self.input_names) or 1

    @cached_property
    def kinds(self) -> Mapping[str, FieldKind]:
        """Field -> how it is read, in the order of declaration."""
        return {name: parameter.kind for name, parameter in self.parameters.items()}

    @property
    def bare_field(self) -> str | None:
        """The field that `- block: value` gives."""
        return next(iter(self.parameters), None)

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that must be given."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.required)


@dataclass(frozen=True, slots=True)
class YamlPreset:
    """A preset defined under `blocks:`: `conv7x1: {conv: {kernel_size: [7, 1]}}`."""

    name: str
    at: At
    block: str
    fields: At | None
    home: Home
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A definition that could not be read, which has been reported; its uses are poisoned."""

    name: str
    at: At | None = None


Definition = BuiltIn | YamlBlock

Entry = BuiltIn | YamlBlock | Preset | YamlPreset | Broken


@dataclass(eq=False)
class Library:
    """The blocks that a file can name: its own, then imported ones, then those of the registry."""

    registry: Registry = field(default_factory=Registry)
    own: dict[str, YamlBlock | YamlPreset | Broken] = field(default_factory=dict)
    imported: dict[str, YamlBlock | YamlPreset | Broken] = field(default_factory=dict)
    imports: dict[At, tuple[str, ...]] = field(default_factory=dict)
    """The lines that import, and the blocks that each brought."""
    incomplete: bool = False
    """An import failed, which has been reported; a name that is not found may have come from there."""
    astray: frozenset[str] = frozenset()
    """Names that stand in no section of the file, which has been reported: perhaps meant as blocks."""
    _built_in: dict[str, BuiltIn] = field(default_factory=dict, init=False, repr=False)

    def find(self, name: str) -> Entry | None:
        """The block or preset of a name."""
        found = self.own.get(name) or self.imported.get(name)
        if found is not None:
            return found
        entry = self.registry.blocks.get(name)
        if isinstance(entry, type):
            built_in = self._built_in.get(name)
            if built_in is None:
                built_in = BuiltIn(entry, self.registry.plugin_of(name))
                self._built_in[name] = built_in
            return built_in
        if entry is None and (self.incomplete or name in self.astray):
            return Broken(name)
        return entry

    def names(self) -> Iterator[str]:
        """All names, own ones first."""
        yield from dict.fromkeys([*self.own, *self.imported, *self.registry.blocks])

    def definition(self, name: str) -> Definition | None:
        """The block that a name leads to, through presets; None for an unknown name.

        Raises:
            Poisoned: the name is known, but its definition is wrong, which has been reported there.
        """
        entry = self.find(name)
        seen = {name}
        while isinstance(entry, Preset | YamlPreset):
            library = entry.home.library if isinstance(entry, YamlPreset) else self
            if library is not self:
                return library.definition(entry.name)
            if entry.block in seen:
                raise Poisoned
            seen.add(entry.block)
            entry = self.find(entry.block)
            if entry is None:
                raise Poisoned
        if isinstance(entry, Broken):
            raise Poisoned
        return entry

    def unknown(self, name: str) -> dict[str, object]:
        """The facts about a name that no block has: what there is, and the plug-ins that would bring it."""
        plugins = self.registry.offered.get(name, ())
        facts: dict[str, object] = {"received": name, "known": tuple(self.names())}
        called, is_call, _ = name.partition("(")
        if is_call and isinstance(own := self.find(called.strip()), YamlBlock):
            facts["order"] = tuple(own.parameters)
        return facts | {"plugins": plugins}

    def meant(self, name: str, fields: object) -> str | None:
        """The one block that an unknown name must mean, if it takes these fields by their names."""
        known = tuple(self.names())
        own, near = foreign.block(name, known), suggest(name, known)
        found = own or (near[0] if len(near) == 1 else None)
        given = fields if isinstance(fields, dict) else ()
        return found if found is not None and set(given) <= set(self.accepts(found)) else None

    def near(self, name: str) -> tuple[Label, ...]:
        """Labels at the file's own blocks that may have been meant: the typo can be there too."""
        meant = suggest(name, tuple(self.names()))
        places = [self.own[other].at for other in meant if other in self.own]
        return tuple(Label(at.key_span, "a block of this file") for at in places if at is not None)

    def circle(self, name: str) -> tuple[str, ...] | None:
        """The presets from `name` that lead back to one of them; None where they end at a block."""
        path = [name]
        entry = self.find(name)
        while isinstance(entry, Preset | YamlPreset):
            if isinstance(entry, YamlPreset) and entry.home.library is not self:
                return entry.home.library.circle(entry.name)
            path.append(entry.block)
            if entry.block in path[:-1]:
                return tuple(path)
            entry = self.find(entry.block)
        return None

    def accepts(self, name: str) -> tuple[str, ...]:
        """The fields that a block or preset takes; none for one whose definition is wrong."""
        try:
            found = self.definition(name)
        except Poisoned:
            return ()
        return tuple(found.kinds) if found is not None else ()


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one use of a YAML block, bound."""

    bindings: Mapping[str, Binding]
