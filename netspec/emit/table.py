"""Summary -> a table as text, Markdown or CSV: three printers of the same rows.

The text is plain (no colours, no escape codes), at most 100 columns wide and usually under 80: names and
descriptions are shortened before numbers ever are. Without a depth, text and Markdown go as deep as fits
into 40 rows, and always show the top level; CSV is for programs and shows everything. Rejected: a table
library (its output changes with its version and the terminal, ours is golden text).
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from netspec.analysis.rows import MAC_RULE, Row, Summary, SummaryOutput
from netspec.emit.columns import COLUMNS, DEFAULT, Column
from netspec.shape import Shape, spell

WIDTH = 100
"""The most columns of a text table."""

ROWS = 40
"""How many rows a table shows without being asked for a depth, if the top level has no more."""

_GAP = "  "
_PROSE = 76  # the least width at which the title and the footer are wrapped
_NARROWEST = 12  # of a shortened text column: still tells inception_3a from inception_3b
_LONGEST_INDENT = 16
_LONGEST_NUMBER = 19  # 99,999,999,999,999: past every network that fits a computer
_LONGEST_SHAPES = 28  # 1000000x65536x65536x65536 fits
_PREFIXES = "kMGTPE"
_CSV_HEADER = (
    "path",
    "depth",
    "block",
    "description",
    "input",
    "output",
    "params",
    "macs",
    "train_only",
    "live_bytes",
    "saved_bytes",
    "receptive_field",
    "stride",
)

_Cells = tuple[str, ...]


def text_table(
    summary: Summary, *, depth: int | None = None, columns: Sequence[str] = DEFAULT
) -> str:
    """The table for a terminal; `depth` counts levels of rows, 1 is the top level alone.

    `columns` are names in `COLUMNS`, beside the name and description of each row.
    """
    rows = _chosen(summary, depth)
    chosen = [COLUMNS[name] for name in columns]
    shape = _short_shapes((summary.input,))
    table: list[_Cells] = [
        ("layer", "", *(column.heading for column in chosen)),
        ("input", "", *(shape if column.name == "output" else "" for column in chosen)),
        *(_text_cells(row, chosen, is_head=is_head) for row, is_head in _with_heads(rows)),
    ]
    widths = _fit([max(map(len, column)) for column in zip(*table, strict=True)])
    left = [True, True, *(not column.is_number for column in chosen)]
    header, *body = [_text_line(cells, widths, left) for cells in table]
    rule = "─" * max(len(header), _PROSE // 2)
    wide = max(len(rule), _PROSE)
    title = textwrap.wrap(_title(summary), wide, break_on_hyphens=False)
    foot = [
        line
        for part in _footer(summary, len(rows), chosen)
        for line in textwrap.wrap(part, wide, subsequent_indent=_GAP)
    ]
    return "\n".join([*title, rule, header, rule, *body, rule, *foot, ""])


def markdown_table(
    summary: Summary, *, depth: int | None = None, columns: Sequence[str] = DEFAULT
) -> str:
    """The table for docs, with full paths; a block that has rows inside is bold."""
    rows = _chosen(summary, depth)
    chosen = [COLUMNS[name] for name in columns]
    heading = " | ".join(column.heading for column in chosen)
    sides = " | ".join("---:" if column.is_number else ":---" for column in chosen)
    inputs = "".join(
        f" {spell(summary.input)} |" if column.name == "output" else " |" for column in chosen
    )
    lines = [
        _escaped(_title(summary)),
        "",
        f"| layer | | {heading} |",
        f"| :--- | :--- | {sides} |",
        f"| input | |{inputs}",
    ]
    for row, is_head in _with_heads(rows):
        what = _escaped(_described(row, is_head=is_head))
        bold = what if row.leaf else f"**{what}**"
        cells = " | ".join(column.text(row) for column in chosen)
        lines.append(f"| `{row.path}` | {bold} | {cells} |")
    lines += ["", *(f"- {_escaped(part)}" for part in _footer(summary, len(rows), chosen)), ""]
    return "\n".join(lines)


def csv_table(summary: Summary, *, depth: int | None = None) -> str:
    """All rows as CSV (RFC 4180), with full numbers; several shapes are separated by a space."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_CSV_HEADER)
    for row in visible(summary.rows, depth):
        cells = (
            row.path,
            row.depth,
            row.block,
            row.description,
            " ".join(map(spell, row.inputs)),
            " ".join(map(spell, row.outputs)),
            row.params,
            row.macs,
            str(row.train_only).lower(),
            row.live_bytes,
            row.saved_bytes,
            spell(row.receptive_field or ()),
            spell(row.stride or ()),
        )
        writer.writerow([_no_formula(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def visible(rows: Sequence[Row], depth: int | None) -> Sequence[Row]:
    """The rows of the first `depth` levels; all of them for None."""
    return rows if depth is None else [row for row in rows if row.depth < depth]


def human(number: int) -> str:
    """`1582671872` -> `1.58 G`: three digits and a prefix of the SI; below 1000 the number itself."""
    rounded = f"{number:.2e}"
    digits, _, exponent = rounded.partition("e")
    power, shift = divmod(int(exponent), 3)
    if number < 1000 or power > len(_PREFIXES):
        return str(number) if number < 1000 else rounded
    return f"{float(digits) * 10**shift:.{2 - shift}f} {_PREFIXES[power - 1]}"


def _chosen(summary: Summary, depth: int | None) -> Sequence[Row]:
    """The rows of a table: those of `depth`, or as deep as fits."""
    if depth is not None:
        return visible(summary.rows, depth)
    counts = _rows_per_level(summary.rows)
    fitting = [level for level in range(1, len(counts) + 1) if sum(counts[:level]) <= ROWS]
    return visible(summary.rows, max(fitting, default=1))


def _rows_per_level(rows: Iterable[Row]) -> list[int]:
    counts: list[int] = []
    for row in rows:
        counts += [0] * (row.depth + 1 - len(counts))
        counts[row.depth] += 1
    return counts


def _with_heads(rows: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether a training-only head starts there: that row is marked."""
    head = -1  # the depth of the head around
    for row in rows:
        is_head = row.train_only and (head < 0 or row.depth <= head)
        head = row.depth if is_head else head if row.train_only else -1
        yield row, is_head


def _described(row: Row, *, is_head: bool) -> str:
    return f"{row.description}, training only" if is_head else row.description


def _text_cells(row: Row, chosen: Sequence[Column], *, is_head: bool) -> _Cells:
    indent = (_GAP * row.depth)[:_LONGEST_INDENT]
    cells = (_short_cell(row, column) for column in chosen)
    return (indent + row.name, _described(row, is_head=is_head), *cells)


def _short_cell(row: Row, column: Column) -> str:
    if not column.is_number:
        return _short_shapes(row.inputs if column.name == "input" else row.outputs)
    return _short_number(column.text(row))


def _short_shapes(shapes: Sequence[Shape]) -> str:
    """All shapes, or the last one (the stream) and how many more."""
    text = ", ".join(map(spell, shapes))
    if len(text) > _LONGEST_SHAPES and len(shapes) > 1:
        text = f"{spell(shapes[-1])} +{len(shapes) - 1} more"
    return _cut(text, _LONGEST_SHAPES)


def _short_number(text: str) -> str:
    if len(text) <= _LONGEST_NUMBER:
        return text
    return f"≈{int(text.replace(',', '')):.3e}"


def _fit(widths: Sequence[int]) -> tuple[int, ...]:
    """Column widths for a line of at most `WIDTH`: descriptions give way first, then names."""
    name, what, *numbers = widths
    room = WIDTH - sum(numbers) - len(_GAP) * len(numbers) - len(_GAP)
    what = min(what, max(_NARROWEST, room - name))
    return (min(name, room - what), what, *numbers)


def _text_line(cells: _Cells, widths: Sequence[int], left: Sequence[bool]) -> str:
    shown = [_cut(text, width) for text, width in zip(cells, widths, strict=True)]
    aligned = (
        text.ljust(width) if to_left else text.rjust(width)
        for text, width, to_left in zip(shown, widths, left, strict=True)
    )
    return _GAP.join(aligned).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _title(summary: Summary) -> str:
    """The name and the first paragraph of the doc, on one line, without control characters."""
    paragraph = summary.doc.strip().partition("\n\n")[0]
    words = " ".join(paragraph.split())
    title = f"{summary.name} — {words}" if words else summary.name
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in title)


def _footer(summary: Summary, shown: int, chosen: Sequence[Column]) -> Iterator[str]:
    """Totals in full, what they mean, and what is not shown."""
    params = f"{summary.params:,} parameters"
    trained = any(out.train_only for out in summary.outputs)
    if trained:
        params += f" ({summary.params_inference:,} without the training heads)"
    yield params
    prefixed = f" = {human(summary.macs)}" if summary.macs >= 1000 else ""
    yield f"{summary.macs:,} MACs{prefixed}"
    if len(summary.outputs) > 1:
        yield "Outputs: " + "; ".join(map(_named, summary.outputs))
    names = {column.name for column in chosen}
    if names & {"live", "saved"}:
        yield f"{summary.peak_bytes:,} bytes = {human(summary.peak_bytes)}B at the peak of inference"
        saved = summary.saved_bytes
        yield f"{saved:,} bytes = {human(saved)}B saved for backward"
    yield MAC_RULE + (" The training heads do not run in inference." if trained else "")
    rules = dict.fromkeys(column.rule for column in chosen if column.rule)
    yield from (rule for rule in rules if rule != MAC_RULE)
    if shown < len(summary.rows):
        levels = len(_rows_per_level(summary.rows))
        yield f"{shown} of {len(summary.rows)} rows; a depth of {levels} shows all."


def _named(out: SummaryOutput) -> str:
    note = f" (training only, loss weight {out.loss_weight:g})" if out.train_only else ""
    return f"{out.name} {spell(out.shape)}{note}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, inside a cell too."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>&|#~" else char for char in text)


def _no_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
