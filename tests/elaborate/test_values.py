"""Values in fields: literals, `$name`, expressions; where an error in one is told."""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import diagnostics, errors, net, op, output, under

CONV = "conv: {out_channels: 4, kernel_size: 1}"


@pytest.mark.parametrize(
    ("value", "channels"),
    [
        ("16", 16),
        ("$width", 8),
        ("$(width)", 8),
        ("$(width * 2 + 1)", 17),
        ("$widths.1", 5),
        ("'$(widths[-1])'", 6),
        ("$(max(widths))", 6),
        ("$(in_channels * 2)", 6),
        ("$(make_divisible(20))", 24),
        ('"$(4 if width == 8 else 2)"', 4),
        ("$twice", 16),
    ],
)
def test_a_field_takes_what_its_expression_says(value: str, channels: int) -> None:
    network = net(f"""
        params: {{width: 8, widths: [4, 5, 6]}}
        let: {{twice: $(2 * width)}}
        layers:
          - conv: {{out_channels: {value}, kernel_size: 1}}
        """)
    assert output(network) == (channels, 32, 32)


def test_the_input_may_be_computed() -> None:
    network = net("params: {size: 8}\ninput: [3, $size, $(2 * size)]\nlayers: [relu]")
    assert network.graph.input.shape == (3, 8, 16)


def test_elements_of_lists_are_evaluated() -> None:
    network = net("""
        params: {k: 5}
        layers:
          - conv: {out_channels: 4, kernel_size: [1, $k], padding: [0, $(k // 2)]}
        """)
    assert op(network, "conv_1").kernel_size == (1, 5)  # type: ignore[attr-defined]


def test_a_bare_value_is_the_blocks_bare_field() -> None:
    network = net("defaults: {conv: {kernel_size: 1}}\nlayers: [conv: 7, gap, flatten, linear: 5]")
    assert output(network) == (5,)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("- conv: {out_channels: 64.0, kernel_size: 1}", ("NS204", "64.0")),
        ("- conv: {out_channels: '64', kernel_size: 1}", ("NS204", "'64'")),
        ("- conv: {out_channels: true, kernel_size: 1}", ("NS204", "true")),
        ("- conv: {out_channels: null, kernel_size: 1}", ("NS206", "null")),
        ("- conv: {out_channels: 0, kernel_size: 1}", ("NS205", "0")),
        ("- conv: {out_channels: 1000001, kernel_size: 1}", ("NS205", "1000001")),
        ("- conv: {out_channels: 4, kernel_size: 0}", ("NS205", "0")),
        ("- conv: {out_channels: 4, kernel_size: [3, no]}", ("NS204", "[3, no]")),
        ("- conv: {out_channels: 4, kernel_size: [1, 1, 1, 1]}", ("NS204", "[1, 1, 1, 1]")),
        ("- conv: {out_channels: 4, kernel_size: 1, padding: -1}", ("NS205", "-1")),
        ("- conv: {out_channels: 4, kernel_size: 1, padding: sane}", ("NS204", "sane")),
        ("- conv: {out_channels: 4, kernel_size: 1, bias: no}", ("NS204", "no")),
        ("- conv: {out_channels: 4, kernel_size: 1, norm: null}", ("NS206", "null")),
        ("- dropout: 1.5", ("NS205", "1.5")),
        ("- conv: {out_channels: $(1 / 2), kernel_size: 1}", ("NS204", "$(1 / 2)")),
    ],
)
def test_a_wrong_value_is_told_once_at_its_place(line: str, error: tuple[str, str]) -> None:
    code, text = error
    assert errors(f"layers:\n  {line}") == [(code, 2, text)]


def test_a_fault_in_an_expression_points_at_its_part() -> None:
    found = errors("layers:\n  - conv: {out_channels: $(2 * widht), kernel_size: 1}")
    assert [(line, text) for _, line, text in found] == [(2, "widht")]


@pytest.mark.parametrize(
    ("value", "line", "text"),
    [("$width", 2, "0"), ("$widths.1", 3, "-5"), ("$alias", 4, "$(0 * 2)")],
)
def test_an_error_in_a_passed_value_points_at_the_literal(value: str, line: int, text: str) -> None:
    found = errors(f"""
        params:
          width: 0
          widths: [4, -5]
        let: {{alias: $(0 * 2)}}
        layers:
          - conv: {{out_channels: {value}, kernel_size: 1}}
        """)
    assert found == [("NS205", line, text)]


def test_an_error_in_a_block_argument_points_at_the_argument() -> None:
    found = errors("""
        blocks:
          unit: {params: {k: int}, layers: [conv: {out_channels: 4, kernel_size: $k}]}
        layers:
          - unit: {k: 3}
          - unit: {k: 0}
        """)
    assert found == [("NS205", 5, "0")]


def test_an_argument_handed_down_twice_still_points_at_its_literal() -> None:
    found = errors("""
        params: {table: [3, 0]}
        blocks:
          inner: {params: {k: int}, layers: [conv: {out_channels: 4, kernel_size: $k}]}
          outer: {params: {k: [int]}, layers: [inner: $k.1]}
        layers:
          - outer: {k: $table}
        """)
    assert found == [("NS205", 1, "0")]


