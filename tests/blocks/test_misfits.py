"""Shapes that do not fit: one error for each block that can meet one, with its code, at what is to change.

A block whose page says that it raises has rows here, and the page of a block is its docstring.
"""

from __future__ import annotations

import pytest

from netspec.blocks import BLOCKS, Preset
from tests.elaborate.speaking import errors

INCEPTION = "inception: {conv1x1: 4, conv3x3: [4, 4], conv5x5: [4, 4], pool_proj: 4}"
MISFITS: list[tuple[str, str, str, str]] = [
    # layer, input, code, text under the error
    ("conv: {out_channels: 8, kernel_size: 7}", "[3, 5, 5]", "NS402", "7"),
    ("conv: {out_channels: 8, kernel_size: 1, groups: 3}", "[4, 5, 5]", "NS405", "3"),
    ("depthwise_conv: {kernel_size: 7}", "[3, 5, 5]", "NS402", "7"),
    ("separable_conv: {out_channels: 8, kernel_size: 7}", "[3, 5, 5]", "NS402", "7"),
    ("conv_transpose: {out_channels: 8, kernel_size: 2, groups: 3}", "[4, 5, 5]", "NS405", "3"),
    ("linear: 4", "[3, 5, 5]", "NS403", "linear"),
    ("pool: {mode: max, kernel_size: 7}", "[3, 5, 5]", "NS402", "7"),
    ("max_pool: 7", "[3, 5, 5]", "NS402", "7"),
    ("avg_pool: 7", "[3, 5, 5]", "NS402", "7"),
    ("adaptive_avg_pool: [2, 2]", "[3, 5]", "NS403", "[2, 2]"),
    ("adaptive_max_pool: [2, 2]", "[3, 5]", "NS403", "[2, 2]"),
    ("adaptive_max_pool: 2", "[3]", "NS403", "adaptive_max_pool"),
    ("gap", "[3]", "NS403", "gap"),
    ("gmp", "[3]", "NS403", "gmp"),
    ("group_norm: 3", "[4, 5, 5]", "NS405", "3"),
    ("layer_norm: {start_dim: 4}", "[4, 5, 5]", "NS404", "4"),
    ("instance_norm", "[4]", "NS403", "instance_norm"),
    ("instance_norm", "[4, 1, 1]", "NS409", "instance_norm"),
    ("lrn: 3", "[4]", "NS403", "lrn"),
    ("softmax: 4", "[4, 5]", "NS404", "4"),
    ("log_softmax: 4", "[4, 5]", "NS404", "4"),
    ("softmin: 4", "[4, 5]", "NS404", "4"),
    ("glu", "[3, 5, 5]", "NS409", "glu"),
    ("dropout1d: 0.5", "[4]", "NS403", "dropout1d"),
    ("dropout2d: 0.5", "[4]", "NS403", "dropout2d"),
    ("dropout3d: 0.5", "[4, 5, 5]", "NS403", "dropout3d"),
    ("pad: {padding: 5, mode: reflect}", "[4, 5, 5]", "NS406", "5"),
    ("upsample: 0.1", "[4, 5, 5]", "NS402", "0.1"),
    ("upsample: {scale_factor: 2, mode: trilinear}", "[4, 5, 5]", "NS403", "trilinear"),
    ("flatten: 4", "[4, 5, 5]", "NS404", "4"),
    ("unflatten: {dim: 1, unflattened_size: [3, 2]}", "[4, 5, 5]", "NS409", "[3, 2]"),
    ("reshape: [3, 7]", "[4, 5, 5]", "NS409", "[3, 7]"),
    ("permute: [2, 1]", "[4, 5, 5]", "NS404", "[2, 1]"),
    ("transpose: {dim0: 1, dim1: 4}", "[4, 5, 5]", "NS404", "4"),
    ("channel_shuffle: 3", "[4, 5, 5]", "NS405", "3"),
    ("sum: 4", "[4, 5, 5]", "NS404", "4"),
    ("mean: 4", "[4, 5, 5]", "NS404", "4"),
    ("max: 4", "[4, 5, 5]", "NS404", "4"),
    ("min: 4", "[4, 5, 5]", "NS404", "4"),
    ("concat: [[], [max_pool: 2]]", "[4, 5, 5]", "NS401", "concat"),
    ("add: [[], [max_pool: 2]]", "[4, 5, 5]", "NS401", "add"),
    ("mul: [[], [max_pool: 2]]", "[4, 5, 5]", "NS401", "mul"),
    ("stack: [[], [max_pool: 2]]", "[4, 5, 5]", "NS401", "stack"),
    ("split: 3", "[4, 5, 5]", "NS410", "3"),
    ("nin_block: {out_channels: 4, kernel_size: 7}", "[4, 5, 5]", "NS402", "7"),
    (INCEPTION, "[4]", "NS403", "inception"),
    ("residual_basic: 4", "[4]", "NS403", "residual_basic"),
    ("residual_bottleneck: {widths: [4, 16], groups: 3}", "[4, 5, 5]", "NS405", "3"),
    ("residual_inverted: 4", "[4]", "NS403", "residual_inverted"),
    ("squeeze_excite: 8", "[4, 5, 5]", "NS409", "8"),
    ("selective_kernel: {out_channels: 4, groups: 3}", "[4, 5, 5]", "NS405", "3"),
]

ELSEWHERE = {"hardtanh", "parallel", "residual"}
"""What does not fit there is another field, or the layers inside; tested with those."""


@pytest.mark.parametrize(("layer", "shape", "code", "under"), MISFITS)
def test_a_shape_that_does_not_fit_is_one_error(
    layer: str, shape: str, code: str, under: str
) -> None:
    assert errors(f"input: {shape}\nlayers:\n  - {layer}") == [(code, 3, under)]


def test_every_block_that_can_meet_a_misfit_has_a_row() -> None:
    raising = {
        name
        for name, block in BLOCKS.items()
        if not isinstance(block, Preset) and "Raises:" in (block.__doc__ or "")
    }
    rows = {layer.partition(":")[0] for layer, *_ in MISFITS}
    assert raising - ELSEWHERE <= rows
