"""The text of the generated file: golden, formatted, typed, documented, short, and free of netspec."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import netspec
from netspec.emit.python_source import class_name, python_source
from netspec.graph import Graph
from tests.emit.evaluation import expected_keys
from tests.emit.networks import (
    head_in_group,
    own_with_state,
    random_graph,
    skips_into_copies,
    two_readers,
    unet,
    with_inits,
)
from tests.graphs import googlenet, lenet, resnet50

Golden = Callable[[str, str], None]
GOLDEN: dict[str, Callable[[], Graph]] = {
    "googlenet": googlenet,
    "lenet5": lenet,
    "resnet50": lambda: resnet50(64),
}
SPECS = Path(__file__).parent.parent.parent / "specs"
ZOO = ("densenet", "inception_v3", "mobilenet_v3", "shufflenet_v2", "sknet", "unet")
RULES = (
    "A,ARG,B,BLE,C4,C90,D,DTZ,E,ERA,EXE,F,FLY,FURB,G,I,ICN,ISC,N,PERF,PGH,PIE,PL,PT,PTH,PYI,Q,RET,RSE,RUF,"
    "S,SIM,SLF,SLOT,T10,T20,TID,TC,TRY,UP,W"
)
NO_RULES = (
    "D1,"  # methods that every reader of PyTorch knows
    "D203,D213,"  # contradict D211 and D212
    "D301,"  # a backslash in a doc is written as two
    "D400,D415,"  # first lines are shapes
    "N806,"  # a random network has a layer of the name F
    "N812,"  # F is what everybody calls torch.nn.functional
    "PLR09,PLR2004"  # a network has as many layers and numbers as it has
)
BY_HAND = [unet, head_in_group, own_with_state, skips_into_copies, two_readers, with_inits]


@pytest.fixture(scope="module")
def every_graph() -> dict[str, Graph]:
    """Name of a file -> the graph that it is emitted from; most of them random."""
    named = [(make.__name__, make()) for make in (googlenet, lenet, resnet50, *BY_HAND)]
    named += [(f"random_{seed}", random_graph(seed)) for seed in range(24)]
    named += [(f"zoo_{spec}", netspec.load(SPECS / f"{spec}.yaml").graph) for spec in ZOO]
    return {f"emitted_{name}.py": graph for name, graph in named}


@pytest.fixture(scope="module")
def emitted(every_graph: dict[str, Graph], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source of every graph."""
    folder = tmp_path_factory.mktemp("emitted")
    for name, graph in every_graph.items():
        (folder / name).write_text(python_source(graph), encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", GOLDEN)
def test_the_source_is_golden(name: str, golden: Golden) -> None:
    golden(f"source/{name}.py", python_source(GOLDEN[name]()))


def test_a_formatter_leaves_it_alone_and_a_linter_finds_nothing(emitted: Path) -> None:
    run(emitted, "-m", "ruff", "format", "--isolated", "--check", ".")
    run(emitted, "-m", "ruff", "check", "--isolated", ".")
    wide = ("--target-version", "py311", "--select", RULES, "--ignore", NO_RULES)
    run(emitted, "-m", "ruff", "check", "--isolated", *wide, ".")


@pytest.mark.slow
def test_a_type_checker_finds_nothing(emitted: Path) -> None:
    run(emitted, "-m", "mypy", "--config-file=", "--cache-dir=.mypy_cache", ".")


PROGRAM = """
import json, pathlib, runpy, sys

class Nobody:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "netspec":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Nobody())
import torch
keys = {}
for file, cls in json.loads(sys.argv[1]).items():
    with torch.device("meta"):
        network = runpy.run_path(file)[cls]()
    keys[file] = {key: list(value.shape) for key, value in network.state_dict().items()}
print(json.dumps(keys))
"""


def test_it_runs_where_there_is_no_netspec_with_the_keys_of_the_graph(
    emitted: Path, every_graph: dict[str, Graph]
) -> None:
    classes = {name: class_name(graph) for name, graph in every_graph.items()}
    keys = json.loads(run(emitted, "-I", "-c", PROGRAM, json.dumps(classes)))
    for name, graph in every_graph.items():
        assert keys[name] == {key: list(size) for key, size in expected_keys(graph).items()}


def lines_of_code(source: str) -> int:
    """Lines that are neither blank nor in a docstring."""
    told: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), 1)
    return sum(bool(line.strip()) and number not in told for number, line in lines)


