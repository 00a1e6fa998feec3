"""The syntax tree. Each node knows where it stands and how it is evaluated; no visitor, no central table.

Operators that chain (`a + b - c`, `a < b < c`, `a[0][1]`) are one node with many operands, and a
node calls its children's `evaluate` directly: the height of the tree, and with it Python's stack, is
bounded by the nesting that the parser admits, not by the length of the text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from netspec.errors import ExpressionFault
from netspec.expressions.arithmetic import binary, signed
from netspec.expressions.functions import Arguments, Function
from netspec.expressions.values import (
    Context,
    Operand,
    bounded_list,
    compare,
    is_int,
    is_list,
    truth,
    wrong_operand,
)


@dataclass(frozen=True, slots=True)
class Node(ABC):
    """A stretch of the text, `start` to `end`, that has a value."""

    start: int
    end: int

    @abstractmethod
    def evaluate(self, context: Context) -> object:
        """The value; raises ExpressionFault."""

    def at(self, value: object) -> Operand:
        """A value of this node, with its place."""
        return Operand(value, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, `true` or `false`."""

    value: int | float | str | bool

    def evaluate(self, context: Context) -> object:  # noqa: ARG002 - a literal reads nothing
        """The value as written."""
        return self.value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name, looked up in the values."""

    name: str

    def evaluate(self, context: Context) -> object:
        """What the mapping holds; what it raises, other than KeyError, is the caller's."""
        try:
            return context.values[self.name]
        except KeyError:
            known = tuple(sorted(context.values))
        raise ExpressionFault("unknown-name", self.start, self.end, name=self.name, known=known)


@dataclass(frozen=True, slots=True)
class Group(Node):
    """An expression in parentheses; its place includes them."""

    inner: Node

    def evaluate(self, context: Context) -> object:
        """The value inside."""
        return self.inner.evaluate(context)


@dataclass(frozen=True, slots=True)
class ListDisplay(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]

    def evaluate(self, context: Context) -> object:
        """A new list."""
        values: list[object] = []
        for item in self.items:
            values.append(item.evaluate(context))  # noqa: PERF401 - a comprehension is one more frame
        return bounded_list(values, self.start, self.end, context.limits)


@dataclass(frozen=True, slots=True)
class Signed(Node):
    """`-x` or `+x`."""

    operator: str
    operand: Node

    def evaluate(self, context: Context) -> object:
        """The number with its sign."""
        operand = self.operand.at(self.operand.evaluate(context))
        return signed(self.operator, operand, context.limits)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not x`."""

    operand: Node

    def evaluate(self, context: Context) -> object:
        """The other bool."""
        return not truth("not", self.operand.at(self.operand.evaluate(context)))


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first op operand op operand ...`, operators of one precedence, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def evaluate(self, context: Context) -> object:
        """The result of the last operation."""
        left = self.first.at(self.first.evaluate(context))
        for operator, node in self.rest:
            right = node.at(node.evaluate(context))
            result = binary(operator, left, right, context.limits)
            left = Operand(result, self.start, node.end)
        return left.value


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a < b < c`: each neighbouring pair holds; stops at the first that does not."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def evaluate(self, context: Context) -> object:
        """Whether all hold."""
        left = self.first.at(self.first.evaluate(context))
        for operator, node in self.rest:
            right = node.at(node.evaluate(context))
            if not compare(operator, left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """`a and b and c`, or the same with `or`; stops at the operand that decides."""

    operator: str
    operands: tuple[Node, ...]

    def evaluate(self, context: Context) -> object:
        """The deciding bool."""
        decisive = self.operator == "or"
        for node in self.operands:
            if truth(self.operator, node.at(node.evaluate(context))) is decisive:
                return decisive
        return not decisive


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`value if condition else otherwise`; only the branch taken is evaluated."""

    value: Node
    condition: Node
    otherwise: Node

    def evaluate(self, context: Context) -> object:
        """The value of the branch."""
        if truth("if", self.condition.at(self.condition.evaluate(context))):
            return self.value.evaluate(context)
        return self.otherwise.evaluate(context)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; the parser has counted them."""

    function: Function
    arguments: tuple[Node, ...]

    def evaluate(self, context: Context) -> object:
        """The function's result."""
        operands: list[Operand] = []
        for node in self.arguments:
            operands.append(node.at(node.evaluate(context)))  # noqa: PERF401 - as in ListDisplay
        arguments = Arguments(self.function, operands, self.start, self.end, context.limits)
        return self.function.apply(arguments)


@dataclass(frozen=True, slots=True)
class Index:
    """`[index]` or `.0`; `end` is where it ends in the text."""

    index: Node
    end: int

    def apply(self, container: Operand, context: Context) -> object:
        """The element."""
        items = container.value
        if not is_list(items):
            raise wrong_operand("[]", [container], [container], "a list")
        index = self.index.at(self.index.evaluate(context))
        if not is_int(index.value):
            raise wrong_operand("[]", [index], [index], "an int as index")
        if not -len(items) <= index.value < len(items):
            raise ExpressionFault(
                "index-out-of-range",
                index.start,
                index.end,
                index=index.value,
                length=len(items),
            )
        return items[index.value]


@dataclass(frozen=True, slots=True)
class Slice:
    """`[first:last]`; bounds outside the list are its ends, as in Python."""

    first: Node | None
    last: Node | None
    end: int

    def apply(self, container: Operand, context: Context) -> object:
        """A new list."""
        items = container.value
        if not is_list(items):
            raise wrong_operand("[:]", [container], [container], "a list")
        first = None if self.first is None else self.first.at(self.first.evaluate(context))
        last = None if self.last is None else self.last.at(self.last.evaluate(context))
        return list(items[_bound(first) : _bound(last)])


def _bound(operand: Operand | None) -> int | None:
    if operand is None:
        return None
    if not is_int(operand.value):
        raise wrong_operand("[:]", [operand], [operand], "an int as bound")
    return operand.value


@dataclass(frozen=True, slots=True)
class Subscript(Node):
    """`base[0].1[2:]`: a value and the steps into it."""

    base: Node
    steps: tuple[Index | Slice, ...]

    def evaluate(self, context: Context) -> object:
        """What the last step gives."""
        operand = self.base.at(self.base.evaluate(context))
        for step in self.steps:
            operand = Operand(step.apply(operand, context), self.start, step.end)
        return operand.value
