"""`split`, and `stack` that joins what it gives along a new axis: shapes, names, numbers, mistakes."""

from __future__ import annotations

import pytest
import torch

from tests.elaborate.speaking import errors, net, output, paths, shape


def run(body: str) -> tuple[torch.Tensor, torch.Tensor]:
    """An input of batch 2, and what the network makes of it."""
    network = net(body)
    x = torch.randn(2, *network.graph.input.shape, generator=torch.Generator().manual_seed(0))
    return x, network.compile().eval()(x)


def test_equal_parts_go_to_one_branch_each() -> None:
    body = "input: [6, 4, 4]\nlayers: [split: 2, concat: [[], [tanh]]]"
    x, y = run(body)
    left, right = x.chunk(2, dim=1)
    assert torch.equal(y, torch.cat([left, right.tanh()], dim=1))


def test_three_parts_of_a_sequence_along_its_length() -> None:
    x, y = run("input: [2, 9]\nlayers: [split: {chunks: 3, dim: 2}, stack]")
    assert torch.equal(y, torch.stack(x.chunk(3, dim=2), dim=1))


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [("[1, 5]", (1, 5)), ("[2, rest]", (2, 4)), ("[rest, 1, 2]", (3, 1, 2)), ("[3, 3]", (3, 3))],
)
def test_sizes_say_how_large_the_parts_are(sizes: str, parts: tuple[int, ...]) -> None:
    network = net(f"input: [6, 4, 4]\nlayers: [split: {{name: p, sizes: {sizes}}}, concat]")
    (node, _) = network.graph.nodes
    assert tuple(value.channels for value in node.outputs) == parts


def test_parts_are_read_by_name_below_the_layer() -> None:
    body = """
        params: {res: 2}
        input: [6, 4, 4]
        layers:
          - split: {name: parts, sizes: [$res, rest], into: [kept, dense]}
          - tanh: {from: parts.dense}
          - concat: {from: [parts.kept, previous, parts.dense]}
        """
    x, y = run(body)
    kept, dense = x.split([2, 4], dim=1)
    assert torch.equal(y, torch.cat([kept, dense.tanh(), dense], dim=1))


def test_names_alone_say_how_many_equal_parts_there_are() -> None:
    body = """
        input: [6, 4, 4]
        layers: [split: {name: p, into: [a, b, c]}, relu: {name: r, from: p.b}]
        """
    assert shape(net(body), "r") == (2, 4, 4)


def test_the_layers_own_name_stands_for_all_its_values() -> None:
    body = """
        input: [6, 4, 4]
        layers: [split: {name: p, chunks: 2}, relu: {from: input}, concat: {from: [p, previous]}]
        """
    assert output(net(body)) == (12, 4, 4)


def test_without_a_name_it_adds_no_level() -> None:
    network = net("input: [6, 4, 4]\nlayers: [split: 2, add, split: {name: p, chunks: 3}, add]")
    assert paths(network) == ["split_1", "add_1", "p", "add_2"]


def test_blocks_that_differ_in_width_alone_share_a_class() -> None:
    source = net("""
        input: [8, 4, 4]
        blocks:
          unit: {layers: [split: 2, concat: [[], [conv: {out_channels: 4, kernel_size: 1}]]]}
        layers: [unit, conv: {out_channels: 12, kernel_size: 1}, unit]
        """).source()
    assert source.count("torch.chunk(") == 1


@pytest.mark.parametrize(
    ("layers", "error"),
    [
        ("[split: 5, add]", ("NS410", "5")),
        ("[split: {sizes: [3, 4]}, add]", ("NS410", "[3, 4]")),
        ("[split: {sizes: [6, rest]}, add]", ("NS410", "[6, rest]")),
        ("[split: {sizes: [rest, rest]}, add]", ("NS204", "[rest, rest]")),
        ("[split: {sizes: [6]}, add]", ("NS204", "[6]")),
        ("[split: {sizes: [0, 6]}, add]", ("NS205", "[0, 6]")),
        ("[split: 1, add]", ("NS205", "1")),
        ("[split, add]", ("NS218", "split")),
        ("[split: {chunks: 2, sizes: [3, 3]}, add]", ("NS218", "2")),
        ("[split: {into: [a, b]}, add]", ("NS218", "[a, b]")),
        ("[split: {name: p, chunks: 3, into: [a, b]}, add]", ("NS305", "[a, b]")),
        ("[split: {name: p, into: [a, keys]}, add]", ("NS303", "keys")),
        ("[split: {name: p, into: [a, a]}, add]", ("NS302", "a")),
        ("[split: {name: p, into: a}, add]", ("NS204", "a")),
        ("[split: {chunks: 2, dim: 4}, add]", ("NS404", "4")),
        ("[split: 2, relu]", ("NS305", "relu")),
        ("[split: 2]", ("NS305", "split: 2")),
        ("[split: {name: p, chunks: 2}, relu: {from: p}]", ("NS305", "p")),
        ("[split: {name: p, into: [a, b]}, relu: {from: p.c}]", ("NS301", "p.c")),
    ],
)
def test_mistakes_are_one_error_at_their_place(layers: str, error: tuple[str, str]) -> None:
    found = errors(f"input: [6, 4, 4]\nlayers: {layers}")
    assert [(code, text) for code, _, text in found] == [error]


@pytest.mark.parametrize("fields", ["chunks: 5", "sizes: [3, 4]", "chunks: 2, dim: 4", "sizs: [3]"])
def test_whoever_reads_a_part_of_a_failed_split_stays_quiet(fields: str) -> None:
    body = f"""
        input: [6, 4, 4]
        layers:
          - split: {{name: p, {fields}}}
          - relu: {{from: p.left}}
          - add: {{from: [p.right, previous]}}
        """
    assert [line for _, line, _ in errors(body)] == [3]


def test_a_stack_adds_an_axis_where_it_is_told() -> None:
    x, y = run("input: [3, 4, 4]\nlayers: [stack: {branches: [[], [tanh]], dim: 3}]")
    assert torch.equal(y, torch.stack([x, x.tanh()], dim=3))


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ("[stack: [[], [conv: {out_channels: 4, kernel_size: 1}]]]", "stack"),
        ("[stack: [[], [gap]]]", "stack"),
    ],
)
def test_a_stack_never_broadcasts(layers: str, text: str) -> None:
    assert errors(f"layers: {layers}") == [("NS401", 1, text)]
