"""Hypothesis strategies: for every op, fields and input shapes, fitting and not, in one, two and three axes.

A row of `CASES` per op; the contract test fails when an op has none. Fields that blocks always take from
the input (`in_channels`, `in_features`, `num_features`, `rank`) are drawn to fit it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from netspec.ops import (
    GLU,
    SPELLINGS,
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AlphaDropout,
    AvgPool,
    BatchNorm,
    ChannelDropout,
    ChannelNorm,
    ChannelShuffle,
    Concat,
    Conv,
    ConvTranspose,
    Dropout,
    Flatten,
    GroupNorm,
    Identity,
    InstanceNorm,
    LayerNorm,
    LayerScale,
    Linear,
    LocalResponseNorm,
    Max,
    MaxPool,
    Mean,
    Min,
    Mul,
    Op,
    Pad,
    Permute,
    PReLU,
    Reduction,
    Reshape,
    Split,
    Stack,
    StochasticDepth,
    Sum,
    Transpose,
    Unflatten,
    Upsample,
)
from netspec.ops.resize import CORNERED, RANKS_OF_MODES
from netspec.shape import Padding, Shape, numel, plain_padding

Case = tuple[Op, tuple[Shape, ...]]
Draw = Callable[[st.SearchStrategy[Any]], Any]

RANKS = st.integers(1, 3)
CHANNELS = st.integers(1, 8)


def shapes(low: int = 0, high: int = 3, size: int = 9) -> st.SearchStrategy[Shape]:
    """A shape with `low` to `high` spatial axes."""
    ranks = st.integers(low, high)
    return ranks.flatmap(
        lambda rank: st.tuples(CHANNELS, *[st.integers(1, size) for _ in range(rank)])
    )


def axes(rank: int, low: int, high: int) -> st.SearchStrategy[tuple[int, ...]]:
    """One number per axis, often the same."""
    same = st.integers(low, high).map(lambda number: (number,) * rank)
    return same | st.tuples(*[st.integers(low, high) for _ in range(rank)])


def rarely(value: object, usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`usual` in nine cases out of ten."""
    return st.integers(0, 9).flatmap(lambda number: usual if number else st.just(value))


@st.composite
def paddings(draw: Draw, rank: int, high: int) -> Padding:
    """Both sides alike, or each for itself."""
    if draw(st.integers(0, 2)):
        return draw(axes(rank, 0, high))
    return plain_padding(
        tuple(zip(draw(axes(rank, 0, high)), draw(axes(rank, 0, high)), strict=True))
    )


@st.composite
def conv_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    groups = draw(st.integers(1, 3))
    shape = (draw(CHANNELS) * draw(st.sampled_from([1, groups])), *draw(axes(rank, 1, 9)))
    op = Conv(
        shape[0],
        draw(CHANNELS) * draw(st.sampled_from([1, groups])),
        draw(axes(rank, 1, 5)),
        draw(axes(rank, 1, 4)),
        draw(paddings(rank, 3)),
        draw(axes(rank, 1, 3)),
        groups,
        bias=draw(st.booleans()),
        padding_mode=draw(
            st.sampled_from(["zeros"]) | st.sampled_from(["reflect", "replicate", "circular"])
        ),
    )
    return op, (draw(rarely((shape[0],), st.just(shape))),)


@st.composite
def max_pool_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    op = MaxPool(
        draw(axes(rank, 1, 5)),
        draw(axes(rank, 1, 5)),
        draw(paddings(rank, 2)),
        draw(axes(rank, 1, 3)),
        draw(st.booleans()),
    )
    return op, (draw(rarely((3,), shapes(rank, rank, 12))),)


@st.composite
def avg_pool_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    op = AvgPool(
        draw(axes(rank, 1, 5)),
        draw(axes(rank, 1, 5)),
        draw(paddings(rank, 2)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.none() | st.integers(1, 9)) if rank > 1 else draw(rarely(3, st.none())),
    )
    return op, (draw(rarely((3,), shapes(rank, rank, 12))),)


