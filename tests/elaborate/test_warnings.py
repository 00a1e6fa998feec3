"""Warnings: what is told, at which place, and above all what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec import load
from netspec.checking import check
from netspec.elaborate import Given
from netspec.limits import Limits
from netspec.reading import document, read_file
from netspec.source import Project
from tests.elaborate.speaking import diagnostics, net, spec, under, warnings

ROOT = Path(__file__).parent.parent.parent


def checked(body: str) -> list[tuple[str, tuple[str, ...]]]:
    """(code, notes) of what `netspec check` tells of a body in all its variants."""
    read = document(spec(body), "net.yaml", Limits())
    return [(one.code, one.notes) for one in check(read, Given({}), Limits()).diagnostics]


# Never used


def test_a_parameter_is_read_wherever_an_expression_names_it() -> None:
    """In a line that is switched off, a branch not taken, `let`, `defaults`, `init`, an expectation."""
    body = """
    params: {a: 8, b: false, c: 3, d: 2, e: 0.1, f: 10, g: 8, h: 1}
    variants: {one: {expect: {shape: [$f]}}}
    let: {double: $(c if b else d * h)}
    defaults: {conv: {kernel_size: $double}}
    layers:
      - conv: {out_channels: $a, when: $b}
      - sequential: {layers: [conv: $g], when: $(not b)}
      - gap
      - flatten
      - linear: 10
    init: {linear: {weight: {normal: $e}}}
    """
    assert warnings(body) == []


def test_a_parameter_of_the_file_is_not_read_by_a_block() -> None:
    """A block has a parameter of that name; the file's own is never read."""
    body = """
    params: {width: 8}
    blocks:
      unit: {params: {width: int}, layers: [conv: {out_channels: $width, kernel_size: 3}]}
    layers: [unit: 4]
    """
    assert warnings(body) == [("NS902", 1, "width")]


def test_a_name_of_let_that_only_lets_read_is_read() -> None:
    body = """
    let: {a: 2, b: $(a * 2)}
    layers: [conv: {out_channels: $b, kernel_size: 3}]
    """
    assert warnings(body) == []


@pytest.mark.parametrize(
    "use",
    [
        "layers: [unit]",
        "layers: [sequential: [unit]]",
        "layers: [concat: {branches: {left: [unit], right: []}}]",
        "layers: [conv: {out_channels: 8, kernel_size: 3, activation: unit}]",
        "layers: [conv: {out_channels: 8, kernel_size: 3, activation: {unit: {}}}]",
        "layers: [unit: {when: false}, relu]",
        "layers: [again]",
        "let: {chosen: \"$('unit' if 1 < 2 else 'relu')\"}\nlayers: [$chosen]",
        "defaults: {conv: {activation: unit}}\nlayers: [conv: {out_channels: 8, kernel_size: 3}]",
        "params: {block: unit}\nlayers: [$block]",
        "params: {block: {type: block, default: relu}}\nlayers: [$block]",
        "params: {block: relu}\nvariants: {other: {block: unit}}\nlayers: [$block]",
        "layers: [for_each: {over: [unit, relu], as: block, layers: [$block]}]",
    ],
)
def test_a_block_is_used_wherever_its_name_can_lead_to_it(use: str) -> None:
    blocks = "blocks: {unit: {layers: [relu]}, again: {sequential: {layers: [unit]}}}\n"
    found = warnings(blocks + use)
    assert [entry for entry in found if entry[2] == "unit"] == []


@pytest.mark.parametrize("key", ["name", "doc"])
def test_the_name_of_a_layer_is_no_use_of_a_block(key: str) -> None:
    body = f"blocks: {{unit: {{layers: [relu]}}}}\nlayers: [relu: {{{key}: unit}}]"
    assert [code for code, *_ in warnings(body)] == ["NS901"]


