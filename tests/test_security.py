"""What `.github/SECURITY.md` says of the limits is what they are."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from pathlib import Path

import pytest

from netspec import limits

PAGE = Path(__file__).parents[1] / ".github/SECURITY.md"
BEGIN, END = "|---|---|---|\n", "<!-- end -->"


def docs() -> dict[str, str]:
    """The docstring below each field of `Limits`."""
    (definition,) = ast.parse(inspect.getsource(limits.Limits)).body
    assert isinstance(definition, ast.ClassDef)
    found: dict[str, str] = {}
    for field, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            found[field.target.id] = str(text.value.value)
    return found


def test_the_table_of_limits_is_the_code(request: pytest.FixtureRequest) -> None:
    said = docs()
    rows = "".join(
        f"| `{field.name}` | {field.default:,} | {said[field.name].removesuffix('.')} |\n"
        for field in fields(limits.Limits)
    )
    before, _, rest = PAGE.read_text().partition(BEGIN)
    text = f"{before}{BEGIN}{rows}{END}{rest.partition(END)[2]}"
    if request.config.getoption("--update-golden"):
        PAGE.write_text(text)
    assert PAGE.read_text() == text, "stale: pytest --update-golden"
