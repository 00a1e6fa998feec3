"""Blocks defined under `blocks:`: parameters, `let`, what their bodies see, and errors inside them."""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import diagnostics, errors, net, op, output, paths, shape, under


def unit(params: str, use: str, value: str = "4") -> str:
    """A spec with one block `unit` with `params`, used once."""
    body = f"[conv: {{out_channels: {value}, kernel_size: 1}}]"
    return f"blocks:\n  unit: {{params: {params}, layers: {body}}}\nlayers:\n  - unit{use}\n"


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("int", "5"),
        ("float", "0.5"),
        ("float", "5"),
        ("bool", "true"),
        ("text", "word"),
        ("block", "relu"),
        ("block", "{batch_norm: {eps: 0.1}}"),
        ("[int]", "[1, 2, 3]"),
        ("[int]", "[]"),
        ("[int, int]", "[1, 2]"),
        ("[text]", "[a, b]"),
        ("[float]", "[1, 0.5]"),
        ("{type: int, min: 5, max: 5}", "5"),
        ("{type: [int], min: 5}", "[5, 6]"),
        ("{type: text, default: a, doc: a word}", "b"),
        ("3", "5"),
        ("0.5", "5"),
        ("[[1, 2], [3]]", "[[1]]"),
    ],
)
def test_an_argument_of_the_declared_type_is_taken(declared: str, value: str) -> None:
    assert output(net(unit(f"{{a: {declared}}}", f": {{a: {value}}}")))[0] == 4


@pytest.mark.parametrize(
    ("declared", "value", "text"),
    [
        ("int", "5.0", "5.0"),
        ("int", "true", "true"),
        ("int", "'5'", "'5'"),
        ("float", "true", "true"),
        ("bool", "1", "1"),
        ("text", "5", "5"),
        ("block", "5", "5"),
        ("block", "rleu", "rleu"),
        ("block", "{relu: {a: 1}}", "a"),
        ("block", "[relu]", "[relu]"),
        ("block", "{relu: {}, tanh: {}}", "{relu: {}, tanh: {}}"),
        ("[int]", "5", "5"),
        ("[int]", "[5, a]", "a"),
        ("[int, int]", "[5]", "[5]"),
        ("[int, int]", "[5, 6, 7]", "[5, 6, 7]"),
        ("{type: int, min: 5}", "4", "4"),
        ("{type: int, max: 5}", "6", "6"),
        ("{type: float, min: 0.5}", "0.25", "0.25"),
        ("3", "5.5", "5.5"),
        ("[1, 2]", "5", "5"),
        ("[[1], [2]]", "5", "5"),
        ("int", "null", "null"),
    ],
)
def test_another_argument_is_refused_at_its_place(declared: str, value: str, text: str) -> None:
    found = errors(unit(f"{{a: {declared}}}", f": {{a: {value}}}"))
    assert [entry[1:] for entry in found] == [(4, text)]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ("{a: null}", "null"),
        ("{a: $b}", "$b"),
        ("{a: {default: 5}}", "{default: 5}"),
        ("{a: {type: itn}}", "itn"),
        ("{a: {type: int, defualt: 5}}", "defualt"),
        ("{a: {type: int, min: low}}", "low"),
        ("{a: {type: text, min: 1}}", "min"),
        ("{a: {type: [int, text]}}", "[int, text]"),
        ("{a: {type: int, default: $b}}", "$b"),
        ("{a: {type: int, default: null}}", "null"),
        ("{a: {type: int, doc: 5}}", "5"),
        ("{name: int}", "name"),
        ("{repeat: 5}", "repeat"),
        ("{in_channels: int}", "in_channels"),
        ("{a b: int}", "a b"),
    ],
)
def test_a_wrong_declaration_is_one_error_though_the_block_is_used(
    declared: str, text: str
) -> None:
    body = unit(declared, ": {a: 5}").replace("out_channels: 4", "out_channels: $a")
    found = [entry[1:] for entry in errors(body) if entry[1] == 2 and entry[2] != "a"]
    assert found == [(2, text)]


def test_a_required_argument_is_asked_for_at_the_use() -> None:
    for use in ("", ": {}"):
        (found,) = diagnostics(unit("{width: {type: int, doc: how wide}}", use))
        assert (found.code, found.primary.span.line, under(found.primary)) == ("NS203", 4, "unit")
        assert "width" in found.message


def test_an_unknown_argument_is_refused() -> None:
    assert errors(unit("{width: 3}", ": {widht: 4}")) == [("NS202", 4, "widht")]


