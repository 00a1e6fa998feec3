"""Blocks from other packages: found by their metadata, imported when the user enables them, never before.

A package offers blocks by entry points in the group `netspec.blocks`, one for each block: the name of the
entry point is the name of the block, its value the class.

    [project.entry-points."netspec.blocks"]
    ghost_conv = "netspec_mobile:GhostConv"

So which package has which block is known without importing any of them, and an unknown block can be answered
with the plug-in that has it. A plug-in is called by the name of its package, which is what people installed.
Rejected: an entry point for a whole collection, whose names are known only after an import; and a key of the
spec that enables one, because then opening a file would run code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution, entry_points
from typing import Any

from pydantic import ValidationError

from netspec.blocks import BLOCKS, COMMON, GROUPS, Block, Example, FieldKind, Preset
from netspec.errors import Misfit, UsageError
from netspec.messages.suggest import suggest
from netspec.messages.words import code, join

GROUP = "netspec.blocks"
"""The group of entry points that a plug-in has."""

CODE = "NS507"

_SPELLABLE = frozenset({"integer", "number", "boolean", "string", "array", "null"})


@dataclass(frozen=True)
class Registry:
    """The blocks that need no file: the built-in ones, and those of the plug-ins that a user enabled."""

    plugged: Mapping[str, type[Block]] = field(default_factory=dict)
    """Name in YAML -> block of a plug-in."""
    plugins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Plug-in -> the names of its blocks."""

    @cached_property
    def blocks(self) -> Mapping[str, type[Block] | Preset]:
        """Name in YAML -> block or preset, built-in ones first."""
        return {**BLOCKS, **self.plugged}

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Title -> names of blocks: the order in which pages show them."""
        built_in = {
            title: tuple(e.name if isinstance(e, Preset) else e.block_name for e in entries)
            for title, entries in GROUPS.items()
        }
        return built_in | {f"Plug-in {name}": blocks for name, blocks in self.plugins.items()}

    def plugin_of(self, block: str) -> str | None:
        """The plug-in that a block comes from; None for a built-in one."""
        if block not in self.plugged:
            return None
        return next((name for name, blocks in self.plugins.items() if block in blocks), None)

    @cached_property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """Name of a block -> the installed plug-ins that have it and are not enabled. Imports nothing."""
        found: dict[str, tuple[str, ...]] = {}
        for plugin, entries in installed().items():
            if plugin not in self.plugins:
                for entry in entries:
                    found[entry.name] = (*found.get(entry.name, ()), plugin)
        return found


def does_not_fit(why: str, field: str | None = None) -> Misfit:
    """What a plug-in's `lower` raises about an input that netspec has no rule for.

    `why` is part of a sentence, such as `7 channels have no two halves`; `field` names the field at fault.
    """
    return Misfit("does-not-fit", field, why=why)


def canonical(name: str) -> str:
    """The name of a package as its index has it: `Netspec_Mobile` is `netspec-mobile`."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def installed() -> dict[str, tuple[EntryPoint, ...]]:
    """Plug-in -> its entry points, both by name, from metadata alone: no package is imported."""
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        if entry.dist is not None:
            found.setdefault(canonical(entry.dist.name), []).append(entry)
    return {
        name: tuple(sorted(found[name], key=lambda entry: entry.name)) for name in sorted(found)
    }


def enable(names: Sequence[str]) -> Registry:
    """The built-in blocks and those of the named plug-ins, which are imported here.

    Raises:
        UsageError: there is no such plug-in, or it cannot be used (NS507); or `names` is text (NS506).
    """
    if not names:
        return Registry()
    if isinstance(names, str):
        message = f"`plugins` is a list of names, got the text {code(names)}"
        raise UsageError("NS506", message, help=f'write plugins=["{names}"]')
    known = installed()
    plugged: dict[str, type[Block]] = {}
    plugins: dict[str, tuple[str, ...]] = {}
    for given in names:
        plugin = canonical(given)
        if plugin not in known:
            raise _unknown(given, tuple(known))
        if plugin in plugins:
            continue
        for entry in known[plugin]:
            _check_free(plugin, entry.name, plugged, plugins)
            plugged[entry.name] = _block(plugin, entry)
            plugins[plugin] = (*plugins.get(plugin, ()), entry.name)
    return Registry(plugged, plugins)


