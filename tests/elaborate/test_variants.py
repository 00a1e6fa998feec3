"""Variants: named sets of values, checked like any value, with expectations of their own."""

from __future__ import annotations

import pytest

from netspec import Limits, SpecError, loads
from netspec.checking import check
from netspec.reading import document, given
from tests.elaborate.speaking import diagnostics, errors, net, op, spec

FAMILY = """
    name: family
    params: {width: 8, act: {type: block, default: relu}, steps: [1, 2]}
    variants:
      family_wide: {width: 16, expect: {params: 448}}
      smooth: {act: sigmoid}
      long: {steps: [1, 2, 3]}
    layers:
      - conv: {out_channels: $width, kernel_size: 3, activation: $act}
    expect: {params: 224, shape: [$width, 30, 30]}
"""


def checked(body: str) -> list[tuple[int, str, tuple[str, ...]]]:
    """(line, message, notes) of everything in a file and its variants."""
    limits = Limits()
    found = check(document(spec(body), "net.yaml", limits), given(None, None, limits), limits)
    return [(d.primary.span.line, d.message, d.notes) for d in found.diagnostics]


def test_the_bare_file_uses_the_defaults() -> None:
    found = net(FAMILY)
    assert (found.name, found.variant, found.graph.parameter_count) == ("family", None, 224)
    assert found.variants == ("family_wide", "smooth", "long")


def test_a_variant_gives_values_and_its_network_a_name() -> None:
    wide = net(FAMILY, variant="family_wide")
    assert (wide.name, wide.variant, wide.graph.parameter_count) == (
        "family_wide",
        "family_wide",
        448,
    )
    assert net(FAMILY, variant="smooth").name == "family_smooth"
    smooth = net(FAMILY, variant="smooth").graph.scopes
    assert smooth["conv_1.activation"].block == "sigmoid"


def test_what_is_given_overrides_the_variant() -> None:
    found = net(FAMILY, variant="family_wide", params={"width": 4})
    assert found.graph.parameter_count == 4 * 27 + 4
    assert len(found.notes) == 1, (
        "the literal expectation of the variant is skipped, and that is told"
    )


def test_what_the_network_expects_holds_for_a_variant_unless_that_expects_otherwise() -> None:
    body = FAMILY.replace(
        "family_wide: {width: 16, expect: {params: 448}}", "family_wide: {width: 16}"
    )
    (found,) = diagnostics(body, variant="family_wide")
    assert (found.code, found.message) == ("NS408", "expected 224 parameters, found 448")
    other = FAMILY.replace("params: 448", "params: 449")
    (found,) = diagnostics(other, variant="family_wide")
    assert (found.primary.span.line, found.message) == (4, "expected 449 parameters, found 448")


def test_expectations_as_expressions_hold_for_every_variant() -> None:
    body = FAMILY.replace("[$width, 30, 30]", "[$width, 30, 31]")
    for variant in ("family_wide", "smooth"):
        assert [d.code for d in diagnostics(body, variant=variant)] == ["NS408"]


def test_an_unknown_variant_gets_a_suggestion() -> None:
    (found,) = diagnostics(FAMILY, variant="smoth")
    assert (found.code, found.help) == ("NS202", ("did you mean `smooth`?",))
    (found,) = diagnostics("layers: [relu]", variant="big")
    assert found.help == ("it has none",)


def test_an_error_in_a_value_stands_at_the_cell_of_the_variant() -> None:
    for old, new, code, text in (
        ("width: 16", "width: 1.5", "NS204", "1.5"),
        ("act: sigmoid", "act: sigmoit", "NS201", "sigmoit"),
        ("steps: [1, 2, 3]", "steps: [1, x, 3]", "NS204", "x"),
        ("width: 16", "width: $(2 * 8)", "NS212", "$(2 * 8)"),
        ("width: 16", "width: null", "NS206", "null"),
    ):
        body = FAMILY.replace(old, new)
        line = next(n for n, row in enumerate(spec(body).splitlines(), 1) if new in row)
        variant = spec(body).splitlines()[line - 1].strip().partition(":")[0]
        assert errors(body, variant=variant) == [(code, line, text)], new


