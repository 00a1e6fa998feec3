"""Rows: subtotals add up, shapes are those of the values that cross a scope's wall, on any graph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings

from netspec.analysis import Row, summarize
from netspec.graph import Builder, Graph, Node, Output, Role
from netspec.ops import Activation, Add, BatchNorm, Concat, Identity
from tests.graphs import auto, aux_head, chain, conv, googlenet, leaf, lenet, resnet50
from tests.random_graphs import graphs


def row(graph: Graph, path: str) -> Row:
    (found,) = [entry for entry in summarize(graph).rows if entry.path == path]
    return found


def children(rows: tuple[Row, ...], number: int) -> list[Row]:
    """The rows one level below a row, by position alone."""
    found = []
    for entry in rows[number + 1 :]:
        if entry.depth <= rows[number].depth:
            break
        if entry.depth == rows[number].depth + 1:
            found.append(entry)
    return found


def inside(graph: Graph, path: str) -> list[Node]:
    """The nodes of a row, found by their paths: the scope's, or a bare node with the part after it."""
    nodes = [n for n in graph.nodes if n.path == path or n.path.startswith(path + ".")]
    if path not in graph.scopes:
        parent = graph.scopes[path.rpartition(".")[0]]
        after = parent.children[parent.children.index(nodes[0]) + 1 :][:1]
        nodes += [
            n for s in after if not isinstance(s, Node) and s.role is Role.PART for n in s.nodes()
        ]
    return nodes


@pytest.mark.parametrize(
    ("graph", "params", "inference", "macs"),
    [
        (googlenet(), 13_378_280, 6_998_552, 1_582_671_872),
        (resnet50(), 25_557_032, 25_557_032, 4_089_184_256),
        (lenet(), 61_706, 61_706, 416_520),
    ],
    ids=lambda value: value.name if isinstance(value, Graph) else "",
)
def test_totals_equal_the_published_numbers(
    graph: Graph, params: int, inference: int, macs: int
) -> None:
    summary = summarize(graph)
    assert (summary.params, summary.params_inference, summary.macs) == (params, inference, macs)


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_leaves_subtotals_and_totals_agree(graph: Graph) -> None:
    summary = summarize(graph)
    rows = summary.rows
    for number, entry in enumerate(rows):
        below = children(rows, number)
        assert entry.leaf == (not below)
        if below:
            counted = [r for r in below if entry.train_only or not r.train_only]
            assert entry.params == sum(r.params for r in below), entry.path
            assert entry.macs == sum(r.macs for r in counted), entry.path
    leaves = [entry for entry in rows if entry.leaf]
    assert sum(r.params for r in leaves) == summary.params == graph.parameter_count
    assert sum(r.params for r in leaves if not r.train_only) == summary.params_inference
    assert sum(r.macs for r in leaves if not r.train_only) == summary.macs == graph.macs
    assert len({entry.path for entry in rows}) == len(rows)


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_a_row_has_the_costs_and_the_shapes_of_the_nodes_under_its_path(graph: Graph) -> None:
    heads = tuple(out.head for out in graph.outputs if out.train_only)
    results = {out.value for out in graph.outputs}
    for entry in summarize(graph).rows:
        nodes = inside(graph, entry.path)
        made = {value for node in nodes for value in node.outputs}
        reads = dict.fromkeys(v for node in nodes for v in node.inputs if v not in made)
        inner = {v for node in nodes for v in node.inputs}
        outer = {v for node in graph.nodes if node not in nodes for v in node.inputs} | results
        gives = [v for n in nodes for v in n.outputs if v in outer or v not in inner]
        assert entry.inputs == tuple(value.shape for value in reads), entry.path
        assert entry.outputs == tuple(value.shape for value in gives), entry.path
        assert entry.params == sum(node.op.parameter_count for node in nodes)
        within = [h for h in heads if h is not None and (entry.path + ".").startswith(h + ".")]
        assert entry.train_only == bool(within)
        skipped = [] if within else [h for h in heads if h is not None]
        counted = [n for n in nodes if not any((n.path + ".").startswith(h + ".") for h in skipped)]
        assert entry.macs == sum(node.macs for node in counted), entry.path


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_rows_are_the_layers_in_order_of_execution_as_a_tree(graph: Graph) -> None:
    rows = summarize(graph).rows
    order = {node: number for number, node in enumerate(graph.nodes)}
    starts = [order[inside(graph, entry.path)[0]] for entry in rows]
    assert starts == sorted(starts)
    assert rows[0].depth == 0
    for above, entry in pairwise(rows):
        assert entry.depth <= above.depth + 1
    for entry in rows:
        assert entry.depth == entry.path.count(".")
        assert entry.path.endswith(entry.name)


