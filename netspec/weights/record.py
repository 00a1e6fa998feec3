"""What a weights file says of its network: the spec as it was written, and what was built of it.

The files of the spec stand in it with their names inside the project, so that imports find each other
without a disk, and with the parameters, input and variant that were given beside. Rejected: the flat spec
alone, which calls copy `0` `copy_0` and so changes keys; and a pickled network, which is code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, fields

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from netspec.errors import UsageError
from netspec.graph import Graph
from netspec.ops import Op
from netspec.reading import Written
from netspec.version import __version__

KEY = "netspec"
"""The key of the metadata that holds the record."""


class Record(BaseModel):
    """The record of a file. `network` is the hash of what was built, `sha256` that of all the rest."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    version: str
    """The netspec that wrote it."""
    name: str
    spec: str
    """Which of the files is the spec."""
    files: dict[str, str]
    params: dict[str, JsonValue]
    input: list[int] | None = None
    variant: str | None = None
    heads: bool = True
    network: str
    sha256: str = ""

    @property
    def digest(self) -> str:
        """The hash of all but itself."""
        data = self.model_dump(exclude={"sha256"})
        return _hash(data)

    @property
    def sealed(self) -> Record:
        """The same with its hash."""
        return self.model_copy(update={"sha256": self.digest})

    @property
    def text(self) -> str:
        """What stands in the metadata."""
        return self.model_dump_json()


def record_of(graph: Graph, written: Written, *, heads: bool) -> Record:
    """The record of a network that is saved."""
    made_of = asdict(written)
    return Record.model_validate(
        {
            **made_of,
            "version": __version__,
            "name": graph.name,
            "heads": heads,
            "network": fingerprint(graph),
        }
    ).sealed


def read_record(metadata: Mapping[str, str], name: str) -> Record | None:
    """The record of a file; None for a file that was not written by netspec.

    Raises:
        UsageError: it was changed, or is none (NS512).
    """
    text = metadata.get(KEY)
    if text is None:
        return None
    try:
        record = Record.model_validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise _broken(name, "cannot be read") from error
    if record.digest != record.sha256:
        raise _broken(name, "was changed: its hash is another")
    return record


def _broken(name: str, problem: str) -> UsageError:
    return UsageError(
        "NS512", f"the spec inside `{name}` {problem}", help="load the weights with their spec file"
    )


def fingerprint(graph: Graph) -> str:
    """The hash of what a network computes and how its weights are called; words do not count.

    Two specs that build the same network have the same; a field that a later netspec adds changes nothing
    while it has its default.
    """
    numbers = {graph.input: 0}
    nodes: list[object] = []
    for node in graph.nodes:
        for value in node.outputs:
            numbers[value] = len(numbers)
        reads = [numbers[value] for value in node.inputs]
        shapes = [list(value.shape) for value in node.outputs]
        nodes.append([node.path, node.op.kind, _settings(node.op), reads, shapes])
    outputs = [[out.name, numbers[out.value], out.train_only] for out in graph.outputs]
    return _hash([list(graph.input.shape), nodes, outputs])


def _settings(op: Op) -> Mapping[str, object]:
    """The fields of an op that have not their default."""
    own = {entry.name: getattr(op, entry.name) for entry in fields(op) if entry.init}
    defaults = {entry.name: entry.default for entry in fields(op)}
    return {
        name: _plain(value)
        for name, value in own.items()
        if defaults[name] is MISSING or value != defaults[name]
    }


def _plain(value: object) -> object:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, int | float | str | None) else str(value)


def _hash(data: object) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
