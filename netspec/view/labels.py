"""The words of a picture: labels, channel counts, sizes, tooltips.

Line 1 of a box is what the op calls itself; line 2 its channels, its size where that changes, and the norm
and activation that belong to it. A tooltip has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from netspec.graph import Node, Scope, Value
from netspec.ops import Category, Op
from netspec.ops.base import Constructor
from netspec.shape import Shape, spell
from netspec.view.detail import Annotate

_PREFIXES = "kMGTPE"
_DOT = " · "
UNKNOWN = "?"
"""Stands for what nobody knows, since a layer failed."""


def count(number: int) -> str:
    """`163696` -> `163.7k`: one decimal and a prefix of the SI; below 1000 the number itself."""
    if number < 1000:
        return str(number)
    value, power = number / 1000, 0
    while round(value, 1) >= 1000 and power < len(_PREFIXES) - 1:
        value, power = value / 1000, power + 1
    return f"{value:.1f}{_PREFIXES[power]}"


def size(value: Value) -> str:
    """(64, 28, 28) -> `28×28`; nothing for a vector, or where a layer failed."""
    return "×".join(map(str, axes(value) or ()))


def axes(value: Value) -> Shape | None:
    """The spatial axes; None where a layer failed."""
    return None if value.known is None else value.known[1:]


def full_size(value: Value) -> str:
    """(3, 224, 224) -> `3 · 224×224`; (1000,) -> `1000`."""
    if value.known is None:
        return UNKNOWN
    return _DOT.join(filter(None, (str(value.channels), size(value))))


def spelled(value: Value) -> str:
    """(3, 224, 224) -> `3x224x224`."""
    return UNKNOWN if value.known is None else spell(value.known)


def detail(
    nodes: Sequence[Node], annotate: Annotate, *, channels: str = "", costs: bool = True, rank: int
) -> str:
    """`64 · 112×112 · BN, ReLU`: channels, the size where it changes, and what follows the first op.

    `channels` stands for the channels of a box of several widths; `costs` are left out where they differ.
    A value with more axes than the input has, `rank`, shows them all: its first are no channels.
    """
    out = nodes[-1].outputs[0]
    same = axes(out) in {axes(value) for value in nodes[0].inputs} and len(out.known or ()) <= rank
    after = ", ".join(map(_short, (node.op for node in nodes[1:])))
    shown = (channels or _channels(nodes[-1].outputs), "" if same or channels else size(out))
    words = (*(shown if annotate.shapes else ()), after)
    return _with_costs(_DOT.join(filter(None, words)), _each(nodes, annotate) if costs else "")


def whole(
    nodes: Sequence[Node], reads: Sequence[Value], gives: Sequence[Value], annotate: Annotate
) -> str:
    """The second line of a whole layer in one box: `64 → 256 · 56×56`."""
    shape = _flow(reads, gives) if annotate.shapes else ""
    return _with_costs(shape, _each(nodes, annotate))


def _with_costs(words: str, costs: str) -> str:
    """One below the other, where there are both."""
    return "\n".join(filter(None, (words, costs)))


def _short(op: Op) -> str:
    return op.short if op.drawn_as() is Category.NORM else op.label()


def note(
    nodes: Sequence[Node],
    reads: Sequence[Value],
    gives: Sequence[Value],
    annotate: Annotate,
    *,
    each: bool = False,
) -> str:
    """`192 → 256 · 28×28 · 163.7k`: channels in and out, the size that comes out, the parameters."""
    shape = _flow(reads, gives) if annotate.shapes else ""
    costs = _each(nodes, annotate)
    if annotate is Annotate.DEFAULT:
        params = sum(node.op.parameter_count for node in nodes)
        costs = count(params) if params else ""
    return _DOT.join(filter(None, (shape, f"{costs} each" if each and costs else costs)))


def _flow(reads: Sequence[Value], gives: Sequence[Value]) -> str:
    """`192 → 256 · 28×28`; without a source or a result only what is there."""
    sizes = {size(value) for value in gives}
    out = sizes.pop() if len(sizes) == 1 else ""
    flow = f"{_channels(reads)} → {_channels(gives)}" if reads and gives else _channels(gives)
    return _DOT.join(filter(None, (flow, out)))


def _each(nodes: Sequence[Node], annotate: Annotate) -> str:
    """`163.7k params · 128.0M MACs`, as far as it is asked for and not 0."""
    params = sum(node.op.parameter_count for node in nodes) if annotate.params else 0
    macs = sum(node.macs for node in nodes) if annotate.macs else 0
    words = (f"{count(params)} params" if params else "", f"{count(macs)} MACs" if macs else "")
    return _DOT.join(filter(None, words))


def _channels(values: Sequence[Value]) -> str:
    if len(values) > 3:
        return f"{len(values)} maps"
    return " + ".join(map(channels_of, values))


def channels_of(value: Value) -> str:
    """The channels of a map, the features of a vector."""
    return UNKNOWN if value.poisoned else str(value.channels)


def box_tooltip(path: str, nodes: Sequence[Node]) -> str:
    """Path, shapes in and out, parameters, MACs, and each op as PyTorch writes it."""
    shapes = ", ".join(spelled(value) for value in nodes[0].inputs)
    results = ", ".join(spelled(value) for value in nodes[-1].outputs)
    lines = [path, f"{shapes} → {results}", *_costs(nodes)]
    for node in nodes:
        constructor = node.op.module
        lines.append(node.op.label() if constructor is None else _call(constructor))
    return "\n".join(lines)


def frame_tooltip(
    scope: Scope,
    only: Scope | None,
    nodes: Sequence[Node],
    reads: Sequence[Value],
    gives: Sequence[Value],
) -> str:
    """Path and block, shapes in and out, parameters, MACs, and what the spec says about it.

    `only` is the one scope that `scope` consists of: its block and its doc belong to the frame too.
    """
    shapes = ", ".join(spelled(value) for value in reads)
    results = ", ".join(spelled(value) for value in gives)
    lines = [_named(scope), f"{shapes} → {results}", *_costs(nodes), scope.doc]
    if only is not None:
        lines[1:1] = [_named(only)]
        lines += [only.doc]
    return "\n".join(filter(None, lines))


def _named(scope: Scope) -> str:
    """`inception_3a: inception (conv1x1: 64, ...)`."""
    fields = ", ".join(f"{name}: {_plain(value)}" for name, value in scope.fields.items())
    return f"{scope.path}: {scope.block} ({fields})" if fields else f"{scope.path}: {scope.block}"


def _costs(nodes: Iterable[Node]) -> list[str]:
    nodes = list(nodes)
    params = sum(node.op.parameter_count for node in nodes)
    macs = sum(node.macs for node in nodes)
    costs = [
        f"{number:,} {what}" for number, what in ((params, "parameters"), (macs, "MACs")) if number
    ]
    return [", ".join(costs)] if costs else []


def _call(constructor: Constructor) -> str:
    """`Conv2d(3, 64, kernel_size=7, stride=2)`: what is not PyTorch's default."""
    arguments = ", ".join(
        str(each.value) if each.positional else f"{each.name}={each.value}"
        for each in constructor.arguments
        if not each.is_default
    )
    return f"{constructor.target.removeprefix('nn.')}({arguments})"


def _plain(value: object) -> str:
    """A field as the spec would write it, in short."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_plain(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    return str(value)
