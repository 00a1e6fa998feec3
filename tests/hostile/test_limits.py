"""Every limit acts when the command line gives it, and its message has the number and the way to raise it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from netspec.limits import Limits
from tests.hostile.catalogue import HEAD, net
from tests.hostile.isolation import Isolation
from tests.hostile.test_catalogue import survived

CONV = "- conv: {out_channels: 64, kernel_size: 5}"
IMPORTING = f"{HEAD}import: [u.yaml]\nlayers: [u]\n"
COMPUTED = net("- conv: {out_channels: $((((5)) * 5)), kernel_size: 1}")
CHAIN = "blocks: {a: {layers: [b]}, b: {layers: [c]}, c: {layers: [relu]}}\nlayers: [a]\n"
VARIANTS = "params: {w: 3}\nvariants: {a: {w: 1}, b: {w: 2}}\n"

PASSED = {
    "file_bytes": (net("- relu"), 20),
    "import_bytes": (IMPORTING, 50),
    "import_files": (IMPORTING, 1),
    "import_depth": (IMPORTING, 2),
    "yaml_depth": (net("- relu"), 1),
    "yaml_nodes": (net("- relu"), 5),
    "alias_nodes": (f"{HEAD}layers: [&a tanh, *a, *a]\n", 1),
    "scalar_bytes": (f"{HEAD}doc: {'x' * 30}\nlayers: [relu]\n", 20),
    "name_length": (net("- relu: {name: abcdef}"), 5),
    "integer_digits": (net("- conv: {out_channels: 1000, kernel_size: 1}"), 3),
    "expression_length": (COMPUTED, 5),
    "expression_depth": (COMPUTED, 2),
    "expression_value": (COMPUTED, 20),
    "channels": (net(CONV), 63),
    "features": (net("- flatten", "- linear: 64"), 63),
    "window": (net(CONV), 4),
    "input_size": (net("- relu"), 31),
    "variants": (f"{HEAD}{VARIANTS}layers: [linear: $w]\n".replace("[3, 32, 32]", "[8]"), 1),
    "repeat": (net("- identity: {repeat: 5}"), 4),
    "layers": (net(*["- identity"] * 5), 4),
    "block_depth": (HEAD + CHAIN, 2),
    "merge_inputs": (net("- relu: {name: a}", "- add: {from: [a, input, previous]}"), 2),
    "tensor_elements": (net("- conv: {out_channels: 64, kernel_size: 1}"), 65_535),
    "found_errors": (net("- cnov", "- cnov", "- cnov"), 1),
}
"""A limit -> a spec, and a number that it passes."""

ELSEWHERE = {
    "build_parameters": "tests/test_limits.py",
    "diagram_nodes": "tests/test_pictures.py",
    "diagram_edges": "tests/test_pictures.py",
    "dot_seconds": "tests/emit/test_raster.py",
}
"""Limits that do not act on reading a spec -> where they are tested."""

UNRAISED = frozenset({"name_length", "integer_digits"})
"""Their messages do not propose to raise them: nobody needs such a name or number."""


@pytest.fixture(scope="module")
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    running = Isolation(tmp_path_factory.mktemp("limits"))
    imported = {
        "u": "import: [v.yaml]\nblocks: {u: {layers: [v]}}\n",
        "v": "import: [w.yaml]\nblocks: {v: {layers: [w]}}\n",
        "w": "blocks: {w: {layers: [relu]}}\n",
    }
    for name, text in imported.items():
        (running.folder / f"{name}.yaml").write_text(text)
    yield running
    running.close()


def test_every_limit_is_here() -> None:
    assert {field.name for field in fields(Limits)} == {*PASSED, *ELSEWHERE}
    root = Path(__file__).parents[2]
    assert all(name in (root / file).read_text() for name, file in ELSEWHERE.items())


@pytest.mark.parametrize("name", PASSED)
def test_a_limit_on_the_command_line_acts(name: str, isolation: Isolation) -> None:
    text, most = PASSED[name]
    (isolation.folder / "spec.yaml").write_text(text)
    free = isolation.run("check", "spec.yaml")
    survived(free)
    assert f"--limit {name}=" not in free.err
    assert free.code == (name == "found_errors"), free.err
    passed = isolation.run("check", "spec.yaml", "--limit", f"{name}={most}")
    survived(passed)
    assert passed.code == 1
    assert str(most) in passed.err
    assert (f"--limit {name}=N" in " ".join(passed.err.split())) == (name not in UNRAISED)
