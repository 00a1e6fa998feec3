"""Docstrings of the generated file and its classes: what goes in, what comes out, how much it is."""

from __future__ import annotations

import textwrap
from collections.abc import Container

from netspec.emit.plan import ClassDef, ClassPlan
from netspec.emit.shapes import shapes_line, spell_shape
from netspec.emit.wrap import WIDTH
from netspec.graph import Graph, Scope

MACS_RULE = "multiply-accumulates of convolutions and linear layers, per sample"


def file_docstring(graph: Graph) -> list[str]:
    """Name and doc of the network, its shapes without the batch, its parameters and MACs."""
    facts = [
        f"Input: {spell_shape(graph.input.shape)}, without the batch",
        f"Output: {_outputs(graph)}",
        f"Parameters: {graph.parameter_count:,}",
        f"MACs: {graph.macs:,} ({MACS_RULE})",
    ]
    title = _paragraph(f"{graph.name}: {graph.doc}" if graph.doc else graph.name, 0, 3)
    if len(title) > 1:
        title = [graph.name, "", *_paragraph(graph.doc, 0, 0)]
    lines: list[str] = []
    for fact in facts:
        lines += textwrap.wrap(fact, WIDTH, subsequent_indent="    ", break_long_words=False)
    return ['"""' + title[0], *title[1:], "", *lines, '"""']


def _outputs(graph: Graph) -> str:
    """`(1000,)`, with names where there are several, heads last."""
    if len(graph.outputs) == 1:
        return spell_shape(graph.outputs[0].value.shape)
    named = {out.name: f"{out.name} {spell_shape(out.value.shape)}" for out in graph.outputs}
    text = ", ".join(named[out.name] for out in graph.inference_outputs)
    heads = ", ".join(named[out.name] for out in graph.outputs if out.train_only)
    return f"{text}; in training also {heads}" if heads else text


def class_docstring(cls: ClassDef, planned: ClassPlan) -> list[str]:
    """The shapes of a class, and the doc of its layers where they all have the same."""
    root = cls is planned.root
    line = _root_line(planned.graph) if root else shapes_line(cls)
    lines = ['"""' + line]
    if len(line) + 10 > WIDTH:  # with the quotes, which a formatter leaves behind the text
        lines = ['"""' + _short(line, cls, root=root), ""]
        lines += textwrap.wrap(line, WIDTH - 4, break_long_words=False)
    for doc in [planned.graph.doc] if root else _common_docs(cls):
        lines += ["", *_paragraph(doc, 4, 0)] if doc else []
    if len(lines) == 1:
        return [f'    {lines[0]}"""']
    return [*(f"    {text}".rstrip() for text in lines), '    """']


def _short(line: str, cls: ClassDef, *, root: bool) -> str:
    """The first line of a docstring whose shapes take several: `(3, 256, 256) -> 5 values`, no sums."""
    counts = (cls.body.arguments, len(cls.body.results))
    for text in (line, "" if root else shapes_line(cls, sums=False)):
        sides = zip(text.split(" -> "), counts, strict=False)
        found = " -> ".join(side if count == 1 else f"{count} values" for side, count in sides)
        if found not in ("", line) and len(found) + 7 <= WIDTH:
            return found
    return f"{counts[0]} values -> {counts[1]} values"


def _common_docs(cls: ClassDef) -> list[str]:
    """What the spec says about a class: about its block, and about its layers where all agree."""
    blocks = {body.scope.block_doc for body in cls.bodies}
    layers = {body.scope.doc for body in cls.bodies}
    return [text for found in (blocks, layers) if len(found) == 1 for text in found]


def told_by_classes(planned: ClassPlan) -> frozenset[str]:
    """The paths of the layers whose doc is in the docstring of their class."""
    alike = [cls for cls in planned.classes if len({body.scope.doc for body in cls.bodies}) == 1]
    return frozenset(body.scope.path for cls in alike for body in cls.bodies)


def layer_docs(cls: ClassDef, told: Container[str]) -> dict[str, str]:
    """Child of a class -> what the spec says about it in all instances, where no docstring does."""
    found: dict[str, str] = {}
    for place, step in enumerate(cls.body.steps):
        members = [body.members[place] for body in cls.bodies]
        docs = {m.doc for m in members if isinstance(m, Scope) and m.path not in told}
        found[step.name] = docs.pop() if len(docs) == 1 else ""
    return found


def comment(text: str, indent: int) -> list[str]:
    """What the spec says about one layer, above the line that makes it."""
    return [f"{' ' * indent}# {line}" for line in _paragraph(text, indent + 2, 0) if line]


def _root_line(graph: Graph) -> str:
    given = spell_shape(graph.input.shape)
    if len(graph.inference_outputs) > 1:
        return f"{given} -> a dict of {_outputs(graph)}"
    made = spell_shape(graph.inference_outputs[0].value.shape)
    names = ", ".join(out.name for out in graph.outputs)
    several = len(graph.outputs) > 1
    return f"{given} -> {made}" + f"; in training a dict of {names}" * several


def _paragraph(text: str, indent: int, used: int) -> list[str]:
    """Free text as lines of a docstring: printable, unable to end it, with room for the quotes."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    clean = clean.replace("\\", "\\\\")
    if '"""' in clean or clean.endswith('"'):
        clean = clean.replace('"', "'")
    wrapped = textwrap.wrap(
        clean, WIDTH - indent, initial_indent=" " * used, break_long_words=False
    )
    return [line.strip() for line in wrapped] or [""]