@st.composite
def conv_transpose_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    groups = draw(st.integers(1, 3))
    shape = (draw(CHANNELS) * draw(st.sampled_from([1, groups])), *draw(axes(rank, 1, 7)))
    op = ConvTranspose(
        shape[0],
        draw(CHANNELS) * draw(st.sampled_from([1, groups])),
        draw(axes(rank, 1, 4)),
        draw(axes(rank, 1, 4)),
        draw(axes(rank, 0, 3)),
        draw(axes(rank, 0, 2)),
        groups,
        bias=draw(st.booleans()),
        dilation=draw(axes(rank, 1, 3)),
    )
    return op, (draw(rarely((shape[0],), st.just(shape))),)


@st.composite
def adaptive_cases(draw: Draw, op: type[AdaptiveAvgPool | AdaptiveMaxPool]) -> Case:
    rank = draw(RANKS)
    size = draw(axes(rank, 1, 9))
    kept = draw(st.integers(0, rank)) if rank > 1 else rank
    entries = tuple(None if axis == kept else entry for axis, entry in enumerate(size))
    return op(entries), (draw(rarely((3,), shapes(rank, rank))),)


@st.composite
def pad_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    mode = draw(st.sampled_from(["constant", "reflect", "replicate", "circular"]))
    value = draw(st.sampled_from([0.0, 0.0, -1.5])) if mode == "constant" else 0.0
    pairs = tuple(zip(draw(axes(rank, 0, 4)), draw(axes(rank, 0, 4)), strict=True))
    return Pad(pairs, mode, value), (draw(rarely((3,), shapes(rank, rank))),)


@st.composite
def upsample_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    mode = draw(st.sampled_from(sorted(RANKS_OF_MODES)))
    corners = draw(st.sampled_from([None, True, False])) if mode in CORNERED else None
    if draw(st.booleans()):
        return Upsample(draw(axes(rank, 1, 9)), None, mode, corners), (draw(shapes(rank, rank)),)
    factor = st.sampled_from([0.5, 1, 1.7, 2, 3])
    factors = draw(st.tuples(*[factor] * rank))
    return Upsample(None, factors, mode, corners), (draw(rarely((3,), shapes(rank, rank))),)


@st.composite
def batch_norm_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    op = BatchNorm(
        shape[0],
        draw(st.sampled_from([1e-5, 1e-3])),
        draw(st.sampled_from([0.1, 0.01, None])),
        draw(st.booleans()),
        draw(st.booleans()),
        len(shape) - 1,
    )
    return op, (shape,)


@st.composite
def instance_norm_cases(draw: Draw) -> Case:
    shape = draw(rarely((3,), shapes(1)))
    op = InstanceNorm(
        shape[0],
        draw(st.sampled_from([1e-5, 1e-3])),
        draw(st.sampled_from([0.1, 0.01])),
        draw(st.booleans()),
        draw(st.booleans()),
        max(len(shape) - 1, 1),
    )
    return op, (shape,)


@st.composite
def group_norm_cases(draw: Draw) -> Case:
    groups = draw(st.integers(1, 3))
    shape = draw(shapes())
    shape = (shape[0] * draw(st.sampled_from([1, groups])), *shape[1:])
    eps, affine = draw(st.sampled_from([1e-5, 1e-3])), draw(st.booleans())
    return GroupNorm(groups, shape[0], eps, affine), (shape,)


@st.composite
def layer_norm_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    start = draw(st.integers(0, len(shape) - 1))
    eps = draw(st.sampled_from([1e-5, 1e-3]))
    return LayerNorm(shape[start:], eps, draw(st.booleans()), draw(st.booleans())), (shape,)


@st.composite
def channel_norm_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    return ChannelNorm(shape[0], draw(st.sampled_from([1e-5, 1e-6])), draw(st.booleans())), (shape,)


@st.composite
def channel_dropout_cases(draw: Draw) -> Case:
    rank = draw(RANKS)
    op = ChannelDropout(draw(st.sampled_from([0.0, 0.4, 1.0])), rank)
    return op, (draw(rarely((3,), shapes(rank, rank))),)


@st.composite
def layer_scale_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    return LayerScale(shape[0], draw(st.sampled_from([1e-6, 0.1])), len(shape) - 1), (shape,)


@st.composite
def flatten_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    start, end = draw(st.integers(1, len(shape) + 1)), draw(st.integers(1, len(shape) + 1))
    return Flatten(start, draw(st.just(-1) | st.just(end))), (shape,)


