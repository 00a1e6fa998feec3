"""A whole file of another program: what it is, and its first layer as ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.messages import translation
from netspec.messages.foreign_values import read
from netspec.messages.page import Said
from netspec.messages.words import written

_FORMATS = {
    "Python": "this is Python code, and no spec",
    "prototxt": "this is a prototxt as of Caffe, and no spec",
    "INI": "this is an INI file as of darknet, and no spec",
}
_INI_FLAGS = {"batch_normalize": ("norm", "batch_norm")}


def foreign_file(*, format: str, layers: Sequence[Mapping[str, object]], **_: object) -> Said:  # noqa: A002 - the fact's name
    """A prototxt, an INI file or code where a spec should be; `layers` are those that could be read."""
    lines = [line for layer in layers if (line := _translated(layer, format)) is not None]
    start = "`netspec new mynet` writes a spec to start from"
    if format == "Python":
        start += ", and `netspec emit mynet.yaml` writes it as such code"
    shown = (f"its first layer is written {written('- ' + lines[0])}",) if lines else ()
    return Said(message=_FORMATS[format], label="not YAML", help=(start, *shown))


def _translated(layer: Mapping[str, object], format_: str) -> str | None:
    """A layer of the file as ours; None for data, a loss or what is unknown."""
    fields: dict[object, object] = {}
    for key, value in layer.items():
        if key == "pad" and format_ == "INI" and value == "1":
            fields["padding"] = int(str(layer.get("size", "1"))) // 2
        elif key in _INI_FLAGS:
            own, meant = _INI_FLAGS[key]
            fields |= {own: meant} if value == "1" else {}
        elif key not in ("bottom", "top", "param", "include"):
            fields[key] = _read(value)
    return translation.typed(fields, foreign_only=True)


def _read(value: object) -> object:
    """A number where it is one, in nested fields too, without what only training reads."""
    if isinstance(value, Mapping):
        return {k: _read(v) for k, v in value.items() if not str(k).endswith("_filler")}
    found = read(str(value))
    return value if found is None else found
