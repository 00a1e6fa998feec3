"""More graphs for the emitter: skips through groups, heads in groups, copies with skips, random ones."""

from __future__ import annotations

from random import Random

from netspec.graph import Builder, Graph, Init, Output, Role, Value
from netspec.ops import (
    Activation,
    AdaptiveAvgPool,
    Add,
    BatchNorm,
    Concat,
    Flatten,
    Identity,
    Linear,
    MaxPool,
    Mul,
)
from tests.graphs import auto, conv, conv_op, leaf


def unet(width: int = 4) -> Graph:
    """Two groups; the second reads what was made inside the first. A named merge at the end."""
    b = Builder("unet", (3, 16, 16))
    skips: list[Value] = []
    x = b.input
    with b.scope("encoder", "sequential"):
        for level in (1, 2):
            x = conv(b, x, f"enc{level}", width * level, 3, 1, 1, norm=True)
            skips.append(x)
            x = auto(b, x, "max_pool", MaxPool((2, 2), (2, 2), (0, 0), (1, 1)))
    x = conv(b, x, "bottom", width * 2, 3, 1, 1, norm=True)
    with b.scope("decoder", "sequential"):
        for level in (2, 1):
            skip = leaf(
                b,
                skips[level - 1],
                f"shrink{level}",
                "max_pool",
                MaxPool((2, 2), (2, 2), (0, 0), (1, 1)),
            )
            if level == 1:
                skip = leaf(b, skip, "shrink0", "max_pool", MaxPool((2, 2), (2, 2), (0, 0), (1, 1)))
            with b.scope(f"up_{level}", "up", fields={"out": width * level}):
                x = b.op(Concat(), [skip, x], "concat_1")[0] if level == 2 else x
                x = conv(b, x, "conv_1", width * level, 3, 1, 1, norm=True)
    with b.scope("mask", "concat"):
        left = conv(b, x, "left", 2)
        x = b.op(Concat(), [left, x], "")[0]
    return b.finish([Output("main", x)])


def skips_into_copies() -> Graph:
    """A repeated block whose copies read a value from far away: no chain, and names are numbers."""
    b = Builder("copies", (4, 8, 8))
    early = conv(b, b.input, "early", 4, 3, 1, 1)
    x = conv(b, early, "late", 4, 3, 1, 1)
    with b.scope("blocks", "fuse", role=Role.COPIES):
        for copy in range(3):
            with b.scope(str(copy), "fuse"):
                y = conv(b, x, "conv_1", 4, 3, 1, 1)
                x = b.op(Add(), [y, early], "add_1")[0]
    return b.finish([Output("main", x)])


def head_in_group() -> Graph:
    """A training-only head inside a group, and two outputs in inference."""
    b = Builder("grouped", (3, 8, 8))
    with b.scope("features", "sequential"):
        p1 = conv(b, b.input, "p1", 6, 3, 1, 1, norm=True)
        with b.scope("aux", "aux_head"):
            aux = leaf(b, auto(b, p1, "flatten", Flatten()), "fc", "linear", Linear(6 * 64, 3))
        p2 = conv(b, p1, "p2", 5, 3, 2, 1, norm=True)
    head = Output("aux", aux, 0.4, train_only=True, head="features.aux")
    return b.finish([Output("p1", p1), Output("p2", p2), head])


def two_readers() -> Graph:
    """The values that a convolution and a ReLU read are read again: nothing may work in place."""
    b = Builder("two_readers", (3, 6, 6))
    x = leaf(b, b.input, "conv", "conv", conv_op(b.input, 4, 3, 1, 1, bias=True))
    y = leaf(b, x, "relu_1", "relu", Activation("relu"))
    z = leaf(b, y, "relu_2", "relu", Activation("relu"))
    x = b.op(Add(), [x, y], "add_1")[0]
    x = b.op(Mul(), [x, z], "mul_1")[0]
    return b.finish([Output("main", x)])


def own_with_state() -> Graph:
    """A convolution that is its scope's module and has a stateful part: both keys stay."""
    b = Builder("own", (3, 6, 6))
    x = b.input
    for name, width in (("one", 4), ("two", 5)):
        with b.scope(name, "conv", fields={"out_channels": width}):
            x = b.op(conv_op(x, width, 3, 1, 1, bias=True), [x], "")[0]
            x = leaf(b, x, "norm", "batch_norm", BatchNorm(width), Role.PART)
    return b.finish([Output("main", x)])