def test_the_first_parameter_is_the_bare_field() -> None:
    assert output(net(unit("{a: int, b: 3}", ": 7", "$(a + b)")))[0] == 10
    assert errors(unit("{}", ": 7")) == [("NS208", 4, "7")]


def test_let_names_intermediate_values_in_order() -> None:
    body = """
        blocks:
          unit:
            params: {a: int}
            let: {b: $(a * 2), c: $(b + in_channels)}
            layers: [conv: {out_channels: $c, kernel_size: 1}]
        layers: [unit: 4]
        """
    assert output(net(body))[0] == 11


@pytest.mark.parametrize(
    ("let", "text"), [("{a: 3}", "a"), ("{b c: 3}", "b c"), ("{index: 3}", "index")]
)
def test_let_names_what_can_be_read_and_is_not_there_yet(let: str, text: str) -> None:
    found = errors(
        f"blocks:\n  unit: {{params: {{a: 4}}, let: {let}, layers: [relu]}}\nlayers: [unit]"
    )
    assert [entry[1:] for entry in found] == [(2, text)]
    found = errors(f"params: {{a: 4}}\nlet: {let}")
    assert [entry[1:] for entry in found] == [(2, text)]


def test_a_body_reads_the_sizes_of_its_own_input_fresh_for_each_copy() -> None:
    body = """
        blocks:
          grow: {layers: [relu, conv: {out_channels: $(in_channels * 2), kernel_size: 1, stride: 2}]}
        layers: [grow: {name: g, repeat: 3}]
        """
    network = net(body)
    assert [shape(network, f"g.{copy}.conv_1")[0] for copy in range(3)] == [6, 12, 24]


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ("[3, 8, 9]", {"in_channels": 3, "in_height": 8, "in_width": 9}),
        ("[3, 9]", {"in_channels": 3, "in_width": 9}),
        ("[3, 7, 8, 9]", {"in_channels": 3, "in_height": 8, "in_width": 9}),
        ("[5]", {"in_channels": 5, "in_features": 5}),
    ],
)
def test_the_sizes_that_an_input_has(size: str, names: dict[str, int]) -> None:
    for name in ("in_channels", "in_height", "in_width", "in_features"):
        body = f"""
            input: {size}
            blocks: {{unit: {{let: {{n: ${name}}}, layers: [flatten, linear: $n]}}}}
            layers: [unit]
            """
        if name in names:
            assert output(net(body)) == (names[name],)
        else:
            assert [entry[2] for entry in errors(body)] == [name]


def test_a_block_value_goes_through_a_parameter() -> None:
    body = """
        blocks:
          unit:
            params: {act: block, norm: {type: block, default: none}}
            layers:
              - conv: {out_channels: 3, kernel_size: 1, norm: $norm, activation: $act}
              - $act
        layers:
          - unit: relu
          - unit: {act: {softmax: {dim: 2}}, norm: {batch_norm: {affine: false}}}
          - unit: {act: none}
        """
    network = net(body)
    assert paths(network)[:3] == ["unit_1.conv_1", "unit_1.conv_1.activation", "unit_1.relu_1"]
    assert op(network, "unit_2.softmax_1").settings == (("dim", 2),)  # type: ignore[attr-defined]
    assert [path for path in paths(network) if path.startswith("unit_3")] == ["unit_3.conv_1"]


def test_a_named_block_takes_fields_where_it_is_used() -> None:
    body = """
        params: {unit: {type: block, default: {conv: {kernel_size: 1, out_channels: 9}}}}
        layers:
          - $unit
          - $unit: {out_channels: 5}
        """
    network = net(body)
    assert (shape(network, "conv_1")[0], shape(network, "conv_2")[0]) == (9, 5)


def test_none_switches_a_layer_off_and_its_name_reads_what_it_reads() -> None:
    body = """
        params: {gate: {type: block, default: none}}
        layers:
          - relu: {name: a}
          - tanh
          - $gate: {name: g, from: a}
          - concat: {name: c, from: [g, previous]}
        """
    network = net(body)
    values = next(node for node in network.graph.nodes if node.path == "c").inputs
    assert [network.graph.producers[value].path for value in values] == ["a", "a"]


def test_none_takes_no_fields() -> None:
    assert errors("layers: [conv: {out_channels: 3, kernel_size: 1, norm: {none: {eps: 1}}}]") == [
        ("NS202", 1, "eps")
    ]
    assert errors("layers: [none: {eps: 1}]")[0][2] == "none"


