"""An item of `layers:` as written: which block, its fields, and what every layer may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from netspec.blocks import COMMON
from netspec.diagnostics import Span
from netspec.elaborate.reporting import Sink
from netspec.records import record
from netspec.source import At


@record()
class Item:
    """One layer as written. `place` carries the block's name as its key, or is the scalar itself."""

    at: At
    place: At
    block: str
    fields: Mapping[str, At] = field(default_factory=dict)
    bare: At | None = None
    common: Mapping[str, At] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """Where the block's name stands: as a key, or as the whole of a scalar."""
        is_scalar = isinstance(self.place.data, str) and self.bare is None
        return self.place.span if is_scalar else self.place.key_span

    @property
    def given(self) -> object:
        """What stands behind the block's name, fields or a bare value; None for a name alone."""
        is_alone = isinstance(self.place.data, str) and self.bare is None
        return None if is_alone else self.place.data


def read_item(at: At, sink: Sink) -> Item:
    """Read one item.

    Raises:
        Reported: it is no layer; that has been reported.
    """
    data = at.data
    if isinstance(data, str) and data:
        return Item(at, at, data)
    if not isinstance(data, dict) or not data:
        raise sink.report("not-a-layer", at.span, received=data)
    if len(data) > 1:
        keys = list(data)
        raise sink.report("two-keys-in-item", (at / keys[1]).key_span, keys=keys, item=data)
    (name,) = data
    value = at / name
    if value.data is None:
        raise sink.report("layer-without-value", value.key_span, block=name)
    if not isinstance(value.data, dict):
        return Item(at, value, name, bare=value)
    common = {key: value / key for key in value.data if key in COMMON}
    fields = {key: value / key for key in value.data if key not in COMMON}
    doc = common.get("doc")
    if doc is not None and not isinstance(doc.data, str):
        sink.report("not-text", doc.span, what="doc", received=doc.data)
        del common["doc"]
    return Item(at, value, name, fields, None, common)


def names_in(at: At) -> Iterator[tuple[str, At]]:
    """The names that a list of layers gives, read ahead and without complaint.

    An item with too many keys counts too: what it was meant to name is not unknown.
    """
    if not isinstance(at.data, list):
        return
    for number, data in enumerate(at.data):
        if isinstance(data, dict) and ("name" in data or any(map(_is_named, data.values()))):
            yield from names_in_item(at / number)


def _is_named(fields: object) -> bool:
    return isinstance(fields, dict) and "name" in fields


def names_in_item(at: At) -> Iterator[tuple[str, At]]:
    """The names that one item gives, whether it can be read or not."""
    for block, fields in at.data.items() if isinstance(at.data, dict) else ():
        if block == "name" and isinstance(fields, str):
            yield fields, at / block
        if isinstance(fields, dict) and isinstance(fields.get("name"), str):
            yield fields["name"], at / block / "name"
