"""Padding whose two sides differ, against sums and maxima taken element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import pytest
import torch
from torch import Tensor

from netspec.blocks.window import same_tf_padding
from netspec.ops import AvgPool, Conv, MaxPool, Op
from netspec.shape import sides
from tests.ops.test_ops_contract import BATCH, expression_of, module_of, tensors

SHAPE = (3, 7, 6)
WINDOWS = [
    ((2, 2), (1, 1), ((0, 1), (0, 1))),
    ((3, 2), (2, 1), ((1, 0), (0, 1))),
    ((3, 3), (2, 2), ((0, 1), (1, 1))),
    ((2, 3), (2, 3), ((1, 0), (1, 0))),
]
windows = pytest.mark.parametrize(("kernel", "stride", "padding"), WINDOWS)


def visible(
    x: Tensor, kernel: Sequence[int], stride: Sequence[int], padding: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], list[tuple[tuple[int, int], Tensor]]]]:
    """For every place of the window, the elements of the map under it, with their place in the kernel."""
    counts = [
        (size + sum(pair) - k) // step + 1
        for size, k, step, pair in zip(x.shape[-2:], kernel, stride, padding, strict=True)
    ]
    for place in product(*map(range, counts)):
        found = []
        for within in product(*map(range, kernel)):
            row, column = (
                p * step - pair[0] + w
                for p, step, pair, w in zip(place, stride, padding, within, strict=True)
            )
            if 0 <= row < x.shape[-2] and 0 <= column < x.shape[-1]:
                found.append((within, x[..., row, column]))
        yield place, found


def by_hand(
    x: Tensor,
    op: Conv | MaxPool | AvgPool,
    value: Callable[[list[tuple[tuple[int, int], Tensor]]], Tensor],
) -> Tensor:
    """The output of a window op whose value under one window is known."""
    ((_, *out),) = op.infer([SHAPE])
    places = {
        place: value(found)
        for place, found in visible(x, op.kernel_size, op.stride, sides(op.padding))
    }
    rows = [torch.stack([places[r, c] for c in range(out[1])], -1) for r in range(out[0])]
    return torch.stack(rows, -2)


def numbers() -> Tensor:
    """Negative numbers too: a maximum must not see zeros that were added."""
    (x,) = tensors([SHAPE])
    return x - 3


def run(op: Op, x: Tensor) -> Tensor:
    return expression_of(op, 1)(x)


@windows
def test_a_maximum_never_sees_its_padding(kernel, stride, padding) -> None:
    x, op = numbers(), MaxPool(kernel, stride, padding, (1, 1))
    expected = by_hand(x, op, lambda found: torch.stack([v for _, v in found]).amax(0))
    assert torch.equal(run(op, x), expected)
    assert expected.max() < 0


@windows
@pytest.mark.parametrize("counted", [True, False])
def test_a_mean_counts_its_padding_or_not(kernel, stride, padding, counted: bool) -> None:
    x, op = numbers(), AvgPool(kernel, stride, padding, count_include_pad=counted)
    size = kernel[0] * kernel[1]
    expected = by_hand(
        x, op, lambda found: sum(v for _, v in found) / (size if counted else len(found))
    )
    torch.testing.assert_close(run(op, x), expected)


@windows
def test_a_divisor_divides_the_sum(kernel, stride, padding) -> None:
    for counted in (True, False):
        x, op = numbers(), AvgPool(kernel, stride, padding, False, counted, 5)
        expected = by_hand(x, op, lambda found: sum(v for _, v in found) / 5)
        torch.testing.assert_close(run(op, x), expected)


@windows
def test_a_convolution_sees_zeros(kernel, stride, padding) -> None:
    x, op = numbers(), Conv(3, 4, kernel, stride, padding, (1, 1), bias=False)
    module = module_of(op)
    weight = next(module.parameters())
    expected = by_hand(
        x,
        op,
        lambda found: sum(torch.einsum("bc,oc->bo", v, weight[:, :, r, s]) for (r, s), v in found),
    )
    with torch.no_grad():
        torch.testing.assert_close(module(x), expected)
    assert expected.shape[0] == BATCH


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_other_modes_pad_each_side_as_torch_pads_both(mode: str) -> None:
    """One side of the map is cut off by hand from what `padding_mode` makes of both."""
    both = Conv(3, 4, (3, 3), (1, 1), (1, 1), (1, 1), padding_mode=mode)
    one = Conv(3, 4, (3, 3), (1, 1), ((0, 1), (1, 0)), (1, 1), padding_mode=mode)
    left, right = module_of(both), module_of(one)
    for mine, theirs in zip(right.parameters(), left.parameters(), strict=True):
        mine.data.copy_(theirs)
    x = numbers()
    with torch.no_grad():
        torch.testing.assert_close(right(x), left(x)[..., 1:, :-1])


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [
        (224, 7, 2, ((2, 3),)),  # the stems of TensorFlow's ResNets and Inceptions
        (112, 3, 2, ((0, 1),)),
        (113, 3, 2, (1,)),
        (56, 3, 1, (1,)),
        (56, 1, 2, (0,)),
        (7, 2, 1, ((0, 1),)),
    ],
)
def test_same_tf_pads_as_tensorflow_documents(size, kernel, stride, expected) -> None:
    assert same_tf_padding((size,), (kernel,), (stride,), (1,)) == expected


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_tf_gives_the_size_over_the_stride_rounded_up(stride, kernel, dilation) -> None:
    for size in range(1, 20):
        padding = same_tf_padding((size,), (kernel,), (stride,), (dilation,))
        op = Conv(1, 1, (kernel,), (stride,), padding, (dilation,))
        assert op.infer([(1, size)]) == ((1, -(-size // stride)),)