def test_the_classics_are_short() -> None:
    assert lines_of_code(netspec.load(SPECS / "googlenet.yaml").source()) <= 150
    resnet = netspec.load(SPECS / "resnet.yaml")
    assert resnet.graph.parameter_count == 25_557_032  # the file's default is ResNet-50
    assert lines_of_code(resnet.source()) <= 140


def classes(spec: str) -> dict[str, list[str]]:
    """Class -> the parameters of its constructor, in the source of a spec of the zoo."""
    tree = ast.parse(netspec.load(SPECS / f"{spec}.yaml").source())
    found = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    makers = {
        name: next(part for part in node.body if isinstance(part, ast.FunctionDef))
        for name, node in found.items()
    }
    return {name: [arg.arg for arg in made.args.args[1:]] for name, made in makers.items()}


def test_a_selective_kernel_of_any_width_is_one_class() -> None:
    found = classes("sknet")
    assert sorted(found) == [
        "Bottleneck", "BottleneckProjection", "ConvBN", "ConvBNReLU", "SelectiveKernel", "Sknet",
    ]  # fmt: skip


def test_what_gives_as_many_channels_as_it_reads_says_so_once() -> None:
    assert classes("mobilenet_v3")["SqueezeExcite"] == ["in_channels", "squeeze_channels"]
    assert classes("shufflenet_v2")["ConvBN"] == ["in_channels", "stride"]  # a depthwise one
    assert classes("resnet")["Bottleneck"] == ["in_channels", "planes"]


def test_a_width_in_proportion_to_another_is_computed_from_it() -> None:
    found = classes("sknet")
    assert found["SelectiveKernel"] == ["in_channels", "out_channels", "squeeze_channels", "stride"]
    assert found["Bottleneck"] == ["in_channels", "squeeze_channels"]
    source = netspec.load(SPECS / "sknet.yaml").source()
    assert "squeeze_channels, 2 * out_channels, kernel_size=1" in source
    assert (
        "        width = in_channels // 2\n        self.conv_1 = ConvBNReLU(in_channels, width"
        in source
    )
    assert classes("shufflenet_v2")["Unit"] == ["in_channels"]  # it splits them in halves
    assert "right_1 = Right(hidden_channels, hidden_channels)" in (
        netspec.load(SPECS / "shufflenet_v2.yaml").source()
    )


def test_what_is_added_to_the_input_has_its_width_and_a_padding_follows_its_kernel() -> None:
    found = classes("efficientnet")
    assert found["MbconvConvAdd"] == ["in_channels", "kernel", "drop"]
    assert found["MbconvConv"] == ["in_channels", "out", "kernel", "stride"]


def test_a_unit_takes_its_widths_though_they_never_differ() -> None:
    conv = {"conv": {"out_channels": 8, "kernel_size": 3, "norm": "batch_norm"}}
    spec = {"netspec": 1, "name": "net", "input": [3, 9, 9], "layers": [conv]}
    source = netspec.loads(spec).source()
    assert '"""(in_channels, 9, 9) -> (out_channels, 7, 7)"""' in source
    assert "self.conv_1 = ConvBN(3, 8)" in source


WIDE = """
netspec: 1
name: wide
input: [4, 8, 8]
defaults: {conv: {kernel_size: 1}}
blocks:
  join:
    params: {number_of_first_channels: int, number_of_other_channels: int, third: int}
    layers:
      - concat: [[conv: $number_of_first_channels], [conv: $number_of_other_channels], [conv: $third], []]
layers:
  - join: {number_of_first_channels: 3, number_of_other_channels: 5, third: 7}
  - join: {number_of_first_channels: 6, number_of_other_channels: 4, third: 9}
"""


def test_a_sum_that_is_too_long_for_the_first_line_stands_below_it(tmp_path: Path) -> None:
    """Also where it is the quotes that do not fit: a formatter would leave them behind the text."""
    for length in range(1, 30):
        source = netspec.loads(WIDE.replace("third", "t" * length)).source()
        (tmp_path / f"net{length}.py").write_text(source, encoding="utf-8")
        found = [line for line in source.splitlines() if line.startswith('    """(in_channels')]
        assert all(len(line) <= 88 for line in found)
    assert found == ['    """(in_channels, 8, 8) -> (C, 8, 8)']
    assert f"+ number_of_other_channels + {'t' * length} + in_channels, 8, 8)" in " ".join(
        source.split()
    )
    run(tmp_path, "-m", "ruff", "format", "--isolated", "--check", ".")


