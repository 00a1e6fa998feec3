"""What is in a weights file: its tensors, their dtypes, and the network that it says it is of."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netspec.diagnostics.printable import printable
from netspec.messages import words
from netspec.shape import numel
from netspec.weights.record import KEY, Record, read_record
from netspec.weights.sources import file_source
from netspec.weights.tensors import TensorInfo, spelled

WIDTH = 80
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Inspection:
    """A weights file; `str(inspection)` has a line for each tensor."""

    file: str
    tensors: tuple[TensorInfo, ...]
    record: Record | None
    metadata: tuple[tuple[str, str], ...]

    @property
    def values(self) -> int:
        """The numbers in it."""
        return sum(numel(one.shape) for one in self.tensors)

    def data(self) -> dict[str, object]:
        """The same as plain data, for JSON; its keys are promised and only ever added to."""
        record = self.record
        return {
            "file": self.file,
            "values": self.values,
            "tensors": [
                {"key": one.key, "shape": list(one.shape), "dtype": one.dtype}
                for one in self.tensors
            ],
            "spec": None if record is None else record.model_dump(exclude={"sha256"}),
            "metadata": dict(self.metadata),
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        tensors = words.count(len(self.tensors), "tensor")
        kinds = Counter(one.dtype for one in self.tensors)
        dtypes = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
        yield from _wrapped(f"{self.file}  {tensors}, {self.values:,} values: {dtypes or 'none'}")
        if self.record is not None:
            yield from self._spec(self.record)
        for key, value in self.metadata:
            yield from _wrapped(f"{key}: {_short(value)}")
        width = max((len(printable(one.key)) for one in self.tensors), default=0)
        shapes = max((len(spelled(one.shape)) for one in self.tensors), default=0)
        for one in self.tensors:
            name = printable(one.key)
            yield f"  {name:<{width}}  {spelled(one.shape):<{shapes}}  {one.dtype}".rstrip()

    @staticmethod
    def _spec(record: Record) -> Iterator[str]:
        given = [f"{name}={value}" for name, value in record.params.items()]
        given += [f"input {spelled(tuple(record.input))}"] if record.input is not None else []
        given += [f"variant {record.variant}"] if record.variant is not None else []
        given += [] if record.heads else ["without training heads"]
        told = f" with {', '.join(given)}" if given else ""
        spec = f"{record.name}, from {record.spec}{told}, by netspec {record.version}"
        yield from _wrapped(f"network: {printable(spec)}")
        yield f"hash: {record.network}"


def inspect_file(path: Path) -> Inspection:
    """Look into a weights file; no tensor is read.

    Raises:
        UsageError: it cannot be read (NS501), is broken or changed (NS512).
    """
    with file_source(path) as source:
        record = read_record(source.metadata, source.name)
        rest = tuple(sorted((k, v) for k, v in source.metadata.items() if k != KEY))
        return Inspection(str(path), source.tensors, record, rest)


def _short(text: str) -> str:
    safe = printable(text)
    return safe if len(safe) <= _LONGEST else f"{safe[: _LONGEST - 3]}..."


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