SETTINGS: Mapping[str, st.SearchStrategy[Any]] = {
    "negative_slope": st.sampled_from([0.01, 0.2]),
    "alpha": st.sampled_from([1.0, 0.5]),
    "approximate": st.sampled_from(["none", "tanh"]),
    "min_val": st.sampled_from([-1.0, -0.5]),
    "max_val": st.sampled_from([1.0, 6.0]),
    "beta": st.sampled_from([1.0, 2.0]),
    "threshold": st.sampled_from([20.0, 0.5]),
    "lambd": st.sampled_from([0.5, 0.1]),
}
"""Values for every argument of the table of activations, the default first."""


@st.composite
def activation_cases(draw: Draw) -> Case:
    name = draw(st.sampled_from(sorted(SPELLINGS)))
    shape = draw(shapes())
    settings = {**SETTINGS, "dim": st.integers(1, len(shape)) | st.integers(1, 5)}
    pairs = ((argument, draw(settings[argument])) for argument, _ in SPELLINGS[name].arguments)
    return Activation(name, tuple(pairs)), (shape,)


@st.composite
def prelu_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    return PReLU(draw(st.sampled_from([1, shape[0]]))), (shape,)


@st.composite
def glu_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    return GLU(draw(st.integers(1, len(shape)) | st.integers(1, 5))), (shape,)


def factors(draw: Draw, count: int) -> Shape:
    """Sizes whose product is `count`, sometimes with -1 for one of them, seldom one too many."""
    sizes = []
    for _ in range(draw(st.integers(0, 3))):
        sizes.append(draw(st.sampled_from([n for n in range(1, count + 1) if count % n == 0])))
        count //= sizes[-1]
    sizes.append(draw(rarely(count + 1, st.sampled_from([count, count, -1]))))
    return tuple(draw(st.permutations(sizes)))


@st.composite
def reshape_cases(draw: Draw) -> Case:
    shape = draw(shapes(size=6))
    return Reshape(factors(draw, numel(shape))), (shape,)


@st.composite
def unflatten_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    dim = draw(st.integers(1, len(shape)))
    return Unflatten(draw(rarely(5, st.just(dim))), factors(draw, shape[dim - 1])), (shape,)


@st.composite
def permute_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    dims = draw(st.permutations(range(1, len(shape) + 1)))
    return Permute(tuple(draw(rarely([1, 1, 2], st.just(dims))))), (shape,)


@st.composite
def transpose_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    axis = st.integers(1, len(shape)) | st.integers(1, 5)
    return Transpose(draw(axis), draw(axis)), (shape,)


@st.composite
def channel_shuffle_cases(draw: Draw) -> Case:
    groups = draw(st.integers(1, 3))
    shape = draw(rarely((6,), shapes(1)))
    return ChannelShuffle(groups), ((shape[0] * draw(st.sampled_from([1, groups])), *shape[1:]),)


@st.composite
def reduction_cases(draw: Draw, op: type[Reduction]) -> Case:
    shape = draw(shapes(1))
    axis = st.integers(1, len(shape))
    dims = draw(st.lists(axis, min_size=1, max_size=len(shape) - 1, unique=True))
    dims += draw(rarely([5], st.just([])))
    everything = list(range(1, len(shape) + 1))
    dims = draw(rarely(everything, st.just(dims)))
    return op(tuple(sorted(dims)), draw(st.booleans())), (shape,)


@st.composite
def linear_cases(draw: Draw) -> Case:
    features = draw(CHANNELS)
    shape = draw(rarely((features, 3, 3), st.just((features,))))
    return Linear(features, draw(CHANNELS), draw(st.booleans())), (shape,)


def other(draw: Draw, shape: Shape, change: st.SearchStrategy[int]) -> Shape:
    """The shape with one axis changed."""
    axis = draw(st.integers(0, len(shape) - 1))
    return (*shape[:axis], draw(change), *shape[axis + 1 :])


@st.composite
def concat_cases(draw: Draw) -> Case:
    first = draw(shapes())
    dim = draw(st.integers(1, len(first)) | st.integers(1, 4))
    count = draw(st.integers(1, 3))
    fitting = [
        tuple(draw(CHANNELS) if axis == dim - 1 else size for axis, size in enumerate(first))
        for _ in range(count)
    ]
    odd = draw(rarely(other(draw, first, CHANNELS), st.just(fitting[0])))
    longer = draw(rarely((*first, 1), st.just(odd)))
    return Concat(dim), (first, *fitting[1:], longer)


