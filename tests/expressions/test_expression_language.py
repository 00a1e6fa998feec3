"""The expressions that the language's twelve example programs use, with values computed by hand."""

import pytest

from netspec.expressions import Reference, parse

RESNEXT = {"planes": 256, "base_width": 4, "groups": 32, "stride": 2, "in_channels": 512}
BNECK = {"expand": 72, "out": 40, "width": 0.75, "hidden": 56, "in_channels": 24, "stride": 2}

CASES = [
    ("$(2 * growth)", {"growth": 48}, 96),
    ("$(bottleneck * growth)", {"bottleneck": 4, "growth": 32}, 128),
    ("$(in_channels // 2)", {"in_channels": 517}, 258),
    ("$(in_channels // reduction)", {"in_channels": 256, "reduction": 16}, 16),
    ("$(index < 3)", {"index": 2}, True),
    ("$(index < 3)", {"index": 3}, False),
    ("$(6 * make_divisible(160 * width))", {"width": 1.0}, 960),
    ("$(6 * make_divisible(160 * width))", {"width": 0.75}, 720),
    ("$(make_divisible(1280 * width))", {"width": 0.75}, 960),
    ("$(make_divisible(16 * width))", {"width": 0.75}, 16),
    ("$(make_divisible(expand * width, 8))", BNECK, 56),
    ("$(make_divisible(hidden // 4, 8))", BNECK, 16),
    ("$(make_divisible(out * width, 8))", BNECK, 32),
    ("$(hidden != in_channels)", BNECK, True),
    (
        "$(stride == 1 and in_channels == channels)",
        {"stride": 1, "in_channels": 24, "channels": 24},
        True,
    ),
    ("$(stride == 1 and in_channels == channels)", {**BNECK, "channels": 24}, False),
    ("$(planes * base_width // 64 * groups)", RESNEXT, 512),
    ("$(4 * planes)", RESNEXT, 1024),
    ("$(stride != 1 or in_channels != planes)", RESNEXT, True),
    ("$(stride != 1 or in_channels != out)", {"stride": 1, "in_channels": 64, "out": 64}, False),
    (
        "$(max(out_channels // reduction, min_channels))",
        {"out_channels": 256, "reduction": 16, "min_channels": 32},
        32,
    ),
    ("$(2 * out_channels)", {"out_channels": 128}, 256),
    ("$(4 * width)", {"width": 64}, 256),
    ("$(width // 2)", {"width": 116}, 58),
    *((f"$(width * {factor})", {"width": 64}, 64 * factor) for factor in (2, 4, 8, 16)),
    ("$depths.0", {"depths": [3, 4, 23, 3]}, 3),
    ("$depths.2", {"depths": [3, 4, 23, 3]}, 23),
    ("$ch3.1", {"ch3": [96, 128]}, 128),
    ("$depths", {"depths": [6, 12]}, [6, 12]),
    ("$num_classes", {"num_classes": 1000}, 1000),
    ("$se", {"se": False}, False),
    ("$norm", {"norm": "batch_norm"}, "batch_norm"),
    ("$scale", {"scale": 0.2}, 0.2),
]


@pytest.mark.parametrize(("text", "values", "expected"), CASES)
def test_an_expression_of_the_examples_has_its_value(text, values, expected):
    result = parse(text).evaluate(values)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("$width", Reference("width")),
        ("$(width)", Reference("width")),
        ("$((width))", Reference("width")),
        ("$depths.0", Reference("depths", (0,))),
        ("$rows.2.1", Reference("rows", (2, 1))),
        ("$(rows.2.1)", Reference("rows", (2, 1))),
        ("$(rows[2][1])", Reference("rows", (2, 1))),
        ("$((rows[2]).1)", Reference("rows", (2, 1))),
        ("$(rows[-1])", None),
        ("$(rows[i])", None),
        ("$(rows[1.0])", None),
        ("$(rows[true])", None),
        ("$(rows[0:1])", None),
        ("$(rows[0:1][0])", None),
        ("$([1, 2][0])", None),
        ("$(width + 0)", None),
        ("$(4)", None),
    ],
)
def test_a_reference_says_where_a_value_stands(text, reference):
    expression = parse(text)
    assert expression.text == text
    assert expression.reference == reference


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$a", {"a"}),
        ("$a.0", {"a"}),
        ("$(a if b else c)", {"a", "b", "c"}),
        ("$(false and d[e] in [f, 'g'])", {"d", "e", "f"}),
        ("$(max(max, 3))", {"max"}),
        ("$(1 + 2)", set()),
    ],
)
def test_names_are_all_names_in_the_text_and_no_functions(text, names):
    assert parse(text).names == names
