"""The table that torchsummary prints, for comparing with a published one; from the graph, without torch.

A row for every module: an op that is a module of torch, then the block around it, after what is inside.
Containers (`sequential`, copies) and the network itself have none. Nor has what is usually a function:
`concat`, `add`, and `flatten`, which printed code writes as `x.view`.

Its sizes are torchsummary's own: MB are 2^20 bytes of float32; every row counts, so that a block counts
its output again and an activation in place too; the sum is doubled for gradients. For the memory that a
network really needs see `netspec.analysis.memory`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.graph import Graph, Node, Role, Scope
from netspec.ops import Category
from netspec.shape import Shape, numel

_LINE = "-" * 64
_DOUBLE = "=" * 64
_CONTAINERS = frozenset({"parallel", "sequential"})


@dataclass(frozen=True, slots=True)
class _Module:
    """One row: the class, what it gives, and the parameters that are its own."""

    name: str
    outputs: Sequence[Shape]
    params: int


def torchsummary_table(graph: Graph) -> str:
    """The table as text, line for line as torchsummary writes it."""
    rows = list(_modules(graph.root, is_root=True))
    total = sum(row.params for row in rows)
    lines = [_LINE, _row("Layer (type)", "Output Shape", "Param #"), _DOUBLE]
    for number, row in enumerate(rows, start=1):
        shapes = [[-1, *shape] for shape in row.outputs]
        shown = str(shapes[0] if len(shapes) == 1 else shapes)
        lines.append(_row(f"{row.name}-{number}", shown, f"{row.params:,}"))
    elements = sum(numel(shape) for row in rows for shape in row.outputs)
    inputs = _megabytes(numel(graph.input.shape))
    activations, params = _megabytes(2 * elements), _megabytes(total)
    lines += [
        _DOUBLE,
        f"Total params: {total:,}",
        f"Trainable params: {total:,}",
        "Non-trainable params: 0",
        _LINE,
        f"Input size (MB): {inputs:.2f}",
        f"Forward/backward pass size (MB): {activations:.2f}",
        f"Params size (MB): {params:.2f}",
        f"Estimated Total Size (MB): {inputs + activations + params:.2f}",
        _LINE,
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, shape: str, params: str) -> str:
    return f"{name:>20}  {shape:>25} {params:>15}"


def _megabytes(elements: int) -> float:
    return elements * 4 / 2**20


def _modules(scope: Scope, *, is_root: bool = False) -> Iterator[_Module]:
    """The modules inside, then the scope's own, unless it is only a container or one op."""
    last: tuple[Shape, ...] = ()
    nodes = 0
    for child in scope.children:
        inside = [child] if isinstance(child, Node) else list(child.nodes())
        nodes += len(inside)
        if inside:
            last = tuple(value.shape for value in inside[-1].outputs)
        if isinstance(child, Scope):
            yield from _modules(child)
        elif (name := _class_name(child)) is not None:
            yield _Module(name, last, child.op.parameter_count)
    container = is_root or scope.role is Role.COPIES or scope.block in _CONTAINERS
    if not container and scope.leaf is None and nodes > 1:
        yield _Module(scope.block, last, 0)


def _class_name(node: Node) -> str | None:
    """`Conv2d`; None for what is a function in printed code."""
    constructor = node.op.module
    if constructor is None or node.op.category in (Category.MERGE, Category.RESHAPE):
        return None
    return constructor.target.removeprefix("nn.")
