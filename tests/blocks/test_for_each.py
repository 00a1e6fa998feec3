"""`for_each`: its three forms, names, indices, recovery and limits."""

from __future__ import annotations

import pytest
import torch

from netspec import Limits
from tests.elaborate.speaking import diagnostics, errors, net, op, output, paths, shape, under

CONV = "conv: {out_channels: $out, kernel_size: $k}"


def test_each_element_of_a_list_is_a_copy() -> None:
    network = net(
        "layers: [for_each: {name: s, over: [4, 5], as: n, "
        "layers: [conv: {name: c, out_channels: $n, kernel_size: 1}]}]"
    )
    assert [shape(network, f"s.{copy}.c")[0] for copy in range(2)] == [4, 5]


def test_the_list_may_be_computed_or_a_parameter() -> None:
    for over in ("$widths", "'$(widths[1:] + [2 * 4])'", "[$widths.0, $(widths.0 + 1)]"):
        network = net(f"""
            params: {{widths: [4, 8]}}
            layers:
              - for_each: {{over: {over}, as: n, layers: [conv: {{out_channels: $n, kernel_size: 1}}]}}
            """)
        assert output(network)[0] in (5, 8)


@pytest.mark.parametrize(
    "fields",
    [
        "over: [[3, 4], [1, 5]], as: [k, out]",
        "over: {k: [3, 1], out: [4, 5]}",
        "over: $table, as: [k, out]",
        "over: [$table.0, [1, 5]], as: [k, out]",
        "over: {k: $kernels, out: [4, 5]}",
    ],
)
def test_rows_and_lists_side_by_side_say_the_same(fields: str) -> None:
    body = f"""
        params: {{kernels: [3, 1]}}
        let: {{table: [[3, 4], [1, 5]]}}
        layers: [for_each: {{name: s, {fields}, layers: [{CONV}]}}]
        """
    network = net(body)
    assert paths(network) == ["s.0.conv_1", "s.1.conv_1"]
    assert (shape(network, "s.0.conv_1"), output(network)) == ((4, 30, 30), (5, 30, 30))


def test_a_cell_may_be_a_block_with_or_without_fields() -> None:
    network = net("""
        input: [4, 8, 8]
        blocks: {unit: {params: {act: block}, layers: [$act]}}
        layers:
          - for_each:
              name: s
              as: act
              over: [relu, {softmax: {dim: 2}}, none]
              layers: [unit: $act]
        """)
    assert paths(network) == ["s.0.unit_1.relu_1", "s.1.unit_1.softmax_1"]
    assert "2" in repr(op(network, "s.1.unit_1.softmax_1"))


def test_without_a_name_its_layers_count_on_in_the_scope_around() -> None:
    network = net("layers: [relu, for_each: {over: [1, 2, 3], as: n, layers: [relu, tanh]}, relu]")
    assert paths(network) == [
        *("relu_1", "relu_2", "tanh_1", "relu_3", "tanh_2", "relu_4", "tanh_3", "relu_5")
    ]


def test_a_single_copy_keeps_its_number_and_no_copies_are_the_identity() -> None:
    body = "layers: [for_each: {name: s, over: %s, as: n, layers: [relu: {name: r}]}, tanh]"
    assert paths(net(body % "[7]")) == ["s.0.r", "tanh_1"]
    assert paths(net(body % "[]")) == ["tanh_1"]


def test_its_name_reads_the_last_copy_and_paths_enter_every_copy() -> None:
    network = net("""
        layers:
          - for_each:
              name: s
              over: [4, 5]
              as: n
              layers: [conv: {name: c, out_channels: $n, kernel_size: 1}]
          - concat: {from: [s, s.0, s.1.c, s.c]}
        """)
    assert output(network)[0] == 5 + 4 + 5 + 5
    x = torch.randn(2, 3, 32, 32)
    assert network.compile()(x).shape == (2, 19, 32, 32)