def test_a_block_that_only_unused_blocks_use_is_unused_too() -> None:
    body = """
    blocks:
      first: {layers: [second]}
      second: {layers: [first]}
    layers: [relu]
    """
    assert warnings(body) == [("NS901", 2, "first"), ("NS901", 3, "second")]


def test_a_block_of_its_own_in_place_of_a_built_in_one_is_used_by_its_presets() -> None:
    """`max_pool` is a preset of `pool`, so it leads to the file's own."""
    body = """
    blocks: {pool: {params: {mode: text}, layers: [relu: {when: $(mode == 'max')}]}}
    layers: [max_pool]
    """
    assert warnings(body) == []


def test_blocks_that_stand_for_each_other_take_the_same_fields() -> None:
    body = """
    params: {block: plain}
    blocks:
      plain: {params: {width: int, groups: int}, layers: [conv: {out_channels: $width, kernel_size: 1}]}
      grouped:
        params: {width: int, groups: int}
        layers: [conv: {out_channels: $width, kernel_size: 1, groups: $groups}]
    layers: [$block: {width: 6, groups: 3}]
    """
    assert warnings(body) == []


@pytest.mark.parametrize("layer", ["max_pool: 2", "pool: {mode: max, kernel_size: 2}"])
def test_defaults_of_a_block_reach_its_presets(layer: str) -> None:
    assert warnings(f"defaults: {{pool: {{stride: 1}}}}\nlayers: [{layer}]") == []


def test_defaults_of_a_preset_do_not_reach_its_block() -> None:
    body = "defaults: {max_pool: {stride: 1}}\nlayers: [pool: {mode: max, kernel_size: 2}]"
    assert warnings(body) == [("NS905", 1, "max_pool")]


# Imports


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "blocks.yaml").write_text(
        "defaults: {gap: {keepdim: true}}\n"
        "blocks:\n"
        "  unit: {params: {n: int, groups: 1}, layers: [conv: {out_channels: $n, kernel_size: 1}]}\n"
        "  unused_here: {layers: [relu]}\n"
    )
    return tmp_path


def test_what_an_imported_file_has_too_much_is_told_there(folder: Path) -> None:
    """A field and defaults; a block that this spec does not use is for others."""
    blocks = (folder / "blocks.yaml").read_text().replace("{keepdim: true}", "{}")
    (folder / "blocks.yaml").write_text(blocks)
    (folder / "net.yaml").write_text(spec("import: [blocks.yaml]\nlayers: [unit: 8]"))
    found = load(folder / "net.yaml").warnings
    assert [(one.code, one.primary.span.line, under(one.primary)) for one in found] == [
        ("NS905", 1, "gap"),
        ("NS902", 3, "groups"),
    ]
    assert {Path(one.primary.span.file.name).name for one in found} == {"blocks.yaml"}


def test_a_comment_in_an_imported_file_allows_what_is_told_there(folder: Path) -> None:
    (folder / "blocks.yaml").write_text(
        "blocks:\n"
        "  # netspec: allow NS902: weights of others call it so\n"
        "  unit: {params: {n: int, groups: 1}, layers: [conv: {out_channels: $n, kernel_size: 1}]}\n"
    )
    (folder / "net.yaml").write_text(spec("import: [blocks.yaml]\nlayers: [unit: 8]"))
    found = load(folder / "net.yaml")
    assert found.warnings == ()
    assert [one.code for one in found.allowed] == ["NS902"]


# A layer that nobody reads


def test_a_layer_is_read_by_the_next_line_by_name_or_as_an_output() -> None:
    body = """
    layers:
      - conv: {name: a, out_channels: 8, kernel_size: 1}
      - conv: {name: b, out_channels: 8, kernel_size: 1, from: a}
      - conv: {name: c, out_channels: 8, kernel_size: 1, from: a}
      - add: {name: sum, from: [b, c]}
      - conv: {name: d, out_channels: 8, kernel_size: 1}
      - aux_head: {name: aux, layers: [gap, flatten, linear: 10]}
    outputs: [sum, d]
    """
    assert warnings(body) == []


