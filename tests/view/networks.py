"""Graphs with the wiring that pictures find hard: long skips, dense blocks, forks inside branches."""

from __future__ import annotations

from netspec.graph import Builder, Graph, Output, Role, Value
from netspec.ops import Activation, AdaptiveAvgPool, Add, AvgPool, BatchNorm, Concat, Flatten, Mul
from tests.graphs import auto, conv, conv_op, leaf, max_pool


def double(b: Builder, x: Value, name: str, width: int) -> Value:
    with b.scope(name, "double"), b.scope("conv_1", "conv", role=Role.COPIES):
        for copy in range(2):
            x = conv(b, x, str(copy), width, 3, 1, 1, norm=True)
    return x


def up(b: Builder, below: Value, skip: Value, width: int) -> Value:
    """A decoder stage; a pool that enlarges stands for the transposed convolution."""
    with b.scope(b.automatic_name("up"), "up"):
        x = auto(b, below, "resize", AdaptiveAvgPool(skip.shape[1:]))
        x = conv(b, x, b.automatic_name("conv"), width)
        x = b.op(Concat(), [skip, x], "concat_1")[0]
        return double(b, x, "double_1", width)


def unet(*, grouped: bool) -> Graph:
    """A U-Net with skips by name: through two groups, or in one scope."""
    b = Builder("unet" if grouped else "unet_flat", (3, 256, 256), doc="U-Net.")
    x = b.input
    skips = []
    widths = (64, 128, 256, 512)

    def encode(x: Value) -> Value:
        for number, width in enumerate(widths, 1):
            x = double(b, x, f"enc{number}", width)
            skips.append(x)
            x = max_pool(b, x, "", 2, 2)
        return x

    def decode(x: Value) -> Value:
        for skip, width in zip(skips[::-1], widths[::-1], strict=True):
            x = up(b, x, skip, width)
        return x

    if grouped:
        with b.scope("encoder", "sequential"):
            x = encode(x)
        x = double(b, x, "bottom", 1024)
        with b.scope("decoder", "sequential"):
            x = decode(x)
    else:
        x = decode(double(b, encode(x), "bottom", 1024))
    x = leaf(b, x, "mask", "conv", conv_op(x, 2, 1, 1, 0, bias=True))
    return b.finish([Output("main", x)])


def densenet() -> Graph:
    """Two dense blocks: one of concatenations in a row, one whose layers read all before by name."""
    b = Builder("dense", (64, 56, 56))
    x = b.input
    with b.scope("dense_layer_1", "dense_layer", role=Role.COPIES):
        for copy in range(3):
            with b.scope(str(copy), "dense_layer"):
                y = auto(b, x, "batch_norm", BatchNorm(x.channels))
                y = auto(b, y, "relu", Activation("relu"))
                y = conv(b, y, b.automatic_name("conv"), 128, norm=True)
                y = leaf(
                    b, y, b.automatic_name("conv"), "conv", conv_op(y, 32, 3, 1, 1, bias=False)
                )
                x = b.op(Concat(), [x, y], "concat_1")[0]
    with b.scope("transition_1", "transition"):
        x = conv(b, x, "conv", x.channels // 2, norm=True)
        x = auto(b, x, "avg_pool", AvgPool((2, 2), (2, 2), (0, 0)))
    with b.scope("dense", "dense"):
        made = [conv(b, x, "first", 32, 3, 1, 1, norm=True)]
        for number in range(3):
            made.append(conv(b, x, f"layer{number}", 32, 3, 1, 1, norm=True))
            x = b.op(Concat(), made, b.automatic_name("concat"))[0]
    x = auto(b, x, "gap", AdaptiveAvgPool((1, 1)))
    return b.finish([Output("main", auto(b, x, "flatten", Flatten()))])


def _fork(b: Builder, x: Value) -> Value:
    with b.scope(b.automatic_name("fork"), "fork"):
        rows = [
            conv(b, x, b.automatic_name("conv"), 256, 3, 1, 1, norm=True),
            conv(b, x, b.automatic_name("conv"), 256, 3, 1, 1, norm=True),
        ]
        return b.op(Concat(), rows, "concat_1")[0]


def inception_c() -> Graph:
    """Inception v4's last module: forks, named and unnamed, inside branches."""
    b = Builder("inception_c", (1536, 8, 8))
    x = b.input
    for _ in range(2):
        with b.scope(b.automatic_name("inception_c"), "inception_c"):
            one = conv(b, x, b.automatic_name("conv"), 256, norm=True)
            two = _fork(b, conv(b, x, b.automatic_name("conv"), 384, norm=True))
            three = conv(b, x, b.automatic_name("conv"), 384, norm=True)
            three = conv(b, three, b.automatic_name("conv"), 448, 3, 1, 1, norm=True)
            left = conv(b, three, b.automatic_name("conv"), 256, 3, 1, 1, norm=True)
            right = conv(b, three, b.automatic_name("conv"), 256, 3, 1, 1, norm=True)
            three = b.op(Concat(), [left, right], "concat_2")[0]
            four = max_pool(b, x, "", 3, 1, 1)
            four = conv(b, four, b.automatic_name("conv"), 256, norm=True)
            x = b.op(Concat(), [one, two, three, four], "concat_1")[0]
    return b.finish([Output("main", x)])


def squeeze() -> Graph:
    """A residual with a gate inside, copies that fold, and results on the way."""
    b = Builder("squeeze", (64, 32, 32))
    x = conv(b, b.input, "stem", 64, 3, 1, 1, norm=True)
    first = x
    with b.scope("stage", "block", role=Role.COPIES):
        for copy in range(4):
            with b.scope(str(copy), "block"):
                y = conv(b, x, "conv_1", 64, 3, 1, 1, norm=True)
                with b.scope("gate", "squeeze_excite"):
                    gate = auto(b, y, "gap", AdaptiveAvgPool((1, 1)))
                    gate = conv(b, gate, "reduce", 4)
                    gate = conv(b, gate, "expand", 64, relu=False)
                    gate = auto(b, gate, "sigmoid", Activation("sigmoid"))
                    y = b.op(Mul(), [y, gate], "mul")[0]
                y = b.op(Add(), [y, x], "add_1")[0]
                x = leaf(b, y, "relu_1", "relu", Activation("relu"), Role.PART)
    y = b.op(Add(), [x, x], "add_1")[0]
    return b.finish([Output("main", y), Output("low", first), Output("same", b.input)])
