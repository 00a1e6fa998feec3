"""Doing what the help of a merge says, on the tree of the YAML text: a field set, a layer put somewhere.

The text that comes back is laid out anew, so places are not comparable with those of the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from netspec.blocks import BLOCKS, Preset
from netspec.diagnostics import Diagnostic, Span

_GIVE = re.compile(r"(?:or )?give `([^`]+)` (`[^`]+`(?: and `[^`]+`)*)")
_SHORTCUT = re.compile(r"`shortcut: \[(.*)\]`")
_BEHIND = re.compile(
    r"put (`[^`]+`(?: and `[^`]+`)?) (?:behind|at the end of branch) (\d+|`[^`]+`)(?:, then (`[^`]+`))?(?:,|$)"
)
_PROJECT = re.compile(
    r"(?:or )?(?:project|put behind|bring) (?:it|`[^`]+`)(?: to [^:]*| first)?: `(.*)`"
)


@dataclass(frozen=True)
class Rewrite:
    """What one line of help says to do."""

    said: str
    text: str
    """The spec with it done."""


def rewrites(diagnostic: Diagnostic, text: str) -> Iterator[Rewrite]:
    """Each line of the help of a merge, done."""
    for line in diagnostic.help:
        tree = yaml.compose(text)
        if given := _GIVE.match(line):
            place = _place(diagnostic, given[1])
            for field in re.findall(r"`([^`]+)`", given[2]):
                name, _, value = field.partition(": ")
                _set(tree, place, name, yaml.compose(value))
            for name in re.findall(r"in place of `([^`]+)`", line):
                _delete(tree, place, name)
        elif shortcut := _SHORTCUT.search(line):
            _set(tree, diagnostic.primary.span, "shortcut", yaml.compose(f"[{shortcut[1]}]"))
        elif behind := _BEHIND.match(line):
            layers = re.findall(r"`([^`]+)`", behind[1] + (behind[3] or ""))
            _insert(tree, diagnostic, behind[2].strip("`"), layers)
        elif project := _PROJECT.match(line):
            _insert(tree, diagnostic, _projected(diagnostic, line, project[1]), [project[1]])
        elif "an input in multiples" in line:
            for shape in re.findall(r"`input: (\[[^`]*\])`", line):
                (value,) = [value for key, value in tree.value if key.value == "input"]
                value.value = yaml.compose(shape).value
                yield Rewrite(line, yaml.serialize(tree))
            continue
        else:
            continue
        yield Rewrite(line, yaml.serialize(tree))


def _place(diagnostic: Diagnostic, layer: str) -> Span:
    """Where a layer that the message names stands: the label says so.

    An output of a block has the name of the layer inside that makes it, and that is the one to change.
    """
    made = {
        label.span for label in diagnostic.secondary if label.text.startswith(f"`{layer}` makes ")
    }
    given = {label.span for label in diagnostic.secondary if label.text.startswith(f"`{layer}` ")}
    (span,) = made or given
    return span


def _at(node: Node, span: Span) -> bool:
    return (node.start_mark.line + 1, node.start_mark.column + 1) == span.start


def _items(node: Node) -> Iterator[tuple[Node, int]]:
    """(list, number) of every item of every list, in order."""
    children: list[Node] = []
    if isinstance(node, SequenceNode):
        yield from ((node, number) for number in range(len(node.value)))
        children = node.value
    elif isinstance(node, MappingNode):
        children = [value for _, value in node.value]
    for child in children:
        yield from _items(child)


def _item(tree: Node, span: Span) -> tuple[list[Node], int]:
    """The list and the number in it of the layer whose block's name stands at a place."""
    for around, number in _items(tree):
        item = around.value[number]
        key = item.value[0][0] if isinstance(item, MappingNode) else item
        if _at(key, span):
            return around.value, number
    raise AssertionError(span)


def _set(tree: Node, span: Span, field: str, value: Node) -> None:
    """Give the layer at a place a field; a bare value gets its name first."""
    layers, number = _item(tree, span)
    _set_field(layers, number, field, value)