@pytest.mark.parametrize(
    ("graph", "path", "block", "description", "leaf"),
    [
        (googlenet(), "conv1", "conv", "conv 7×7 / 2, ReLU", True),
        (googlenet(), "lrn_1", "lrn", "LRN 5", True),
        (googlenet(), "inception_3a", "inception", "inception", False),
        (googlenet(), "inception_3a.concat", "concat", "concat", True),
        (googlenet(), "aux1", "aux_head", "aux_head", False),
        (resnet50(), "conv1", "conv", "conv 7×7 / 2, BN, ReLU", True),
        (resnet50(), "layer1", "bottleneck", "bottleneck ×3", False),
        (resnet50(), "layer2.0", "bottleneck", "bottleneck", False),
        (resnet50(), "layer2.0.projection_1", "conv", "conv 1×1 / 2, BN", True),
        (resnet50(), "layer2.0.add_1", "add", "add, ReLU", True),
    ],
)
def test_descriptions(graph: Graph, path: str, block: str, description: str, leaf: bool) -> None:
    found = row(graph, path)
    assert (found.block, found.description, found.leaf) == (block, description, leaf)


def test_a_scope_read_from_far_away_has_several_inputs_and_outputs() -> None:
    b = Builder("net", (1, 8, 8))
    with b.scope("encoder", "sequential"):
        early = conv(b, b.input, "enc1", 4)
        late = conv(b, early, "enc2", 6)
    with b.scope("decoder", "sequential"):
        x = conv(b, late, "dec1", 3)
        x = b.op(Concat(), [x, early], "concat_1")[0]
    graph = b.finish([Output("main", x)])
    assert row(graph, "encoder").outputs == ((4, 8, 8), (6, 8, 8))
    assert row(graph, "decoder").inputs == ((6, 8, 8), (4, 8, 8))
    assert row(graph, "decoder").outputs == ((7, 8, 8),)


def test_a_value_read_twice_is_one_input() -> None:
    b = Builder("net", (3, 2, 2))
    x = b.op(Add(), [b.input, b.input], "add_1")[0]
    assert row(b.finish([Output("main", x)]), "add_1").inputs == ((3, 2, 2),)


def test_a_group_counts_the_parameters_of_a_training_head_inside_and_not_its_macs() -> None:
    b = Builder("net", (512, 14, 14))
    with b.scope("trunk", "sequential"):
        x = conv(b, b.input, "conv1", 512)
        head = aux_head(b, x, "aux")
    out = Output("aux", head, 0.3, train_only=True, head="trunk.aux")
    graph = b.finish([Output("main", x), out])
    trunk, alone, aux = (row(graph, path) for path in ("trunk", "trunk.conv1", "trunk.aux"))
    assert trunk.params == alone.params + aux.params
    assert trunk.macs == alone.macs == graph.macs
    assert aux.macs > 0
    assert [aux.train_only, trunk.train_only] == [True, False]
    assert row(graph, "trunk.aux.fc").train_only


