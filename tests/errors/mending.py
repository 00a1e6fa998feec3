"""Doing what a message says: its fix, or the value that its help proposes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from netspec.diagnostics import Diagnostic, Fix, Span

_LAYER = re.compile(r"`- ([^`]*[^`.])`$")
_WRITE = re.compile(r"write `([a-z_]+): ([^`]+)`$")
_FIELD = re.compile(r"`([a-z_]+): ([^`]+)`")
_PARAMS = re.compile(
    r"declare it(?: in `(\w+)`)?[:,] `params: ([^`]+)`(?:, and give it: `([^`]+)`)?"
)
_ENDS = {"{": "}", "[": "]"}


def offset(text: str, line: int, column: int) -> int:
    """The index of a place in a text; lines end as editors have it."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


def cut(text: str, span: Span) -> tuple[str, str, str]:
    """What stands before, in and behind a span."""
    start, end = offset(text, *span.start), offset(text, *span.end)
    return text[:start], text[start:end], text[end:]


def fixed(text: str, fix: Fix) -> str:
    """The text with a fix applied."""
    before, _, behind = cut(text, fix.span)
    return before + fix.replacement + behind


def proposals(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    """Fields and values that a help line beginning with "use" proposes, each enough by itself."""
    for line in diagnostic.help:
        if line.startswith("use "):
            yield from _FIELD.findall(line)


def layers_to_write(diagnostic: Diagnostic) -> Iterator[str]:
    """Whole layers that a help line proposes in place of the one that is wrong."""
    for line in diagnostic.help:
        if (
            (found := _LAYER.search(line))
            and "..." not in line
            and " a line of its own" not in line
        ):
            yield found[1]


def renamed_field(text: str, diagnostic: Diagnostic) -> str | None:
    """The text with the field and value that a help line proposes for an unknown one."""
    found = next(filter(None, map(_WRITE.search, diagnostic.help)), None)
    if found is None or diagnostic.code != "NS202":
        return None
    before, _, behind = cut(text, diagnostic.primary.span)
    rest = re.sub(r"^: *(\[[^\]]*\]|[^,}\n]*)", "", behind, count=1)
    return f"{before}{found[1]}: {found[2]}{rest}"


def declared(text: str, diagnostic: Diagnostic) -> str | None:
    """The text with the parameter that a help line declares, in the file or in a block, and given there."""
    found = next(filter(None, map(_PARAMS.search, diagnostic.help)), None)
    if found is None:
        return None
    data = yaml.safe_load(text)
    owner = data if found[1] is None else data["blocks"][found[1]]
    given = yaml.safe_load(found[2])
    for name in given:  # it stood at the top of the file
        data.pop(name, None)
    owner["params"] = {**owner.get("params", {}), **given}
    if found[3] is not None:
        (line,) = yaml.safe_load(found[3])
        data["layers"] = [line if layer == found[1] else layer for layer in data["layers"]]
    return yaml.safe_dump(data)


def with_field(text: str, span: Span, field: str, value: str) -> str:
    """Set a field of the layer whose field stands at `span`, in braces or as the bare one."""
    before, inside, behind = cut(text, span)
    if len(inside) > 1 and inside.endswith("}"):  # the whole layer
        return with_field(text, _last_character(span), field, value)
    opening = _opening(before)
    if opening is None:  # `- max_pool: 40`: the one bare field is the kernel
        given = f"{{kernel_size: {inside}, {field}: {value}}}"
        return before + (value if field == "kernel_size" else given) + behind
    closing = opening + _length(text[opening:])
    layer = text[opening:closing]
    old = re.compile(rf"\b{field}: *(\[[^\]]*\]|[^,}}]*)")
    if old.search(layer):
        layer = old.sub(f"{field}: {value}", layer, count=1)
    else:
        layer = f"{layer[:-1]}, {field}: {value}}}"
    return text[:opening] + layer + text[closing:]


def _last_character(span: Span) -> Span:
    return Span(span.file, span.end_line, span.end_column - 1, span.end_line, span.end_column)


def with_layer(text: str, span: Span, layer: str) -> str | None:
    """Put another layer in the place of the item in whose lines `span` begins; None without one."""
    place = offset(text, *span.start)
    items = [item for item in _items(yaml.compose(text)) if item.start_mark.index <= place]
    around = [item for item in items if place < item.end_mark.index]
    if not around:
        return None
    start = around[-1].start_mark.index
    old = text[start : around[-1].end_mark.index].rstrip()
    return text[:start] + layer + text[start + len(old) :]


def _items(node: yaml.Node) -> Iterator[yaml.Node]:
    """The items of all lists that are written with dashes, outer ones first."""
    if isinstance(node, yaml.SequenceNode):
        yield from node.value if not node.flow_style else ()
        children = node.value
    else:
        children = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else []
    for child in children:
        yield from _items(child)


def _opening(before: str) -> int | None:
    """Where the brace that is open at the end of a text stands, on its last line."""
    depth = 0
    for index in range(len(before) - 1, before.rfind("\n"), -1):
        if before[index] in _ENDS.values():
            depth += 1
        elif before[index] in _ENDS and depth:
            depth -= 1
        elif before[index] == "{":
            return index
    return None


def _length(text: str) -> int:
    """The length of the bracketed part that a text begins with."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in _ENDS) - (character in _ENDS.values())
        if not depth:
            return index + 1
    raise AssertionError(text)
