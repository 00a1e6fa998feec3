"""Padding and interpolation: sizes, and what cannot be."""

from __future__ import annotations

import pytest

from netspec.ops import Pad, Upsample
from tests.elaborate.speaking import diagnostics, errors, net, op, output


@pytest.mark.parametrize(
    ("padding", "shape"),
    [
        ("2", (3, 36, 36)),
        ("[1, 2]", (3, 34, 36)),
        ("[[0, 1], [2, 3]]", (3, 33, 37)),
        ("[[0, 1], 2]", (3, 33, 36)),
    ],
)
def test_pad_adds_to_each_side_what_it_is_told(padding: str, shape: tuple[int, ...]) -> None:
    assert output(net(f"layers:\n  - pad: {padding}")) == shape


def test_pad_has_a_value_or_copies_the_map() -> None:
    network = net("layers: [pad: {padding: 1, value: -1}, pad: {padding: 1, mode: reflect}]")
    assert op(network, "pad_1") == Pad(((1, 1), (1, 1)), "constant", -1.0)
    assert op(network, "pad_2") == Pad(((1, 1), (1, 1)), "reflect")


def test_a_value_is_for_constant_padding_alone() -> None:
    body = "layers:\n  - pad: {padding: 1, mode: reflect, value: 2}"
    assert errors(body) == [("NS207", 2, "2")]


@pytest.mark.parametrize(("mode", "most"), [("reflect", 31), ("circular", 32)])
def test_a_map_can_be_copied_as_far_as_it_goes(mode: str, most: int) -> None:
    assert output(net(f"layers: [pad: {{padding: {most}, mode: {mode}}}]")) == (
        3,
        32 + 2 * most,
        32 + 2 * most,
    )
    (found,) = diagnostics(f"layers:\n  - pad: {{padding: {most + 1}, mode: {mode}}}")
    assert found.code == "NS406"
    assert "mode: constant" in found.help[0]


@pytest.mark.parametrize(
    ("padding", "meant"),
    [("[0, 1, 2, 3]", "[[0, 1], [2, 3]]"), ("[1, 1, 1, 1]", "[[1, 1], [1, 1]]")],
)
def test_four_numbers_in_a_row_are_asked_which_side_is_which(padding: str, meant: str) -> None:
    (found,) = diagnostics(f"layers:\n  - pad: {padding}")
    assert found.code == "NS204"
    assert meant in found.help[0]


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ("{scale_factor: 2}", (3, 64, 64)),
        ("{scale_factor: [2, 0.5]}", (3, 64, 16)),
        ("{scale_factor: 1.7}", (3, 54, 54)),
        ("{size: 7, mode: bilinear}", (3, 7, 7)),
        ("{size: [7, 9], mode: bicubic, align_corners: true}", (3, 7, 9)),
    ],
)
def test_upsample_multiplies_or_sets_the_size(fields: str, shape: tuple[int, ...]) -> None:
    assert output(net(f"layers: [upsample: {fields}]")) == shape


def test_upsample_is_nearest_unless_told_otherwise() -> None:
    assert op(net("layers: [upsample: 2]"), "upsample_1") == Upsample(None, (2, 2), "nearest")


@pytest.mark.parametrize(
    ("fields", "code", "under"),
    [
        ("{mode: nearest}", "NS207", "upsample"),
        ("{scale_factor: 2, size: 7}", "NS207", "7"),
        ("{scale_factor: 2, align_corners: true}", "NS207", "true"),
        ("{scale_factor: 2, mode: linear}", "NS403", "linear"),
        ("{scale_factor: 0.01}", "NS402", "0.01"),
        ("{scale_factor: 0}", "NS205", "0"),
        ("{scale_factor: [2, 2, 2]}", "NS403", "[2, 2, 2]"),
    ],
)
def test_what_upsample_cannot_do_is_told_at_its_field(fields: str, code: str, under: str) -> None:
    assert errors(f"layers:\n  - upsample: {fields}") == [(code, 2, under)]
