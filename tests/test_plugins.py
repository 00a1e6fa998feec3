"""Blocks of other packages: enabled by the user, never by a spec, and then like any other block."""

from __future__ import annotations

import ast
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest
import torch

import netspec
from netspec.pages import block_page, overview, text_page
from netspec.plugins import enable, installed
from tests.blocks.contract import Subject, check_example, check_picture, check_source
from tests.cli.conftest import ROOT
from tests.installed import EFFICIENT, install

GHOSTS = EFFICIENT / "ghosts.yaml"
BLOCKS = ("eca", "ghost_conv")


def spec(*layers: object, input_: tuple[int, ...] = (16, 8, 8), **sections: Any) -> dict[str, Any]:
    """A small spec as data."""
    return {"netspec": 1, "name": "x", "input": list(input_), **sections, "layers": list(layers)}


def load(plugin: str, *layers: object, **sections: Any) -> netspec.Network:
    return netspec.loads(spec(*layers, **sections), plugins=[plugin])


# Enabling


def test_a_spec_cannot_enable_a_plugin_and_its_code_is_not_imported(efficient: str) -> None:
    with pytest.raises(netspec.SpecError) as caught:
        netspec.load(GHOSTS)
    assert {found.code for found in caught.value.diagnostics} == {"NS201"}
    assert all(f"--plugin {efficient}" in found.help[0] for found in caught.value.diagnostics)
    assert list(installed()) == [efficient]
    assert "netspec_efficient" not in sys.modules


def test_load_loads_and_compile_enable_plugins_by_any_spelling_of_their_name(
    efficient: str,
) -> None:
    assert netspec.load(GHOSTS, plugins=["Netspec.Efficient"]).graph.parameter_count == 7862
    text = GHOSTS.read_text(encoding="utf-8")
    assert netspec.loads(text, plugins=["netspec_efficient", efficient]).name == "ghosts"
    model = netspec.compile(GHOSTS, plugins=[efficient], params={"num_classes": 3})
    assert model.eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 3)


def test_what_is_enabled_for_one_network_is_not_enabled_for_the_next(efficient: str) -> None:
    load(efficient, "eca")
    with pytest.raises(netspec.SpecError):
        netspec.loads(spec("eca"))


# A block of a plug-in is like any other block


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize(
    "check", [check_example, check_picture, check_source], ids=lambda check: check.__name__
)
def test_its_blocks_keep_the_contract(
    name: str, check: Callable[[Subject], None], efficient: str
) -> None:
    example = enable([efficient]).blocks[name].example
    check(Subject(name, example, plugin=efficient))


@pytest.mark.parametrize(
    ("layer", "shape", "params"),
    [
        # timm 1.0.31: timm.layers.EcaModule(channels), timm.models.ghostnet.GhostModule(16, 64)
        ("eca", (16, 8, 8), 3),
        ("eca", (256, 8, 8), 5),
        ("eca", (2048, 8, 8), 7),
        ({"ghost_conv": 64}, (16, 8, 8), 928),
    ],
)
def test_it_has_the_weights_of_timm(
    layer: object, shape: tuple[int, ...], params: int, efficient: str
) -> None:
    assert load(efficient, layer, input_=shape).graph.parameter_count == params


def test_it_is_a_value_a_default_a_preset_and_a_parameter(efficient: str) -> None:
    as_part = load(efficient, {"conv": {"out_channels": 8, "kernel_size": 1, "activation": "eca"}})
    assert "conv_1.activation.mul" in {node.path for node in as_part.graph.nodes}
    own = {
        "blocks": {
            "thin": {"ghost_conv": {"ratio": 4}},
            "unit": {"params": {"gate": "block"}, "layers": [{"thin": 16}, {"$gate": {}}]},
        },
        "defaults": {"eca": {"kernel_size": 7}},
    }
    net = load(efficient, {"unit": {"name": "first", "gate": "eca", "repeat": 2}}, **own)
    convs = {node.path: node.op for node in net.graph.nodes}
    assert convs["first.1.eca_1.conv"].kernel_size == (7,)
    assert convs["first.0.thin_1.cheap.conv"].out_channels == 12


