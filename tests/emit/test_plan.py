"""The ClassPlan by itself: which classes, which parameters with which values, which names. No torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given, settings

import netspec
from netspec.emit.modules import Chain, Choice, Make, Module, Ref, Run
from netspec.emit.plan import ClassDef, ClassPlan, plan
from netspec.emit.python_source import python_source
from netspec.graph import Builder, Graph, Output, Value
from netspec.ops import Add
from netspec.ops.base import NO_DEFAULT
from tests.emit.networks import (
    head_in_group,
    own_with_state,
    random_graph,
    skips_into_copies,
    unet,
)
from tests.graphs import conv, googlenet, inception, lenet, resnet50
from tests.random_graphs import graphs


def names(planned: ClassPlan) -> list[str]:
    return [cls.name for cls in planned.classes]


def cls(planned: ClassPlan, name: str) -> ClassDef:
    return next(found for found in planned.classes if found.name == name)


def parameters(found: ClassDef) -> dict[str, list[object]]:
    """Constructor parameter -> its value in each instance."""
    return {entry.name: [value for _, value in entry.vector] for entry in found.parameters}


def paths(found: ClassDef) -> list[str]:
    return [body.scope.path for body in found.bodies]


INCEPTIONS = [  # Szegedy et al. 2014, Table 1: depth of the input, then #1x1, #3x3 reduce, ...
    (192, 64, 96, 128, 16, 32, 32),
    (256, 128, 128, 192, 32, 96, 64),
    (480, 192, 96, 208, 16, 48, 64),
    (512, 160, 112, 224, 24, 64, 64),
    (512, 128, 128, 256, 24, 64, 64),
    (512, 112, 144, 288, 32, 64, 64),
    (528, 256, 160, 320, 32, 128, 128),
    (832, 256, 160, 320, 32, 128, 128),
    (832, 384, 192, 384, 48, 128, 128),
]


def test_nine_inception_modules_are_one_class_with_the_table_as_arguments() -> None:
    planned = plan(googlenet())
    assert names(planned) == ["ConvReLU", "Inception", "AuxHead", "Googlenet"]
    columns = [list(column) for column in zip(*INCEPTIONS, strict=True)]
    wanted = ["in_channels", "conv1x1", "conv3x3_reduce", "conv3x3", "conv5x5_reduce", "conv5x5"]
    assert parameters(cls(planned, "Inception")) == dict(
        zip([*wanted, "pool_proj"], columns, strict=True)
    )
    assert parameters(cls(planned, "AuxHead")) == {"in_channels": [512, 528]}


def test_a_second_structure_is_named_by_what_it_has_more() -> None:
    planned = plan(resnet50())
    assert names(planned) == [
        "ConvBNReLU", "ConvBN", "BottleneckProjection", "Bottleneck", "Resnet50",
    ]  # fmt: skip
    assert paths(cls(planned, "BottleneckProjection")) == [f"layer{n}.0" for n in (1, 2, 3, 4)]
    assert parameters(cls(planned, "BottleneckProjection")) == {
        "in_channels": [64, 256, 512, 1024],
        "planes": [64, 128, 256, 512],
        "out_channels": [256, 512, 1024, 2048],
        "stride": [1, 2, 2, 2],
    }
    assert "stride" not in parameters(cls(planned, "Bottleneck"))


def necks(*blocks: str) -> Graph:
    """A network with these layers, of which some expand, some add, some have a gate."""
    text = """
netspec: 1
name: net
input: [8, 16, 16]
blocks:
  neck:
    params:
      expand: 1
      out: 8
      gate: false
      act: {type: block, default: relu}
      end: {type: block, default: relu}
      norm: {type: block, default: none}
    layers:
      - conv: {when: $(expand > 1), out_channels: $(expand * in_channels), kernel_size: 1, activation: $act}
      - squeeze_excite: {when: $gate, reduction: 2}
      - conv: {out_channels: $out, kernel_size: 3, padding: 1, activation: $end, norm: $norm}
      - add: {when: $(out == in_channels), from: [input, previous]}
