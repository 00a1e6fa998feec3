"""A Builder that goes on drawing where another stops: what fails leaves a node with results of no shape.

So a network that is wrong can be shown, up to and past the place where it is. Rejected: a graph with broken
nodes for everybody (every reader would have to ask), and reading the text a second time just to draw it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from netspec.errors import Misfit
from netspec.graph.builder import Builder
from netspec.graph.model import Graph, Init, Node, Output, Role, Scope, Value
from netspec.ops.base import Category, Op
from netspec.shape import Shape


@dataclass(frozen=True)
class Unbuilt(Op):
    """Stands for a layer that became no op: its fields are wrong, or what it reads is not known."""

    block: str

    kind: ClassVar[str] = "unbuilt"
    short: ClassVar[str] = "Unbuilt"
    category: ClassVar[Category] = Category.RESHAPE
    arity: ClassVar[int | None] = None

    def infer(self, inputs: Sequence[Shape]) -> tuple[Shape, ...]:  # noqa: ARG002
        """Never asked: it has no results with a shape."""
        raise TypeError(f"`{self.block}` became no op")

    def label(self) -> str:
        """The block as it was written."""
        return self.block


class SketchBuilder(Builder):
    """Makes a Graph of a spec with errors. Its values without a shape have a node that should make them."""

    def __init__(self, name: str, shape: Shape | None, *, doc: str = "") -> None:
        super().__init__(name, shape, doc=doc)
        self._failed: tuple[Value, ...] = ()
        """What the op that did not fit should have given, until its layer gives it."""

    def op(
        self,
        op: Op,
        inputs: Sequence[Value],
        name: str,
        *,
        inits: Mapping[str, Init] | None = None,
        origin: object = None,
    ) -> tuple[Value, ...]:
        """Add a node; what it gives has no shape when its inputs have none.

        Raises:
            Misfit: the op does not take these shapes; it was added all the same.
        """
        if any(value.poisoned for value in inputs):
            return self._leave(op, inputs, name, origin)
        try:
            return super().op(op, inputs, name, inits=inits, origin=origin)
        except Misfit:
            self._failed = self._leave(op, inputs, name, origin)
            raise

    def stand_in(
        self, block: str, inputs: Sequence[Value], name: str | None, origin: object
    ) -> tuple[Value, ...]:
        """What the op gives that did not fit; without one, a node for the whole layer."""
        if self._failed:
            failed, self._failed = self._failed, ()
            return failed
        if name == "":
            made = any(isinstance(one, Node) and one.path == self.path for one in self.children)
            own = (
                self.automatic_name(block) if made else ""
            )  # an op is the layer, what is around it failed
            return self._leave(Unbuilt(block), inputs, own, origin)
        with self.scope(name or self.automatic_name(block), block, origin=origin):
            return self._leave(Unbuilt(block), inputs, "", origin)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is made in here is not drawn: its layer has a stand-in."""
        with super().aside():
            kept = len(self.children)
            yield
            del self.children[kept:]
            self._failed = ()

    @contextmanager
    def scope(
        self,
        name: str,
        block: str,
        *,
        role: Role = Role.LAYER,
        fields: Mapping[str, object] | None = None,
        doc: str = "",
        block_doc: str = "",
        origin: object = None,
    ) -> Iterator[None]:
        """Open a scope; one in which nothing was made leaves nothing."""
        settings = {"role": role, "fields": fields, "doc": doc, "block_doc": block_doc}
        try:
            with super().scope(name, block, origin=origin, **settings):  # type: ignore[arg-type]
                yield
        finally:
            last = self.children[-1]
            if isinstance(last, Scope) and not last.children:
                self.children.pop()

    def finish(self, outputs: Sequence[Output]) -> Graph:
        """The graph, with the results that somebody makes."""
        made = {value for node in self.made() for value in node.outputs} | {self.input}
        return super().finish([out for out in outputs if out.value in made])

    def _leave(
        self, op: Op, inputs: Sequence[Value], name: str, origin: object
    ) -> tuple[Value, ...]:
        outputs = (Value(None),)
        self.children.append(Node(self.child_path(name), op, tuple(inputs), outputs, origin=origin))
        return outputs
