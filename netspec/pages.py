"""Reference pages of blocks, made from the blocks themselves, so that they cannot go stale."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from netspec.blocks import (
    Block,
    BlockValue,
    BranchList,
    Example,
    FieldKind,
    LayerList,
    Preset,
)
from netspec.blocks.sizes import MAX_RANK
from netspec.messages.words import number_word
from netspec.plugins import Registry, installed
from netspec.shape import spell

WIDTH = 80
_SOURCE = textwrap.TextWrapper(WIDTH, break_on_hyphens=False, break_long_words=False)
"""For lines with a path in them, which must stay whole."""

COMMON_FIELDS: Mapping[str, str] = {
    "name": "the layer's name and address; without one it is type and counter, `conv_1`",
    "from": "an earlier layer to read, or a list of them; `previous`, `input`",
    "repeat": "how many copies, each with its own weights; `$index` counts them",
    "first, last": "fields that differ in the first or last copy",
    "when": "$(condition): false means as if the line were deleted",
    "expect": "{shape, params, macs}: checked, and an error when they differ",
    "init": "initialisation of what is inside: `{weight: {normal: 0.01}}`",
    "doc": "a remark that goes into tables and source",
}


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One field: its name, type in words, default as one writes it (None: required), and doc."""

    name: str
    type: str
    default: str | None
    doc: str


@dataclass(frozen=True, slots=True)
class BlockPage:
    """What there is to know about a block."""

    name: str
    headline: str
    body: str
    bare_field: str | None
    fields: tuple[FieldPage, ...]
    example: Example | None
    """None for a file's own block."""
    reference: str
    plugin: str | None = None
    """The plug-in that it comes from."""


def block_page(name: str, registry: Registry | None = None) -> BlockPage:
    """The page of a built-in block or preset, or of a plug-in's block that `registry` has.

    Raises:
        KeyError: there is none of that name.
    """
    known = registry or Registry()
    entry = known.blocks[name]
    if isinstance(entry, Preset):
        base = block_page(entry.block, registry)
        gone = {*entry.fields, *entry.hidden}
        fields = tuple(field for field in base.fields if field.name not in gone)
        headline, _, body = entry.doc.partition("\n\n")
        return BlockPage(
            name, headline, body, base.bare_field, fields, entry.example, base.reference
        )
    headline, _, body = inspect.cleandoc(entry.__doc__ or "").partition("\n\n")
    body, _, misfit = body.partition("Raises:\n    Misfit: ")
    return BlockPage(
        name,
        " ".join(headline.split()),
        body.strip() + (f"\n\nAn error when {misfit.strip()}" if misfit else ""),
        entry.bare_field,
        tuple(_field(entry, name, info) for name, info in entry.infos().items()),
        entry.example,
        entry.reference,
        known.plugin_of(name),
    )


def _field(block: type[Block], name: str, info: FieldInfo) -> FieldPage:
    default = None if info.is_required() else _spell(info.default)
    return FieldPage(name, _type_words(block, name), default, block.docs()[name])


def _spell(value: object) -> str:
    if isinstance(value, BlockValue):
        return value.name
    if isinstance(value, LayerList | BranchList):
        return "[]"
    if value == ():
        return "unset"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "unset"
    return f"{value:g}" if isinstance(value, float) else str(value)


_KIND_WORDS = {
    FieldKind.BLOCK: "block",
    FieldKind.LAYERS: "list of layers",
    FieldKind.BRANCHES: "lists of layers",
    FieldKind.ROWS: "list, list of rows, or lists by name",
}


def _type_words(block: type[Block], name: str) -> str:
    kind = block.field_kinds()[name]
    if kind in _KIND_WORDS:
        return _KIND_WORDS[kind]
    schema = block.model_json_schema()["properties"][name]
    return _words(schema)


