"""`repeat`, `first`, `last`, `$index` and `when`."""

from __future__ import annotations

import pytest

from netspec import Limits
from tests.elaborate.speaking import diagnostics, errors, net, output, paths, shape, under


def test_copies_have_their_own_weights_and_feed_each_other() -> None:
    network = net("layers: [conv: {out_channels: 3, kernel_size: 3, repeat: 4}]")
    assert network.graph.parameter_count == 4 * (3 * 3 * 9 + 3)
    assert output(network) == (3, 24, 24)


def test_no_copies_are_the_identity() -> None:
    network = net("""
        layers:
          - conv: {name: a, out_channels: 9, kernel_size: 3, repeat: 0, first: {stride: 2}}
          - concat: {from: [a, input]}
        """)
    assert paths(network) == ["concat_1"]
    assert output(network) == (6, 32, 32)


def test_a_repeat_of_several_values() -> None:
    body = "layers: [parallel: [[], []], parallel: {repeat: 2, branches: [[relu], [tanh]]}, concat]"
    assert paths(net(body))[-1] == "concat_1"


def test_the_index_is_that_of_the_copy() -> None:
    network = net(
        "layers: [conv: {name: c, out_channels: $(index + 1), kernel_size: 1, repeat: 3}]"
    )
    assert [shape(network, f"c.{copy}")[0] for copy in range(3)] == [1, 2, 3]


def test_the_innermost_index_wins_and_repeat_is_evaluated_outside() -> None:
    network = net("""
        layers:
          - sequential:
              name: s
              repeat: 3
              layers:
                - conv: {name: c, repeat: $index, out_channels: $(index + 1), kernel_size: 1}
        """)
    assert paths(network) == ["s.1.c.0", "s.2.c.0", "s.2.c.1"]
    assert shape(network, "s.2.c.1")[0] == 2


def test_when_and_from_are_evaluated_outside_the_copies() -> None:
    network = net("""
        layers:
          - sequential:
              name: s
              repeat: 2
              layers:
                - relu: {name: a, when: $(index == 1), repeat: 2}
        """)
    assert paths(network) == ["s.1.a.0", "s.1.a.1"]


@pytest.mark.parametrize("key", ["repeat: $index", "repeat: 2, when: $(index == 0)"])
def test_a_layer_does_not_see_the_index_of_its_own_copies_outside(key: str) -> None:
    assert [text for _, _, text in errors(f"layers: [relu: {{{key}}}]")] == ["index"]


def test_the_index_does_not_pass_the_wall_of_a_block() -> None:
    found = errors("""
        blocks: {unit: {layers: [conv: {out_channels: $index, kernel_size: 1}]}}
        layers: [unit: {repeat: 2}]
        """)
    assert [text for _, _, text in found] == ["index"]


def test_the_index_reaches_arguments_init_and_overrides() -> None:
    network = net("""
        blocks: {unit: {params: {out: int}, layers: [conv: {out_channels: $out, kernel_size: 1}]}}
        layers:
          - unit: {name: u, out: $(index + 4), repeat: 3, last: {out: $(index * 10)}}
          - conv:
              name: c
              repeat: 2
              out_channels: 3
              kernel_size: 1
              init: {weight: {constant: $(index + 1)}}
        """)
    assert [shape(network, f"u.{copy}.conv_1")[0] for copy in range(3)] == [4, 5, 20]
    inits = [node.inits["weight"].arguments for node in network.graph.nodes if "c." in node.path]
    assert inits == [(("val", 1),), (("val", 2),)]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ("repeat: -1", "-1"),
        ("repeat: 1.5", "1.5"),
        ("repeat: true", "true"),
        ("repeat: two", "two"),
        ("repeat: [2]", "[2]"),
        ("repeat: null", "null"),
        ("repeat: 2, first: 3", "3"),
        ("repeat: 2, last: {dim: 2}", "dim"),
        ("repeat: 2, last: {name: b}", "name"),
        ("first: {}", "first"),
        ("last: {}", "last"),
        ("when: 1", "1"),
        ("when: yes", "yes"),
        ("when: null", "null"),
        ("when: $(1 + 1)", "$(1 + 1)"),
    ],
)
def test_wrong_values_of_these_keys(fields: str, text: str) -> None:
    found = errors(f"layers:\n  - relu: {{name: a, {fields}}}\n  - relu: {{from: a}}")
    assert [entry[1:] for entry in found] == [(2, text)]


