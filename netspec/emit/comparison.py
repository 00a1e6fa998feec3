"""Difference -> text for a terminal of 80 columns, and plain data for programs.

What is new, gone or written otherwise is listed, layer by layer; layers that only follow are counted, unless
all are asked for. Numbers are never shortened. Rejected: the two tables side by side (too wide, and mostly
equal).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from netspec.analysis.difference import Change, Difference, Entry
from netspec.analysis.rows import MAC_RULE, Row, Summary
from netspec.emit.records import plain
from netspec.messages import words
from netspec.shape import Shape, spell

WIDTH = 80
_INDENT = "    "
_SIGNS: Mapping[Change, str] = {
    Change.ADDED: "+",
    Change.REMOVED: "-",
    Change.CHANGED: "~",
    Change.FOLLOWS: " ",
    Change.SAME: " ",
}


def comparison_text(difference: Difference, names: tuple[str, str], *, everything: bool) -> str:
    """Totals, then the layers; `names` are what the two networks are called."""
    lines = [f"--- {names[0]}", f"+++ {names[1]}", *_totals(*difference.summaries)]
    entries = list(difference.told())
    shown = [entry for entry in entries if everything or entry.change is not Change.FOLLOWS]
    for entry in shown:
        lines += ["", *_entry(entry)]
    foot = list(_foot(difference, len(entries) - len(shown)))
    return "\n".join([*lines, *([""] if foot else []), *foot, ""])


def _totals(old: Summary, new: Summary) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("", "before", "after", "change")]
    for what, before, after in (
        ("parameters", old.params, new.params),
        ("MACs", old.macs, new.macs),
    ):
        change = f"{after - before:+,}" if after != before else "0"
        rows.append((what, f"{before:,}", f"{after:,}", change))
    rows.append(("input", spell(old.input), spell(new.input), ""))
    before_, after_ = ({out.name: spell(out.shape) for out in each.outputs} for each in (old, new))
    for name in dict.fromkeys((*before_, *after_)):
        what = "output" if len(before_) == len(after_) == 1 else f"output {name}"
        rows.append((what, before_.get(name, "-"), after_.get(name, "-"), ""))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([first.ljust(widths[0]), *cells]).rstrip()


def _entry(entry: Entry) -> Iterator[str]:
    """What happened to a layer: its head, and what is different, a line each."""
    before, after = entry.before, entry.after
    if before is None or after is None:
        yield from _wrapped(f"{_SIGNS[entry.change]} {entry.row.path}  {entry.row.description}")
        yield from _wrapped(", ".join(_numbers(entry.row)), _INDENT)
        return
    path = _became(before.path, after.path)
    what = _became(before.description, after.description)
    yield from _wrapped(f"{_SIGNS[entry.change]} {path}  {what}")
    for change in entry.fields:
        if change.name != "block":
            yield from _wrapped(
                f"{change.name}: {_value(change.before)} -> {_value(change.after)}", _INDENT
            )
    for name, one, other in _measured(before, after):
        if one != other:
            yield from _wrapped(f"{name}: {one} -> {other}", _INDENT)


def _measured(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    yield "output", _shapes(before.outputs), _shapes(after.outputs)
    yield "params", f"{before.params:,}", f"{after.params:,}"
    yield "MACs", f"{before.macs:,}", f"{after.macs:,}"


def _numbers(row: Row) -> Iterator[str]:
    yield _shapes(row.outputs)
    if row.params:
        yield f"{row.params:,} params"
    if row.macs:
        yield f"{row.macs:,} MACs"


def _foot(difference: Difference, hidden: int) -> Iterator[str]:
    if difference.is_empty:
        yield "the two are the same"
    if hidden:
        verb = "has" if hidden == 1 else "have"
        yield from _wrapped(
            f"{words.count(hidden, 'other layer')} {verb} other numbers as a consequence; "
            "--all lists them"
        )
    moved = sum(
        entry.change in {Change.SAME, Change.FOLLOWS}
        and entry.before is not None
        and entry.after is not None
        and entry.before.path != entry.after.path
        for entry in difference.entries
    )
    if moved:
        verb = "has" if moved == 1 else "have"
        yield from _wrapped(
            f"{words.count(moved, 'layer')} of the top level {verb} another automatic name, and so "
            "another key in the state_dict"
        )
    yield from _wrapped(MAC_RULE)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _became(before: str, after: str) -> str:
    return after if before == after else f"{before} -> {after}"


def _shapes(shapes: Sequence[Shape]) -> str:
    return ", ".join(map(spell, shapes))


def _value(value: object) -> str:
    """A field as a spec would have it; one that was not given has its default."""
    if value is None:
        return "(not given)"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_value(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join("input" if each == "" else _value(each) for each in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def comparison_record(difference: Difference, names: tuple[str, str]) -> dict[str, object]:
    """Every layer of both with what happened to it; `[before, after]` where the two differ or not."""
    old, new = difference.summaries
    return {
        "before": {"name": names[0], **_total(old)},
        "after": {"name": names[1], **_total(new)},
        "same": difference.is_empty,
        "layers": [_layer(entry) for entry in difference.walk()],
    }


def _total(summary: Summary) -> dict[str, object]:
    return {
        "input": list(summary.input),
        "outputs": {out.name: list(out.shape) for out in summary.outputs},
        "params": summary.params,
        "macs": summary.macs,
    }


def _layer(entry: Entry) -> dict[str, object]:
    sides = (entry.before, entry.after)
    return {
        "change": entry.change.value,
        "path": [row and row.path for row in sides],
        "block": [row and row.block for row in sides],
        "description": [row and row.description for row in sides],
        "fields": {
            change.name: [plain(change.before), plain(change.after)] for change in entry.fields
        },
        "output": [row and [list(shape) for shape in row.outputs] for row in sides],
        "params": [row and row.params for row in sides],
        "macs": [row and row.macs for row in sides],
    }