def _words(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        forms = [_words(form) for form in schema["anyOf"] if form.get("type") != "null"]
        return " or ".join(dict.fromkeys(forms))
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type")
    if kind == "array":
        return _list_words(schema)
    return {"integer": "int", "number": "float", "boolean": "bool", "string": "text"}[str(kind)]


def _list_words(schema: Mapping[str, Any]) -> str:
    """`two ints`, `one per axis` for a number per spatial axis, or `list of ints`."""
    items = schema.get("items", {})
    if items.get("type") == "string":
        return "list of names"
    low, high = schema.get("minItems"), schema.get("maxItems")
    if low == high and isinstance(low, int):
        return f"{number_word(low)} {_words(items)}s"
    if high == MAX_RANK:
        return "one per axis"
    return f"list of {_words(items)}s" if items.get("type") == "integer" else "list of sizes"


def page_lines(rows: Sequence[tuple[str, str]], width: int = 0) -> list[str]:
    """Names with what they are, in two columns of at most 80 characters; the first is `width` wide or more."""
    width = max(width, *(len(name) for name, _ in rows))
    lines = []
    for name, words in rows:
        head, *rest = textwrap.wrap(words, WIDTH - width - 2) or [""]
        lines += [f"{name:<{width}}  {head}", *(" " * (width + 2) + line for line in rest)]
    return lines


def overview(registry: Registry | None = None) -> str:
    """All blocks, a line each, under the title of their group."""
    known = registry or Registry()
    width = max(map(len, known.blocks))
    lines: list[str] = []
    for title, names in known.groups.items():
        rows = [(name, block_page(name, known).headline) for name in names]
        lines += [title, "─" * len(title), *page_lines(rows, width), ""]
    lines += ["netspec blocks NAME shows the fields of one. Every layer may also have:", ""]
    return "\n".join([*lines, *page_lines(list(COMMON_FIELDS.items()))]) + "\n"


def installed_overview() -> str:
    """The installed plug-ins with the names of their blocks, from metadata alone."""
    rows = [(name, ", ".join(entry.name for entry in found)) for name, found in installed().items()]
    if not rows:
        return "no plug-in is installed\n"
    lines = page_lines(rows)
    return "\n".join([*lines, "", "--plugin NAME enables the blocks of one."]) + "\n"


def text_page(page: BlockPage) -> str:
    """A page as text, at most 80 columns wide."""
    lines = [page.name, "─" * len(page.name), *textwrap.wrap(page.headline, WIDTH)]
    for paragraph in filter(None, page.body.split("\n\n")):
        lines += ["", *textwrap.wrap(" ".join(paragraph.split()), WIDTH)]
    lines += ["", *_field_lines(page)]
    if page.bare_field is not None:
        lines += ["", f"`- {page.name}: value` gives `{page.bare_field}`."]
    if page.example is not None:
        lines += ["", *_example_lines(page.example)]
    if page.reference:
        lines += ["", *_SOURCE.wrap(f"Source: {page.reference}.")]
    if page.plugin:
        lines += ["", *_SOURCE.wrap(f"From the plug-in {page.plugin}.")]
    return "\n".join(lines) + "\n"


def _example_lines(example: Example) -> list[str]:
    shapes = example.output if isinstance(example.output[0], tuple) else (example.output,)
    outputs = ", ".join(spell(shape) for shape in shapes if isinstance(shape, tuple))
    head = f"Example, {spell(example.input)} -> {outputs}:"
    return [head, "", *textwrap.indent(example.layers, "  ").splitlines()]


def _field_lines(page: BlockPage) -> list[str]:
    """A line per field, its doc below: types and docs are too long for columns side by side."""
    if not page.fields:
        return ["No fields of its own."]
    width = max(len(field.name) for field in page.fields)
    lines = ["Fields"]
    for field in page.fields:
        default = "required" if field.default is None else f"default {field.default}"
        indent = " " * (width + 4)
        typed, *more = textwrap.wrap(f"{field.type}, {default}", WIDTH - len(indent))
        lines.append(f"  {field.name:<{width}}  {typed}")
        lines += [indent + line for line in (*more, *textwrap.wrap(field.doc, WIDTH - len(indent)))]
    return lines