def with_inits() -> Graph:
    """Convolutions with one exception, one of them without a bias; the linear stays PyTorch's."""
    b = Builder("inits", (3, 6, 6))
    x = b.input
    usual = {"weight": Init("constant", (("val", 0.25),)), "bias": Init("ones")}
    for place, std in enumerate((None, None, 0.5)):
        inits = usual if std is None else {**usual, "weight": Init("constant", (("val", std),))}
        op = conv_op(x, 4, 3, 1, 1, bias=place != 1)
        with b.scope(f"conv{place}", "conv"):
            x = b.op(op, [x], "", inits=inits)[0]
    x = leaf(b, x, "norm", "batch_norm", BatchNorm(4))
    x = auto(b, auto(b, x, "gap", AdaptiveAvgPool((1, 1))), "flatten", Flatten())
    return b.finish([Output("main", leaf(b, x, "fc", "linear", Linear(4, 2)))])


class _Random:
    """A random network of maps with four channels: nested scopes, branches, skips, repeats."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.b = Builder(
            random.choice(["net", "relu", "tensor", "a-b 1"]), (4, 6, 6), doc=self.doc()
        )

    def doc(self) -> str:
        return self.random.choice(["", 'Says "so"', "a \\ b", 'x """ y', "word " * 40, "it's"])

    def name(self, kind: str) -> str:
        if self.random.random() < 0.5:
            return self.b.automatic_name(kind)
        words = ["x", "y", "torch", "nn", "F", "conv1", "append", "pop", "n" * 40, "m" * 64]
        name = self.random.choice(words)
        return name if self.b.reserve(name) else self.b.automatic_name(kind)

    def layer(self, x: Value, known: list[Value], depth: int) -> Value:
        kinds = [self.conv, self.conv, self.relu, self.residual, self.concat, self.identity]
        kinds += [self.group, self.copies, self.skip] * (depth < 2)
        return self.random.choice(kinds)(x, known, depth)

    def conv(self, x: Value, known: list[Value], depth: int) -> Value:
        kernel = self.random.choice([1, 3])
        norm, relu = self.random.random() < 0.5, self.random.random() < 0.5
        width = self.random.choice([4, 4, 8])
        y = conv(self.b, x, self.name("conv"), width, kernel, 1, kernel // 2, norm=norm, relu=relu)
        return y if width == 4 else conv(self.b, y, self.name("conv"), 4)

    def relu(self, x: Value, known: list[Value], depth: int) -> Value:
        return leaf(self.b, x, self.name("relu"), "relu", Activation("relu"))

    def identity(self, x: Value, known: list[Value], depth: int) -> Value:
        return leaf(self.b, x, self.name("identity"), "identity", Identity())

    def residual(self, x: Value, known: list[Value], depth: int) -> Value:
        y = self.layers(x, known, 2)
        y = self.b.op(Add(), [y, x], self.b.automatic_name("add"))[0]
        part = self.b.automatic_name("relu")
        return leaf(self.b, y, part, "relu", Activation("relu"), Role.PART)

    def concat(self, x: Value, known: list[Value], depth: int) -> Value:
        branches = [self.layers(x, known, 2) for _ in range(self.random.randint(2, 3))]
        y = self.b.op(Concat(), branches, self.b.automatic_name("concat"))[0]
        return conv(self.b, y, self.name("conv"), 4)

    def group(self, x: Value, known: list[Value], depth: int) -> Value:
        with self.b.scope(self.name("group"), self.random.choice(["sequential", "cell", "relu"])):
            return self.layers(x, known, depth + 1, least=1)

    def copies(self, x: Value, known: list[Value], depth: int) -> Value:
        state = self.random.getstate()
        with self.b.scope(self.name("cell"), "cell", role=Role.COPIES):
            for copy in range(self.random.randint(1, 4)):
                self.random.setstate(state)
                with self.b.scope(str(copy), "cell"):
                    x = self.layers(x, known, 2, least=1)
        return x

    def skip(self, x: Value, known: list[Value], depth: int) -> Value:
        other = self.random.choice(known)
        return self.b.op(Add(), [x, other], self.b.automatic_name("add"))[0]

    def layers(self, x: Value, known: list[Value], depth: int, *, least: int = 0) -> Value:
        for _ in range(self.random.randint(least, 3)):
            x = self.layer(x, known, depth)
            known.append(x)
        return x


def random_graph(seed: int) -> Graph:
    """A network that no person would write, with names that no person should choose."""
    random = Random(seed)  # noqa: S311 - a test that comes out the same every time
    made = _Random(random)
    known = [made.b.input]
    x = made.layers(made.b.input, known, 0, least=1)
    outputs = [Output("main", x)]
    if random.random() < 0.4:
        outputs.append(Output("early", random.choice(known)))
    return made.b.finish(outputs)
