"""Names are addresses: what a layer may be called, automatic names, and what adds a level."""

from __future__ import annotations

import keyword

import pytest
import torch
from torch import nn

from netspec.blocks import BLOCKS, Block
from netspec.elaborate.names import MODULE_ATTRIBUTES
from tests.elaborate.speaking import diagnostics, errors, net, paths, under

NORMED = "out_channels: 3, kernel_size: 1, norm: batch_norm, activation: relu"


def test_reserved_names_are_what_modules_and_containers_have() -> None:
    """A child of such a name would hide a method; `loss_weights` is on every root class."""
    found: set[str] = set()
    for module in (nn.Module(), nn.Sequential(), nn.ModuleDict()):
        found |= {name for name in dir(module) if not name.startswith("_")}
    wanted = {name for name in found if not keyword.iskeyword(name)} | {"loss_weights"}
    missing = wanted - MODULE_ATTRIBUTES - {"clear", "update"}
    assert missing == set(), f"torch {torch.__version__} has more"
    assert wanted >= MODULE_ATTRIBUTES, "not attributes of any module"


def test_a_layer_whose_name_is_refused_still_reports_its_fields() -> None:
    found = errors("""
        layers:
          - relu: {name: act}
          - conv: {name: act, out_channels: 8, kernle_size: 1}
    """)
    assert found == [("NS302", 3, "act"), ("NS202", 3, "kernle_size")]
    copied = diagnostics(
        "layers:\n  - relu: {name: a}\n  - conv: {name: a, repeat: 2, out_channels: $(3 + index)}"
    )
    assert [one.code for one in copied] == ["NS203", "NS302"]


def test_a_name_that_a_misspelt_when_would_free_is_not_taken() -> None:
    """Whichever of the two lines has the slip."""
    rows = "name: rows, as: c, over: [3], layers: [relu]"
    for first, second in (("when", "hen"), ("wehn", "when")):
        found = diagnostics(
            f"params: {{small: true}}\nlayers:\n  - for_each: {{{first}: $small, {rows}}}"
            f"\n  - for_each: {{{second}: $(not small), {rows}}}\n  - relu: {{from: rows}}"
        )
        assert [one.code for one in found] == ["NS202"]


def test_what_reads_inside_a_layer_whose_name_is_refused_stays_quiet() -> None:
    group = "{name: training, layers: [relu: {name: inner}]}"
    reader = "relu: {from: training.inner}"
    assert errors(f"layers:\n  - sequential: {group}\n  - {reader}") == [("NS303", 2, "training")]
    twice = diagnostics(
        "layers:\n  - relu: {name: a}\n  - conv: {name: a, out_channels: 8, kernel_size: 99}"
        "\n  - linear: 4"
    )
    assert [(one.code, under(one.primary)) for one in twice] == [("NS302", "a"), ("NS402", "99")]


@pytest.mark.parametrize(
    "name",
    [
        "training",
        "forward",
        "keys",
        "type",
        "input",
        "previous",
        "loss_weights",
        "for",
        "None",
        "match",
        "a.b",
        "a b",
        "a-b",
        "1a",
        "_a",
        "é",
        "e\u0301",
        "''",
        "5",
        "true",
        "$x",
        "x" * 65,
    ],
)
def test_a_name_that_cannot_be_one_is_refused_at_its_place(name: str) -> None:
    (found,) = diagnostics(f"layers:\n  - relu: {{name: {name}}}\n  - relu")
    assert (found.code, under(found.primary)) == ("NS303", name)


@pytest.mark.parametrize("name", ["a", "A", "conv1_2", "x" * 64, "weight", "none", "main"])
def test_other_names_are_taken_as_they_are(name: str) -> None:
    assert paths(net(f"layers: [relu: {{name: {name}}}]")) == [name]


def test_the_network_has_a_name_by_the_same_rules() -> None:
    assert errors("name: a-b") == [("NS303", 1, "a-b")]


def test_a_name_is_given_once_in_a_scope() -> None:
    (found,) = diagnostics("layers:\n  - relu: {name: a}\n  - tanh: {name: a}")
    assert (found.code, found.primary.span.line, under(found.primary)) == ("NS302", 3, "a")
    assert [label.span.line for label in found.secondary] == [2]


def test_unnamed_structure_shares_the_names_of_the_scope_around() -> None:
    found = errors("layers: [relu: {name: a}, concat: [[relu: {name: a}], []]]")
    assert [code for code, _, _ in found] == ["NS302"]


def test_the_same_name_in_two_scopes_is_two_addresses() -> None:
    body = "layers: [relu: {name: a}, sequential: {name: g, layers: [relu: {name: a}]}]"
    assert paths(net(body)) == ["a", "g.a"]


def test_automatic_names_are_type_and_counter_in_the_scope() -> None:
    body = """
        blocks: {unit: {layers: [relu]}}
        layers:
          - relu
          - tanh
          - relu
          - max_pool: 2
          - unit
          - unit
          - sequential: {name: g, layers: [relu]}
          - sequential: [relu]
        """
    assert paths(net(body)) == [
        "relu_1",
        "tanh_1",
        "relu_2",
        "max_pool_1",
        "unit_1.relu_1",
        "unit_2.relu_1",
        "g.relu_1",
        "relu_3",
    ]


