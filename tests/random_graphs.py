"""A hypothesis strategy for whole graphs, lowered as blocks lower: for invariants that hold for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from netspec.graph import Builder, Graph, Output, Role, Value
from netspec.ops import Activation, Add, BatchNorm, Concat, MaxPool, Split
from tests.graphs import conv, conv_op, leaf

Draw = Callable[[st.SearchStrategy[int]], int]


@dataclass
class _Maker:
    """Draws layers. `seen` are values that a later layer may read from anywhere (long skips)."""

    draw: Draw
    b: Builder
    seen: list[Value] = field(default_factory=list)
    heads: list[Output] = field(default_factory=list)
    depth: int = 0
    in_head: bool = False

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def stream(self, x: Value) -> Value:
        kinds = [self.conv, self.unit, self.pool, self.prelude, self.skip]
        if self.depth < 3:
            kinds += [self.block, self.copies, self.residual, self.merge, self.split]
        if self.depth < 2 and not self.in_head:
            kinds.append(self.head)
        self.depth += 1
        for _ in range(self.number(1, 3)):
            x = kinds[self.number(0, len(kinds) - 1)](x)
            if not self.in_head:
                self.seen.append(x)
        self.depth -= 1
        return x

    def conv(self, x: Value) -> Value:
        op = conv_op(x, self.number(1, 3), 3, 1, 1, bias=True)
        return leaf(self.b, x, self.b.automatic_name("conv"), "conv", op)

    def unit(self, x: Value) -> Value:
        norm = bool(self.number(0, 1))
        return conv(self.b, x, self.b.automatic_name("conv"), self.number(1, 3), norm=norm)

    def pool(self, x: Value) -> Value:
        op = MaxPool((3, 3), (1, 1), (1, 1), (1, 1))
        return leaf(self.b, x, self.b.automatic_name("max_pool"), "max_pool", op)

    def prelude(self, x: Value) -> Value:
        """A norm before a conv: a unit all the same."""
        with self.b.scope(self.b.automatic_name("conv"), "conv"):
            y = leaf(self.b, x, "norm", "batch_norm", BatchNorm(x.channels), Role.PART)
            return leaf(self.b, y, "conv", "conv", conv_op(y, 2, 1, 1, 0, bias=False))

    def skip(self, x: Value) -> Value:
        far = self.seen[self.number(0, len(self.seen) - 1)] if self.seen else self.b.input
        return self.b.op(Concat(), [far, x], self.b.automatic_name("concat"))[0]

    def block(self, x: Value) -> Value:
        with self.b.scope(self.b.automatic_name("stage"), "stage"):
            return self.stream(x)

    def copies(self, x: Value) -> Value:
        with self.b.scope(self.b.automatic_name("stage"), "stage", role=Role.COPIES):
            for copy in range(self.number(1, 3)):
                with self.b.scope(str(copy), "stage"):
                    x = self.stream(x)
        return x

    def residual(self, x: Value) -> Value:
        with self.b.scope(self.b.automatic_name("basic"), "basic"):
            y = self.stream(x)
            y = conv(self.b, y, self.b.automatic_name("conv"), x.channels, norm=True, relu=False)
            y = self.b.op(Add(), [y, x], self.b.automatic_name("add"))[0]
            relu = self.b.automatic_name("relu")
            return leaf(self.b, y, relu, "relu", Activation("relu"), Role.PART)

    def merge(self, x: Value) -> Value:
        """A named concat with branches: its own node stands last."""
        with self.b.scope(self.b.automatic_name("merge"), "concat"):
            branches = [self.stream(x) for _ in range(2)]
            return self.b.op(Concat(), branches, "")[0]

    def split(self, x: Value) -> Value:
        """Two values, in the scope around or from a scope of their own: one for each branch, or joined."""
        first = self.number(1, x.channels)
        op = Split((first, x.channels + 1 - first))
        x = self.b.op(Concat(), [x, self.one(x)], self.b.automatic_name("concat"))[0]
        if self.number(0, 1):
            parts = self.b.op(op, [x], self.b.automatic_name("split"))
        else:
            with self.b.scope(self.b.automatic_name("halves"), "split"):
                parts = self.b.op(op, [x], "")
        if self.number(0, 1):
            parts = (parts[0], self.stream(parts[1]))
        return self.b.op(Concat(), parts, self.b.automatic_name("concat"))[0]

    def one(self, x: Value) -> Value:
        """A map of one channel."""
        return leaf(
            self.b, x, self.b.automatic_name("conv"), "conv", conv_op(x, 1, 1, 1, 0, bias=True)
        )

    def head(self, x: Value) -> Value:
        name = self.b.automatic_name("aux")
        self.in_head = True
        with self.b.scope(name, "aux_head"):
            path = self.b.path
            y = self.stream(x)
        self.in_head = False
        train_only = bool(self.number(0, 1))
        title = f"aux{len(self.heads)}"
        self.heads.append(Output(title, y, 0.5, train_only=train_only, head=path))
        return x


@st.composite
def graphs(draw: Draw) -> Graph:
    """A graph of up to some hundred nodes: units, blocks, copies, merges, heads, long skips."""
    maker = _Maker(draw, Builder("random", (2, 4, 4), doc="Drawn at random."))
    x = maker.stream(maker.b.input)
    return maker.b.finish([Output("main", x), *maker.heads])
