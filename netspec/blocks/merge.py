"""Merges: several values become one, from names (`from: [a, b]`) or from branches written in place."""

from __future__ import annotations

from typing import ClassVar

from netspec.blocks.base import Block, BranchList, Build, Example, Values
from netspec.blocks.fields import Branches, Dim
from netspec.errors import Misfit
from netspec.graph import Value
from netspec.ops import Add as AddOp
from netspec.ops import Concat as ConcatOp
from netspec.ops import Mul as MulOp
from netspec.ops import Op
from netspec.ops import Stack as StackOp

NO_BRANCHES = BranchList(())


def run_branches(build: Build, branches: BranchList, inputs: Values) -> Values:
    """The values that come out of the branches, in order.

    Every branch reads the one input; with several inputs there is one for each branch. A named branch is
    a group of that name. Without branches the inputs themselves come out.

    Raises:
        Misfit: `branch-count`, when there are several inputs, but not one for each branch.
    """
    if not branches:
        return inputs
    if len(inputs) not in (1, len(branches)) and not any(x.poisoned for x in inputs):
        raise Misfit("branch-count", "branches", inputs=len(inputs), branches=len(branches))
    one_each = inputs if len(inputs) == len(branches) else inputs[:1] * len(branches)
    names = branches.names or (None,) * len(branches)
    results: list[Value] = []
    for branch, name, x in zip(branches.branches, names, one_each, strict=True):
        results += build.layers(branch, x, name=name)
    return tuple(results)


def merged(build: Build, branches: BranchList, inputs: Values) -> Values:
    """The values of the branches; a merge needs at least two.

    Raises:
        Misfit: `too-few-to-merge`, `branch-count`.
    """
    values = run_branches(build, branches, inputs)
    if len(values) < 2 and not any(value.poisoned for value in values):
        raise Misfit("too-few-to-merge", count=len(values), branches=len(branches))
    return values


class Concat(Block):
    """(C1, H, W), (C2, H, W), ... -> (C1 + C2 + ..., H, W): values side by side along `dim`, in order.

    Raises:
        Misfit: the values differ in another axis than `dim`.
    """

    block_name: ClassVar[str] = "concat"
    bare_field: ClassVar[str] = "branches"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = ConcatOp
    example: ClassVar[Example] = Example(
        "- concat: [[conv: {out_channels: 96, kernel_size: 1}], []]",
        input=(64, 8, 8),
        output=(160, 8, 8),
    )

    branches: Branches = NO_BRANCHES
    """Lists of layers, bare or named; `[]` is the identity. Without them the values come by `from`."""
    dim: Dim = 1
    """The axis along which they are joined; 1 is the channels."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(ConcatOp(self.dim), *merged(build, self.branches, inputs))


class Add(Block):
    """Values of one shape -> their sum. It never broadcasts.

    Raises:
        Misfit: the values have different shapes.
    """

    block_name: ClassVar[str] = "add"
    bare_field: ClassVar[str] = "branches"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = AddOp
    example: ClassVar[Example] = Example(
        "- add: [[conv: {out_channels: 64, kernel_size: 3, padding: 1}], []]",
        input=(64, 8, 8),
        output=(64, 8, 8),
    )

    branches: Branches = NO_BRANCHES
    """Lists of layers, bare or named; `[]` is the identity. Without them the values come by `from`."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(AddOp(), *merged(build, self.branches, inputs))


class Mul(Block):
    """Values of one shape -> their product; a (C, 1, 1) gate is spread over a (C, H, W) map.

    Raises:
        Misfit: the values have different shapes and none is such a gate.
    """

    block_name: ClassVar[str] = "mul"
    bare_field: ClassVar[str] = "branches"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = MulOp
    example: ClassVar[Example] = Example(
        "- mul: [[], [gap, conv: {out_channels: 64, kernel_size: 1}, sigmoid]]",
        input=(64, 8, 8),
        output=(64, 8, 8),
    )

    branches: Branches = NO_BRANCHES
    """Lists of layers, bare or named; `[]` is the identity. Without them the values come by `from`."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(MulOp(), *merged(build, self.branches, inputs))


class Stack(Block):
    """(C, H, W), (C, H, W), ... -> (M, C, H, W): M values of one shape along a new axis at `dim`.

    Raises:
        Misfit: the values have different shapes.
    """

    block_name: ClassVar[str] = "stack"
    bare_field: ClassVar[str] = "branches"
    inputs: ClassVar[int | None] = None
    structural: ClassVar[bool] = True
    merge: ClassVar[type[Op] | None] = StackOp
    example: ClassVar[Example] = Example(
        "- stack: [[conv: {out_channels: 64, kernel_size: 3, padding: 1}], []]",
        input=(64, 8, 8),
        output=(2, 64, 8, 8),
    )

    branches: Branches = NO_BRANCHES
    """Lists of layers, bare or named; `[]` is the identity. Without them the values come by `from`."""
    dim: Dim = 1
    """Where the new axis stands; 1 is before the channels."""

    def lower(self, build: Build, *inputs: Value) -> Value:
        return build.op(StackOp(self.dim), *merged(build, self.branches, inputs))