def test_keys_of_all_variants_are_checked_whichever_is_chosen() -> None:
    body = FAMILY.replace("width: 16", "widht: 16")
    for variant in (None, "smooth", "family_wide"):
        assert errors(body, variant=variant) == [("NS202", 4, "widht")]


def test_a_variant_with_a_misspelt_value_expects_nothing() -> None:
    body = FAMILY.replace("width: 16, expect: {params: 448}", "widht: 16, expect: {params: 1}")
    assert errors(body, variant="family_wide") == [("NS202", 4, "widht")]


@pytest.mark.parametrize(
    ("variants", "code"),
    [
        ("[a, b]", "NS204"),
        ("{a: 3}", "NS204"),
        ("{a: null}", "NS204"),
        ("{'a b': {}}", "NS303"),
        ("{a: {doc: 3}}", "NS204"),
        ("{a: {expect: {parms: 3}}}", None),
    ],
)
def test_the_form_of_variants(variants: str, code: str | None) -> None:
    body = f"variants: {variants}\nlayers: [relu]"
    if code is None:  # expectations are read when they are compared
        net(body)
        assert errors(body, variant="a") == [("NS202", 1, "parms")]
    else:
        assert {found[0] for found in errors(body)} == {code}


def test_a_parameter_cannot_be_called_like_a_key_of_variants() -> None:
    body = "params: {expect: 3}\nvariants: {a: {}}\nlayers: [relu]"
    assert errors(body) == [("NS303", 1, "expect")]
    net("params: {expect: 3}\nlayers: [relu]")


def test_a_required_parameter_may_come_from_variants_alone() -> None:
    body = """
        params: {width: int}
        variants: {small: {width: 4}, large: {width: 64}}
        layers: [conv: {out_channels: $width, kernel_size: 1}]
    """
    (found,) = diagnostics(body)
    assert found.help[0] == "choose a variant that has one: `--variant small`"
    assert checked(body) == []
    assert net(body, variant="large").graph.parameter_count == 64 * 3 + 64


def test_checking_a_file_checks_every_variant_and_says_which() -> None:
    body = FAMILY.replace("act: sigmoid", "act: sigmoit").replace("params: 448", "params: 449")
    tensors = "parameters: weight 16x3x3x3 = 432, bias 16 = 16"
    assert checked(body) == [
        (4, "expected 449 parameters, found 448", (tensors, "in variant `family_wide`")),
        (5, "there is no block `sigmoit`", ("in variant `smooth`",)),
    ]


def test_an_error_of_the_file_is_told_once_and_without_variants() -> None:
    body = FAMILY.replace("kernel_size: 3", "kernel_size: 33")
    ((line, _, notes),) = checked(body)
    assert line == 8
    assert not any("variant" in note for note in notes)


def test_an_error_of_several_variants_is_told_once() -> None:
    body = """
        params: {k: 3}
        variants: {a: {k: 40}, b: {k: 41}, c: {k: 42}, d: {k: 43}, e: {k: 5}}
        layers: [conv: {out_channels: 2, kernel_size: 3}, max_pool: $k]
    """
    ((line, _, notes),) = checked(body)
    assert line == 3
    assert notes[-1] == "in variants `a`, `b`, `c` and 1 more"


def test_the_number_of_variants_is_limited() -> None:
    many = ", ".join(f"v{number}: {{}}" for number in range(101))
    (found,) = diagnostics(f"variants: {{{many}}}\nlayers: [relu]")
    assert (found.code, found.message) == ("NS115", "more than 100 variants")
    with pytest.raises(SpecError):
        loads(spec("variants: {a: {}, b: {}}\nlayers: [relu]"), limits=Limits(variants=1))


def test_input_may_be_an_expression_of_a_parameter() -> None:
    body = """
        params: {size: 32}
        variants: {large: {size: 64}}
        input: [3, $size, $size]
        layers: [max_pool: 2]
    """
    found = net(body, variant="large")
    assert op(found, "max_pool_1") is not None
    assert found.graph.outputs[0].value.shape == (3, 32, 32)