def test_copies_of_one_kind_of_layer_say_what_it_is() -> None:
    b = Builder("net", (4, 8, 8))
    x = b.input
    for name, strides in (("same", (1, 1)), ("differ", (2, 1))):
        with b.scope(name, "conv", role=Role.COPIES):
            for copy, stride in enumerate(strides):
                x = conv(b, x, str(copy), 4, 3, stride, 1)
    graph = b.finish([Output("main", x)])
    assert row(graph, "same").description == "conv 3×3, ReLU ×2"
    assert row(graph, "differ").description == "conv ×2"


def test_a_named_merge_is_one_row_with_its_branches_inside() -> None:
    b = Builder("net", (4, 8, 8))
    with b.scope("join", "add"):
        left, right = conv(b, b.input, "left", 4), conv(b, b.input, "right", 4)
        x = b.op(Add(), [left, right], "")[0]
        x = leaf(b, x, "activation", "relu", Activation("relu"), Role.PART)
    graph = b.finish([Output("main", x)])
    assert [r.path for r in summarize(graph).rows] == ["join", "join.left", "join.right"]
    assert row(graph, "join").description == "add, ReLU"


def test_parts_without_an_op_before_them_are_rows() -> None:
    """No parameter is ever hidden, wherever a part stands."""
    b = Builder("net", (4, 8, 8))
    with b.scope("pre", "preact"):
        x = leaf(b, b.input, "norm", "batch_norm", BatchNorm(4), Role.PART)
        x = conv(b, x, "conv1", 4)
        x = conv(b, x, "conv2", 4)
        x = leaf(b, x, "last", "batch_norm", BatchNorm(4), Role.PART)
    graph = b.finish([Output("main", x)])
    paths = ["pre", "pre.norm", "pre.conv1", "pre.conv2", "pre.last"]
    assert [r.path for r in summarize(graph).rows] == paths
    assert row(graph, "pre.last").params == 8


def test_a_part_that_is_a_block_is_called_by_its_name() -> None:
    b = Builder("net", (4, 8, 8))
    with b.scope("conv1", "conv"):
        x = leaf(b, b.input, "conv", "conv", Identity())
        with b.scope("activation", "swish", role=Role.PART):
            gate = leaf(b, x, "sigmoid_1", "sigmoid", Activation("sigmoid"))
            x = b.op(Add(), [x, gate], "add_1")[0]
    graph = b.finish([Output("main", x)])
    (only,) = summarize(graph).rows
    assert only.description == "identity, swish"


def test_a_network_without_layers_has_no_rows() -> None:
    b = Builder("net", (4,))
    with b.scope("empty", "sequential"):
        pass
    x = auto(b, b.input, "identity", Identity())
    full = summarize(b.finish([Output("main", x)]))
    assert [(r.path, r.inputs, r.outputs) for r in full.rows] == [
        ("empty", (), ()),
        ("identity_1", ((4,),), ((4,),)),
    ]
    bare = Builder("net", (4,))
    assert summarize(bare.finish([Output("main", bare.input)])).rows == ()


def test_origins_pass_through_untouched() -> None:
    here, there = object(), object()
    b = Builder("net", (4,))
    with b.scope("a", "identity", origin=here):
        x = b.op(Identity(), [b.input], "")[0]
    x = b.op(Add(), [x, b.input], "add_1", origin=there)[0]
    graph = b.finish([Output("main", x)])
    assert row(graph, "a").origin is here
    assert row(graph, "add_1").origin is there


def test_outputs_keep_their_weights_and_roles() -> None:
    outputs = summarize(googlenet()).outputs
    assert [(o.name, o.shape, o.loss_weight, o.train_only) for o in outputs] == [
        ("main", (1000,), 1.0, False),
        ("aux1", (1000,), 0.3, True),
        ("aux2", (1000,), 0.3, True),
    ]


def test_ten_thousand_layers() -> None:
    summary = summarize(chain(10_000))
    assert len(summary.rows) == 10_000
    assert summary.params == 10_000 * (8 * 8 * 9 + 8)
