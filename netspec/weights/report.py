"""What became of every weight: the answer of `load_weights`, for people, for programs, and as a key map."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netspec.diagnostics.printable import printable
from netspec.errors import UsageError
from netspec.files import write_file
from netspec.weights.key_map import entries, key_map_text
from netspec.weights.tensors import spelled
from netspec.weights.transfer import Outcome, Transfer

WIDTH = 80
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every weight of a model and of a source; `str(report)` fits 80 columns.

    `notes` tell what no line of it can: settings that differ, what the source expects of its input.
    """

    model: str
    source: str
    by: str
    transfers: tuple[Transfer, ...]
    notes: tuple[str, ...] = ()

    def of(self, outcome: Outcome) -> tuple[Transfer, ...]:
        """The weights that this became of, in the order of the model, then of the source."""
        return tuple(one for one in self.transfers if one.outcome is outcome)

    @property
    def loaded(self) -> tuple[Transfer, ...]:
        """What the model has now."""
        return tuple(one for one in self.transfers if one.outcome.loaded)

    @property
    def left(self) -> tuple[Transfer, ...]:
        """What was not loaded, and what of the source was not used."""
        return tuple(one for one in self.transfers if not one.outcome.loaded)

    @property
    def complete(self) -> bool:
        """Whether every weight of the model came from the source, and none was left over."""
        return not self.left

    @property
    def wanted(self) -> int:
        """How many weights the model has."""
        return sum(one.key is not None for one in self.transfers)

    def record(self) -> dict[str, object]:
        """The report as plain data, for JSON; its keys are promised and only ever added to."""
        return {
            "model": self.model,
            "source": self.source,
            "by": self.by,
            "complete": self.complete,
            "counts": {outcome.value: len(self.of(outcome)) for outcome in Outcome},
            "transfers": [_record(one) for one in self.transfers],
            "notes": list(self.notes),
        }

    def key_map(self) -> str:
        """The pairs as a key map: YAML to be read, mended and given to `load_weights`."""
        return key_map_text(self.model, self.source, self.transfers)

    def write_key_map(self, path: str | Path) -> None:
        """Write the key map.

        Raises:
            UsageError: it cannot be written (NS503).
        """
        write_file(Path(path), self.key_map())

    def __str__(self) -> str:
        return "\n".join(_lines(self))


class WeightsError(UsageError):
    """Weights that do not fit: nothing was loaded, and `report` has every one of them (NS511)."""

    def __init__(self, message: str, report: Report, *, help: str | None = None) -> None:  # noqa: A002 - the field's name
        super().__init__("NS511", message, help=help)
        self.report = report


def _record(one: Transfer) -> dict[str, object]:
    return {
        "outcome": one.outcome.value,
        "key": one.key,
        "shape": None if one.shape is None else list(one.shape),
        "source_key": one.source_key,
        "source_shape": None if one.source_shape is None else list(one.source_shape),
        "dtype": one.dtype,
        "reason": one.reason,
    }


_HEADINGS = {
    Outcome.RESHAPED: "reshaped",
    Outcome.UNFIT: "not loaded, does not fit",
    Outcome.MISSING: "not loaded, not in the source",
    Outcome.UNEXPECTED: "in the source, not used",
}


def _lines(report: Report) -> Iterator[str]:
    yield f"{printable(report.model)} <- {printable(report.source)}, by {report.by}"
    counts = Counter(one.outcome for one in report.transfers)
    kinds = [f"{counts[kind]} {kind}" for kind in Outcome if kind.loaded and counts[kind]]
    kinds += [f"in {kind}" for kind in _converted(report)]
    told = f": {', '.join(kinds)}" if kinds else ""
    yield from _wrapped(f"loaded {len(report.loaded)} of {report.wanted} tensors{told}", "  ")
    moved = report.of(Outcome.MOVED)
    if moved:
        yield from _moved(moved)
    for outcome, heading in _HEADINGS.items():
        found = report.of(outcome)
        if found:
            yield from _pairs(heading, found)
    for note in report.notes:
        yield from _wrapped(f"note: {printable(note)}", "      ")


def _moved(moved: Sequence[Transfer]) -> Iterator[str]:
    """Modules that are called otherwise in the source, and single tensors where their names differ too."""
    pairs = list(entries(moved))
    yield f"under other names: {len(pairs)}"
    for key, source in pairs[:_SHOWN]:
        yield from _wrapped(f"  {printable(key)} <- {printable(source)}", "    ")
    yield from _more(len(pairs))


def _more(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield f"  ... and {count - _SHOWN} more"


def _converted(report: Report) -> list[str]:
    """The floating dtypes of what was loaded, when they say something."""
    kinds = dict.fromkeys(one.dtype for one in report.loaded if one.dtype and "float" in one.dtype)
    return [] if set(kinds) <= {"float32"} else [kind for kind in kinds if kind is not None]


def _pairs(heading: str, found: tuple[Transfer, ...]) -> Iterator[str]:
    yield f"{heading}: {len(found)}"
    for one in found[:_SHOWN]:
        yield from _entry(one)
    yield from _more(len(found))


def _entry(one: Transfer) -> Iterator[str]:
    """`key <- source_key  shape`, on two lines where one is too short."""
    key, source = printable(one.key or ""), printable(one.source_key or "")
    names = f"{key} <- {source}" if key and source and key != source else key or source
    shape = one.shape if one.shape is not None else one.source_shape
    rest = one.reason or ("" if shape is None else spelled(shape))
    if len(names) + len(rest) + 4 <= WIDTH:
        yield f"  {names}  {rest}".rstrip()
        return
    yield from _wrapped(f"  {names}", "    ")
    yield from _wrapped(f"    {rest}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    """Lines of at most 80 characters, but for single words that are longer."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
