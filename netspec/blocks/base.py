"""What a block is, and the verbs it builds with.

A block is what YAML can name: validated fields, docs, an example, and `lower`, which builds ops. It has
no shape rule of its own: its shape is what its ops infer, so the two cannot disagree. Structure blocks
stay a few lines, because names, `when`, copies and recovery from errors are behind `Build.layers`.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from netspec.expressions import Opaque
from netspec.graph import Value
from netspec.ops import Op
from netspec.records import record
from netspec.shape import Shape

Values = tuple[Value, ...]

COMMON = ("name", "from", "repeat", "first", "last", "when", "expect", "init", "doc")
"""What every layer may have besides the fields of its block."""


class FieldKind(StrEnum):
    """How the text of a field is read before it is validated."""

    PLAIN = "plain"  # a number, text, or list of them
    BLOCK = "block"  # the name of a block, or `{name: {fields}}`
    LAYERS = "layers"  # a list of layers, elaborated where the block asks for it
    BRANCHES = "branches"  # several lists of layers
    ROWS = "rows"  # a list, a list of rows, or lists by name


@record()
class BlockValue(Opaque):
    """A block as a value: `relu`, `{squeeze_excite: {reduction: 16}}`. `none` switches off.

    `context` is where it was written and what it sees there; the elaborator's own, opaque to blocks.
    """

    name: str
    context: Any = None

    @property
    def off(self) -> bool:
        """Whether it switches the part off."""
        return self.name == "none"


@record()
class LayerList:
    """Layers written in a field, not yet elaborated; `context` is opaque to blocks."""

    context: Any
    length: int

    def __len__(self) -> int:
        return self.length


@dataclass(frozen=True, slots=True)
class BranchList:
    """Branches written in a field: lists of layers, with their names where they have one."""

    branches: tuple[LayerList, ...]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.branches)


@dataclass(frozen=True, slots=True)
class Rows:
    """The values that copies walk, evaluated, each with its place; `context` is opaque to blocks."""

    context: Any


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: layers in YAML, run by a test on `input`, with the shape that comes out."""

    layers: str
    input: Shape
    output: Shape | tuple[Shape, ...]


class Build(Protocol):
    """What a block may do. The elaborator implements it."""

    def op(self, op: Op, *inputs: Value, name: str | None = None) -> Value:
        """Add an op. Without a name it is the layer itself: its path is the layer's."""
        ...

    def values(self, op: Op, *inputs: Value, names: Sequence[str] = ()) -> Values:
        """Add an op that gives several values; `names` are read below the layer's own name."""
        ...

    def block(self, block: Block, *inputs: Value, name: str) -> Value:
        """Build a block as the named child `name`, a scope of its own."""
        ...

    def part(self, value: BlockValue, x: Value, name: str | None = None) -> Value:
        """Build a norm or an activation as a part of this layer; `none` gives `x` back."""
        ...

    def layers(self, items: LayerList, *inputs: Value, name: str | None = None) -> Values:
        """Elaborate layers that were written in a field, reading `inputs`; with a name, as a group."""
        ...

    def each(
        self,
        rows: Rows,
        items: LayerList,
        *inputs: Value,
        names: str | tuple[str, ...],
        index: str | None,
    ) -> Values:
        """Elaborate layers once for each row, as copies of this layer, each reading the one before."""
        ...

    def head(self, value: Value, *, loss_weight: float, train_only: bool) -> None:
        """Make `value` an output of the network, named like the layer."""
        ...


class Block(BaseModel, ABC):
    """(...) -> (...): the interface of every built-in block. Leaves are frozen pydantic models."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        defer_build=True,
    )

    block_name: ClassVar[str]
    """What YAML calls it."""
    bare_field: ClassVar[str | None] = None
    """The field that `- block: value` gives."""
    inputs: ClassVar[int | None] = 1
    """How many values it reads; None: any number."""
    structural: ClassVar[bool] = False
    """Without a name it adds no level: its layers count on in the scope around."""
    merge: ClassVar[type[Op] | None] = None
    """The op of its own that a structural block adds, so that a line that is switched off counts it."""
    copies: ClassVar[bool] = False
    """Its scope holds copies, named 0, 1, ..., whose layers see names that it binds."""
    group: ClassVar[bool] = False
    """Nothing but a list of layers: what may stand at the top level may stand in it."""
    example: ClassVar[Example]
    reference: ClassVar[str] = ""
    """The paper, with section or table."""

    @abstractmethod
    def lower(self, build: Build, *inputs: Value) -> Value | Values:
        """Build the block's ops from its inputs; gives what the next layer reads.

        Raises:
            Misfit: fields and shapes that do not go together.
        """

    @classmethod
    @cache
    def infos(cls) -> Mapping[str, FieldInfo]:
        """Field name in YAML -> what pydantic knows of it; `as` is a word of Python and has an alias."""
        return {info.alias or name: info for name, info in cls.model_fields.items()}

    @classmethod
    @cache
    def docs(cls) -> Mapping[str, str]:
        """Field name in YAML -> its docstring, read off the source when somebody asks.

        Rejected: pydantic's `use_attribute_docstrings`, which reads the source of all blocks at each start
        and takes longer than a check.
        """
        below: dict[str, str] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, Block):
                below |= _attribute_docs(base)
        names = {info.alias or name: name for name, info in cls.model_fields.items()}
        return {
            shown: cls.model_fields[name].description or below.get(name, "")
            for shown, name in names.items()
        }

    @classmethod
    @cache
    def field_kinds(cls) -> Mapping[str, FieldKind]:
        """Field name -> how it is read, in the order of declaration."""
        return {
            name: next((m for m in info.metadata if isinstance(m, FieldKind)), FieldKind.PLAIN)
            for name, info in cls.infos().items()
        }

    def given(self) -> dict[str, object]:
        """The fields that were given, as plain data: for class planning, pages and JSON."""
        values, written = self.__dict__, self.model_fields_set
        return {
            shown: _plain(values[name])
            for name, shown in self._plain_fields().items()
            if name in written
        }

    @classmethod
    @cache
    def _plain_fields(cls) -> Mapping[str, str]:
        """Name in Python -> name in YAML, of the fields that hold plain data or a block."""
        kinds, plain = cls.field_kinds(), (FieldKind.PLAIN, FieldKind.BLOCK)
        shown = {name: info.alias or name for name, info in cls.model_fields.items()}
        return {name: alias for name, alias in shown.items() if kinds[alias] in plain}


@dataclass(frozen=True, slots=True)
class Preset:
    """Another name for a block with some fields given: `max_pool` is `pool` with `mode: max`."""

    name: str
    block: str
    fields: Mapping[str, object]
    doc: str
    example: Example
    hidden: tuple[str, ...] = ()
    """Fields of the block that make no sense under this name; left out of its page."""


def _attribute_docs(cls: type) -> dict[str, str]:
    """Name of an attribute -> the docstring below it; none where there is no source."""
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    except (OSError, TypeError):  # typed in, or made by a program
        return {}
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _plain(value: object) -> object:
    if isinstance(value, BlockValue):
        return value.name
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
