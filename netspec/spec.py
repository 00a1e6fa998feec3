"""The document model: which sections a spec has, by key names alone.

When a definition is read only its keys are checked (unknown, missing, of the wrong form); values wait
until they are used, because they may be expressions. So a `Spec` holds places, not values.

A misspelt key is reported once and then read as the key that was meant: without that, a slip in
`params` would bring an error for every `$name`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from netspec.blocks import BLOCKS
from netspec.diagnostics import Finding
from netspec.messages import foreign_keys
from netspec.messages.suggest import suggest
from netspec.source import At, Document

LANGUAGE_VERSION = 1
KEYS = (
    "netspec",
    "name",
    "doc",
    "import",
    "params",
    "variants",
    "let",
    "input",
    "defaults",
    "blocks",
    "layers",
    "init",
    "outputs",
    "expect",
)
REQUIRED = ("netspec", "name", "input", "layers")
BLOCK_FILE_KEYS = ("doc", "import", "defaults", "blocks")
BLOCK_KEYS = ("doc", "params", "let", "defaults", "inputs", "outputs", "layers")
MAPPINGS = ("params", "variants", "let", "defaults", "init", "blocks")


@dataclass(frozen=True, slots=True)
class BlockSection:
    """An entry under `blocks:` with a body."""

    name: str
    at: At
    sections: Mapping[str, At]


@dataclass(frozen=True, slots=True)
class PresetSection:
    """An entry under `blocks:` without a body: another block with some fields."""

    name: str
    at: At
    block: str
    fields: At
    doc: str = ""


@dataclass(frozen=True, slots=True)
class BrokenSection:
    """An entry under `blocks:` that could not be read, which has been reported."""

    name: str
    at: At


Section = BlockSection | PresetSection | BrokenSection


@dataclass(frozen=True, slots=True)
class Spec:
    """The sections of a document, by key."""

    document: Document
    sections: Mapping[str, At]
    blocks: Mapping[str, Section] = field(default_factory=dict)
    stray: Mapping[str, At] = field(default_factory=dict)
    """Unknown keys, and the keys below them, which have been reported: whatever they name is not unknown."""

    def get(self, key: str) -> At | None:
        """The place of a section."""
        return self.sections.get(key)

    def readable(self, *keys: str) -> bool:
        """Whether these sections are mappings where they are given."""
        return all(key not in self.sections or self.mapping(key) is not None for key in keys)

    def mapping(self, key: str) -> At | None:
        """The place of a section that is a mapping; None for none, and for one of another form."""
        at = self.sections.get(key)
        return at if at is not None and isinstance(at.data, dict) else None


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def find(self, rule: str, at: At, *, key: bool = False, **values: object) -> None:
        span = at.key_span if key else at.span
        self.findings.append(Finding(rule, span, values))

    def sections(self, at: At, keys: Sequence[str], where: str) -> dict[str, At]:
        """The sections of a mapping by the key that was meant; unknown keys are reported."""
        data = at.data if isinstance(at.data, dict) else {}
        found = {key: at / key for key in data if key in keys}
        below = _not_indented(data, keys)
        for key in data:
            if key in keys or any(key in names for names in below.values()):
                continue
            self.find(
                "unknown-key",
                at / key,
                key=True,
                received=key,
                where=where,
                known=keys,
                value=data[key],
            )
            free = [known for known in keys if known not in found]
            own = foreign_keys.section(key, free)
            if key == "variant" and isinstance(data[key], str):
                continue  # it chooses one
            meant = (own,) if own is not None else suggest(key, free, most=1)
            found.update(dict.fromkeys(meant, at / key))
        for key, place in found.items():
            if key in MAPPINGS and not isinstance(place.data, dict):
                values = {"received": place.data, "below": below.get(key, ())}
                self.find("not-a-mapping", place, what=key, **values)
        return found

    def spec(self, document: Document, sections: Mapping[str, At]) -> Spec:
        """The spec of these sections, with its blocks."""
        at = Spec(document, sections).mapping("blocks")
        names = at.data if at is not None and isinstance(at.data, dict) else {}
        blocks = {name: self.block(at / name, name, names) for name in names if at is not None}
        known = [*sections.values()]
        root = document.data if isinstance(document.data, dict) else {}
        used = {place.path[0] for place in known if place.path}
        unknown = [document.at() / key for key in root if key not in used]
        inside = [
            place / key for place in unknown if isinstance(place.data, dict) for key in place.data
        ]
        stray = {str(place.path[-1]): place for place in (*inside, *unknown)}
        return Spec(document, sections, blocks, stray)

    def block(self, at: At, name: str, names: Container[str]) -> Section:
        data = at.data
        if not isinstance(data, dict) or not data:
            self.find("block-without-body", at, key=True, name=name, received=data)
            return BrokenSection(name, at)
        if "layers" in data:
            return self.body(at, name)
        keys = list(data)
        if any(self._means_layers(at / key, names) for key in keys):
            return self.body(at, name)
        blocks = [key for key in keys if key != "doc"]
        if len(blocks) != 1 or blocks[0] in BLOCK_KEYS:
            self.find("block-without-body", at, key=True, name=name, received=data)
            return BrokenSection(name, at)
        return PresetSection(name, at, blocks[0], at / blocks[0], self.doc(at))

    def _means_layers(self, at: At, names: Container[str]) -> bool:
        """Whether a key of a definition is a misspelt `layers`: a list, and no block of that name."""
        (*_, key) = at.path
        known = key in BLOCK_KEYS or key in BLOCKS or key in names
        meant = suggest(str(key), ["layers"]) or foreign_keys.section(str(key), ["layers"])
        return isinstance(at.data, list) and not known and bool(meant)

    def body(self, at: At, name: str) -> Section:
        known = len(self.findings)
        sections = self.sections(at, BLOCK_KEYS, f"block `{name}`")
        misspelt = [key for key, place in sections.items() if place.path[-1] != key]
        whole = len(self.findings) - known <= len(misspelt)
        for key in ("inputs", "outputs"):
            whole = self.names(sections.get(key)) and whole
        for key in ("params", "let"):
            whole = whole and (key not in sections or isinstance(sections[key].data, dict))
        body = sections["layers"]
        if not isinstance(body.data, list):
            self.find("not-layers", body, received=body.data)
            whole = False
        self.doc(at)
        return BlockSection(name, at, sections) if whole else BrokenSection(name, at)

    def doc(self, at: At) -> str:
        """The `doc` of a definition; reported when it is no text."""
        doc = at.get("doc")
        if doc is None or isinstance(doc.data, str):
            return str(doc.data) if doc is not None else ""
        self.find("not-text", doc, what="doc", received=doc.data)
        return ""

    def names(self, at: At | None) -> bool:
        """Whether a list of names is one: a list of different texts; reported when it is not."""
        if at is None:
            return True
        entries = at.data if isinstance(at.data, list) else []
        places = [at / number for number in range(len(entries))] or [at]
        wrong = [place for place in places if not isinstance(place.data, str)]
        for place in wrong:
            self.find("not-a-name", place, received=place.data)
        twice = [place for n, place in enumerate(places) if place.data in entries[:n]]
        for place in twice:
            self.find("duplicate-name", place, name=place.data, automatic=False)
        return not wrong and not twice


def _not_indented(data: Mapping[str, object], keys: Sequence[str]) -> dict[str, list[str]]:
    """Section that is empty -> the unknown keys behind it, which were meant to stand in it."""
    found: dict[str, list[str]] = {}
    empty = None
    for key, value in data.items():
        if key in keys:
            empty = key if key in MAPPINGS and value is None else None
        elif empty is not None:
            found.setdefault(empty, []).append(key)
    return found


def read_spec(document: Document) -> tuple[Spec, Sequence[Finding]]:
    """The sections of a document, and what is wrong with its keys."""
    reader = _Reader()
    root = document.at()
    if not isinstance(root.data, dict):
        reader.find("root-not-a-mapping", root, received=root.data)
        return Spec(document, {}), reader.findings
    if is_block_file(document):
        reader.find("only-blocks", root / next(iter(root.data)), key=True)
        return Spec(document, {}), reader.findings
    sections = reader.sections(root, KEYS, "the spec")
    missing = [key for key in REQUIRED if key not in sections]
    if missing:
        reader.find("missing-key", root, key=True, missing=missing)
    version = sections.get("netspec")
    if version is not None and (
        version.data != LANGUAGE_VERSION
        or not isinstance(version.data, int)
        or version.data is True
    ):
        reader.find("language-version", version, received=version.data, known=LANGUAGE_VERSION)
    layers = sections.get("layers")
    if layers is not None and (not isinstance(layers.data, list) or not layers.data):
        rule = "no-layers" if layers.data in ([], None) else "not-layers"
        reader.find(rule, layers, received=layers.data)
    return reader.spec(document, sections), reader.findings


def read_blocks(document: Document, name: str) -> tuple[Spec, Sequence[Finding]]:
    """The sections of a file of blocks, and what is wrong with its keys; `name` is what imports it."""
    reader = _Reader()
    root = document.at()
    if not isinstance(root.data, dict):
        reader.find("root-not-a-mapping", root, received=root.data)
        return Spec(document, {}), reader.findings
    if is_whole_spec(document):
        reader.find("import-of-spec", root / next(iter(root.data)), key=True, path=name)
        return Spec(document, {}), reader.findings
    return reader.spec(document, reader.sections(root, BLOCK_FILE_KEYS, "a file of blocks")), (
        reader.findings
    )


def is_whole_spec(document: Document) -> bool:
    """Whether a document is a spec and cannot be meant as a file of blocks."""
    data = document.data
    return isinstance(data, dict) and any(key in data for key in REQUIRED)


def is_block_file(document: Document) -> bool:
    """Whether a document can only be a file of blocks."""
    data = document.data
    has_blocks = isinstance(data, dict) and ("blocks" in data or "import" in data)
    return has_blocks and not is_whole_spec(document)