layers:
"""
    lines = [f"  - neck: {fields}\n" for fields in blocks]
    return netspec.loads(text + "".join(lines)).graph


def bottlenecks(*blocks: str) -> list[str]:
    """The classes of these layers."""
    return [name for name in names(plan(necks(*blocks))) if name.startswith("Neck")]


def test_structures_of_one_block_are_named_by_what_they_have_more_than_all() -> None:
    adds, grows, expands = "{out: 8}", "{out: 16}", "{expand: 2, out: 16}"
    assert bottlenecks(adds, grows) == ["NeckAdd", "Neck"]
    assert bottlenecks(adds, expands) == ["NeckAdd", "NeckConv"]
    assert bottlenecks(adds, expands, "{expand: 2, out: 16}") == [
        "NeckAdd",
        "NeckConv",
        "NeckConvAdd",
    ]
    assert bottlenecks(grows, "{expand: 2, out: 16, gate: true}") == ["Neck", "NeckAdd"]


def test_structures_with_the_same_children_are_named_by_the_ops_inside() -> None:
    layers = "{out: 16}", "{out: 32, norm: batch_norm}"
    assert bottlenecks(*layers) == ["Neck", "NeckBN"]


def test_units_that_differ_in_the_activation_only_are_an_argument_of_one_class() -> None:
    planned = plan(necks("{out: 16}", "{out: 32, end: silu}", "{out: 64}"))
    assert names(planned) == ["ConvReLU", "ConvSiLU", "Neck", "Net"]
    relu, silu = Choice(0), Choice(1)
    assert parameters(cls(planned, "Neck")) == {
        "in_channels": [8, 16, 32],
        "out": [16, 32, 64],
        "conv": [relu, silu, relu],
    }
    source = python_source(planned.graph)
    assert "def __init__(self, in_channels: int, out: int, conv: type[nn.Module])" in source
    assert "conv_2=conv(in_channels, out, kernel_size=3, padding=1)" in source
    assert "self.neck_2 = Neck(16, 32, conv=ConvSiLU)" in source


def test_two_such_choices_are_two_classes() -> None:
    both = ["{out: 16, expand: 2}", "{out: 32, expand: 2, act: silu, end: sigmoid}"]
    assert bottlenecks(*both) == ["NeckReLU", "NeckSigmoid"]


def test_a_chain_of_single_modules_needs_only_the_root() -> None:
    assert names(plan(lenet())) == ["Lenet5"]


def test_copies_that_read_from_afar_are_a_class_of_their_own() -> None:
    planned = plan(skips_into_copies())
    assert names(planned) == ["ConvReLU", "Fuse", "Blocks", "Copies"]
    assert cls(planned, "Fuse").argument_names == ("x", "early")
    assert cls(planned, "Blocks").base == "nn.ModuleList"


def test_what_crosses_a_wall_is_an_argument_or_a_result() -> None:
    planned = plan(unet())
    assert len(cls(planned, "Encoder").body.results) == 3
    assert cls(planned, "Decoder").argument_names == ("x", "bottom", "enc1")
    assert len(cls(plan(head_in_group()), "Features").body.results) == 3


def cells(rows: Sequence[tuple[int, int, int]], name: str = "cell") -> Graph:
    """One block of two convolutions per row: both widths and the stride of the first."""
    b = Builder("net", (4, 32, 32))
    x: Value = b.input
    for number, (first, second, stride) in enumerate(rows):
        with b.scope(f"c{number}", name, fields={"width": first, "stride": stride}):
            x = conv(b, x, "conv_1", first, 3, stride, 1)
            x = conv(b, x, "conv_2", second, 1)
    return b.finish([Output("main", x)])


def test_a_declared_field_gives_its_name_and_a_constant_is_a_literal() -> None:
    found = cls(plan(cells([(5, 6, 1), (7, 6, 2), (5, 6, 1)])), "Cell")
    assert parameters(found) == {
        "in_channels": [4, 6, 6],
        "width": [5, 7, 5],
        "stride": [1, 2, 1],
    }
    assert [entry.default for entry in found.parameters] == [NO_DEFAULT, NO_DEFAULT, 1]


def test_equal_widths_share_a_parameter_and_equal_settings_do_not() -> None:
    found = cls(plan(cells([(3, 3, 3), (2, 2, 2), (2, 2, 2)])), "Cell")
    assert parameters(found) == {
        "in_channels": [4, 3, 2],
        "width": [3, 2, 2],
        "stride": [3, 2, 2],
    }


def test_blocks_of_other_names_are_other_classes_though_they_are_alike() -> None:
    b = Builder("net", (4, 8, 8))
    x: Value = b.input
    for block in ("left", "right", "left"):
        with b.scope(b.automatic_name(block), block):
            x = conv(b, x, "conv_1", 4)
            x = conv(b, x, "conv_2", 4, 3, 1, 1)
    assert names(plan(b.finish([Output("main", x)]))) == ["ConvReLU", "Left", "Right", "Net"]


def test_the_root_keeps_its_name_when_a_block_has_it_too() -> None:
    b = Builder("inception", (16, 8, 8))
    x = inception(b, b.input, "one", (4, 4, 4, 4, 4, 4))
    x = inception(b, x, "two", (4, 4, 4, 4, 4, 4))
    assert names(plan(b.finish([Output("main", x)]))) == ["ConvReLU", "InceptionBlock", "Inception"]


STAGES = """
netspec: 1
name: net
input: [4, 16, 16]
defaults: {conv: {kernel_size: 1}}
blocks:
  pair: {params: {n: int}, layers: [conv: $n, relu, conv: $n]}
  stage:
    params: {n: int, pairs: int}
    layers:
      - pair: {name: first, n: $n, repeat: $pairs}
      - conv: {name: last, out_channels: $n, repeat: $(pairs + 1)}