def test_a_copy_reads_names_around_and_the_copy_before() -> None:
    network = net("""
        layers:
          - conv: {name: stem, out_channels: 4, kernel_size: 1}
          - for_each: {over: [1, 2], as: n, layers: [relu, add: {from: [stem, previous, input]}]}
        input: [4, 8, 8]
        """)
    adds = [node for node in network.graph.nodes if node.op.kind == "add"]
    assert [node.inputs[0] for node in adds] == [network.graph.nodes[0].output] * 2


class TestIndices:
    """`$index` is the innermost one; `index: stage` keeps the outer one readable."""

    def test_the_index_counts_the_copies_from_0(self) -> None:
        network = net(
            "layers: [for_each: {name: s, over: [9, 9], as: n, "
            "layers: [conv: {out_channels: $(index + 1), kernel_size: 1}]}]"
        )
        assert [shape(network, f"s.{copy}.conv_1")[0] for copy in range(2)] == [1, 2]

    def test_a_named_index_is_readable_where_inner_copies_have_their_own(self) -> None:
        network = net("""
            layers:
              - for_each:
                  name: s
                  over: [2, 1]
                  as: n
                  index: stage
                  layers:
                    - conv: {name: c, out_channels: $(10 * stage + index + 1), kernel_size: 1, repeat: $n}
            """)
        widths = {node.path: node.output.channels for node in network.graph.nodes}
        assert widths == {"s.0.c.0": 1, "s.0.c.1": 2, "s.1.c.0": 11}

    def test_repeat_when_and_from_of_an_inner_layer_see_the_outer_index(self) -> None:
        network = net("""
            layers:
              - for_each:
                  name: s
                  over: [7, 8, 9]
                  as: n
                  layers: [relu: {name: r, when: $(index != 1), repeat: $(index + 1)}]
            """)
        assert paths(network) == ["s.0.r.0", "s.2.r.0", "s.2.r.1", "s.2.r.2"]

    def test_for_each_inside_for_each(self) -> None:
        network = net("""
            layers:
              - for_each:
                  over: [1, 2]
                  as: a
                  index: outer
                  layers:
                    - for_each:
                        over: [4, 5]
                        as: b
                        layers: [conv: {out_channels: $(100 * a + 10 * outer + b + index), kernel_size: 1}]
            """)
        widths = [node.output.channels for node in network.graph.nodes]
        assert widths == [104, 106, 214, 216]

    @pytest.mark.parametrize("key", ["repeat: $index", "when: $(n == 1)", "from: $n"])
    def test_its_own_values_are_not_seen_outside_its_copies(self, key: str) -> None:
        found = errors(f"layers: [for_each: {{{key}, over: [1], as: n, layers: [relu]}}]")
        assert [code for code, _, _ in found] in (["NS222"], ["NS301"], ["NS303"])

    def test_its_values_do_not_pass_the_wall_of_a_block(self) -> None:
        found = errors("""
            blocks: {unit: {layers: [conv: {out_channels: $n, kernel_size: 1}]}}
            layers: [for_each: {over: [1, 2], as: n, layers: [unit]}]
            """)
        assert [text for _, _, text in found] == ["n"]

    def test_repeat_of_a_for_each_makes_copies_of_the_whole(self) -> None:
        network = net(
            "layers: [for_each: {name: s, repeat: 2, over: [1, 2], as: n, layers: [relu: {name: r}]}]"
        )
        assert paths(network) == ["s.0.0.r", "s.0.1.r", "s.1.0.r", "s.1.1.r"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ("over: [[3, 4], [1]], as: [k, out]", ("NS217", "[1]")),
        ("over: [[3, 4], [1, 5, 6]], as: [k, out]", ("NS217", "6")),
        ("over: [[3, 4], 1], as: [k, out]", ("NS217", "1")),
        ("over: {k: [3, 1], out: [4]}", ("NS217", "[4]")),
        ("over: {k: [3], out: [4]}, as: [k, out]", ("NS217", "[k, out]")),
        ("over: [[3, 4]]", ("NS217", "over")),
        ("over: 3, as: [k, out]", ("NS204", "3")),
        ("over: $three, as: [k, out]", ("NS204", "3")),
        ("over: {}", ("NS204", "{}")),
        ("over: [[3, 4]], as: [k, k]", ("NS303", "k")),
        ("over: [[3, 4]], as: [k, out], index: out", ("NS303", "out")),
        ("over: [[3, 4]], as: [k, in_channels]", ("NS303", "in_channels")),
        ("over: [[3, 4]], as: [k, out], index: 3", ("NS204", "3")),
        ("over: [[3, 4]], as: [k, 3]", ("NS204", "[k, 3]")),
        ("over: {k: [3], a-b: [4]}", ("NS303", "a-b")),
        ("over: [[3, 0]], as: [k, out]", ("NS205", "0")),
        ("over: [[three, 4], [3, 4]], as: [k, out]", ("NS204", "three")),
        ("over: [[3, $x]], as: [k, out]", ("NS222", "x")),
        ("over: [[3, 4]], as: [k, out], of: 3", ("NS202", "of")),
        ("as: [k, out]", ("NS203", "for_each")),
        ("over: [[3, null]], as: [k, out]", ("NS206", "null")),
        ("over: [[3, 4]], as: [k, out], first: {index: stage}", ("NS213", "first")),
    ],
)
def test_a_mistake_is_one_error_at_its_cell(fields: str, error: tuple[str, str]) -> None:
    found = errors(f"params: {{three: 3}}\nlayers: [for_each: {{{fields}, layers: [{CONV}]}}]")
    where = found[0][2]
    if error[1] == "3" and "$three" in fields:
        assert found[0][1] == 1
    assert [(code, where) for code, _, _ in found] == [error]


