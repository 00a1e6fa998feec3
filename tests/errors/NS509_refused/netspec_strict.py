"""A block with rules that netspec does not have."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator, model_validator

from netspec.blocks import Block, Build, Example
from netspec.blocks.fields import Count
from netspec.graph import Value
from netspec.ops import Identity
from netspec.plugins import does_not_fit


class Halves(Block):
    """(C, H, W) -> (C, H, W): takes an even number of channels."""

    block_name: ClassVar[str] = "halves"
    bare_field: ClassVar[str] = "kernel_size"
    example: ClassVar[Example] = Example("- halves: 3", (4, 8, 8), (4, 8, 8))

    kernel_size: Count = 1
    """An odd number."""
    first_half: Count = 1
    """A number."""
    second_half: Count = 2
    """Another one."""

    @field_validator("kernel_size")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("the kernel must be odd.")
        return value

    @model_validator(mode="after")
    def _differ(self) -> Halves:
        if self.first_half == self.second_half:
            raise ValueError("the halves must differ")
        return self

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        if x.channels % 2:
            raise does_not_fit(f"{x.channels} channels have no two halves", "first_half")
        return build.op(Identity(), x)
