"""The stream, `from`, names in sight, merges, and the wall of a block."""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import diagnostics, errors, net, output, paths, shape, under

ONE = "kernel_size: 1"


def inputs(body: str, path: str) -> list[str]:
    """The paths of what the op at `path` reads; `input` for the network's input."""
    graph = net(body).graph
    node = next(node for node in graph.nodes if node.path == path)
    return [
        "input" if value is graph.input else graph.producers[value].path for value in node.inputs
    ]


def test_a_layer_reads_the_layer_before() -> None:
    body = "layers: [relu, tanh, sigmoid]"
    assert inputs(body, "relu_1") == ["input"]
    assert inputs(body, "sigmoid_1") == ["tanh_1"]


def test_from_reads_earlier_layers_in_the_order_written() -> None:
    body = """
        layers:
          - relu: {name: a}
          - relu: {name: b}
          - concat: {name: c, from: [b, a, previous, input]}
          - tanh: {from: a}
        """
    assert inputs(body, "c") == ["b", "a", "b", "input"]
    assert inputs(body, "tanh_1") == ["a"]


def test_a_layer_after_from_continues_the_stream() -> None:
    body = "layers: [relu: {name: a}, tanh: {name: b}, relu: {from: a}, sigmoid]"
    assert inputs(body, "sigmoid_1") == ["relu_1"]


def test_groups_see_the_names_around_them() -> None:
    body = """
        layers:
          - relu: {name: a}
          - sequential:
              name: g
              layers:
                - tanh: {name: b}
                - concat: [[relu: {from: a}], [relu: {from: b}], [residual: [relu: {from: input}]]]
        """
    assert inputs(body, "g.relu_1") == ["a"]
    assert inputs(body, "g.relu_2") == ["g.b"]
    assert inputs(body, "g.relu_3") == ["input"]


def test_an_inner_name_hides_an_outer_one() -> None:
    body = """
        layers:
          - relu: {name: a}
          - sequential: {name: g, layers: [tanh: {name: a}, sigmoid: {from: a}]}
          - relu: {name: last, from: a}
        """
    assert inputs(body, "g.sigmoid_1") == ["g.a"]
    assert inputs(body, "last") == ["a"]


def test_a_dotted_path_enters_groups_copies_branches_blocks_and_composites() -> None:
    body = """
        blocks: {unit: {layers: [relu: {name: r}]}}
        layers:
          - sequential: {name: g, layers: [sequential: {name: h, layers: [relu: {name: a}]}]}
          - conv: {name: stage, out_channels: 3, kernel_size: 1, repeat: 2}
          - concat: {name: m, branches: {left: [relu: {name: b}], right: []}}
          - unit: {name: u}
          - nin_block: {name: n, out_channels: 3, kernel_size: 1}
          - conv: {name: c, out_channels: 3, kernel_size: 1, norm: batch_norm}
          - concat:
              name: all
              from: [g.h.a, g.h, stage.0, stage, m.left.b, m.left, m.right, u.r, n.mlp1, c.conv, c.norm]
        """
    read = inputs(body, "all")
    assert read[:4] == ["g.h.a", "g.h.a", "stage.0", "stage.1"]
    assert read[4:7] == ["m.left.b", "m.left.b", "stage.1"]
    assert read[7:] == ["u.r", "n.mlp1.activation", "c.conv", "c.norm"]


def test_a_repeated_layer_is_read_as_its_last_copy() -> None:
    body = """
        layers:
          - sequential: {name: s, repeat: 3, layers: [relu: {name: a}]}
          - concat: {name: c, from: [s, s.a, s.0.a]}
        """
    assert inputs(body, "c") == ["s.2.a", "s.2.a", "s.0.a"]


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ("[relu: {name: a}, relu: {from: b}]", "b"),
        ("[relu: {from: a, name: a}]", "a"),
        ("[relu: {from: later}, relu: {name: later}]", "later"),
        ("[relu, tanh: {from: relu_1}]", "relu_1"),
        ("[relu: {from: 0}]", "0"),
        ("[relu: {name: a}, add: {from: [a, 2]}]", "2"),
        ("[relu: {from: []}]", "[]"),
        ("[relu: {from: a.b}]", "a.b"),
        ("[sequential: {name: g, layers: [relu: {name: a}]}, relu: {from: a}]", "a"),
        ("[sequential: {name: g, layers: [relu: {name: a}]}, relu: {from: g.z}]", "g.z"),
        ("[relu: {name: a}, relu: {from: a.b}]", "a.b"),
    ],
)
def test_a_name_that_cannot_be_read_is_told_at_the_name(layers: str, text: str) -> None:
    assert [found[1:] for found in errors(f"layers: {layers}")] == [(1, text)]


