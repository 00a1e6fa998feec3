"""The marked lines of one file: numbered, with `...` between far lines and bars beside long spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.diagnostics.excerpt import Canvas, Layout, Mark, marked_line
from netspec.diagnostics.model import Label, SourceFile
from netspec.diagnostics.printable import printable


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a snippet; `number` is that of a source line, None under it, 0 for left-out lines."""

    number: int | None
    canvas: Canvas


@dataclass(frozen=True, slots=True)
class _Bar:
    """A span over several lines; `lane` is the column pair of its bar."""

    label: Label
    primary: bool
    lane: int
    last: int
    end: int

    @property
    def mark(self) -> Mark:
        return Mark(0, 0, self.primary, self.label.text)

    def holds(self, line: int) -> bool:
        """Whether the bar stands beside `line`."""
        return self.label.span.line <= line <= self.last


def snippet(file: SourceFile, labels: Sequence[tuple[Label, bool]], width: int) -> list[Row]:
    """The rows of a file's labels, each with whether it is primary."""
    bars: list[_Bar] = []
    marks: dict[int, list[Mark]] = {}
    for label, primary in sorted(labels, key=lambda entry: entry[0].span.start):
        last, end = _end(file, label)
        span = label.span
        if last > span.line:
            bars.append(_Bar(label, primary, len(bars), last, end))
        else:
            mark = Mark(span.column - 1, end, primary, label.text)
            marks.setdefault(span.line, []).append(mark)
    numbers = {*marks, *(bar.label.span.line for bar in bars), *(bar.last for bar in bars)}
    rows: list[Row] = []
    previous = 0
    for number in sorted(numbers):
        if previous and number == previous + 2:
            rows += _line(file, number - 1, (), bars, width)
        elif previous and number > previous + 2:
            rows.append(Row(0, _lanes(Canvas(), previous + 1, bars)))
        rows += _line(file, number, marks.get(number, ()), bars, width)
        previous = number
    return rows


def _end(file: SourceFile, label: Label) -> tuple[int, int]:
    """The last line of a span and the column after it, from 0; trailing blank lines do not count."""
    span = label.span
    line, end = span.end_line, span.end_column - 1
    while line > span.line and not file.line(line)[:end].strip():
        line -= 1
        end = len(file.line(line))
    return line, end


def _line(
    file: SourceFile, number: int, marks: Sequence[Mark], bars: Sequence[_Bar], width: int
) -> Iterator[Row]:
    """A line with its marks, and the beginnings and ends of bars."""
    source = file.line(number)
    indent = 2 * len(bars)
    opening = [bar for bar in bars if bar.label.span.line == number]
    beside = [bar for bar in opening if not source[: bar.label.span.column - 1].strip(" -")]
    open_now = [bar for bar in bars if bar.holds(number) and bar not in opening]
    for position, canvas in enumerate(marked_line(source, marks, width - indent)):
        canvas.shift(indent)
        for bar in beside:
            canvas.write(2 * bar.lane, "|" if position else "/", bar.mark.style)
        for bar in open_now:
            canvas.write(2 * bar.lane, "|", bar.mark.style)
        yield Row(None if position else number, canvas)
    standing = [*open_now, *beside]
    layout = Layout.of(source, marks, width - indent)
    for bar in opening:
        if bar not in beside:
            column = layout.place(Mark(bar.label.span.column - 1, 0, bar.primary))[0]
            yield _corner(bar, indent + column, standing, "")
            standing.append(bar)
    for bar in [bar for bar in reversed(standing) if bar.last == number]:
        column = layout.place(Mark(max(bar.end - 1, 0), 0, bar.primary))[0]
        yield _corner(bar, indent + column, standing, bar.label.text)
        standing.remove(bar)


def _corner(bar: _Bar, column: int, standing: Sequence[_Bar], text: str) -> Row:
    """The row that leads from a bar to where its span begins or ends."""
    canvas = Canvas()
    start = 2 * bar.lane
    canvas.write(start + 1, "_" * (column - start - 1) + bar.mark.sign, bar.mark.style)
    for other in standing:
        canvas.write(2 * other.lane, "|", other.mark.style)
    if text:
        canvas.write(column + 2, printable(text), bar.mark.style)
    return Row(None, canvas)


def _lanes(canvas: Canvas, line: int, bars: Sequence[_Bar]) -> Canvas:
    for bar in bars:
        if bar.holds(line):
            canvas.write(2 * bar.lane, "|", bar.mark.style)
    return canvas
