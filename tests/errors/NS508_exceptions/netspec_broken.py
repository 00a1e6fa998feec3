"""Blocks that do what blocks must not do, each in its own way."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from netspec.blocks import Block, Build, Example
from netspec.blocks.conv import Conv
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import Identity, Reshape


def _as_path(text: str) -> Any:
    return PurePath(text)


EXAMPLE = Example("- identity", (3, 8, 8), (3, 8, 8))


class Forgets(Block):
    """(...) -> (...): looks up what is not there."""

    block_name: ClassVar[str] = "forgets"
    example: ClassVar[Example] = EXAMPLE

    width: int = 1
    """A number."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return {}["width"]


class Leaves(Block):
    """(...) -> (...): ends the program."""

    block_name: ClassVar[str] = "leaves"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        sys.exit("done")


class GivesNothing(Block):
    """(...) -> nothing."""

    block_name: ClassVar[str] = "gives_nothing"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Any:
        build.op(Identity(), *inputs)


class SameNameTwice(Block):
    """(...) -> (...): two children with one name."""

    block_name: ClassVar[str] = "same_name_twice"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        x = build.op(Identity(), *inputs, name="same")
        return build.op(Identity(), x, name="same")


@dataclass(frozen=True)
class Own(Identity):
    """An op that netspec does not know."""


class OwnOp(Block):
    """(...) -> (...): an op of its own."""

    block_name: ClassVar[str] = "own_op"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Own(), *inputs)


class Listed(Block):
    """(...) -> (...): an op with a list in it."""

    block_name: ClassVar[str] = "listed"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        shape: Any = list(inputs[0].shape)
        return build.op(Reshape(shape), *inputs)


class UnknownRule(Block):
    """(...) -> (...): a rule without a sentence."""

    block_name: ClassVar[str] = "unknown_rule"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        raise Misfit("must-be-blue")


class KeepsValues(Block):
    """(...) -> (...): a value that it made up."""

    block_name: ClassVar[str] = "keeps_values"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        return Value((3, 32, 32))


class NoPlainData(Block):
    """(...) -> (...): a field that becomes an object."""

    block_name: ClassVar[str] = "no_plain_data"
    example: ClassVar[Example] = EXAMPLE

    place: Annotated[str, AfterValidator(_as_path)] = ""
    """Where."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(Identity(), *inputs)


class NoChannels(Block):
    """(...) -> (...): a convolution without channels."""

    block_name: ClassVar[str] = "no_channels"
    example: ClassVar[Example] = EXAMPLE

    def lower(self, build: Build, *inputs: Value) -> Value:
        (x,) = inputs
        return build.block(Conv(out_channels=x.channels // 4, kernel_size=1), x, name="conv")