def test_an_unknown_name_is_told_where_the_input_failed_too() -> None:
    body = """
        blocks:
          unit:
            layers:
              - conv: {out_channels: $widht, kernel_size: 1}
              - conv: {out_channels: $in_channels, kernel_size: 1}
        layers:
          - relux
          - unit
        """
    assert errors(body) == [("NS222", 4, "widht"), ("NS201", 7, "relux")]


def test_an_unknown_block_behind_a_parameter_points_at_the_literal_and_the_use() -> None:
    (found,) = diagnostics("""
        params: {unit: {type: block, default: reul}}
        layers:
          - $unit
        """)
    assert (found.code, found.primary.span.line, under(found.primary)) == ("NS201", 1, "reul")
    assert [under(label) for label in found.secondary] == ["$unit"]


def test_all_mistakes_of_a_spec_are_told_in_one_run_and_in_order() -> None:
    found = errors("""
        layers:
          - cnov: 64
          - conv: {out_channels: 4, kernel_siz: 3}
          - conv: {out_channels: 4, kernel_size: 3, norm: batch_nrom}
          - conv: {out_channels: 4, kernel_size: 3, activation: {softmax: {dmi: 1}}}
          - relu: {from: nowhere}
          - conv: {out_channels: $width, kernel_size: 3}
        """)
    assert [(line, text) for _, line, text in found] == [
        (2, "cnov"),
        (3, "kernel_siz"),
        (4, "batch_nrom"),
        (5, "dmi"),
        (6, "nowhere"),
        (7, "width"),
    ]


@pytest.mark.parametrize("version", ["true", "1.0", "2", "'1'"])
def test_the_version_is_the_number_1(version: str) -> None:
    assert errors(f"netspec: {version}") == [("NS211", 1, version)]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("input: 3", "3"),
        ("input: []", "[]"),
        ("input: [3, 0, 8]", "0"),
        ("input: [3, 8.0, 8]", "[3, 8.0, 8]"),
        ("input: [1, 2, 3, 4, 5]", "[1, 2, 3, 4, 5]"),
        ("input: [3, 8, 65537]", "65537"),
        ("input: {a: [3, 8, 8]}", "{a: [3, 8, 8]}"),
        ("name: ''", "''"),
        ("name: 5", "5"),
        ("doc: 5", "5"),
        ("layers: []", "[]"),
        ("layers: {relu: {}}", "{relu: {}}"),
        ("params: [a]", "[a]"),
        ("let: 5", "5"),
        ("blocks: [a]", "[a]"),
        ("init: zeros", "zeros"),
        ("outputs: []", "[]"),
        ("outputs: relu_1", "relu_1"),
    ],
)
def test_a_section_of_the_wrong_form_is_told_at_its_value(line: str, text: str) -> None:
    assert [found[1:] for found in errors(line)] == [(1, text)]


@pytest.mark.parametrize("key", ["netspec", "name", "input", "layers"])
def test_each_required_section_is_asked_for(key: str) -> None:
    from netspec import SpecError, loads
    from tests.elaborate.speaking import REST

    text = "".join(f"{name}: {value}\n" for name, value in REST.items() if name != key)
    with pytest.raises(SpecError) as caught:
        loads(text)
    (found,) = caught.value.diagnostics
    assert (found.code, f"`{key}:`" in found.message) == ("NS203", True)


@pytest.mark.parametrize("misspelt", ["parms: {n: 3}", "param: {n: 3}", "lets: {n: 3}"])
def test_a_misspelt_section_is_one_error_though_everything_reads_it(misspelt: str) -> None:
    found = errors(f"{misspelt}\nlayers: [conv: {{out_channels: $n, kernel_size: 1}}]")
    assert found == [("NS202", 1, misspelt.partition(":")[0])]


def test_a_misspelt_layers_is_not_missing_too() -> None:
    from netspec import SpecError, loads

    with pytest.raises(SpecError) as caught:
        loads("netspec: 1\nname: net\ninput: [3, 8, 8]\nlayres: [relu]\n")
    assert [found.code for found in caught.value.diagnostics] == ["NS202"]


@pytest.mark.parametrize("bare", ["$(8 * (1 + 1))", "$(max(8, 16))", "$(8 == 8)"])
def test_a_bare_expression_that_looks_like_arguments_hides_no_missing_field(bare: str) -> None:
    found = diagnostics(f"layers:\n  - conv: {bare}")
    assert any("kernel_size" in one.message for one in found)


def test_the_typo_can_be_where_the_name_is_given() -> None:
    (found,) = diagnostics(
        """
        params: {unused: 1}
        layers:
          - for_each:
              over: {widht: [8, $unused]}
              layers: [conv: {out_channels: $width, kernel_size: 1}]
        """
    )
    assert [under(label) for label in found.secondary] == ["widht"]