def _unknown(given: str, known: Sequence[str]) -> UsageError:
    """There is no plug-in of that name; perhaps a package that is none."""
    near = suggest(canonical(given), known)
    if near:
        return UsageError(CODE, f"there is no plug-in {code(given)}", help=_meant(near))
    listed = f"installed plug-ins: {', '.join(known)}" if known else "no plug-in is installed"
    try:
        distribution(given)
    except (PackageNotFoundError, ValueError):  # a name that no package can have is a ValueError
        advice = f"{listed}; a plug-in is called by the name that pip installs"
        return UsageError(CODE, f"there is no plug-in {code(given)}", help=advice)
    return UsageError(CODE, f"the package {code(given)} has no blocks for netspec", help=listed)


def _meant(near: Sequence[str]) -> str:
    return f"did you mean {join(near, 'or')}?"


def _check_free(
    plugin: str,
    name: str,
    plugged: Mapping[str, type[Block]],
    plugins: Mapping[str, tuple[str, ...]],
) -> None:
    """That a block has a name of its own: no name means two things."""
    if name in BLOCKS:
        raise _unusable(plugin, f"its block {code(name)} has the name of a built-in one")
    if name not in plugged:
        return
    other = Registry(plugged, plugins).plugin_of(name)
    if other is None:  # the plug-in's own, read right now: it lists the name twice
        other = plugin
    if other == plugin:
        raise _unusable(plugin, f"it has two blocks {code(name)}")
    both = f"the plug-ins {code(other)} and {code(plugin)} both have a block {code(name)}"
    raise UsageError(CODE, both, help="enable one of the two")


def _unusable(plugin: str, why: str, advice: str | None = None) -> UsageError:
    advice = advice or f"tell the authors of {plugin}; without `--plugin {plugin}` it is not used"
    return UsageError(CODE, f"the plug-in {code(plugin)} cannot be used: {why}", help=advice)


def _block(plugin: str, entry: EntryPoint) -> type[Block]:
    """The class of an entry point, imported and checked."""
    try:
        loaded = entry.load()
    except (Exception, SystemExit) as error:  # its code may raise whatever it likes
        why = f"{code(entry.value)} cannot be imported: {said(error)}"
        anew = f"install it anew: pip install --force-reinstall {plugin}"
        raise _unusable(plugin, why, f"{anew}; NETSPEC_TRACEBACK=1 shows where") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Block)):
        what = f"{code(entry.name)} is {code(entry.value)}, and that is no block"
        raise _unusable(plugin, f"{what}: a block is a class that extends `netspec.blocks.Block`")
    try:
        problem = next(_problems(entry.name, loaded), None)
    except Exception as error:
        why = f"the fields of its block {code(entry.name)} cannot be read: {said(error)}"
        raise _unusable(plugin, why) from error
    if problem is not None:
        raise _unusable(plugin, problem)
    return loaded


def said(error: BaseException) -> str:
    """What an exception says, on one line: `KeyError: 'width'`."""
    words = " ".join(str(error).split())
    if isinstance(error, ValidationError):  # its own words have many lines and an address
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, (error.title, *first["loc"])))
        words = f"{where}: {first['msg']}"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _problems(name: str, block: type[Block]) -> Iterator[str]:
    """What a block of a plug-in lacks that every built-in one has, in words."""
    called = getattr(block, "block_name", None)
    if called != name:
        own = f"calls itself {code(str(called))}" if called is not None else "has no `block_name`"
        yield f"its entry point {code(name)} is the block {code(block.__name__)}, which {own}"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name == "none":
        yield f"its block {code(name)} needs a name of letters, digits and underscores"
    if inspect.isabstract(block):
        yield f"its block {code(name)} has no `lower`"
    if not (block.__doc__ or "").strip() or block.__doc__ == Block.__doc__:
        yield f"its block {code(name)} has no docstring, and so no page"
    if not isinstance(getattr(block, "example", None), Example):
        yield f"its block {code(name)} has no `example`"
    if block.bare_field is not None and block.bare_field not in block.infos():
        yield f"its block {code(name)} has no field {code(block.bare_field)}, its `bare_field`"
    block.model_rebuild()
    kinds = block.field_kinds()
    for key in (key for key in kinds if key in COMMON):
        yield f"its block {code(name)} has a field {code(key)}, and every layer has one already"
    for key, schema in block.model_json_schema().get("properties", {}).items():
        if kinds[key] is FieldKind.PLAIN and not _spellable(schema):
            yield f"the field {code(key)} of its block {code(name)} has a type that no spec can write"


def _spellable(schema: Mapping[str, Any]) -> bool:
    """Whether a field is a number, text, truth value or a list: what a spec can hold."""
    if "anyOf" in schema:
        return all(map(_spellable, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return True
    return schema.get("type") in _SPELLABLE and _spellable_items(schema.get("items", {}))


def _spellable_items(items: object) -> bool:
    return not items or (isinstance(items, Mapping) and _spellable(items))