def test_a_block_of_ones_own_as_an_activation_is_a_scope() -> None:
    body = """
        blocks: {swish: {layers: [mul: [[], [sigmoid]]]}}
        layers: [conv: {out_channels: 3, kernel_size: 1, activation: swish}]
        """
    assert paths(net(body)) == [
        "conv_1",
        "conv_1.activation.sigmoid_1",
        "conv_1.activation.mul_1",
    ]


def test_a_part_reads_one_value() -> None:
    body = """
        blocks: {two: {inputs: [a, b], layers: [add: {from: [a, b]}]}}
        layers: [conv: {out_channels: 3, kernel_size: 1, activation: two}]
        """
    assert errors(body) == [("NS305", 2, "two")]


class TestErrorsInside:
    """Mistakes in a definition and in its uses."""

    def test_a_mistake_in_a_definition_used_three_times_is_told_once(self) -> None:
        found = errors("""
            blocks: {unit: {layers: [conv: {out_channels: 4, kernel_size: 50}, cnov: 3]}}
            layers: [unit, unit: {from: input}, unit: {from: input}]
            """)
        assert [entry[1:] for entry in found] == [(1, "50"), (1, "cnov")]

    def test_a_shape_error_points_into_the_definition_and_shows_the_use(self) -> None:
        (found,) = diagnostics("""
            blocks:
              unit:
                params: {k: int, c: 8}
                layers:
                  - conv: {out_channels: $c, kernel_size: $k}
            layers:
              - unit: {k: 3}
              - unit: {k: 20, repeat: 3, name: stage}
            """)
        assert (found.code, found.primary.span.line, under(found.primary)) == ("NS402", 5, "$k")
        (label,) = [label for label in found.secondary if label.span.line == 8]
        assert "`unit`" in label.text
        assert "k=20, c=8" in label.text
        assert "`stage.1`" in label.text

    def test_a_shape_error_two_blocks_deep_shows_both_uses(self) -> None:
        (found,) = diagnostics("""
            blocks:
              inner: {layers: [conv: {out_channels: 3, kernel_size: 50}]}
              outer: {layers: [inner]}
            layers:
              - outer
            """)
        lines = [label.span.line for label in found.secondary if "used here" in label.text]
        assert (found.primary.span.line, lines) == (2, [3, 5])

    def test_a_shape_error_in_a_part_shows_the_layer(self) -> None:
        (found,) = diagnostics("""
            blocks:
              act: {layers: [conv: {out_channels: 3, kernel_size: 50}]}
            layers:
              - conv: {out_channels: 3, kernel_size: 1, activation: act}
            """)
        assert found.primary.span.line == 2
        assert 4 in [label.span.line for label in found.secondary]

    @pytest.mark.parametrize(
        ("blocks", "use", "line"),
        [
            ("{a: {layers: [a]}}", "a", 1),
            ("{a: {layers: [b]}, b: {layers: [sequential: [a]]}}", "a", 1),
            ("{a: {params: {x: block}, layers: [$x: {x: a}]}}", "a: a", 1),
            ("{a: {conv: {activation: a, kernel_size: 1, out_channels: 3}}}", "a", 1),
            ("{a: {layers: [conv: {kernel_size: 1, out_channels: 3, activation: a}]}}", "a", 1),
            ("{a: {b: {}}, b: {a: {}}}", "a", 1),
        ],
    )
    def test_a_block_that_contains_itself_is_one_error(
        self, blocks: str, use: str, line: int
    ) -> None:
        found = diagnostics(f"blocks: {blocks}\nlayers: [{use}]")
        assert [(entry.code, entry.primary.span.line) for entry in found] == [("NS306", line)]

    def test_the_path_of_a_circle_is_shown(self) -> None:
        (found,) = diagnostics("blocks: {a: {layers: [b]}, b: {layers: [a]}}\nlayers: [a]")
        assert any("a" in note and "b" in note for note in (found.message, *found.notes))

    @pytest.mark.parametrize(
        "definition",
        ["{cnov: {stride: 2}}", "{layers: relu}", "5", "{b: {}}"],
    )
    def test_a_broken_definition_is_one_error_however_it_is_used(self, definition: str) -> None:
        body = f"""
            blocks:
              unit: {definition}
              other: {{unit: {{stride: 2}}}}
            layers:
              - unit: {{k: 3}}
              - unit
              - other: 3
              - conv: {{out_channels: 3, kernel_size: 1, activation: unit}}
            """
        assert [entry[1] for entry in errors(body)] == [2]
