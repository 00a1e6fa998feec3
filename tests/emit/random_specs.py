"""Specs with blocks of their own in which numbers coincide often: widths, copies, activations, names.

A wrong guess of the emitter - two widths that are only sometimes equal, a number of copies that is another -
makes a class that does not fit one of its uses.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Layer = str | dict[str, object]
WIDTHS = (4, 8, 8, 12, 16)
PARAMS = {"w1": "int", "w2": "int", "kernel": "int", "copies": "int", "act": {"type": "block"}}


def random_spec(seed: int) -> dict[str, object]:
    """A spec of up to three blocks, each used by the later ones; most are valid."""
    draw = _Draw(random.Random(seed))  # noqa: S311 - a test that comes out the same every time
    layers = [draw.layer() for _ in range(draw.random.randint(2, 4))]
    for number in range(draw.random.randint(1, 3)):
        draw.define(f"{draw.random.choice(['unit', 'stage', 'Right'])}{number or ''}")
        layers += [draw.layer() for _ in range(draw.random.randint(1, 3))]
    return {
        "netspec": 1,
        "name": "net",
        "input": [8, 8, 8],
        "blocks": draw.blocks,
        "layers": layers,
    }


class _Draw:
    def __init__(self, rng: random.Random) -> None:
        self.random = rng
        self.blocks: dict[str, dict[str, object]] = {}
        self.params: list[str] = []
        self.depth = 0

    def define(self, name: str) -> None:
        """A block of a few parameters, whose layers use earlier ones."""
        self.params = self.random.sample(list(PARAMS), self.random.randint(1, 4))
        layers = [self.layer() for _ in range(self.random.randint(1, 4))]
        block: dict[str, object] = {"params": {one: PARAMS[one] for one in self.params}}
        if self.random.random() < 0.5:
            block["let"] = {"hidden": self.random.choice(["$(2 * in_channels)", "$in_channels"])}
            layers.append({"conv": {"out_channels": "$hidden", "kernel_size": 1}})
        self.blocks[name] = {**block, "layers": layers}
        self.params = []

    def layer(self) -> Layer:
        """A layer; inside a block its numbers may be those of the block."""
        makers: list[Callable[[], Layer]] = [self.conv, self.conv, self.plain, self.used, self.used]
        makers += [self.residual, self.concat] if self.depth < 2 else []
        self.depth += 1
        made = self.random.choice(makers)()
        self.depth -= 1
        return made

    def one_of(self, param: str, *values: object) -> object:
        """A value, or the block's parameter."""
        here = [f"${name}" for name in self.params if name.startswith(param)]
        return self.random.choice([*values, *here])

    def width(self) -> object:
        inside = ["$(2 * in_channels)", "$(in_channels // 2)"] if self.params else []
        return self.one_of("w", self.random.choice(WIDTHS), *inside)

    def conv(self) -> Layer:
        return {
            "conv": {
                "out_channels": self.width(),
                "kernel_size": self.one_of("kernel", 1, 3),
                "padding": "same",
                "activation": self.one_of("act", "relu", "silu", "none"),
                "norm": self.random.choice(["batch_norm", "none"]),
            }
        }

    def plain(self) -> Layer:
        gate: Layer = {"squeeze_excite": {"reduction": 2, "repeat": self.one_of("copies", 1, 2)}}
        choices: list[Layer] = ["relu", "batch_norm", gate, {"depthwise_conv": 1}]
        return self.random.choice(choices)

    def used(self) -> Layer:
        """A use of an earlier block, with copies."""
        if not self.blocks:
            return self.conv()
        name, block = self.random.choice(list(self.blocks.items()))
        values: dict[str, Callable[[], object]] = {
            "w1": lambda: self.one_of("w", self.random.choice(WIDTHS)),
            "w2": lambda: self.one_of("w", self.random.choice(WIDTHS)),
            "kernel": lambda: self.one_of("kernel", 1, 3, 5),
            "copies": lambda: self.one_of("copies", 1, 2, 3),
            "act": lambda: self.one_of("act", "relu", "silu", "none"),
        }
        params = block["params"]
        assert isinstance(params, dict)
        return {name: {**{one: values[one]() for one in params}, "repeat": values["copies"]()}}

    def residual(self) -> Layer:
        back = {"conv": {"out_channels": "$in_channels", "kernel_size": 1}}
        layers = [self.layer(), back] if self.params else ["relu", {"depthwise_conv": 1}]
        return {"residual": {"layers": layers, "activation": "relu"}}

    def concat(self) -> Layer:
        return {"concat": [[self.layer()], [self.conv()], []]}
