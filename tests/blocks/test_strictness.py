"""Wrong values, in every field of every block: one error each, with a code, at the field.

The JSON Schema of the block judges which values fit its field; what no field may have (numbers that
readers of YAML disagree on, infinite ones, null) is told apart here.
"""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator, validators

from netspec import SpecError, loads
from netspec.blocks import BLOCKS, FieldKind, Preset
from netspec.diagnostics import Diagnostic
from netspec.messages import CODES
from tests.blocks.contract import block_class, built_in, example_fields, layer_text

NEVER = object()

CATALOGUE: dict[str, object] = {
    "no": "no",
    "true": True,
    "false": False,
    "3.0": 3.0,
    "1e3": 1000.0,
    "0.5": 0.5,
    "2.0": 2.0,
    '"3"': "3",
    '""': "",
    "text": "text",
    "0": 0,
    "-1": -1,
    "1": 1,
    "3": 3,
    "1025": 1025,
    "2147483648": 2**31,
    "2147483649": 2**31 + 1,
    "[]": [],
    "[3]": [3],
    "[3, true]": [3, True],
    "[3, 3]": [3, 3],
    '[3, "3"]': [3, "3"],
    "[-1, 1]": [-1, 1],
    "[0, 3]": [0, 3],
    "[3, 3, 3, 3]": [3, 3, 3, 3],
    "[[3]]": [[3]],
    "{}": {},
    "{a: 1}": {"a": 1},
    "010": NEVER,
    "0x10": NEVER,
    "3:30": NEVER,
    "1_000": NEVER,
    "１": NEVER,
    ".nan": NEVER,
    ".inf": NEVER,
    "-.inf": NEVER,
    "1e999": NEVER,
    "9223372036854775808": NEVER,
    str(10**30): NEVER,
    "9" * 5000: NEVER,
    "null": NEVER,
    "~": NEVER,
    "": NEVER,
    "@x": NEVER,
    "!!python/object/apply:os.system x": NEVER,
    "$missing": NEVER,
    "$(1 // 0)": NEVER,
}
"""Text in YAML -> its value, or NEVER where no field may have it."""


def _is_int(checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# 64.0 is an integer to JSON Schema, not to us
STRICT = validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_int),
)

FIELDS = [
    (name, field)
    for name, entry in BLOCKS.items()
    for field in block_class(name).infos()
    if not (isinstance(entry, Preset) and field in entry.fields)
]


def found_in(spec: str) -> tuple[Diagnostic, ...]:
    """The errors of a spec; anything else than a SpecError fails the test."""
    try:
        loads(spec, name="strict.yaml")
    except SpecError as error:
        return tuple(error.diagnostics)
    return ()


def accepts(schema: dict[str, Any], value: object) -> bool:
    return value is not NEVER and STRICT(schema).is_valid(value)


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=lambda entry: entry)
def test_every_wrong_value_is_one_error_at_its_field(name: str, field: str) -> None:
    schema = block_class(name).model_json_schema()
    kind = block_class(name).field_kinds()[field]
    of_field = {**schema["properties"][field], "$defs": schema.get("$defs", {})}
    subject = built_in(name)
    for text, value in CATALOGUE.items():
        layer, places = layer_text(name, example_fields(name), **{field: text})
        spec = subject.spec(layer)
        errors = found_in(spec)
        shown = [(error.code, error.message) for error in errors]
        if isinstance(value, list) and len(value) > 1 and kind is FieldKind.LAYERS:
            assert len(errors) == len(value), (text, shown)  # each entry is a wrong layer
            continue
        if not accepts(of_field, value):
            assert len(errors) == 1, (text[:40], shown)
        assert len(errors) <= 1, (text[:40], shown)
        first = spec.splitlines().index(f"- {name}:") + 1
        for error in errors:
            assert error.code in CODES
            fits = accepts(of_field, value)  # then something else may not fit, here or behind it
            assert fits or error.primary.span.line == first + places[field], (text[:40], shown)
            assert error.message[0] in "`'0123456789" or error.message[0].islower(), shown
            assert not error.message.endswith("."), shown


@pytest.mark.parametrize("name", BLOCKS)
def test_an_unknown_field_is_one_error_at_its_name(name: str) -> None:
    layer, _ = layer_text(name, example_fields(name), zzz="1")
    (error,) = found_in(built_in(name).spec(layer))
    assert error.code == "NS202"
    assert "zzz" in error.message


@pytest.mark.parametrize(
    ("name", "field"),
    [(name, field) for name, field in FIELDS if block_class(name).infos()[field].is_required()],
    ids=lambda entry: entry,
)
def test_a_missing_field_is_one_error_that_names_it(name: str, field: str) -> None:
    fields = {key: value for key, value in example_fields(name).items() if key != field}
    layer, _ = layer_text(name, fields)
    (error,) = found_in(built_in(name).spec(layer))
    assert error.code == "NS203"
    assert field in error.message
