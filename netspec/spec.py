"""The document model: which sections a spec has, by key names alone.

When a definition is read only its keys are checked (unknown, missing, of the wrong form); values wait
until they are used, because they may be expressions. So a `Spec` holds places, not values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netspec.diagnostics import Finding
from netspec.source import At, Document

LANGUAGE_VERSION = 1
KEYS = (
    "netspec",
    "name",
    "doc",
    "params",
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
NOT_YET = ("variants", "import")
BLOCK_KEYS = ("doc", "params", "let", "defaults", "inputs", "outputs", "layers")


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


@dataclass(frozen=True, slots=True)
class Spec:
    """The sections of a document, by key."""

    document: Document
    sections: Mapping[str, At]
    blocks: Mapping[str, BlockSection | PresetSection] = field(default_factory=dict)

    def get(self, key: str) -> At | None:
        """The place of a section."""
        return self.sections.get(key)


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def find(self, rule: str, at: At, *, key: bool = False, **values: object) -> None:
        span = at.key_span if key else at.span
        self.findings.append(Finding(rule, span, values))

    def mapping(self, at: At, what: str) -> bool:
        """Whether a section is a mapping; reported when it is not."""
        if isinstance(at.data, dict):
            return True
        self.find("not-a-mapping", at, what=what, received=at.data)
        return False

    def blocks(self, at: At | None) -> dict[str, BlockSection | PresetSection]:
        if at is None or not self.mapping(at, "blocks") or not isinstance(at.data, dict):
            return {}
        entries = {name: self.block(at / name, name) for name in at.data}
        return {name: entry for name, entry in entries.items() if entry is not None}

    def block(self, at: At, name: str) -> BlockSection | PresetSection | None:
        data = at.data
        if not isinstance(data, dict) or not data:
            self.find("block-without-body", at, key=True, name=name, received=data)
            return None
        if "layers" in data:
            for key in data:
                if key not in BLOCK_KEYS:
                    where = f"block `{name}`"
                    self.find(
                        "unknown-key",
                        at / key,
                        key=True,
                        received=key,
                        where=where,
                        known=BLOCK_KEYS,
                    )
            body = at / "layers"
            if not isinstance(body.data, list):
                self.find("not-layers", body, received=body.data)
                return None
            return BlockSection(name, at, {key: at / key for key in data if key in BLOCK_KEYS})
        keys = list(data)
        if len(keys) != 1 or keys[0] in BLOCK_KEYS:
            self.find("block-without-body", at, key=True, name=name, received=keys)
            return None
        return PresetSection(name, at, keys[0], at / keys[0])


def read_spec(document: Document) -> tuple[Spec, Sequence[Finding]]:
    """The sections of a document, and what is wrong with its keys."""
    reader = _Reader()
    root = document.at()
    if not isinstance(root.data, dict):
        reader.find("root-not-a-mapping", root, received=root.data)
        return Spec(document, {}), reader.findings
    sections = {key: root / key for key in root.data}
    for key, at in sections.items():
        if key in NOT_YET:
            reader.find("not-yet", at, key=True, what=f"`{key}:`")
        elif key not in KEYS:
            reader.find("unknown-key", at, key=True, received=key, where="the spec", known=KEYS)
    for key in REQUIRED:
        if key not in sections:
            reader.find("missing-key", root, key=True, missing=key)
    version = sections.get("netspec")
    if version is not None and version.data != LANGUAGE_VERSION:
        reader.find("language-version", version, received=version.data, known=LANGUAGE_VERSION)
    layers = sections.get("layers")
    if layers is not None and (not isinstance(layers.data, list) or not layers.data):
        rule = "no-layers" if layers.data in ([], None) else "not-layers"
        reader.find(rule, layers, received=layers.data)
    for key in ("params", "let", "defaults", "init"):
        if key in sections:
            reader.mapping(sections[key], key)
    return Spec(document, sections, reader.blocks(sections.get("blocks"))), reader.findings
