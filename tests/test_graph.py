"""The Graph: the Builder makes one that verifies, and `verify` refuses every kind of broken one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings

from netspec.errors import Misfit
from netspec.graph import (
    POISON,
    Builder,
    Graph,
    Init,
    Node,
    Output,
    Poisoned,
    Role,
    Scope,
    Value,
)
from netspec.ops import Activation, Add, Concat, Conv, Identity, Linear
from tests.graphs import chain, conv, googlenet, leaf, lenet, resnet50
from tests.random_graphs import graphs


def identity(b: Builder, x: Value, name: str) -> Value:
    return b.op(Identity(), [x], name)[0]


def path_graph() -> Graph:
    """input -> fc (a scope) -> add_1 (a bare node)."""
    b = Builder("net", (4,))
    with b.scope("fc", "linear"):
        x = b.op(Linear(4, 4), [b.input], "")[0]
    x = b.op(Add(), [x, b.input], "add_1")[0]
    return b.finish([Output("main", x)])


# Value


def test_a_value_knows_its_channels_and_rank() -> None:
    value = Value((64, 28, 28))
    assert (value.shape, value.channels, value.rank, value.poisoned) == ((64, 28, 28), 64, 2, False)
    assert Value((10,)).rank == 0


def test_values_are_compared_by_identity() -> None:
    assert Value((3,)) != Value((3,))
    assert len({Value((3,)), Value((3,))}) == 2


@pytest.mark.parametrize("name", ["shape", "channels", "rank"])
def test_looking_at_a_poisoned_value_raises(name: str) -> None:
    assert POISON.poisoned
    with pytest.raises(Poisoned):
        getattr(POISON, name)


def test_values_nodes_and_scopes_are_frozen() -> None:
    graph = path_graph()
    for thing, name in ((graph.input, "known"), (graph.nodes[0], "path"), (graph.root, "name")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, None)


# Builder


def test_paths_follow_the_nesting() -> None:
    b = Builder("net", (4,))
    assert b.path == ""
    with b.scope("a", "sequential"), b.scope("b", "identity"):
        assert (b.path, b.child_path(""), b.child_path("c")) == ("a.b", "a.b", "a.b.c")
        x = identity(b, b.input, "")
        x = identity(b, x, "extra")
    graph = b.finish([Output("main", x)])
    assert [node.path for node in graph.nodes] == ["a.b", "a.b.extra"]
    assert list(graph.scopes) == ["", "a", "a.b"]
    assert graph.scopes["a.b"].name == "b"


def test_automatic_names_count_per_kind_and_scope_and_skip_what_is_taken() -> None:
    b = Builder("net", (4,))
    assert [b.automatic_name("conv") for _ in range(2)] == ["conv_1", "conv_2"]
    assert b.automatic_name("max_pool") == "max_pool_1"
    assert b.reserve("conv_3")
    assert b.automatic_name("conv") == "conv_4"
    assert not b.reserve("conv_4")
    with b.scope("inner", "sequential"):
        assert b.automatic_name("conv") == "conv_1"
    assert b.automatic_name("conv") == "conv_5"


def test_an_op_that_does_not_fit_adds_nothing() -> None:
    b = Builder("net", (3, 2, 2))
    with pytest.raises(Misfit) as caught:
        b.op(Conv(3, 8, (7, 7), (1, 1), (0, 0), (1, 1)), [b.input], "conv1")
    assert caught.value.rule == "window-too-large"
    assert b.finish([Output("main", b.input)]).nodes == ()


def test_an_op_on_a_poisoned_value_makes_no_node_and_poison() -> None:
    b = Builder("net", (4,))
    (x,) = b.op(Add(), [b.input, POISON], "add_1")
    assert x.poisoned
    assert b.finish([Output("main", b.input)]).nodes == ()


def test_a_network_without_a_known_input_is_poison_from_the_start() -> None:
    b = Builder("net", None)
    assert identity(b, b.input, "identity_1").poisoned


def test_a_scope_is_closed_when_a_layer_inside_fails() -> None:
    b = Builder("net", (4,))

    def failing_layer() -> int:
        with b.scope("a", "sequential"):
            return identity(b, b.input, "identity_1").channels + POISON.channels

    with pytest.raises(Poisoned):
        failing_layer()
    assert b.path == ""
    graph = b.finish([Output("main", b.input)])
    assert [node.path for node in graph.scopes["a"].nodes()] == ["a.identity_1"]


def test_scopes_keep_what_they_were_given() -> None:
    origin = object()
    b = Builder("net", (4,), doc="A net.")
    with b.scope("a", "stage", role=Role.COPIES, fields={"n": 2}, doc="Two.", origin=origin):
        x = b.op(Linear(4, 4), [b.input], "fc", inits={"weight": Init("zeros")}, origin=origin)[0]
    graph = b.finish([Output("main", x)])
    scope = graph.scopes["a"]
    assert (scope.block, scope.role, dict(scope.fields)) == ("stage", Role.COPIES, {"n": 2})
    assert (scope.doc, scope.origin) == ("Two.", origin)
    assert (graph.doc, graph.root.doc) == ("A net.", "A net.")
    assert graph.nodes[0].inits["weight"] == Init("zeros")
    assert graph.nodes[0].origin is origin


# Scope


def test_leaf_and_own_tell_what_computes_a_scope() -> None:
    b = Builder("net", (3, 8, 8))
    x = leaf(b, b.input, "identity_1", "identity", Identity())
    x = conv(b, x, "plain", 3)
    x = conv(b, x, "normed", 3, norm=True)
    graph = b.finish([Output("main", x)])
    alone, plain, normed = (graph.scopes[path] for path in ("identity_1", "plain", "normed"))
    assert alone.leaf is alone.own is graph.nodes[0]
    assert plain.leaf is None
    assert plain.own is graph.nodes[1]
    assert normed.leaf is normed.own is None


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_scopes_and_nodes_are_listed_parents_first_and_in_order(graph: Graph) -> None:
    paths = [scope.path for scope in graph.root.scopes()]
    assert len(set(paths)) == len(paths)
    for number, path in enumerate(paths):
        assert path == "" or path.rpartition(".")[0] in paths[:number]
    for scope in graph.root.scopes():
        own = [node for node in graph.nodes if node in set(scope.nodes())]
        assert list(scope.nodes()) == own


# Graph


def test_producers_readers_and_uses() -> None:
    graph = path_graph()
    fc, add = graph.nodes
    assert graph.producers == {fc.output: fc, add.output: add}
    assert graph.readers == {graph.input: (fc, add), fc.output: (add,)}
    assert [graph.uses(v) for v in (graph.input, fc.output, add.output)] == [2, 1, 1]
    assert graph.uses(Value((1,))) == 0


def test_a_value_read_twice_by_one_node_has_two_uses() -> None:
    b = Builder("net", (4,))
    x = b.op(Add(), [b.input, b.input], "add_1")[0]
    graph = b.finish([Output("main", x), Output("again", x)])
    assert graph.readers[graph.input] == (graph.nodes[0],) * 2
    assert (graph.uses(graph.input), graph.uses(x)) == (2, 2)


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_producers_and_readers_are_each_others_inverse(graph: Graph) -> None:
    for value, readers in graph.readers.items():
        assert value is graph.input or value in graph.producers[value].outputs
        for node in readers:
            assert node.inputs.count(value) == readers.count(node)
    assert sum(map(len, graph.readers.values())) == sum(len(node.inputs) for node in graph.nodes)


@pytest.mark.parametrize("make", [googlenet, resnet50, lenet, path_graph, lambda: chain(2_000)])
def test_built_graphs_verify(make: Callable[[], Graph]) -> None:
    make().verify()


@given(graphs())
@settings(max_examples=40, deadline=None)
def test_random_graphs_verify_with_and_without_training_heads(graph: Graph) -> None:
    graph.verify()
    inference = graph.without_training_heads()
    inference.verify()
    assert inference.outputs == graph.inference_outputs
    assert not any(out.train_only for out in inference.outputs)
    heads = [out.head for out in graph.outputs if out.train_only and out.head is not None]
    kept = [n for n in graph.nodes if not any((n.path + ".").startswith(h + ".") for h in heads)]
    assert list(inference.nodes) == kept
    assert inference.macs == graph.macs == sum(node.macs for node in kept)
    assert inference.without_training_heads() is inference


def test_without_training_heads_keeps_the_objects_that_stay() -> None:
    graph = googlenet()
    inference = graph.without_training_heads()
    assert "aux1" not in inference.scopes
    assert inference.scopes["inception_3a"] is graph.scopes["inception_3a"]
    assert inference.parameter_count == 6_998_552
    assert graph.parameter_count == 13_378_280
    assert resnet50(64).without_training_heads().macs > 0


def test_a_graph_without_training_heads_is_itself() -> None:
    graph = lenet()
    assert graph.without_training_heads() is graph


def test_a_head_inside_a_group_goes_and_the_group_stays() -> None:
    b = Builder("net", (4,))
    with b.scope("trunk", "sequential"):
        x = leaf(b, b.input, "fc", "linear", Linear(4, 4))
        with b.scope("aux", "aux_head"):
            y = leaf(b, x, "fc", "linear", Linear(4, 2))
    head = Output("aux", y, 0.3, train_only=True, head="trunk.aux")
    inference = b.finish([Output("main", x), head]).without_training_heads()
    assert list(inference.scopes) == ["", "trunk", "trunk.fc"]


# verify


def broken_order() -> Graph:
    graph = path_graph()
    children = tuple(reversed(graph.root.children))
    return replace(graph, root=replace(graph.root, children=children))


def broken_shape() -> Graph:
    graph = path_graph()
    fc, add = graph.nodes
    wrong = replace(add, outputs=(Value((5,)),))
    root = replace(graph.root, children=(graph.scopes["fc"], wrong))
    return replace(graph, root=root, outputs=(Output("main", fc.output),))


def broken_output() -> Graph:
    return replace(path_graph(), outputs=(Output("main", Value((4,))),))


def twice_the_same_output() -> Graph:
    graph = path_graph()
    return replace(graph, outputs=(Output("main", graph.input), Output("main", graph.input)))


def with_root_children(*children: Scope | Node) -> Graph:
    graph = path_graph()
    root = replace(graph.root, children=(*graph.root.children, *children))
    return replace(graph, root=root)


def twice_the_same_path() -> Graph:
    return with_root_children(Scope("fc", "fc", "sequential", Role.LAYER, ()))


def not_a_child() -> Graph:
    return with_root_children(Scope("a.b", "b", "sequential", Role.LAYER, ()))


def not_a_child_deeper() -> Graph:
    stray = Scope("c", "c", "sequential", Role.LAYER, ())
    return with_root_children(Scope("a", "a", "sequential", Role.LAYER, (stray,)))


def node_without_a_name() -> Graph:
    value = Value((4,))
    b = Builder("net", (4,))
    node = Node("a.", Identity(), (b.input,), (value,))
    b_root = Scope("", "net", "net", Role.LAYER, (Scope("a", "a", "x", Role.LAYER, (node,)),))
    return Graph("net", b.input, b_root, (Output("main", value),))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (broken_order, "add_1: reads a value before it is made"),
        (broken_shape, r"add_1: outputs \(\(5,\),\), its op infers \(\(4,\),\)"),
        (broken_output, "output main: nobody makes it"),
        (twice_the_same_output, "two outputs have the same name"),
        (twice_the_same_path, "fc: two children have this path"),
        (not_a_child, "a.b: not a child of "),
        (not_a_child_deeper, "c: not a child of a"),
        (node_without_a_name, "a.: not a child of a"),
    ],
)
def test_verify_refuses(make: Callable[[], Graph], message: str) -> None:
    with pytest.raises(AssertionError, match=f"^{message}$"):
        make().verify()


def test_verify_refuses_inference_that_reads_from_a_training_head() -> None:
    b = Builder("net", (4,))
    with b.scope("aux", "aux_head"):
        y = leaf(b, b.input, "fc", "linear", Linear(4, 4))
    x = b.op(Concat(), [b.input, y], "concat_1")[0]
    head = Output("aux", y, 0.3, train_only=True, head="aux")
    graph = b.finish([Output("main", x), head])
    with pytest.raises(AssertionError, match="concat_1: reads a value before it is made"):
        graph.without_training_heads().verify()


def test_op_settings_are_part_of_a_node_and_its_macs_come_from_shapes() -> None:
    b = Builder("net", (3, 8, 8))
    x = b.op(Conv(3, 4, (3, 3), (1, 1), (1, 1), (1, 1)), [b.input], "conv1")[0]
    x = b.op(Activation("relu"), [x], "relu_1")[0]
    conv1, relu = b.finish([Output("main", x)]).nodes
    assert (conv1.macs, relu.macs) == (3 * 4 * 9 * 64, 0)
    assert conv1.output is conv1.outputs[0]
