"""Graphs made by hand with the Builder, exactly as the blocks lower: for tests below `elaborate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netspec.graph import Builder, Graph, Output, Role, Value
from netspec.ops import (
    Activation,
    AdaptiveAvgPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Linear,
    LocalResponseNorm,
    MaxPool,
    Op,
)


def leaf(b: Builder, x: Value, name: str, block: str, op: Op, role: Role = Role.LAYER) -> Value:
    with b.scope(name, block, role=role):
        return b.op(op, [x], "")[0]


def conv_op(x: Value, out: int, k: int, s: int, p: int, *, bias: bool) -> Conv:
    return Conv(x.channels, out, (k, k), (s, s), (p, p), (1, 1), bias=bias)


def conv(
    b: Builder,
    x: Value,
    name: str,
    out: int,
    k: int = 1,
    s: int = 1,
    p: int = 0,
    *,
    norm: bool = False,
    relu: bool = True,
) -> Value:
    fields = {"out_channels": out, "kernel_size": k, "stride": s, "padding": p}
    b.reserve(name)
    with b.scope(name, "conv", fields=fields):
        if norm:
            x = leaf(b, x, "conv", "conv", conv_op(x, out, k, s, p, bias=False))
            x = leaf(b, x, "norm", "batch_norm", BatchNorm(out), Role.PART)
        else:
            x = b.op(conv_op(x, out, k, s, p, bias=True), [x], "")[0]
        if relu:
            x = leaf(b, x, "activation", "relu", Activation("relu"), Role.PART)
    return x


def max_pool(
    b: Builder, x: Value, name: str = "", k: int = 3, s: int = 2, p: int = 0, *, ceil: bool = True
) -> Value:
    name = name or b.automatic_name("max_pool")
    return leaf(b, x, name, "max_pool", MaxPool((k, k), (s, s), (p, p), (1, 1), ceil))


def auto(b: Builder, x: Value, block: str, op: Op) -> Value:
    return leaf(b, x, b.automatic_name(block), block, op)


def inception(b: Builder, x: Value, name: str, widths: Sequence[int]) -> Value:
    a, r3, c3, r5, c5, pp = widths
    fields = {"conv1x1": a, "conv3x3": [r3, c3], "conv5x5": [r5, c5], "pool_proj": pp}
    with b.scope(name, "inception", fields=fields):
        one = conv(b, x, "conv1x1", a)
        three = conv(b, conv(b, x, "conv3x3_reduce", r3), "conv3x3", c3, 3, 1, 1)
        five = conv(b, conv(b, x, "conv5x5_reduce", r5), "conv5x5", c5, 5, 1, 2)
        pool = conv(b, max_pool(b, x, "pool", 3, 1, 1), "pool_proj", pp)
        return b.op(Concat(), [one, three, five, pool], "concat")[0]


def aux_head(b: Builder, x: Value, name: str) -> Value:
    with b.scope(name, "aux_head", fields={"loss_weight": 0.3, "train_only": True}):
        x = auto(b, x, "avg_pool", AvgPool((5, 5), (3, 3), (0, 0)))
        x = conv(b, x, "conv", 128)
        x = auto(b, x, "flatten", Flatten())
        x = leaf(b, x, "fc", "linear", Linear(x.channels, 1024))
        x = auto(b, x, "relu", Activation("relu"))
        x = auto(b, x, "dropout", Dropout(0.7))
        return leaf(b, x, "classifier", "linear", Linear(1024, 1000))


def googlenet() -> Graph:
    """GoogLeNet as in Caffe, with both heads: 13,378,280 parameters, 1,582,671,872 MACs."""
    b = Builder(
        "googlenet", (3, 224, 224), doc="GoogLeNet (Inception v1), Szegedy et al. 2014, Table 1."
    )
    x = conv(b, b.input, "conv1", 64, 7, 2, 3)
    x = max_pool(b, x)
    x = auto(b, x, "lrn", LocalResponseNorm(5))
    x = conv(b, x, "conv2_reduce", 64)
    x = conv(b, x, "conv2", 192, 3, 1, 1)
    x = auto(b, x, "lrn", LocalResponseNorm(5))
    x = max_pool(b, x)
    x = inception(b, x, "inception_3a", (64, 96, 128, 16, 32, 32))
    x = inception(b, x, "inception_3b", (128, 128, 192, 32, 96, 64))
    x = max_pool(b, x)
    x = inception(b, x, "inception_4a", (192, 96, 208, 16, 48, 64))
    aux1 = aux_head(b, x, "aux1")
    x = inception(b, x, "inception_4b", (160, 112, 224, 24, 64, 64))
    x = inception(b, x, "inception_4c", (128, 128, 256, 24, 64, 64))
    x = inception(b, x, "inception_4d", (112, 144, 288, 32, 64, 64))
    aux2 = aux_head(b, x, "aux2")
    x = inception(b, x, "inception_4e", (256, 160, 320, 32, 128, 128))
    x = max_pool(b, x)
    x = inception(b, x, "inception_5a", (256, 160, 320, 32, 128, 128))
    x = inception(b, x, "inception_5b", (384, 192, 384, 48, 128, 128))
    x = auto(b, x, "gap", AdaptiveAvgPool((1, 1)))
    x = auto(b, x, "flatten", Flatten())
    x = auto(b, x, "dropout", Dropout(0.4))
    x = leaf(b, x, "classifier", "linear", Linear(1024, 1000))
    heads = [
        Output(n, v, 0.3, train_only=True, head=n) for n, v in (("aux1", aux1), ("aux2", aux2))
    ]
    return b.finish([Output("main", x), *heads])


def _residual(b: Builder, x: Value, body: Callable[[Value], Value], out: int, stride: int) -> Value:
    y = body(x)
    if stride != 1 or x.channels != out:
        x = conv(b, x, b.automatic_name("projection"), out, 1, stride, norm=True, relu=False)
    y = b.op(Add(), [y, x], b.automatic_name("add"))[0]
    return leaf(b, y, b.automatic_name("relu"), "relu", Activation("relu"), Role.PART)


def bottleneck(b: Builder, x: Value, name: str, planes: int, stride: int) -> Value:
    def body(y: Value) -> Value:
        y = conv(b, y, b.automatic_name("conv"), planes, norm=True)
        y = conv(b, y, b.automatic_name("conv"), planes, 3, stride, 1, norm=True)
        return conv(b, y, b.automatic_name("conv"), 4 * planes, norm=True, relu=False)

    with b.scope(name, "bottleneck", fields={"planes": planes, "stride": stride}):
        return _residual(b, x, body, 4 * planes, stride)


def resnet50(size: int = 224) -> Graph:
    """ResNet-50 as in torchvision: 25,557,032 parameters, 4,089,184,256 MACs at 224."""
    b = Builder("resnet50", (3, size, size), doc="ResNet-50, He et al. 2015.")
    x = conv(b, b.input, "conv1", 64, 7, 2, 3, norm=True)
    x = max_pool(b, x, "", 3, 2, 1, ceil=False)
    for number, (planes, depth) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)], 1):
        with b.scope(f"layer{number}", "bottleneck", role=Role.COPIES):
            for copy in range(depth):
                x = bottleneck(b, x, str(copy), planes, 2 if copy == 0 and number > 1 else 1)
    x = auto(b, x, "gap", AdaptiveAvgPool((1, 1)))
    x = auto(b, x, "flatten", Flatten())
    x = leaf(b, x, "fc", "linear", Linear(x.channels, 1000))
    return b.finish([Output("main", x)])


def lenet() -> Graph:
    """A chain: LeNet-5 with sigmoid activations and average pools, 61,706 parameters."""
    b = Builder("lenet5", (1, 28, 28), doc="LeNet-5 as in Dive into Deep Learning.")
    x = leaf(b, b.input, "conv1", "conv", conv_op(b.input, 6, 5, 1, 2, bias=True))
    x = auto(b, x, "sigmoid", Activation("sigmoid"))
    x = auto(b, x, "avg_pool", AvgPool((2, 2), (2, 2), (0, 0)))
    x = leaf(b, x, "conv2", "conv", conv_op(x, 16, 5, 1, 0, bias=True))
    x = auto(b, x, "sigmoid", Activation("sigmoid"))
    x = auto(b, x, "avg_pool", AvgPool((2, 2), (2, 2), (0, 0)))
    x = auto(b, x, "flatten", Flatten())
    for name, width in (("fc1", 120), ("fc2", 84)):
        x = leaf(b, x, name, "linear", Linear(x.channels, width))
        x = auto(b, x, "sigmoid", Activation("sigmoid"))
    x = leaf(b, x, "classifier", "linear", Linear(84, 10))
    return b.finish([Output("main", x)])


def chain(length: int) -> Graph:
    """`length` convolutions in a row, for scale."""
    b = Builder("chain", (8, 8, 8))
    x = b.input
    for _ in range(length):
        x = conv(b, x, b.automatic_name("conv"), 8, 3, 1, 1)
    return b.finish([Output("main", x)])