def test_an_automatic_name_skips_a_number_already_taken() -> None:
    body = "layers: [relu: {name: relu_1}, relu, relu: {name: relu_4}, relu, relu]"
    assert paths(net(body)) == ["relu_1", "relu_2", "relu_4", "relu_3", "relu_5"]


def test_a_number_that_was_given_out_cannot_be_taken() -> None:
    (found,) = diagnostics("layers: [relu, relu: {name: relu_1}]")
    assert found.code == "NS302"


def test_a_conv_is_the_module_itself_unless_it_has_a_norm() -> None:
    body = f"""
        layers:
          - conv: {{name: plain, out_channels: 3, kernel_size: 1}}
          - conv: {{name: active, out_channels: 3, kernel_size: 1, activation: relu}}
          - conv: {{name: normed, {NORMED}}}
        """
    assert paths(net(body)) == [
        "plain",
        "active",
        "active.activation",
        "normed.conv",
        "normed.norm",
        "normed.activation",
    ]


def test_copies_are_numbered_from_0_even_when_there_is_one() -> None:
    body = """
        layers:
          - relu: {name: a, repeat: 1}
          - conv: {repeat: 2, out_channels: 3, kernel_size: 1, norm: batch_norm}
          - sequential: {repeat: 1, layers: [relu]}
        """
    assert paths(net(body)) == [
        "a.0",
        "conv_1.0.conv",
        "conv_1.0.norm",
        "conv_1.1.conv",
        "conv_1.1.norm",
        "sequential_1.0.relu_1",
    ]


EVERY_KIND = """
  - relu
  - tanh
  - conv: {out_channels: 3, kernel_size: 1}
  - residual: [relu]
  - add: [[], []]
  - mul: [[], []]
  - concat: [[], []]
  - $unit
"""


@pytest.mark.parametrize(
    "line",
    [
        "conv: {when: $on, out_channels: 3, kernel_size: 1}",
        "relu: {when: $on, name: r}",
        "sequential: {when: $on, layers: [relu, tanh: {name: t}, sequential: [relu]]}",
        "sequential: {when: $on, name: g, layers: [relu]}",
        "sequential: {when: $on, repeat: 2, layers: [relu]}",
        "residual: {when: $on, layers: [relu], shortcut: [tanh]}",
        "residual: {when: $on, layers: [relu], activation: none}",
        "residual: {when: $on, layers: [relu], activation: tanh}",
        "res: {when: $on, layers: [tanh]}",
        "concat: {when: $on, branches: [[relu], [conv: {out_channels: 3, kernel_size: 1}]]}",
        "concat: {when: $on, branches: {a: [relu], b: []}}",
        "add: {when: $on, from: [input, previous]}",
        "mul: {when: $on, branches: [[], [relu]]}",
        "parallel: {when: $on, branches: [[relu]]}",
        "nin_block: {when: $on, out_channels: 3, kernel_size: 1}",
        "$unit: {when: $on}",
        "$off: {when: $on}",
    ],
)
def test_switched_off_lines_are_counted_so_that_keys_do_not_move(line: str) -> None:
    body = f"""
params: {{on: true, unit: {{type: block, default: unit}}, off: {{type: block, default: none}}}}
defaults: {{residual: {{activation: relu}}}}
blocks: {{unit: {{layers: [relu]}}, res: {{residual: {{activation: sigmoid}}}}}}
layers:
  - relu: {{name: relu_2}}
  - {line}
{EVERY_KIND}
"""
    with_line = paths(net(body))
    without = paths(net(body, params={"on": False}))
    assert without == with_line[:1] + with_line[len(with_line) - len(without) + 1 :]


def structural() -> list[str]:
    """The built-in blocks that add no level without a name."""
    return [
        name
        for name, entry in BLOCKS.items()
        if isinstance(entry, type) and issubclass(entry, Block) and entry.structural
    ]


@pytest.mark.parametrize("name", structural())
def test_structure_counts_the_same_switched_off(name: str) -> None:
    """Whatever a structural block puts into the scope around is counted without it too."""
    entry = BLOCKS[name]
    assert isinstance(entry, type)
    head = entry.example.layers.removeprefix("- ").partition(":")[0]
    text = entry.example.layers.replace(f"{head}: [", f"{head}: {{{entry.bare_field}: [", 1)
    text = text if text == entry.example.layers else f"{text}}}"
    off = text.replace(f"{head}: {{", f"{head}: {{when: $on, ", 1).replace("name: stem, ", "")
    tail = "\n".join(f"  - {kind}: [[], []]" for kind in ("add", "mul", "concat"))
    rest = "  - relu\n  - sigmoid\n  - conv: {out_channels: 4, kernel_size: 1}\n  - gap"
    size = list(entry.example.input)
    body = f"params: {{on: true}}\ninput: {size}\nlayers:\n  {off}\n{rest}\n{tail}"
    if isinstance(entry.example.output[0], tuple):
        body = body.replace(f"\n{rest}", f"\n  - concat\n{rest}")
        body = body.replace("  - concat\n", "  - concat: {from: input, branches: [[], []]}\n", 1)
    with_line, without = paths(net(body)), paths(net(body, params={"on": False}))
    assert without == with_line[len(with_line) - len(without) :]
