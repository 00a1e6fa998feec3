"""The facts about a layer as text, at most 80 columns wide: what `netspec explain LAYER SPEC` prints.

Every number is that of the tables; a formula stands with its words first and its numbers below.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.analysis.rows import Row
from netspec.diagnostics.printable import printable
from netspec.explaining import Explained, Link, Step, Written
from netspec.messages.words import count, flow
from netspec.ops.formula import Formula
from netspec.pages import WIDTH
from netspec.shape import spell

_LABEL = 12
_ROOM = WIDTH - _LABEL
_TIED = "\N{NO-BREAK SPACE}"  # between a field and its value, until the line is broken


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of the page with its label; `more` stands below it."""

    label: str
    text: str
    more: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        first, *rest = _wrapped(self.text) or [""]
        yield f"{self.label:<{_LABEL}}{first}".rstrip()
        yield from (" " * _LABEL + line for line in (*rest, *self.more))


def explanation(found: Explained) -> str:
    """The page of a layer."""
    title = found.row.path
    lines = [title, "─" * len(title)]
    for doc in filter(None, (found.doc, found.block_doc)):
        lines += textwrap.wrap(printable(" ".join(doc.split())), WIDTH)
    for part in _parts(found):
        lines += part.lines()
    if found.children:
        lines += ["", *_children(found.children)]
    return "\n".join(lines) + "\n"


def _parts(found: Explained) -> Iterator[_Part]:
    row = found.row
    pairs = (f"{name}: {flow(value)}" for name, value in found.fields.items())
    fields = ", ".join(pair.replace(" ", _TIED) for pair in pairs)
    told = row.description if row.description != row.block else ""
    yield _Part("block", f"{row.block}: {{{printable(fields)}}}" if fields else row.block)
    if told:
        yield _Part("in short", told)
    for number, place in enumerate(found.written):
        known = number > 0 and place.where == found.written[0].where
        yield _place(place, "written" if number == 0 else "", known=known)
    yield from _links("reads", found.reads, "from")
    yield from _links("gives", found.gives, "to", tuple(_formulas(found.steps)))
    yield _Part("parameters", f"{row.params:,}", tuple(_tensors(found)))
    yield _Part("MACs", f"{row.macs:,}{_training(row)}", tuple(_macs(found.steps)))
    yield _Part("memory", _memory(row))
    if row.receptive_field is not None and row.stride is not None and row.receptive_field:
        seen, step = spell(row.receptive_field), spell(row.stride)
        yield _Part("sees", f"{seen} elements of the network's input, in steps of {step}")
    calls = [*filter(None, [found.call]), *(step.torch for step in found.steps)]
    spellings = [line for call in calls for line in _wrapped(call, hanging=4)]
    if spellings:
        yield _Part("PyTorch", spellings[0], tuple(spellings[1:]))


def _place(place: Written, label: str, *, known: bool) -> _Part:
    """A line of the spec; of a use whose line is `known` only what it adds."""
    where = printable(place.where)
    if place.use:
        return _Part(label, place.use if known else f"{where}, {place.use}")
    return _Part(label, where, (_cut(printable(place.text), _ROOM),))


def _links(
    label: str, links: Sequence[Link], word: str, formulas: tuple[str, ...] = ()
) -> Iterator[_Part]:
    """A line for each value; the formulas stand below the last."""
    for number, link in enumerate(links):
        others = f" {word} {', '.join(link.layers)}" if link.layers else ", read by nobody"
        more = formulas if number == len(links) - 1 else ()
        yield _Part(label if number == 0 else "", f"{spell(link.shape)}{others}", more)


def _formulas(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        for formula in step.formulas:
            yield from _formula(formula)


def _formula(formula: Formula) -> list[str]:
    """The words, and the numbers below; on one line where both fit."""
    left = f"{formula.name} = "
    whole = f"{left}{formula.words} = {formula.numbers} = {formula.value:,}"
    if len(whole) <= _ROOM:
        return [whole]
    inner = " " * (len(left) - 2)
    numbers = _wrapped(f"{inner}= {formula.numbers} = {formula.value:,}", hanging=len(left))
    return [*_wrapped(f"{left}{formula.words}", hanging=len(left)), *numbers]


def _macs(steps: Sequence[Step]) -> Iterator[str]:
    counted = [step.macs for step in steps if step.macs is not None]
    for formula in counted:
        yield from _wrapped(f"= {formula.words}", hanging=2)
        end = f" = {formula.value:,}" if len(counted) > 1 else ""
        yield from _wrapped(f"= {formula.numbers}{end}", hanging=2)


def _training(row: Row) -> str:
    return ", only in training" if row.train_only else ""


def _tensors(found: Explained) -> Iterator[str]:
    """The tensors of the ops, in columns: name below the layer, shape, how many scalars."""
    rows = [
        (_below(step.path, found.row.path, entry.name), spell(entry.shape), f"{entry.numel:,}")
        for step in found.steps
        for entry in step.parameters
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, shape, numel in rows:
        yield f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {numel:>{widths[2]}}"


def _below(path: str, layer: str, name: str) -> str:
    inner = path.removeprefix(layer).lstrip(".")
    return f"{inner}.{name}" if inner else name


def _memory(row: Row) -> str:
    """Bytes for one sample in float32, as `MEMORY_RULE` has them."""
    live = f"{row.live_bytes:,} bytes alive while it runs"
    if row.train_only:
        live = "nothing in inference"
    saved = "what backward keeps is not known"
    if row.saved_bytes is not None:
        saved = f"{row.saved_bytes:,} bytes kept for backward"
    return f"{live}, {saved}"


def _children(rows: Sequence[Row]) -> list[str]:
    """The layers inside, in columns."""
    table = [("inside", "", "output", "params", "MACs")]
    for row in rows:
        outputs = ", ".join(map(spell, row.outputs))
        cells = (row.name, row.description, outputs, f"{row.params:,}", f"{row.macs:,}")
        table.append(cells)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    spare = WIDTH - 2 * (len(widths) - 1) - sum(widths[2:])
    widths[0] = min(widths[0], max(spare // 2, spare - widths[1]))
    widths[1] = min(widths[1], spare - widths[0])
    lines = []
    for cells in table:
        left = [_cut(cell, width) for cell, width in zip(cells[:2], widths, strict=False)]
        padded = [f"{cell:<{width}}" for cell, width in zip(left, widths, strict=False)]
        padded.append(f"{cells[2]:<{widths[2]}}")
        padded += [f"{c:>{w}}" for c, w in zip(cells[3:], widths[3:], strict=True)]
        lines.append("  ".join(padded).rstrip())
    return [lines[0], "─" * max(map(len, lines)), *lines[1:], f"{count(len(rows), 'layer')}"]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 3, 1)]}..."


def _wrapped(text: str, hanging: int = 0) -> list[str]:
    lines = textwrap.wrap(
        text,
        _ROOM,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIED, " ") for line in lines]
