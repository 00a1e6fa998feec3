"""The JSON Schema of specs, for editors: completion, hover and red lines while one types.

It is made from the same models that check a spec. It may accept what `netspec check` refuses (names,
shapes and most values are not a schema's business), but it never complains about a spec that is right: a
field may hold an expression, a required field may come from `defaults`, and the packaged schema does not
know a file's own blocks. `netspec schema FILE` adds those and then knows every name.

Forms are told apart by `if` and not by `anyOf`, so that an editor shows one error and not one per form.
Draft 7 is what editors support best.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netspec.blocks import GROUPS, FieldKind, Preset
from netspec.elaborate import Library, Parameter, YamlBlock
from netspec.limits import Limits
from netspec.pages import COMMON_FIELDS, block_page
from netspec.plugins import Registry
from netspec.spec import BLOCK_FILE_KEYS, BLOCK_KEYS, KEYS, LANGUAGE_VERSION, REQUIRED

DRAFT = "http://json-schema.org/draft-07/schema#"
ADDRESS = "https://netspec.invalid/schema/netspec-1.json"

FILE = "schema.json"
"""The packaged schema, beside this module: `schema()` as text."""

Schema = dict[str, Any]

_PARTS = {"norm": "Normalisation", "activation": "Activation"}

_EXPRESSION: Schema = {"type": "string", "pattern": r"^\$"}
_NAME: Schema = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]*$"}
_NAMES: Schema = {"type": "array", "items": {"type": "string"}}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SHAPE: Schema = {"type": "array", "items": {"type": ["integer", "string"]}}
_LAYERS: Schema = {"$ref": "#/definitions/layers"}
_BLOCK: Schema = {"$ref": "#/definitions/block"}

_TEXT: Schema = {"type": "string"}
_MAPPING: Schema = {"type": "object"}
_ONE_KEY: Schema = {"type": "object", "minProperties": 1, "maxProperties": 1}
_SIZE: Schema = {"if": _TEXT, "then": _EXPRESSION, "else": {"type": "integer", "minimum": 1}}
_INPUT: Schema = {
    "if": {"type": "string"},
    "then": _EXPRESSION,
    "else": {"type": "array", "minItems": 1, "maxItems": 4, "items": _SIZE},
}
_PARAMETER: Schema = {
    "if": {"type": "object"},
    "then": {
        "type": "object",
        "properties": {
            "type": {"description": "int, float, bool, text, block, or a list of one of them"},
            "default": {"description": "The value when none is given."},
            "min": {"type": "number", "description": "The smallest value."},
            "max": {"type": "number", "description": "The largest value."},
            "doc": {"type": "string", "description": "What it is."},
        },
        "additionalProperties": False,
        "required": ["type"],
    },
    "else": {"not": {"type": "null"}},
}

_DOCS: Mapping[str, str] = {
    "netspec": "The version of the language.",
    "name": "The name of the network: of its class, its files and its pictures.",
    "doc": "A line about the network; it goes into tables, source and pictures.",
    "import": "Files of blocks, by their paths relative to this file.",
    "params": "What may change from outside: `num_classes: 1000`, read as `$num_classes`.",
    "variants": "Members of a family: named sets of values of parameters, each with its own `expect`.",
    "let": "Names for results of expressions.",
    "input": "The shape of the input without the batch: channels, height, width.",
    "defaults": "Fields that you would otherwise type in every layer of this file, by block.",
    "blocks": "Blocks of your own, and presets of others.",
    "layers": "The layers, from first to last; each reads what the one before gives.",
    "init": "Initialisation by op type: `conv: {weight: {kaiming_normal: {mode: fan_out}}}`.",
    "outputs": "Named results: a list of names, or a mapping from output to layer.",
    "expect": "What you know: `shape` or `shapes`, `params`, `macs`. A difference is an error.",
    "inputs": "Names of the values that the block reads; the first is the stream.",
}


def schema(library: Library | None = None, registry: Registry | None = None) -> Schema:
    """The schema of specs and files of blocks; with `library` for one file, whose blocks are all known.

    `registry` has the blocks that need no file; those of a `library` are its own.
    """
    own = {**library.imported, **library.own} if library is not None else {}
    shared = library.registry if library is not None else registry or Registry()
    fields, docs = _vocabulary(own, shared)
    strict = {name for name in fields if name not in own or isinstance(own[name], YamlBlock)}
    bare = {name: _bare(name, own, fields, shared) for name in fields}
    known = library is not None
    return {
        "$schema": DRAFT,
        "$id": ADDRESS,
        "title": "netspec",
        "description": "A neural-network architecture, or a file of blocks for others to import.",
        "if": {"type": "object", "anyOf": [{"required": [key]} for key in REQUIRED]},
        "then": {"$ref": "#/definitions/spec"},
        "else": {"$ref": "#/definitions/file_of_blocks"},
        "definitions": {
            "spec": _mapping(KEYS, required=REQUIRED),
            "file_of_blocks": _mapping(BLOCK_FILE_KEYS),
            "sections": _sections(),
            "expect": _closed({"shape": _SHAPE, "shapes": {"type": "object"}, **_numbers()}),
            "layers": {"type": "array", "items": {"$ref": "#/definitions/layer"}},
            "layer": _named(docs, "layer_", known=known),
            "block": _named(docs, "value_", known=known, off=True),
            "common": {"properties": _common()},
            "defaults": {
                "type": "object",
                "properties": {
                    name: {"if": {"type": "object"}, "then": _ref(f"value_{name}"), "else": bare[name]}
                    for name in fields
                },
            },
            **{f"value_{n}": _object(fields[n], docs[n], strict=n in strict) for n in fields},
            **{f"layer_{n}": _layer(fields[n], docs[n], bare[n], n in strict) for n in fields},
        },
    }  # fmt: skip


def _vocabulary(
    own: Mapping[str, object], shared: Registry
) -> tuple[dict[str, Schema], dict[str, str]]:
    """The fields and the doc of every block, by its name; own ones hide others."""
    fields = {name: _fields(name, shared) for name in shared.blocks}
    docs = {name: _doc(name, shared) for name in shared.blocks}
    for name, found in own.items():
        fields[name] = _own_fields(found) if isinstance(found, YamlBlock) else {}
        docs[name] = found.doc if isinstance(found, YamlBlock) else ""
    return fields, docs


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _closed(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _mapping(keys: Iterable[str], required: Iterable[str] = ()) -> Schema:
    """A document: these sections and no others."""
    properties = {key: _ref(f"sections/{key}") for key in keys}
    return {**_closed(properties), "required": list(required)}


def _numbers() -> Schema:
    count = {"if": {"type": "string"}, "then": _EXPRESSION, "else": _COUNT}
    return {"params": count, "macs": count}


def _sections() -> Schema:
    """Every section of a document, by key."""
    variant = {"type": "object", "properties": {"expect": _ref("expect"), "doc": _TEXT}}
    body = _closed({key: _ref(f"sections/{key}") for key in BLOCK_KEYS})
    documented = {"properties": {"doc": _TEXT}, "minProperties": 2, "maxProperties": 2}
    preset = {"if": {"required": ["doc"]}, "then": documented, "else": _ONE_KEY}
    definition = {"if": {"type": "object", "required": ["layers"]}, "then": body, "else": preset}
    forms: Mapping[str, Schema] = {
        "netspec": {"const": LANGUAGE_VERSION},
        "name": {**_NAME, "maxLength": Limits().name_length},
        "doc": _TEXT,
        "import": {"type": "array", "items": {"type": "string", "pattern": r"\.ya?ml$"}},
        "params": {"type": "object", "additionalProperties": _PARAMETER},
        "variants": {"type": "object", "additionalProperties": variant},
        "let": _MAPPING,
        "input": _INPUT,
        "defaults": _ref("defaults"),
        "blocks": {"type": "object", "additionalProperties": definition},
        "layers": _LAYERS,
        "init": _MAPPING,
        "outputs": {"type": ["array", "object"]},
        "expect": _ref("expect"),
        "inputs": _NAMES,
    }  # fmt: skip
    # A description beside `$ref` is ignored in draft 7, so it stands around it.
    return {
        key: {"description": _DOCS[key], "allOf": [form]} if "$ref" in form
        else {"description": _DOCS[key], **form}
        for key, form in forms.items()
    }  # fmt: skip


def _common() -> Schema:
    """What every layer may have."""
    condition = {"if": {"type": "string"}, "then": _EXPRESSION, "else": {"type": "boolean"}}
    count = {"if": {"type": "string"}, "then": _EXPRESSION, "else": _COUNT}
    forms: Mapping[str, Schema] = {
        "name": _NAME,
        "from": {"if": {"type": "string"}, "then": {}, "else": _NAMES},
        "repeat": count,
        "first": {"type": "object"},
        "last": {"type": "object"},
        "when": condition,
        "expect": {"type": "object"},
        "init": {"type": "object"},
        "doc": {"type": "string"},
    }
    docs = {key: doc for keys, doc in COMMON_FIELDS.items() for key in keys.split(", ")}
    return {key: {"description": docs[key], **form} for key, form in forms.items()}


def _named(docs: Mapping[str, str], prefix: str, *, known: bool, off: bool = False) -> Schema:
    """A name of a block, or a name with fields. Other names are fine unless all are `known`."""
    words = {**docs, "none": "No block at all: switches it off."} if off else docs
    told: list[Schema] = [{"const": name, "description": doc} for name, doc in words.items()]
    free = _TEXT if not known else _EXPRESSION
    properties = {name: _ref(f"{prefix}{name}") for name in docs}
    mapping: Schema = {
        "type": "object", "minProperties": 1, "maxProperties": 1, "properties": properties
    }  # fmt: skip
    if known:
        mapping |= {"patternProperties": {r"^\$": {}}, "additionalProperties": False}
    return {"if": {"type": "object"}, "then": mapping, "else": {"anyOf": [*told, free]}}


def _object(fields: Schema, doc: str, *, strict: bool) -> Schema:
    found: Schema = {"type": "object", "description": doc, "properties": fields}
    return {**found, "additionalProperties": False} if strict else found


def _layer(fields: Schema, doc: str, bare: Schema, strict: bool) -> Schema:
    """The value of a layer: its fields and what every layer has, or its bare field."""
    return {
        "description": doc,
        "if": {"type": "object"},
        "then": _object({**fields, **_common_refs()}, doc, strict=strict),
        "else": bare,
    }


def _common_refs() -> Schema:
    return {key: _ref(f"common/properties/{key}") for key in _common()}


def _bare(
    name: str, own: Mapping[str, object], fields: Mapping[str, Schema], registry: Registry
) -> Schema:
    """The value of the one bare field; `{type: object}` where there is none."""
    entry = own.get(name) or registry.blocks.get(name)
    if isinstance(entry, YamlBlock):
        bare = entry.bare_field
    elif entry is None or name in own:
        return {"not": {"type": "null"}}
    else:
        bare = block_page(name, registry).bare_field
    return dict(fields[name][bare]) if bare is not None else {"type": "object"}


def _fields(block: str, registry: Registry) -> Schema:
    """The fields of a registered block, each with doc, default and an expression as another form."""
    entry = registry.blocks[block]
    if isinstance(entry, Preset):
        gone = {*entry.fields, *entry.hidden}
        base = _fields(entry.block, registry)
        return {name: form for name, form in base.items() if name not in gone}
    properties = entry.model_json_schema()["properties"]
    found: Schema = {}
    for name, info in entry.model_fields.items():
        key = info.alias or name
        kind = next((m for m in info.metadata if isinstance(m, FieldKind)), FieldKind.PLAIN)
        form = {
            k: v for k, v in properties[key].items() if k not in ("title", "default", "description")
        }
        extra: Schema = {"description": entry.docs()[key]}
        if kind is FieldKind.PLAIN and not info.is_required() and info.default not in (None, ()):
            extra["default"] = info.default
        words = _parts(key) if kind is FieldKind.BLOCK else list(_words(form))
        if words:
            extra["examples"] = words  # an editor completes these; it does not look behind `else`
        found[key] = {**extra, **_form(kind, form)}
    return found


def _parts(field: str) -> list[str]:
    """The usual blocks for a field that takes one, by its name: norms, or activations."""
    entries = [e for word, title in _PARTS.items() if word in field for e in GROUPS[title]]
    names = [e.name if isinstance(e, Preset) else e.block_name for e in entries]
    return [*names, "none"] if names else []


def _words(form: Schema) -> Iterator[str]:
    """The words that a form allows."""
    yield from form.get("enum", [form["const"]] if "const" in form else [])
    for entry in (*form.get("anyOf", ()), *form.get("oneOf", ())):
        yield from _words(entry)


def _form(kind: FieldKind, form: Schema) -> Schema:
    """The forms of a field: its own, or an expression."""
    if kind is FieldKind.BLOCK:
        return {"allOf": [_BLOCK]}
    if kind is FieldKind.LAYERS:
        return {"allOf": [_LAYERS]}
    if kind is FieldKind.BRANCHES:
        branches = {"type": "object", "additionalProperties": _LAYERS}
        return {"if": {"type": "array"}, "then": {"items": _LAYERS}, "else": branches}
    if kind is FieldKind.ROWS:
        rows = {"if": {"type": "string"}, "then": _EXPRESSION, "else": {"type": "array"}}
        lists = {"type": "object", "minProperties": 1, "additionalProperties": rows}
        return {"if": {"type": "object"}, "then": lists, "else": rows}
    return {"if": _EXPRESSION, "then": {}, "else": _cells(form)}


def _cells(form: Schema) -> Schema:
    """A form in whose lists an expression may stand for any entry; null is never written."""
    found = dict(form)
    for key in ("anyOf", "oneOf"):
        if key in found:
            forms = [entry for entry in found[key] if entry.get("type") != "null"]
            found[key] = [_cells(entry) for entry in forms]
    if isinstance(found.get("items"), dict):
        found["items"] = {"if": _EXPRESSION, "then": {}, "else": _cells(found["items"])}
    return found


def _own_fields(block: YamlBlock) -> Schema:
    """The parameters of a file's own block."""
    return {
        name: {"description": parameter.doc, **_form(parameter.kind, _parameter(parameter))}
        for name, parameter in block.parameters.items()
    }


def _parameter(parameter: Parameter) -> Schema:
    words = {"int": "integer", "float": "number", "bool": "boolean", "text": "string"}
    if isinstance(parameter.type, tuple):
        return {"type": "array", "items": {"type": words[parameter.type[0]]}}
    if parameter.type is None:
        return {"type": "array"}
    bounds = {
        word: parameter.bounds[key]
        for key, word in (("min", "minimum"), ("max", "maximum"))
        if key in parameter.bounds
    }
    return {"type": words.get(parameter.type, "string"), **bounds}


def _doc(name: str, registry: Registry) -> str:
    """What an editor shows over a block: what it does, and an example."""
    example = registry.blocks[name].example
    return f"{block_page(name, registry).headline}\n\nExample:\n\n{example.layers}"
