"""Records: promised keys, complete graphs (one can be rebuilt from its record), stable bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.analysis import summarize
from netspec.emit.records import graph_record, plain, summary_record, to_json
from netspec.graph import Builder, Graph, Init, Node, Output, Role, Scope, Value
from netspec.ops import OPS, Activation, Concat, Conv, Identity, Linear, Op
from tests.graphs import googlenet, lenet, resnet50
from tests.random_graphs import graphs

Golden = Callable[[str, str], None]


def nowhere(origin: object) -> None:
    return None


def at(origin: object) -> tuple[str, int] | None:
    """Origins of these tests are line numbers of `net.yaml`."""
    return ("net.yaml", origin) if isinstance(origin, int) else None


def test_summary_golden(golden: Golden) -> None:
    golden("records/lenet5_summary.json", to_json(summary_record(summarize(lenet()), nowhere)))


def test_graph_golden(golden: Golden) -> None:
    golden("records/lenet5_graph.json", to_json(graph_record(lenet(), nowhere)))


def test_the_keys_of_a_summary_are_promised() -> None:
    record = summary_record(summarize(googlenet()), nowhere)
    totals = ["params", "macs", "peak_bytes", "saved_bytes", "smallest_input"]
    assert list(record) == ["name", "input", "outputs", *totals, "layers"]
    layers = record["layers"]
    assert isinstance(layers, list)
    keys = ["path", "block", "input", "output", "params", "macs", "file", "line"]
    keys += ["live_bytes", "saved_bytes", "receptive_field", "stride"]
    assert all(list(layer) == keys for layer in layers)
    assert record["outputs"] == {"main": [1000], "aux1": [1000], "aux2": [1000]}
    assert (record["params"], record["macs"]) == (13_378_280, 1_582_671_872)


def test_a_layer_has_a_shape_or_a_list_of_shapes() -> None:
    layers = {e["path"]: e for e in summary_record(summarize(googlenet()), nowhere)["layers"]}
    assert layers["conv1"]["output"] == [64, 112, 112]
    assert layers["inception_3a.concat"]["input"] == [
        [64, 28, 28],
        [128, 28, 28],
        [32, 28, 28],
        [32, 28, 28],
    ]


@pytest.mark.parametrize(("depth", "count"), [(None, 93), (1, 9), (2, 25), (0, 0)])
def test_depth_limits_the_layers_and_not_the_totals(depth: int | None, count: int) -> None:
    record = summary_record(summarize(resnet50()), nowhere, depth=depth)
    assert len(record["layers"]) == count
    assert record["params"] == 25_557_032


def test_places_come_from_the_caller() -> None:
    b = Builder("net", (3,))
    with b.scope("fc", "linear", origin=7):
        x = b.op(Linear(3, 2), [b.input], "", origin=7)[0]
    with b.scope("made", "identity"):
        x = b.op(Identity(), [x], "")[0]
    graph = b.finish([Output("main", x)])
    first, second = summary_record(summarize(graph), at)["layers"]
    assert (first["file"], first["line"]) == ("net.yaml", 7)
    assert (second["file"], second["line"]) == (None, None)
    record = graph_record(graph, at)
    assert [(n["file"], n["line"]) for n in record["nodes"]] == [("net.yaml", 7), (None, None)]
    assert [s["line"] for s in record["scope"]["children"]] == [7, None]


KINDS = {op.kind: op for op in OPS}


def tuples(value: object) -> object:
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def rebuild_op(node: dict[str, object]) -> Op:
    arguments = {name: tuples(value) for name, value in node["arguments"].items()}
    return KINDS[node["op"]](**arguments)


def rebuild(record: dict[str, object]) -> Graph:
    """The graph of a record, by the record alone."""
    values = [Value(tuple(shape)) for shape in record["values"]]
    nodes = [
        Node(
            entry["path"],
            rebuild_op(entry),
            tuple(values[number] for number in entry["inputs"]),
            tuple(values[number] for number in entry["outputs"]),
            {
                name: Init(init["scheme"], tuple(init["arguments"].items()))
                for name, init in entry["init"].items()
            },
        )
        for entry in record["nodes"]
    ]

    def scope(entry: dict[str, object]) -> Scope:
        children = tuple(
            nodes[child] if isinstance(child, int) else scope(child) for child in entry["children"]
        )
        path, name, block, role = (entry[key] for key in ("path", "name", "block", "role"))
        return Scope(path, name, block, Role(role), children, entry["fields"], entry["doc"])

    outputs = tuple(
        Output(
            out["name"],
            values[out["value"]],
            *(out[k] for k in ("loss_weight", "train_only", "head")),
        )
        for out in record["outputs"]
    )
    root = scope(record["scope"])
    return Graph(record["name"], values[record["input"]], root, outputs, record["doc"])


@given(graphs())
@settings(max_examples=40, deadline=None)
def test_a_graph_can_be_rebuilt_from_its_record(graph: Graph) -> None:
    record = graph_record(graph, nowhere)
    again = rebuild(json.loads(to_json(record)))
    again.verify()
    assert graph_record(again, nowhere) == record
    assert summarize(again) == summarize(graph)
    assert (record["params"], record["macs"]) == (graph.parameter_count, graph.macs)
    assert record["params_inference"] == summarize(graph).params_inference


def test_fields_inits_and_arguments_are_complete() -> None:
    b = Builder("net", (4, 8, 8))
    init = {"weight": Init("kaiming_normal", (("mode", "fan_out"),)), "bias": Init("zeros")}
    fields = {
        "out_channels": 8,
        "norm": {"group_norm": {"groups": 2}},
        "pair": (1, 2),
        "none": None,
    }
    with b.scope("conv1", "conv", fields=fields, doc="the stem"):
        op = Conv(4, 8, (3, 3), (1, 1), (1, 1), (1, 1), groups=2)
        x = b.op(op, [b.input], "", inits=init)[0]
    x = b.op(Activation("softmax", (("dim", 1),)), [x], "softmax_1")[0]
    x = b.op(Concat(), [x, b.input], "concat_1")[0]
    record = graph_record(b.finish([Output("main", x)]), nowhere)
    conv, softmax, concat = record["nodes"]
    assert conv["init"] == {
        "weight": {"scheme": "kaiming_normal", "arguments": {"mode": "fan_out"}},
        "bias": {"scheme": "zeros", "arguments": {}},
    }
    assert conv["arguments"]["groups"] == 2
    assert conv["parameters"] == {"weight": [8, 2, 3, 3], "bias": [8]}
    assert softmax["arguments"] == {"name": "softmax", "settings": [["dim", 1]]}
    assert (concat["module"], concat["inputs"], concat["outputs"]) == (None, [2, 0], [3])
    scope = record["scope"]["children"][0]
    assert scope["doc"] == "the stem"
    assert scope["fields"] == {**fields, "pair": [1, 2]}


def test_the_version_stands_first() -> None:
    assert next(iter(graph_record(lenet(), nowhere).items())) == ("netspec_graph", 1)


json_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), json_data))
def test_json_reads_back_as_it_was(record: dict[str, object]) -> None:
    text = to_json(record)
    assert json.loads(text) == record
    assert text.isascii()
    assert text.endswith("\n")


def test_short_lists_of_numbers_stand_on_one_line() -> None:
    text = to_json(
        {
            "shape": [1, 2, 3],
            "text": ["a"],
            "none": [],
            "long": list(range(99)),
            "tricky": "[\n1\n]",
        }
    )
    assert '"shape": [1, 2, 3],' in text
    assert '"text": [\n    "a"\n  ]' in text
    assert '"tricky": "[\\n1\\n]"' in text
    assert "[\n    0,\n    1,\n" in text


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_numbers_that_json_lacks_are_text(value: float) -> None:
    assert plain({"eps": value}) == {"eps": str(value)}


def test_data_that_is_not_plain_is_a_bug_and_raises() -> None:
    with pytest.raises(TypeError, match="object is not plain data"):
        plain({"field": [object()]})


PROGRAM = """
import sys
from netspec.analysis import summarize
from netspec.emit.records import graph_record, summary_record, to_json
from netspec.emit.table import text_table
from tests.graphs import googlenet
graph = googlenet()
print(to_json(graph_record(graph, lambda origin: None)))
print(to_json(summary_record(summarize(graph), lambda origin: None)))
sys.stdout.buffer.write(text_table(summarize(graph), depth=9).encode())
assert "torch" not in sys.modules
"""


def test_the_bytes_are_the_same_in_every_process_and_torch_stays_out() -> None:
    def run(seed: str) -> bytes:
        root = Path(__file__).parents[2]
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, cwd=root, capture_output=True, check=True
        ).stdout

    assert run("1") == run("2")
