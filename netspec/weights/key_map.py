"""Key maps: which weight of a source goes where, as a YAML file that a person can read and mend.

    key_map: 1
    model: resnet18
    source: torchvision:resnet18
    keys:
      conv1.conv: conv1                # a module: every tensor by its name
      layer1.0.scale.weight: layer1.0.gamma      # a tensor

It is read as specs are, by the same reader with the same limits, so that a mistake is answered at its line.
Rejected: regular expressions, as converters have them, for nobody sees what they will match.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netspec.diagnostics import Finding, Span
from netspec.diagnostics.printable import printable
from netspec.errors import SpecError
from netspec.messages import diagnose
from netspec.source import At, Document, read_data
from netspec.weights.tensors import TensorInfo, spelled
from netspec.weights.transfer import Transfer

VERSION = 1
KEYS = ("key_map", "model", "source", "keys")
_HEAD = (
    "# Left the keys of the model, right those of the source; a module stands for its tensors.\n"
)


def key_map_text(model: str, source: str, transfers: Sequence[Transfer]) -> str:
    """The key map of what was loaded; what was not stands in comments."""
    head = {"key_map": VERSION, "model": model, "source": source}
    text = read_data({**head, "keys": dict(entries(transfers))}, "<key map>").file.text
    return _HEAD + text + "".join(_comments(transfers))


def entries(transfers: Sequence[Transfer]) -> Iterator[tuple[str, str]]:
    """A line for each module whose tensors keep their names, else one for each tensor."""
    broken = {one.units[0] for one in transfers if one.key is not None and not one.outcome.loaded}
    modules: dict[str, list[Transfer]] = {}
    for one in transfers:
        if one.outcome.loaded:
            modules.setdefault(one.units[0], []).append(one)
    for path, own in modules.items():
        others = {one.units[1] for one in own}
        same = all(one.names[0] == one.names[1] for one in own)
        if path and path not in broken and same and len(others) == 1 and "" not in others:
            yield path, others.pop()
        else:
            yield from ((one.key or "", one.source_key or "") for one in own)


def _comments(transfers: Sequence[Transfer]) -> Iterator[str]:
    left = [one for one in transfers if not one.outcome.loaded]
    if left:
        yield "# Not loaded:\n"
    for one in left:
        names = " <- ".join(filter(None, dict.fromkeys((one.key, one.source_key))))
        shape = one.shape if one.shape is not None else one.source_shape or ()
        where = "" if one.key is not None else " of the source"
        yield printable(f"#   {names}{where}: {one.reason or spelled(shape)}") + "\n"


@dataclass(eq=False)
class _Reading:
    """One reading of a key map against what both sides have."""

    mine: Mapping[str, TensorInfo]
    theirs: Mapping[str, TensorInfo]
    findings: list[Finding] = field(default_factory=list)
    pairs: dict[str, str] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)

    def find(self, rule: str, span: Span, *secondary: Span, **values: object) -> None:
        self.findings.append(Finding(rule, span, values, secondary))

    def entry(self, key: str, at: At) -> None:
        """One line of `keys`."""
        if not isinstance(at.data, str):
            self.find("key-map-value", at.span, key=key, received=at.data)
            return
        here, there = _inside(key, self.mine), _inside(at.data, self.theirs)
        if not here:
            self.find("key-map-target", at.key_span, received=key, known=_names(self.mine))
        if not there:
            self.find("key-map-source", at.span, received=at.data, known=_names(self.theirs))
        if not here or not there:
            return
        if ("" in here) != ("" in there):
            tensor, module = (key, at.data) if "" in here else (at.data, key)
            self.find("key-map-kind", at.span, tensor=tensor, module=module)
            return
        for name in here.keys() & there.keys():
            target = here[name]
            if target in self.pairs:
                self.find("key-map-twice", at.key_span, self.places[target], key=target)
                return
            self.pairs[target], self.places[target] = there[name], at.key_span


def _inside(key: str, tensors: Mapping[str, TensorInfo]) -> dict[str, str]:
    """The tensors that a key stands for, by what follows it: nothing for a tensor itself."""
    if key in tensors:
        return {"": key}
    start = f"{key}."
    return {other.removeprefix(start): other for other in tensors if other.startswith(start)}


def _names(tensors: Mapping[str, TensorInfo]) -> Sequence[str]:
    """Tensors and the modules that have them."""
    return tuple({**dict.fromkeys(one.unit for one in tensors.values()), **dict.fromkeys(tensors)})


def read_key_map(
    document: Document, mine: Mapping[str, TensorInfo], theirs: Mapping[str, TensorInfo]
) -> Mapping[str, str]:
    """Key in the model -> key in the source.

    Raises:
        SpecError: with everything that is wrong with it (NS514).
    """
    reading = _Reading(mine, theirs)
    root = document.at()
    keys = root.get("keys")
    data = root.data if isinstance(root.data, dict) else {}
    for key in data:
        if key not in KEYS:
            reading.find("key-map-form", (root / key).key_span, received=key, known=KEYS)
    version = root.get("key_map")
    if version is not None and version.data != VERSION:
        reading.find("key-map-version", version.span, received=version.data, version=VERSION)
    if keys is None or not isinstance(keys.data, dict):
        place = keys or root
        reading.find("key-map-keys", place.span, received=place.data)
    else:
        for key in keys.data:
            reading.entry(key, keys / key)
    if reading.findings:
        told = [diagnose(finding) for finding in reading.findings]
        raise SpecError(sorted(told, key=lambda one: one.place))
    return reading.pairs