def test_a_switched_off_line_is_as_if_it_were_deleted() -> None:
    body = "layers: [relu, conv: {when: $(1 == 2), kernel_size: -1, out_channels: $x}, tanh]"
    assert paths(net(body)) == ["relu_1", "tanh_1"]


def test_the_names_in_a_switched_off_line_are_checked_once() -> None:
    """Of blocks and fields, inside it too; also when copies repeat the line."""
    body = """
        layers:
          - for_each:
              over: [1, 2, 3]
              as: n
              layers:
                - relu
                - cnov: {when: $(n > 3)}
                - conv: {when: $(n > 3), out_channels: 8, kernel_siz: 3}
                - residual: {when: $(n > 3), layers: [rleu], activation: {relu: {}}}
        """
    assert errors(body) == [
        ("NS201", 7, "cnov"),
        ("NS202", 8, "kernel_siz"),
        ("NS201", 9, "rleu"),
    ]


def test_a_mistake_that_shows_in_the_last_copy_says_which() -> None:
    (found,) = diagnostics("""
        layers:
          - conv: {name: stage, out_channels: 3, kernel_size: 5, repeat: 9}
        """)
    assert (found.code, under(found.primary)) == ("NS402", "5")
    assert any("`stage.7`" in label.text and "copy 7" in label.text for label in found.secondary)


class TestLimits:
    """What a spec may ask for. Each refusal is one error, at the number that asks."""

    @pytest.mark.parametrize(
        ("layers", "text"),
        [
            ("[relu: {repeat: 1000000000}]", "1000000000"),
            ("[relu: {repeat: 1001}]", "1001"),
            (
                (
                    "[sequential: {repeat: 1000, layers: [sequential: {repeat: 1000, layers: "
                    "[sequential: {repeat: 1000, layers: [relu: {repeat: 1000}]}]}]}]"
                ),
                "1000",
            ),
            ("[sequential: {repeat: 1000, layers: [relu: {repeat: 51}]}]", "51"),
        ],
    )
    def test_copies(self, layers: str, text: str) -> None:
        assert errors(f"layers: {layers}") == [("NS115", 1, text)]

    def test_copies_of_blocks_that_repeat_are_refused_before_they_are_made(self) -> None:
        body = """
            blocks:
              a: {layers: [relu: {repeat: 1000}]}
              b: {layers: [a: {repeat: 1000}]}
              c: {layers: [b: {repeat: 1000}]}
            layers: [c]
            """
        assert errors(body) == [("NS115", 3, "1000")]

    def test_layers_after_expansion_end_the_run_with_one_error(self) -> None:
        limits = Limits(layers=20)
        body = "layers: [sequential: {repeat: 9, layers: [relu, relu, relu]}, relu, cnov]"
        assert [code for code, _, _ in errors(body, limits=limits)] == ["NS115"]
        assert len(paths(net("layers: [relu: {repeat: 19}]", limits=limits))) == 19

    def test_nesting_of_blocks(self) -> None:
        deep = "[relu]"
        for _ in range(20):
            deep = f"[sequential: {deep}]"
        net(f"layers: {deep}")
        assert [code for code, _, _ in errors(f"layers: [sequential: {deep}]")] == ["NS115"]

    def test_nesting_of_parts(self) -> None:
        names = [f"a{number}" for number in range(30)]
        lines = [
            f"  {name}: {{conv: {{out_channels: 3, kernel_size: 1, activation: {after}}}}}"
            for name, after in zip(names, [*names[1:], "relu"], strict=True)
        ]
        body = "blocks:\n" + "\n".join(lines) + "\nlayers: [a0]"
        assert [code for code, _, _ in errors(body)] == ["NS115"]

    def test_defaults_that_put_a_block_into_itself_are_a_circle(self) -> None:
        body = (
            "defaults: {conv: {out_channels: 3, kernel_size: 1, activation: conv}}\nlayers: [conv]"
        )
        assert errors(body) == [("NS306", 1, "conv")]

    def test_inputs_of_one_merge(self) -> None:
        names = ", ".join(["a"] * 257)
        (found,) = diagnostics(f"layers: [relu: {{name: a}}, concat: {{from: [{names}]}}]")
        assert (found.code, under(found.primary)) == ("NS115", "concat")

    def test_elements_of_one_tensor(self) -> None:
        body = """
            input: [1, 65536, 65536]
            layers: [conv: {out_channels: 300, kernel_size: 1}, gap]
            """
        (found,) = diagnostics(body)
        assert (found.code, under(found.primary)) == ("NS115", "conv")