def test_an_error_in_a_cell_points_at_it_through_two_blocks() -> None:
    (found,) = diagnostics("""
        blocks:
          inner: {params: {k: int}, layers: [conv: {out_channels: 4, kernel_size: $k}]}
          outer: {params: {k: int}, layers: [inner: $k]}
        layers:
          - for_each:
              as: [k, out]
              over:
                - [3, 4]
                - [-3, 4]
              layers: [outer: $k]
        """)
    assert (found.code, found.primary.span.line, under(found.primary)) == ("NS205", 9, "-3")


def test_a_misfit_in_a_copy_shows_the_row_with_its_values() -> None:
    (found,) = diagnostics("""
        layers:
          - for_each:
              name: rows
              as: [k, out]
              over:
                - [31, 4]
                - [5, 8]
              layers: [conv: {out_channels: $out, kernel_size: $k}]
        """)
    (use,) = [label for label in found.secondary if "copy" in label.text]
    assert (found.code, use.span.line) == ("NS402", 7)
    assert use.text == "in copy 1, `rows.1` with k=5, out=8"


def test_names_inside_need_a_name_outside() -> None:
    body = "layers: [for_each: {over: [1, 2], as: n, layers: [relu: {name: r}]}]"
    (found,) = diagnostics(body)
    assert (found.code, under(found.primary)) == ("NS302", "r")
    assert "name" in found.help[0]
    assert "for_each" in found.help[0]


def test_switched_off_it_counts_as_many_lines_as_it_has_rows() -> None:
    body = """
        params: {on: true}
        layers:
          - for_each: {when: $on, over: [1, 2], as: n, layers: [relu, tanh: {repeat: $n}]}
          - relu
          - tanh
        """
    assert paths(net(body, params={"on": False})) == ["relu_3", "tanh_3"]


class TestLimits:
    """Counted before anything is made."""

    def test_elements(self) -> None:
        (found,) = diagnostics(
            f"layers: [for_each: {{over: {list(range(1001))}, as: n, layers: [relu]}}]"
        )
        assert found.code == "NS115"

    def test_a_thousand_to_the_fourth_nested(self) -> None:
        body = "layers:\n"
        many = ", ".join(["1"] * 1000)
        indent = "  "
        for level in range(4):
            body += f"{indent}- for_each:\n{indent}    over: [{many}]\n{indent}    as: n{level}\n"
            body += f"{indent}    layers:\n"
            indent += "      "
        body += f"{indent}- relu\n"
        (found,) = diagnostics(body, Limits(yaml_nodes=20_000))
        assert found.code == "NS115"
        assert found.primary.span.line == 6  # the second level, before its copies are made
