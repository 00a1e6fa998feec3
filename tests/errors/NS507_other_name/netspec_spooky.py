"""A block for the tests."""

from typing import ClassVar

from netspec.blocks import Block, Build, Example
from netspec.graph import Value
from netspec.ops import Identity


class Ghost(Block):
    """(...) -> (...): passes its input through."""

    block_name: ClassVar[str] = "ghost"
    example: ClassVar[Example] = Example("- ghost", (3, 8, 8), (3, 8, 8))

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Identity(), *inputs)