def test_a_part_of_a_split_may_stay_unread() -> None:
    body = """
    layers:
      - conv: {out_channels: 8, kernel_size: 1}
      - split: {name: parts, sizes: [4, 4], into: [kept, dropped]}
      - relu: {from: parts.kept}
    """
    assert warnings(body) == []


def test_a_block_with_several_outputs_may_have_one_that_a_spec_does_not_read() -> None:
    body = """
    blocks:
      two:
        outputs: [left, right]
        layers:
          - conv: {name: left, out_channels: 8, kernel_size: 1}
          - conv: {name: right, out_channels: 8, kernel_size: 1, from: input}
    layers:
      - two: {name: both}
      - relu: {from: both.left}
    """
    assert warnings(body) == []


def test_a_line_that_one_of_its_uses_needs_is_not_told() -> None:
    body = """
    blocks:
      unit:
        params: {both: bool}
        layers:
          - conv: {name: side, out_channels: 8, kernel_size: 1}
          - conv: {name: main, out_channels: 8, kernel_size: 1, from: input}
          - add: {from: [side, main], when: $both}
    layers:
      - unit: true
      - unit: false
    """
    assert warnings(body) == []
    assert warnings(body.replace("unit: true", "unit: false")) == [("NS906", 5, "conv")]


def test_a_layer_inside_an_unread_one_is_not_told_again() -> None:
    body = """
    layers:
      - tanh: {name: start}
      - sequential: {layers: [sequential: {name: s, layers: [conv: {out_channels: 8, kernel_size: 1}]}]}
      - relu: {from: start}
    """
    assert warnings(body) == [("NS906", 3, "sequential")]


# Variants


FAMILY = """
params: {norm: none, width: 8, deep: false}
variants:
  plain: {}
  normal: {norm: batch_norm}
  wide: {norm: batch_norm, width: 16}
layers:
  - conv: {out_channels: $width, kernel_size: 3, bias: true, norm: $norm}%s
  - relu: {when: $deep}
"""


def test_a_warning_of_several_variants_is_told_once_and_says_which() -> None:
    assert checked(FAMILY % "") == [("NS908", ("in variants `normal` and `wide`",))]


def test_an_allowance_that_one_variant_needs_is_needed() -> None:
    body = FAMILY % "  # netspec: allow NS908: as in the weights"
    assert checked(body) == []
    assert net(body, variant="plain").warnings == ()
    assert [one.code for one in net(body, variant="normal").allowed] == ["NS908"]


def test_an_allowance_that_no_variant_needs_is_told_when_all_are_checked() -> None:
    body = FAMILY % "  # netspec: allow NS908, NS909"
    assert [code for code, _ in checked(body)] == ["NS900"]
    assert net(body).warnings == ()


def test_nothing_is_said_about_allowances_under_other_values() -> None:
    body = """
    params: {p: 1.0}
    layers:
      - dropout: $p  # netspec: allow NS911
    """
    assert warnings(body) == []
    assert warnings(body, params={"p": 0.5}) == []


def test_a_warning_is_never_told_beside_an_error() -> None:
    """It can be the consequence of one: here of the misspelt `$width`."""
    body = "params: {width: 8}\nlayers: [conv: {out_channels: $wdith, kernel_size: 3}]"
    assert [one.code for one in diagnostics(body)] == ["NS222"]
    broken = FAMILY.replace("width: 16", "width: 0") % ""
    assert [code for code, _ in checked(broken)] == ["NS205"]


# The specs that ship


@pytest.mark.parametrize(
    "file", sorted((ROOT / "specs").rglob("*.yaml")), ids=lambda file: file.stem
)
def test_the_shipped_specs_have_no_warnings(file: Path) -> None:
    """What is meant is allowed by a comment beside its reason, and every such comment is needed."""
    read = document(read_file(file, Limits()), str(file), Limits())
    assert check(read, Given({}), Limits(), Project(file)).diagnostics == ()
