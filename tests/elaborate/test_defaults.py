"""Where a field's value comes from: the block's own < `defaults` < preset < written < `first`/`last`."""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import diagnostics, errors, net, op, output, paths, shape, under


def stride(body: str, path: str = "conv_1") -> int:
    """The stride of a convolution."""
    return op(net(body), path).stride[0]  # type: ignore[attr-defined]


FILE = "defaults: {conv: {out_channels: 3, kernel_size: 1, stride: 2}}\n"
UNIT = """
blocks:
  preset: {conv: {stride: 4}}
  unit:
    params: {s: 3}
    defaults: {conv: {stride: $s}}
    layers: [LAYER]
layers: [unit]
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("layers: [conv: {out_channels: 3, kernel_size: 1}]", 1),
        (FILE + "layers: [conv]", 2),
        (FILE + "layers: [conv: {stride: 5}]", 5),
        (FILE + UNIT.replace("LAYER", "conv"), 3),
        (FILE + UNIT.replace("LAYER", "preset"), 4),
        (FILE + UNIT.replace("LAYER", "preset: {stride: 6}"), 6),
    ],
    ids=["own", "file", "written", "block", "preset", "written over preset"],
)
def test_precedence(body: str, expected: int) -> None:
    name = "preset_1" if "[preset" in body else "conv_1"
    path = f"unit_1.{name}" if "unit" in body else name
    assert stride(body, path) == expected


def test_first_and_last_are_stronger_than_what_was_written() -> None:
    body = FILE + "layers: [conv: {stride: 1, repeat: 3, first: {stride: 3}, last: {stride: 4}}]"
    assert [stride(body, f"conv_1.{copy}") for copy in range(3)] == [3, 1, 4]


def test_the_only_copy_is_first_and_last() -> None:
    body = FILE + "layers: [conv: {repeat: 1, first: {stride: 3}, last: {out_channels: 5}}]"
    assert shape(net(body), "conv_1.0") == (5, 11, 11)


def test_defaults_fill_field_by_field() -> None:
    body = (
        "defaults: {conv: {kernel_size: 3, padding: 1}}\n"
        "layers: [conv: 4, conv: {out_channels: 4, padding: 0}]"
    )
    network = net(body)
    assert (shape(network, "conv_1"), shape(network, "conv_2")) == ((4, 32, 32), (4, 30, 30))


def test_a_required_field_may_come_from_defaults() -> None:
    assert output(net(FILE + "layers: [conv]")) == (3, 16, 16)


def test_a_bare_default_is_the_bare_field() -> None:
    assert output(net("defaults: {linear: 9}\nlayers: [flatten, linear]")) == (9,)


def test_structure_has_defaults() -> None:
    body = "defaults: {residual: {activation: relu}}\nlayers: [residual: [tanh]]"
    assert paths(net(body)) == ["tanh_1", "add_1", "relu_1"]


def test_own_blocks_have_defaults_with_the_files_params() -> None:
    body = """
        params: {width: 6}
        defaults: {unit: {out: $width}}
        blocks: {unit: {params: {out: int}, layers: [conv: {out_channels: $out, kernel_size: 1}]}}
        layers: [unit, unit: 7]
        """
    network = net(body)
    assert shape(network, "unit_1.conv_1")[0] == 6
    assert shape(network, "unit_2.conv_1")[0] == 7


def test_defaults_reach_block_values_by_their_name() -> None:
    body = """
        defaults: {batch_norm: {eps: 0.001}, conv: {out_channels: 3, kernel_size: 1}}
        layers:
          - conv: {norm: batch_norm}
          - conv: {norm: {batch_norm: {momentum: 0.5}}}
          - conv: {norm: {batch_norm: {eps: 0.5}}}
          - batch_norm
        """
    network = net(body)
    found = [
        op(network, path) for path in ("conv_1.norm", "conv_2.norm", "conv_3.norm", "batch_norm_1")
    ]
    assert [norm.eps for norm in found] == [0.001, 0.001, 0.5, 0.001]  # type: ignore[attr-defined]
    assert found[1].momentum == 0.5  # type: ignore[attr-defined]


def test_defaults_never_reach_into_composites() -> None:
    body = """
        defaults: {conv: {norm: batch_norm, stride: 2}, pool: {stride: 2}, max_pool: {stride: 2}}
        layers:
          - inception: {conv1x1: 1, conv3x3: [1, 1], conv5x5: [1, 1], pool_proj: 1}
          - nin_block: {out_channels: 4, kernel_size: 1}
        """
    network = net(body)
    assert output(network) == (4, 32, 32)
    assert not any("norm" in path for path in paths(network))


def test_defaults_of_a_block_reach_only_its_own_body() -> None:
    body = """
        blocks:
          inner: {layers: [conv: {out_channels: 3, kernel_size: 1}]}
          outer: {defaults: {conv: {stride: 2}}, layers: [inner, conv: {out_channels: 3, kernel_size: 1}]}
        layers: [outer, conv: {out_channels: 3, kernel_size: 1}]
        """
    network = net(body)
    assert shape(network, "outer_1.inner_1.conv_1") == (3, 32, 32)
    assert shape(network, "outer_1.conv_1") == (3, 16, 16)
    assert output(network) == (3, 16, 16)


def test_a_block_value_takes_the_defaults_of_where_it_was_written() -> None:
    body = """
        defaults: {batch_norm: {eps: 0.001}}
        blocks:
          unit:
            params: {norm: block}
            defaults: {batch_norm: {eps: 0.5}}
            layers: [conv: {out_channels: 3, kernel_size: 1, norm: $norm}]
        layers: [unit: batch_norm]
        """
    assert op(net(body), "unit_1.conv_1.norm").eps == 0.001  # type: ignore[attr-defined]


class TestPresets:
    """Entries under `blocks:` without a body."""

    def test_a_preset_is_its_block_with_some_fields_given(self) -> None:
        network = net("blocks: {wide: {conv: {kernel_size: [1, 7]}}}\nlayers: [wide: 4]")
        assert paths(network) == ["wide_1"]
        assert op(network, "wide_1").kernel_size == (1, 7)  # type: ignore[attr-defined]

    def test_a_preset_of_a_preset(self) -> None:
        body = """
            blocks:
              unit: {conv: {kernel_size: 3, stride: 2}}
              small: {unit: {kernel_size: 1}}
              bare: {small: 5}
            layers: [bare, bare: {stride: 1}]
            """
        network = net(body)
        assert shape(network, "bare_1") == (5, 16, 16)
        assert shape(network, "bare_2") == (5, 16, 16)

    def test_a_preset_of_structure_adds_no_level(self) -> None:
        body = "blocks: {res: {residual: {activation: relu}}}\nlayers: [res: [tanh]]"
        assert paths(net(body)) == ["tanh_1", "add_1", "relu_1"]

    def test_a_preset_with_nothing_given_is_another_name(self) -> None:
        assert paths(net("blocks: {act: {relu: {}}}\nlayers: [act]")) == ["act_1"]

    def test_defaults_for_a_presets_name_are_for_it_alone(self) -> None:
        body = """
            defaults: {conv: {stride: 2}, unit: {stride: 4}}
            blocks: {unit: {conv: {kernel_size: 1, stride: 3}}, other: {conv: {kernel_size: 1, stride: 3}}}
            layers: [unit: 3, other: {out_channels: 3, from: input}]
            """
        assert (stride(body, "unit_1"), stride(body, "other_1")) == (4, 3)

    def test_a_preset_is_closed_but_sees_the_input_of_the_block_around(self) -> None:
        body = (
            "blocks: {same: {conv: {out_channels: $in_channels, kernel_size: 1}}}\nlayers: [same]"
        )
        assert output(net(body)) == (3, 32, 32)
        found = errors(
            "params: {n: 3}\nblocks: {p: {conv: {kernel_size: $n}}}\nlayers: [p: 3, p: 4]"
        )
        assert [entry[1:] for entry in found] == [(2, "n")]

    def test_a_field_that_a_preset_hides_is_refused_with_its_reason(self) -> None:
        (found,) = diagnostics("layers: [max_pool: {kernel_size: 2, count_include_pad: false}]")
        assert "max" in found.message
        assert under(found.primary) in {"false", "count_include_pad"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("defaults: {cnov: {stride: 2}}", "cnov"),
        ("defaults: {conv: {strid: 2}}", "strid"),
        ("defaults: {conv: {name: a}}", "name"),
        ("defaults: {gap: 3}", "3"),
        ("blocks: {p: {cnov: {stride: 2}}}", "cnov"),
        ("blocks: {p: {conv: {strid: 2}}}", "strid"),
        ("blocks: {p: {relu: 3}}", "3"),
        ("blocks: {b: {defaults: {conv: {strid: 2}}, layers: [relu]}}", "strid"),
        ("blocks: {b: {defaults: {cnov: {strid: 2}}, layers: [relu]}}", "cnov"),
        ("blocks: {b: {defaults: 5, layers: [relu]}}", "5"),
        ("blocks: {b: {let: 5, layers: [relu]}}", "5"),
        ("blocks: {b: {params: [a], layers: [relu]}}", "[a]"),
        ("blocks: {b: {layers: relu}}", "relu"),
        ("blocks: {b: {doc: 5, layers: [relu]}}", "5"),
        ("blocks: {b: {layer: [relu]}}", "layer"),
        ("blocks: {b: {doc: x, let: {}}}", "b"),
        ("blocks: {b: 5}", "b"),
        ("blocks: {b: {}}", "b"),
        ("blocks: {none: {layers: [relu]}}", "none"),
        ("blocks: {b c: {layers: [relu]}}", "b c"),
    ],
)
def test_what_nobody_uses_is_checked_too(body: str, text: str) -> None:
    assert [found[1:] for found in errors(body)] == [(1, text)]


def test_a_wrong_default_is_told_once_for_all_its_uses() -> None:
    found = errors(
        "defaults: {conv: {kernel_size: 0}}\nlayers: [conv: 3, conv: 4, conv: {out_channels: 5, repeat: 3}]"
    )
    assert found == [("NS205", 1, "0")]


def test_a_misfit_of_a_default_is_told_at_the_layer_and_shows_the_default() -> None:
    (found,) = diagnostics("""
        defaults: {conv: {kernel_size: 40}}
        layers:
          - conv: 3
        """)
    assert (found.code, found.primary.span.line, under(found.primary)) == ("NS402", 3, "conv")
    assert (1, "40") in [(label.span.line, under(label)) for label in found.secondary]
