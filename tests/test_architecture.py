"""The fence that CONTRIBUTING draws: who may import whom, who may name torch, how long things may be.

The levels are read from the table in CONTRIBUTING.md, so that the page and the fence are one thing.
Imports inside functions count like those at the top of a file. Imports for type checkers make no module
wait for another; those that point up are listed here, each with its reason.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "netspec"

FILE_LINES = 350
FUNCTION_LINES = 40

LONGER: Mapping[str, str] = {
    "netspec/cli/build.py:run": "its length is the list of its options",
    "netspec/cli/diff.py:run": "its length is the list of its options",
    "netspec/cli/draw.py:run": "its length is the list of its options",
    "netspec/cli/weights.py:run": "its length is the list of its options",
}
"""`file` or `file:function` -> the reason why it may be longer."""

TYPES_FROM_ABOVE: Mapping[tuple[str, str], str] = {
    (
        "netspec.elaborate.bodies",
        "netspec.elaborate.layering",
    ): "layers hold blocks, which hold layers",
    (
        "netspec.elaborate.building",
        "netspec.elaborate.layering",
    ): "the verbs call the elaborator back",
    (
        "netspec.elaborate.merging",
        "netspec.elaborate.layering",
    ): "a change is tried by a run of its own",
    (
        "netspec.elaborate.use",
        "netspec.elaborate.layering",
    ): "layers hold blocks, which hold layers",
    (
        "netspec.elaborate.environment",
        "netspec.elaborate.definitions",
    ): "definitions close over names",
}
"""Imports for type checkers alone that point up, and why."""

MAY_IMPORT_TORCH: Mapping[str, str] = {
    "netspec.emit.torch_module": "makes the module of the source and runs it",
    "netspec.weights.sources": "opens state dicts, modules and files",
    "netspec.weights.execution": "runs a module to find its order",
    "netspec.weights.saving": "writes files of tensors",
    "netspec.weights.loading": "looks into weights and copies them",
}

TORCH = frozenset({"torch", "torchvision", "timm", "safetensors"})

MUTATORS = frozenset(
    [
        "add",
        "append",
        "clear",
        "discard",
        "extend",
        "insert",
        "pop",
        "popitem",
        "remove",
        "setdefault",
        "sort",
        "update",
    ]
)


@dataclass(frozen=True)
class Import:
    """One import of `target`; `types` when only type checkers see it."""

    target: str
    line: int
    types: bool


@cache
def modules() -> Mapping[str, Path]:
    """Dotted name -> file, of every module of the package."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


@cache
def imports(name: str) -> tuple[Import, ...]:
    """Everything that a module imports, wherever the import stands."""
    types = {
        id(inner)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree(name)):
        targets: list[str] = []
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: imports are absolute"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [path if path in modules() else str(node.module) for path in inner]
        found += [Import(target, node.lineno, id(node) in types) for target in targets]
    return tuple(found)


def inward(name: str) -> Iterator[Import]:
    """The imports of a module that are of this package."""
    return (entry for entry in imports(name) if entry.target.split(".")[0] == "netspec")


def part(name: str) -> str:
    """`netspec.ops.window` -> `ops`: what the table of levels calls it."""
    return name.split(".")[1] if "." in name else "netspec"