def test_a_forward_reference_shows_where_the_name_is_given() -> None:
    (found,) = diagnostics("layers:\n  - relu: {from: b}\n  - relu: {name: b}")
    (label,) = found.secondary
    assert (label.span.line, under(label)) == (3, "b")


@pytest.mark.parametrize(
    "layers",
    [
        "[relu: {name: a, when: $(1 == 2)}, relu: {from: a}]",
        "[sequential: {name: g, layers: [relu: {name: a, when: $(1 == 2)}]}, relu: {from: g.a}]",
        "[concat: {when: $(1 == 2), branches: [[relu: {name: a}], []]}, relu: {from: a}]",
        "[sequential: {name: a, when: $(1 == 2), layers: [relu: {name: b}]}, relu: {from: a.b}]",
        "[concat: {when: $(1 == 2), branches: {a: [], b: []}}, relu: {from: a}]",
    ],
)
def test_reading_a_switched_off_layer_shows_its_line(layers: str) -> None:
    (found,) = diagnostics(f"layers: {layers}")
    assert found.code == "NS301"
    assert [under(label) for label in found.secondary] != []


def test_reading_inside_a_layer_whose_input_failed_is_no_error_of_its_own() -> None:
    body = """
        layers:
          - conv: {out_channels: 8}
          - split: {name: halves, into: [left, right]}
          - relu: {from: halves.left}
          - group_norm: {name: norm, groups: 8, from: halves.right}
        """
    assert errors(body) == [("NS203", 2, "conv")]


def test_a_switched_off_name_may_be_given_again() -> None:
    body = """
        params: {small: true}
        layers:
          - relu: {name: a, when: $small}
          - tanh: {name: a, when: $(not small)}
          - sigmoid: {from: a}
        """
    assert inputs(body, "sigmoid_1") == ["a"]


def test_a_body_under_blocks_is_closed() -> None:
    body = """
        params: {width: 4}
        blocks:
          reads_layer: {layers: [relu: {from: a}]}
          reads_param: {layers: [conv: {out_channels: $width, kernel_size: 1}]}
        layers:
          - relu: {name: a}
          - reads_layer
          - reads_param: {from: input}
        """
    assert [found[1:] for found in errors(body)] == [(3, "a"), (4, "width")]


def test_a_conditional_skip_is_an_add_with_when() -> None:
    body = """
        blocks:
          unit:
            params: {out: int}
            layers:
              - conv: {out_channels: $out, kernel_size: 1}
              - add: {when: $(out == in_channels), from: [input, previous]}
        layers: [unit: 3, unit: 5, unit: 5]
        """
    assert [path for path in paths(net(body)) if "add" in path] == ["unit_1.add_1", "unit_3.add_1"]


class TestMerges:
    """`concat`, `add`, `mul`, `parallel`, `residual`."""

    def test_unnamed_branches_add_no_level(self) -> None:
        body = "layers: [concat: [[relu], [], [tanh, relu]]]"
        assert paths(net(body)) == ["relu_1", "tanh_1", "relu_2", "concat_1"]
        assert inputs(body, "concat_1") == ["relu_1", "input", "relu_2"]

    def test_a_named_merge_is_a_scope_and_its_op_has_its_path(self) -> None:
        assert paths(net("layers: [concat: {name: m, branches: [[relu], []]}]")) == [
            "m.relu_1",
            "m",
        ]

    def test_a_named_branch_is_a_group(self) -> None:
        body = (
            "layers: [add: {branches: {left: [relu], right: [tanh], skip: []}}, relu: {from: left}]"
        )
        network = net(body)
        assert paths(network) == ["left.relu_1", "right.tanh_1", "add_1", "relu_1"]
        assert network.graph.scopes["left"].block == "sequential"

    @pytest.mark.parametrize(
        ("branches", "text"),
        [("{input: [], b: []}", "input"), ("{for: [relu], b: []}", "for"), ("{a: [], b: []}", "a")],
    )
    def test_a_branch_is_named_by_the_rules_of_layers(self, branches: str, text: str) -> None:
        found = errors(f"layers: [relu: {{name: a}}, add: {{branches: {branches}}}]")
        assert [entry[1:] for entry in found] == [(1, text)]

    def test_parallel_keeps_its_branches_apart_for_the_merge_that_follows(self) -> None:
        body = "layers: [parallel: [[relu], [tanh]], concat]"
        assert inputs(body, "concat_1") == ["relu_1", "tanh_1"]

    def test_several_values_go_to_one_branch_each(self) -> None:
        body = "layers: [parallel: [[relu], [tanh]], parallel: [[sigmoid], []], add]"
        assert inputs(body, "sigmoid_1") == ["relu_1"]
        assert inputs(body, "add_1") == ["sigmoid_1", "tanh_1"]

    def test_residual_adds_its_shortcut_or_its_input(self) -> None:
        body = f"""
            layers:
              - residual: [relu]
              - residual: {{name: r, layers: [tanh], shortcut: [conv: {{out_channels: 3, {ONE}}}]}}
            """
        assert inputs(body, "add_1") == ["relu_1", "input"]
        assert inputs(body, "r") == ["r.tanh_1", "r.conv_1"]

    @pytest.mark.parametrize(
        ("layers", "text"),
        [
            ("[add]", "add"),
            ("[concat: [[relu]]]", "concat"),
            ("[parallel: [[], []], relu]", "relu"),
            ("[parallel: [[], []], parallel: [[], [], []], add]", "[[], [], []]"),
            ("[parallel: [[], []]]", "parallel: [[], []]"),
            ("[parallel: {name: p, branches: [[], []]}, relu: {from: p}]", "p"),
            ("[residual: [parallel: [[], []]]]", "[parallel: [[], []]]"),
        ],
    )
    def test_the_number_of_values_must_fit(self, layers: str, text: str) -> None:
        assert errors(f"layers: {layers}") == [("NS305", 1, text)]

    @pytest.mark.parametrize(
        ("other", "fits"), [("[[], []]", True), ("[[], [gap]]", False), ("[[], [flatten]]", False)]
    )
    def test_add_never_broadcasts(self, other: str, fits: bool) -> None:
        if fits:
            assert output(net(f"layers: [add: {other}]")) == (3, 32, 32)
        else:
            (found,) = diagnostics(f"layers: [add: {other}]")
            assert (found.code, under(found.primary)) == ("NS401", "add")

    def test_a_gate_is_spread_over_a_map(self) -> None:
        assert output(net("layers: [mul: [[], [gap]]]")) == (3, 32, 32)

    def test_a_bad_merge_shows_the_layer_of_each_side(self) -> None:
        (found,) = diagnostics("""
            layers:
              - conv: {name: proj, out_channels: 4, kernel_size: 1}
              - conv: {name: main, out_channels: 5, kernel_size: 1}
              - add: {from: [main, proj]}
            """)
        lines = {label.span.line for label in found.secondary}
        assert (found.primary.span.line, lines) == (4, {2, 3})