def _set_field(layers: list[Node], number: int, field: str, value: Node) -> None:
    item = layers[number]
    if isinstance(item, ScalarNode):
        item = MappingNode("tag:yaml.org,2002:map", [(item, _mapping([]))])
        layers[number] = item
    ((block, fields),) = item.value
    if not isinstance(fields, MappingNode):
        fields = _mapping([(_scalar(_bare_field(block.value)), fields)])
        item.value = [(block, fields)]
    fields.value = [pair for pair in fields.value if pair[0].value != field]
    fields.value.append((_scalar(field), value))


def _delete(tree: Node, span: Span, field: str) -> None:
    """Take a field away from the layer at a place, which has fields by name."""
    layers, number = _item(tree, span)
    ((_, fields),) = layers[number].value
    fields.value = [pair for pair in fields.value if pair[0].value != field]


def _bare_field(block: str) -> str:
    entry = BLOCKS[block]
    while isinstance(entry, Preset):
        entry = BLOCKS[entry.block]
    assert entry.bare_field is not None
    return entry.bare_field


def _scalar(text: str) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", text)


def _mapping(pairs: list[tuple[Node, Node]]) -> MappingNode:
    return MappingNode("tag:yaml.org,2002:map", pairs, flow_style=True)


def _projected(diagnostic: Diagnostic, line: str, layer: str) -> str:
    """Which layer a projection is for: the one that it reads, that the line names, or that has help."""
    source = re.search(r"from: (\w+)", layer)
    named = re.search(r"(?:project|bring|put behind) `([^`]+)`", line)
    given = _GIVE.match(diagnostic.help[0])
    found = source or named or given
    assert found is not None
    return found[1]


def _insert(tree: Node, diagnostic: Diagnostic, name: str, layers: list[str]) -> None:
    """Put layers at the end of the branch that ends at `name`, or before a merge that reads it."""
    new = [yaml.compose(f"[{layer}]").value[0] for layer in layers]
    merge, number = _item(tree, diagnostic.primary.span)
    ((_, fields),) = merge[number].value
    pairs = [] if isinstance(fields, SequenceNode) else fields.value
    sources = [value for key, value in pairs if key.value == "from"]
    reads = [
        entry.value for value in sources if isinstance(value, SequenceNode) for entry in value.value
    ]
    if name not in reads and "previous" in reads:  # it is the layer before the merge
        merge[number:number] = new
        return
    if name not in reads:
        branch, last = _branch(tree, diagnostic, name)
        branch[last + 1 : last + 1] = new
        return
    if "previous" in reads and name != "previous":  # it is another layer from now on
        merge[number - 1] = _with(merge[number - 1], "name", "before")
        _rename(sources[0], "previous", "before")
    new[0] = _with(new[0], "from", name)
    new[-1] = _with(new[-1], "name", "projected")
    merge[number:number] = new
    _rename(sources[0], name, "projected")


def _rename(sources: Node, name: str, new: str) -> None:
    """Let a `from` read another layer."""
    sources.value = [_scalar(new) if entry.value == name else entry for entry in sources.value]


def _branch(tree: Node, diagnostic: Diagnostic, name: str) -> tuple[list[Node], int]:
    """The branch of a number or a name, or that ends at a layer, and the number of its last layer."""
    merge, number = _item(tree, diagnostic.primary.span)
    ((_, fields),) = merge[number].value
    if isinstance(fields, MappingNode):
        fields = {key.value: value for key, value in fields.value}["branches"]
    if name.isdigit():
        layers = fields.value[int(name) - 1].value
        return layers, len(layers) - 1
    named = (
        {key.value: value for key, value in fields.value} if isinstance(fields, MappingNode) else {}
    )
    if name in named:
        return named[name].value, len(named[name].value) - 1
    return _item(tree, _place(diagnostic, name))


def _with(item: Node, field: str, value: str) -> Node:
    """A new layer with a field more."""
    layers = [item]
    _set_field(layers, 0, field, _scalar(value))
    return layers[0]