@cache
def levels() -> Mapping[str, int]:
    """Part -> level, from the table in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return {
        entry.rstrip("/"): int(row[1])
        for row in re.finditer(r"^\| (\d) \| (.*?) \|", text, re.MULTILINE)
        for entry in re.findall(r"`(\w+/?)`", row[2])
    }


def test_every_part_of_the_package_stands_in_the_table_of_levels() -> None:
    assert {part(name) for name in modules()} == set(levels())


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_from_its_own_level_or_below(name: str) -> None:
    for entry in inward(name):
        if entry.types and (name, entry.target) in TYPES_FROM_ABOVE:
            continue
        assert levels()[part(entry.target)] <= levels()[part(name)], (
            f"{modules()[name]}:{entry.line} imports {entry.target}, which stands above it"
        )


def test_modules_and_parts_have_a_total_order() -> None:
    """No module waits for itself, whichever way round; nor does a part, within its level."""
    graph: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for name in modules():
        targets = {entry.target for entry in inward(name) if not entry.types}
        graph[name] = targets - {name}
        parts.setdefault(part(name), set()).update(map(part, targets))
    for waits in (graph, {name: on - {name} for name, on in parts.items()}):
        try:
            order = list(TopologicalSorter(waits).static_order())
        except CycleError as error:
            pytest.fail(f"a cycle: {' -> '.join(error.args[1])}")
        assert set(waits) <= set(order)


def test_imports_for_types_point_down_except_those_with_a_reason() -> None:
    waits = {name: {e.target for e in inward(name) if not e.types} - {name} for name in modules()}
    above: set[tuple[str, str]] = set()
    for name in modules():
        for entry in inward(name):
            up = levels()[part(entry.target)] > levels()[part(name)]
            if entry.types and (up or name in _reachable(waits, entry.target)):
                above.add((name, entry.target))
    assert above == set(TYPES_FROM_ABOVE)


def _reachable(waits: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += waits.get(name, ())
    return seen


def test_only_what_builds_modules_imports_torch_and_only_inside_functions() -> None:
    found: dict[str, list[Import]] = {}
    for name in modules():
        for entry in imports(name):
            if entry.target.split(".")[0] in TORCH and not entry.types:
                found.setdefault(name, []).append(entry)
    assert set(found) == set(MAY_IMPORT_TORCH)
    for name, entries in found.items():
        inside = _lines_of_functions(name)
        assert all(entry.line in inside for entry in entries), name


def _lines_of_functions(name: str) -> set[int]:
    return {
        line
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef)
        for line in range(node.body[0].lineno, (node.end_lineno or 0) + 1)
    }


WITHOUT_TORCH = """
import contextlib, io, json, sys
from netspec.cli import application
seen = {}
for line in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            application()(line, standalone_mode=False)
        except SystemExit as stop:
            assert not stop.code, line
    seen[line[0]] = sorted(m for m in sys.modules if m.split(".")[0] in {"torch", "numpy"})
print(json.dumps(seen))
"""


def test_commands_that_need_no_module_leave_torch_alone(tmp_path: Path) -> None:
    spec = str(ROOT / "specs/googlenet.yaml")
    lines = [
        ["check", spec],
        ["summary", spec],
        ["summary", spec, "--format", "json"],
        ["draw", spec, "-o", str(tmp_path / "a.svg")],
        ["draw", spec, "-o", str(tmp_path / "a.gv")],
        ["emit", spec],
        ["blocks", "conv"],
        ["explain", "NS402"],
        ["explain", "inception_3a", spec],
    ]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, json.dumps(lines)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen == {line[0]: [] for line in lines}


def functions(name: str) -> Iterator[tuple[str, int]]:
    """Every function of a module with its lines, docstring included."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_files_and_functions_are_short_or_have_a_reason() -> None:
    long: dict[str, int] = {}
    for name, file in modules().items():
        path = file.relative_to(ROOT).as_posix()
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            long[path] = lines
        long |= {f"{path}:{one}": size for one, size in functions(name) if size > FUNCTION_LINES}
    assert set(long) == set(LONGER), f"longer than allowed, or a reason left over: {long}"


@pytest.mark.parametrize("name", modules())
def test_a_module_has_a_docstring_and_no_state_that_changes(name: str) -> None:
    """No `global`, and nothing made at module level is changed by a function."""
    assert ast.get_docstring(tree(name)), f"{modules()[name]} does not say why it exists"
    owned = set(_module_names(name))
    for node in ast.walk(tree(name)):
        assert not isinstance(node, ast.Global), f"{name}:{node.lineno}: `global`"
        for changed in _changed(node):
            assert changed not in owned, (
                f"{modules()[name]}:{node.lineno} changes `{changed}`, which the whole module shares"
            )


def _module_names(name: str) -> Iterator[str]:
    """Names bound at module level, by assignment or import: changing one changes it for everybody."""
    for node in tree(name).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        yield from (target.id for target in targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _changed(node: ast.AST) -> Iterator[str]:
    """Names whose object a statement changes: `x[k] = v`, `del x[k]`, `x += y`, `x.append(v)`, `x.a = v`."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign | ast.Delete):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        targets = [node.func] if node.func.attr in MUTATORS else []
    for target in targets:
        inner = target
        while isinstance(inner, ast.Subscript | ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name) and inner is not target:
            yield inner.id


@pytest.mark.parametrize(
    "name", [name for name, file in modules().items() if "__init__" in file.name]
)
def test_what_a_package_exports_is_there_and_sorted(name: str) -> None:
    """Constants, then classes, then functions, each by name: the order that ruff sorts `__all__` in."""
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", [])
    assert exported == sorted(
        set(exported), key=lambda one: (not one.isupper(), not one[0].isupper(), one)
    )
    missing = [one for one in exported if getattr(module, one, None) is None]
    assert not missing