class TestSeveralInputs:
    """Blocks with `inputs:` and `outputs:`."""

    UP = """
        blocks:
          up:
            inputs: [below, skip]
            params: {out: int}
            layers:
              - conv: {out_channels: $out, kernel_size: 1}
              - concat: {from: [skip, previous, below, input]}
        layers:
          - conv: {name: a, out_channels: 7, kernel_size: 1}
          - relu: {name: b}
          - up: {name: u, from: [a, b], out: $(in_channels + 1)}
        """

    def test_the_stream_starts_with_the_first_and_the_others_go_by_name(self) -> None:
        assert inputs(self.UP, "u.conv_1") == ["a"]
        assert inputs(self.UP, "u.concat_1") == ["b", "u.conv_1", "a", "a"]

    def test_arguments_see_the_outside(self) -> None:
        assert shape(net(self.UP), "u.conv_1")[0] == 4

    @pytest.mark.parametrize("source", ["a", "[a, b, b]", "input"])
    def test_the_number_of_inputs_must_fit(self, source: str) -> None:
        found = errors(self.UP.replace("from: [a, b]", f"from: {source}"))
        assert [entry[2] for entry in found] == [source]

    def test_an_input_name_is_taken_inside(self) -> None:
        body = self.UP.replace(
            "- conv: {out_channels: $out,", "- conv: {name: skip, out_channels: $out,"
        )
        (found,) = diagnostics(body)
        assert (found.code, under(found.primary)) == ("NS302", "skip")
        assert [under(label) for label in found.secondary] == ["skip"]

    def test_outputs_are_several_values_in_order(self) -> None:
        body = """
            blocks:
              pair:
                outputs: [b, a]
                layers: [relu: {name: a}, tanh: {name: b}]
            layers: [pair, concat]
            """
        assert inputs(body, "concat_1") == ["pair_1.b", "pair_1.a"]

    def test_an_output_that_does_not_exist_is_told_at_its_name(self) -> None:
        found = errors("""
            blocks:
              pair: {outputs: [a, zz], layers: [relu: {name: a}]}
            layers: [pair, add, pair, add]
            """)
        assert found == [("NS301", 2, "zz")]

    @pytest.mark.parametrize(
        ("section", "text"),
        [
            ("inputs: [a, a]", "a"),
            ("inputs: []", "[]"),
            ("inputs: [3]", "3"),
            ("inputs: [input]", "input"),
            ("outputs: {a: b}", "{a: b}"),
        ],
    )
    def test_lists_of_names_are_lists_of_different_names(self, section: str, text: str) -> None:
        found = errors(f"blocks:\n  pair: {{{section}, layers: [relu]}}\nlayers: [pair]")
        assert [entry[1:] for entry in found] == [(2, text)]