def test_a_block_of_the_file_hides_one_of_a_plugin(efficient: str) -> None:
    own = {"blocks": {"eca": {"layers": ["relu"]}}}
    assert load(efficient, "eca", **own).graph.parameter_count == 0


def test_its_mistakes_are_told_like_those_of_any_block(efficient: str) -> None:
    layers = (
        {"ghost_conv": {"out_chanels": 8}},
        {"eca": {"kernel_size": 4, "from": "input"}},
        {"conv": {"out_channels": 8, "kernel_size": 1, "from": "input"}},
        "gap", "flatten", "eca",
    )  # fmt: skip
    with pytest.raises(netspec.SpecError) as caught:
        load(efficient, *layers)
    found = [(one.code, one.message) for one in caught.value.diagnostics]
    assert [code for code, _ in found] == ["NS202", "NS509", "NS403"]
    assert "`kernel_size` of `eca` cannot be `4`" in found[1][1]


def test_pages_and_overview_have_it(efficient: str) -> None:
    registry = enable([efficient])
    assert f"Plug-in {efficient}" in overview(registry)
    for name in BLOCKS:
        text = text_page(block_page(name, registry))
        assert f"From the plug-in {efficient}." in text
        assert max(map(len, text.splitlines())) <= 80
    assert max(map(len, overview(registry).splitlines())) <= 80
    assert "eca" not in overview().split()


# What comes out needs the plug-in no more


def test_the_source_imports_only_torch_and_runs(efficient: str) -> None:
    net = netspec.load(GHOSTS, plugins=[efficient])
    tree = ast.parse(net.source())
    modules = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert modules == {"torch"}
    model = net.compile(seed=1)
    model(torch.randn(2, 3, 32, 32)).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_the_flat_spec_needs_no_plugin(efficient: str) -> None:
    net = netspec.load(GHOSTS, plugins=[efficient])
    flat = netspec.loads(net.expand())
    assert [node.op for node in flat.graph.nodes] == [node.op for node in net.graph.nodes]
    assert flat.graph.macs == net.graph.macs


def test_a_pickle_opens_where_the_plugin_is_not_installed(efficient: str, tmp_path: Path) -> None:
    model = netspec.compile(GHOSTS, plugins=[efficient], seed=1).eval()
    x = torch.randn(1, 3, 32, 32)
    file = tmp_path / "model.pickle"
    file.write_bytes(pickle.dumps((model, x, model(x).detach())))
    program = (
        "import pickle, sys, torch\n"
        "model, x, y = pickle.load(open(sys.argv[1], 'rb'))\n"
        "torch.testing.assert_close(model(x), y)\n"
        "assert 'netspec_efficient' not in sys.modules\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program, str(file)], check=True, env=environment)


# What goes wrong


@pytest.mark.slow
def test_pip_installs_the_example_as_its_pyproject_says(tmp_path: Path) -> None:
    """The real thing: a build without a network, then a build of its spec in a process of its own."""
    source = tmp_path / "source"
    shutil.copytree(EFFICIENT, source, ignore=shutil.ignore_patterns("__pycache__"))
    site, plain = tmp_path / "site", tmp_path / "plain"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "--target", str(site), str(source)], check=True)
    plain.mkdir()
    (real,) = site.glob("*.dist-info")
    ours = install(EFFICIENT, plain)
    assert real.name == ours.name
    entries = [PathDistribution(folder).entry_points for folder in (real, ours)]
    assert sorted(entries[0]) == sorted(entries[1])
    done = subprocess.run(
        [sys.executable, "-m", "netspec", "build", str(GHOSTS), "--plugin", EFFICIENT.name],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": f"{site}:{ROOT}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "verified" in done.stdout