@st.composite
def add_cases(draw: Draw) -> Case:
    first = draw(shapes())
    odd = draw(rarely(other(draw, first, CHANNELS), st.just(first)))
    return Add(draw(st.sampled_from([1.0, 0.17]))), (first, *[first] * draw(st.integers(0, 2)), odd)


@st.composite
def mul_cases(draw: Draw) -> Case:
    first = draw(shapes())
    gate = (first[0], *[1] * (len(first) - 1))
    second = draw(st.sampled_from([first, gate, (*first[:-2], 1, 1)[-len(first) :]]))
    odd = draw(rarely(other(draw, first, CHANNELS), st.just(second)))
    pair = [first, odd]
    return Mul(), tuple(draw(st.permutations(pair)))


@st.composite
def split_cases(draw: Draw) -> Case:
    shape = draw(shapes())
    dim = draw(st.integers(1, len(shape)) | st.integers(1, 4))
    parts = st.lists(st.integers(1, 4), min_size=1, max_size=4)
    sizes = draw(parts | st.integers(1, 4).map(lambda size: [size] * 3))
    fitting = tuple(sum(sizes) if axis == dim - 1 else size for axis, size in enumerate(shape))
    return Split(tuple(sizes), dim), (draw(rarely(shape, st.just(fitting))),)


@st.composite
def stack_cases(draw: Draw) -> Case:
    first = draw(shapes(high=2))
    odd = draw(rarely(other(draw, first, CHANNELS), st.just(first)))
    dim = draw(st.integers(1, len(first) + 1) | st.integers(1, 5))
    return Stack(dim), (first, *[first] * draw(st.integers(0, 2)), odd)


LRN = st.builds(
    LocalResponseNorm,
    st.integers(1, 7),
    st.sampled_from([1e-4, 2e-5]),
    st.sampled_from([0.75, 0.5]),
    st.sampled_from([1.0, 2.0]),
)

CASES: Mapping[type[Op], st.SearchStrategy[Case]] = {
    Activation: activation_cases(),
    AdaptiveAvgPool: adaptive_cases(AdaptiveAvgPool),
    AdaptiveMaxPool: adaptive_cases(AdaptiveMaxPool),
    Add: add_cases(),
    AlphaDropout: st.tuples(
        st.builds(AlphaDropout, st.sampled_from([0.0, 0.4])), st.tuples(shapes())
    ),
    AvgPool: avg_pool_cases(),
    BatchNorm: batch_norm_cases(),
    ChannelDropout: channel_dropout_cases(),
    ChannelNorm: channel_norm_cases(),
    ChannelShuffle: channel_shuffle_cases(),
    Concat: concat_cases(),
    Conv: conv_cases(),
    ConvTranspose: conv_transpose_cases(),
    Dropout: st.tuples(st.builds(Dropout, st.sampled_from([0.0, 0.4, 1.0])), st.tuples(shapes())),
    Flatten: flatten_cases(),
    GLU: glu_cases(),
    GroupNorm: group_norm_cases(),
    Identity: st.tuples(st.builds(Identity), st.tuples(shapes())),
    InstanceNorm: instance_norm_cases(),
    LayerNorm: layer_norm_cases(),
    LayerScale: layer_scale_cases(),
    Linear: linear_cases(),
    LocalResponseNorm: st.tuples(LRN, st.tuples(shapes())),
    Max: reduction_cases(Max),
    MaxPool: max_pool_cases(),
    Mean: reduction_cases(Mean),
    Min: reduction_cases(Min),
    Mul: mul_cases(),
    PReLU: prelu_cases(),
    Permute: permute_cases(),
    Reshape: reshape_cases(),
    StochasticDepth: st.tuples(
        st.builds(
            StochasticDepth, st.sampled_from([0.0, 0.4, 1.0]), st.sampled_from(["row", "batch"])
        ),
        st.tuples(shapes()),
    ),
    Sum: reduction_cases(Sum),
    Transpose: transpose_cases(),
    Unflatten: unflatten_cases(),
    Pad: pad_cases(),
    Upsample: upsample_cases(),
    Split: split_cases(),
    Stack: stack_cases(),
}