def test_units_with_another_activation_make_no_other_class() -> None:
    found = classes("mobilenet_v3")
    assert sorted(name for name in found if name.startswith("Bneck")) == [
        "BneckAdd", "BneckConv", "BneckConvAdd", "BneckConvSqueezeExcite", "BneckConvSqueezeExciteAdd",
    ]  # fmt: skip
    assert found["BneckConvAdd"] == ["in_channels", "expand", "conv"]


def test_a_group_of_one_layer_needs_no_class() -> None:
    assert not [name for name in classes("mobilenet_v3") if name.startswith("Rows")]


def test_copies_in_which_a_number_grows_are_a_range() -> None:
    source = netspec.load(SPECS / "densenet.yaml").source()
    assert "*(DenseLayer(in_channels) for in_channels in range(64, 256, 32))" in source
    assert source.count("DenseLayer(") == 5  # the class, and once in each of four blocks


RUNS = """
netspec: 1
name: runs
input: [4, 8, 8]
blocks:
  grow: {params: {by: int}, layers: [concat: [[conv: {out_channels: $by, kernel_size: 1}], []]]}
layers:
  - grow: {name: many, by: 1, repeat: 5}
  - grow: {name: few, by: 1, repeat: 3}
  - grow: {name: odd, by: 1, repeat: 6, last: {by: 2}}
  - conv: {out_channels: 4, kernel_size: 1}
"""


def test_each_copy_of_a_run_has_its_own_numbers() -> None:
    net = netspec.loads(RUNS)
    source = net.source()
    assert "*(Grow(in_channels, 1) for in_channels in range(4, 9))" in source
    assert "            Grow(9, 1),\n            Grow(10, 1),\n            Grow(11, 1),\n" in source
    assert "*(Grow(in_channels, 1) for in_channels in range(12, 17)),\n" in source
    model = net.compile(device="meta")
    read = [weight.shape[1] for weight in model.parameters() if weight.dim() == 4]
    assert read == [*range(4, 18), 19]


DOCUMENTED = """
netspec: 1
name: documented
doc: A network that tells what it is.
input: [3, 8, 8]
blocks:
  cell:
    doc: Two convolutions of one width.
    params: {width: int}
    layers: [conv: {out_channels: $width, kernel_size: 1}, relu, conv: {out_channels: 4, kernel_size: 1}]
  end: {doc: 'Ends with a "quote"', layers: [gap, flatten, linear: 2]}
layers:
  - conv: {name: stem, out_channels: 4, kernel_size: 3, doc: The stem.}
  - cell: {name: one, width: 3, doc: The first of two.}
  - cell: {name: two, width: 5}
  - end: {name: top, doc: The classifier.}
"""


def test_what_the_spec_tells_is_in_docstrings_and_for_one_layer_in_a_comment() -> None:
    source = netspec.loads(DOCUMENTED).source()
    classes = {
        node.name: ast.get_docstring(node) or ""
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }
    assert classes["Documented"].endswith("\n\nA network that tells what it is.")
    assert classes["Cell"].endswith("\n\nTwo convolutions of one width.")
    assert classes["End"].endswith("\n\nEnds with a 'quote'\n\nThe classifier.")
    assert "        # The stem.\n        self.stem = " in source
    assert "        # The first of two.\n        self.one = " in source
    assert source.count("The classifier.") == 1


def test_results_of_a_group_keep_the_names_of_the_outputs() -> None:
    assert "p1, p2, aux = self.features(x)" in python_source(head_in_group())


def test_what_nobody_reads_is_computed_without_a_name() -> None:
    assert "\n        self.shrink0(self.shrink1(enc1))\n" in python_source(unet())


def test_emitting_needs_no_torch() -> None:
    program = (
        "import sys, netspec; netspec.load(sys.argv[1]).source(); assert 'torch' not in sys.modules"
    )
    run(Path.cwd(), "-c", program, str(SPECS / "googlenet.yaml"))