layers:
"""


def stages(*rows: tuple[int, int]) -> Graph:
    """Stages of so many channels and pairs."""
    lines = [f"  - stage: {{n: {channels}, pairs: {pairs}}}\n" for channels, pairs in rows]
    return netspec.loads(STAGES + "".join(lines)).graph


def test_how_many_copies_there_are_is_an_argument() -> None:
    graph = stages((8, 2), (16, 3), (16, 1), (16, 2))
    planned = plan(graph)
    check(graph)
    assert parameters(cls(planned, "Stage")) == {
        "in_channels": [4, 8, 16, 16],
        "n": [8, 16, 16, 16],
        "pairs": [2, 3, 1, 2],
        "depth": [3, 4, 2, 3],
    }
    source = python_source(graph)
    assert "*(Pair(n, n) for _ in range(1, pairs))," in source
    assert "*(nn.Conv2d(n, n, kernel_size=1) for _ in range(depth))" in source
    assert "self.stage_2 = Stage(8, 16, pairs=3, depth=4)" in source


def test_a_single_copy_that_could_not_follow_itself_is_a_structure_of_its_own() -> None:
    graph = stages((8, 1), (16, 2), (16, 1))
    check(graph)
    assert names(plan(graph)) == ["Pair", "Stage", "Stage2", "Net"]
    assert parameters(cls(plan(graph), "Stage2"))["pairs"] == [2, 1]


def test_no_class_has_the_name_of_a_parameter() -> None:
    """A constructor that takes `Right` could not call the class `Right`."""
    blocks = {
        "right": {"params": {"n": "int"}, "layers": [{"linear": "$n"}, "relu"]},
        "outer": {"params": {"Right": "int"}, "layers": [{"right": "$Right"}, {"right": 3}]},
    }
    layers = [{"outer": 5}, {"outer": 6}]
    spec = {"netspec": 1, "name": "net", "input": [4], "blocks": blocks, "layers": layers}
    graph = netspec.loads(spec).graph
    assert names(plan(graph)) == ["RightBlock", "Outer", "Net"]
    check(graph)


def test_wiring_tells_classes_apart() -> None:
    """The same layers under the same names: once the sum reads the second, once the first."""
    b = Builder("net", (4, 8, 8))
    x: Value = b.input
    for far in (False, True):
        with b.scope(f"c{far}", "cell"):
            y = conv(b, x, "conv_1", 4)
            z = conv(b, y, "conv_2", 4)
            x = b.op(Add(), [z, x if far else y], "add_1")[0]
    planned = plan(b.finish([Output("main", x)]))
    assert len(planned.classes) == 4
    assert len({found.name for found in planned.classes}) == 4


def test_a_module_that_is_more_than_itself_takes_the_base_of_its_own_op() -> None:
    planned = plan(own_with_state())
    assert names(planned) == ["ConvBN", "Own"]
    assert cls(planned, "ConvBN").base == "nn.Conv2d"


Call = tuple[str, str, Mapping[str, object]]


def evaluate(ref: Ref, known: Mapping[str, object]) -> object:
    """What a reference to a parameter stands for, exactly."""
    value = known[ref.name]
    if (ref.times, ref.over) == (1, 1):
        return value
    assert type(value) is int
    return value * ref.times // ref.over


def expand(planned: ClassPlan) -> Iterator[Call]:
    """Every constructor call of torch that the planned classes make: path, class, arguments."""
    known = {found.name: found for found in planned.classes}

    def make(path: str, module: Module, given: Mapping[str, object]) -> Iterator[Call]:
        if isinstance(module, Chain):
            for name, entry in module.entries:
                yield from make(f"{path}.{name}", entry, given)
            return
        if isinstance(module, Run):
            total = module.total if isinstance(module.total, int) else given[module.total.name]
            assert isinstance(total, int)
            for number in range(1, total):
                yield from make(f"{path.rpartition('.')[0]}.{number}", module.make, given)
            return
        values = {
            entry.name: evaluate(entry.value, given)
            if isinstance(entry.value, Ref)
            else entry.value
            for entry in module.arguments
        }
        choice = given[module.target.name] if isinstance(module.target, Ref) else module.target
        target = str(choice.target if isinstance(choice, Choice) else choice)
        found = known.get(target)
        if found is None:
            yield path, target, values
        elif found.inherits:
            yield path, found.base, values
        else:
            yield from inside(path, found, values)

    def inside(path: str, found: ClassDef, given: Mapping[str, object]) -> Iterator[Call]:
        defaults = {entry.name: entry.default for entry in found.parameters}
        assert set(given) <= set(defaults)
        known = {**defaults, **given}
        for entry in found.computed:
            assert entry.formula is not None
            known[entry.name] = evaluate(entry.formula, known)
        for name, module in found.children:
            yield from make(".".join(filter(None, (path, name))), module, known)

    yield from inside("", planned.root, {})


def check(graph: Graph) -> None:
    """Expanded, the plan makes each module of the graph once, with the arguments of its op."""
    planned = plan(graph)
    nodes = {node.path: node for node in graph.nodes}
    made = list(expand(planned))
    assert len({path for path, *_ in made}) == len(made)
    for path, target, values in made:
        constructor = nodes[path].op.constructor()
        assert constructor is not None
        assert target == constructor.target
        wanted = {entry.name: entry.value for entry in constructor.arguments}
        assert {name: values[name] for name in wanted} == wanted
        assert set(values) - set(wanted) <= {"inplace"}
    stateful = {path for path, node in nodes.items() if node.op.parameters()}
    assert stateful <= {path for path, *_ in made}
    assert len(set(names(planned))) == len(planned.classes)
    _check_order(planned)


def _check_order(planned: ClassPlan) -> None:
    """Each class uses only earlier ones, and every class but the root is used."""
    known = names(planned)
    used: set[str] = set()
    for number, found in enumerate(planned.classes):
        targets = {make for _, module in found.children for make in _targets(module)}
        assert targets & set(known) <= set(known[:number])
        used |= targets
    assert set(known[:-1]) <= used


def _targets(module: Module) -> Iterator[str]:
    if isinstance(module, Make):
        yield str(module.target)
        choices = (one.value for one in module.arguments if isinstance(one.value, Choice))
        yield from (str(one.target) for one in choices)
        return
    entries = [module.make] if isinstance(module, Run) else [made for _, made in module.entries]
    for entry in entries:
        yield from _targets(entry)


@pytest.mark.parametrize(
    "make", [googlenet, resnet50, lenet, unet, skips_into_copies, head_in_group, own_with_state]
)
def test_the_plan_makes_the_graph(make: object) -> None:
    assert callable(make)
    check(make())


@given(graphs())
@settings(max_examples=60)
def test_the_plan_makes_any_graph(graph: Graph) -> None:
    check(graph)


@pytest.mark.parametrize("seed", range(40))
def test_the_plan_makes_graphs_with_names_that_nobody_should_choose(seed: int) -> None:
    check(random_graph(seed))


def test_one_graph_has_one_plan() -> None:
    for seed in range(10):
        one, other = (plan(random_graph(seed)) for _ in range(2))
        assert names(one) == names(other)
        assert [found.children for found in one.classes] == [f.children for f in other.classes]
