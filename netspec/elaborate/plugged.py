"""Running the code of plug-ins: what goes wrong in it is told at the layer, and names the plug-in.

Built-in blocks are not guarded, because whatever they raise is a bug of netspec's and must look like one.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from netspec.blocks import Block
from netspec.diagnostics import Span
from netspec.elaborate.definitions import BuiltIn, Definition
from netspec.elaborate.evaluate import Written
from netspec.elaborate.items import Item
from netspec.elaborate.names import name_problem
from netspec.elaborate.reporting import Exhausted, Sink
from netspec.elaborate.traces import Traces
from netspec.errors import Misfit
from netspec.graph import Poisoned, Value
from netspec.limits import Limits
from netspec.ops import OPS, Op
from netspec.plugins import said


def is_plugged(definition: Definition) -> bool:
    """Whether the block comes from a plug-in."""
    return definition.plugin is not None


@contextmanager
def guarded(
    sink: Sink, definition: Definition, span: Span, passing: type[Exception] = Misfit
) -> Iterator[None]:
    """Run code that may be a plug-in's. Misfits, signals and what is `passing` go through.

    Raises:
        Reported: a plug-in raised something else, which has been reported.
    """
    try:
        yield
    except (Misfit, Poisoned, Exhausted, passing):
        raise
    except (Exception, SystemExit) as error:  # a plug-in's code may raise whatever it likes
        if not isinstance(definition, BuiltIn) or not is_plugged(definition):
            raise
        sink.cause = sink.cause or error
        facts = {"said": said(error), "place": _place(error, definition.block)}
        raise sink.report(
            "plugin-failed", span, plugin=definition.plugin, block=definition.name, **facts
        ) from error


def validated(
    sink: Sink,
    definition: BuiltIn,
    where: Item | Written,
    values: Mapping[str, object],
    limits: Limits,
    passing: type[Exception],
) -> Block:
    """The model of a block's fields. Those of a plug-in must be plain data, as tables and source need it.

    Raises:
        Reported: the plug-in failed, which has been reported.
    """
    if definition.plugin is None:
        return definition.block.model_validate(values, context=limits)
    with guarded(sink, definition, where.span, passing):
        block = definition.block.model_validate(values, context=limits)
        for name, value in block.given().items():
            _check_plain(name, value)
    return block


def check_child(name: str, limits: Limits, *, fresh: bool) -> None:
    """That a plug-in's child has a name of its own; the empty one is the layer itself.

    Raises:
        ValueError: it cannot be a name, or is taken.
    """
    problem = name_problem(name, limits) if name else None
    if problem is not None:
        raise ValueError(f"no child can be called `{name}`: {problem}")
    if not fresh:
        twice = f"two children are called `{name}`" if name else "two ops have no name"
        raise ValueError(twice)


def check_op(op: Op) -> None:
    """That a plug-in adds an op of netspec's, whose fields are values: ops are compared and hashed.

    Raises:
        TypeError: it is another one, or has a list where a tuple belongs.
    """
    kind = type(op).__name__
    if type(op) not in OPS:
        raise TypeError(f"`{kind}` is no op of netspec's: their set is closed")
    for name, value in vars(op).items():
        if isinstance(value, list):
            raise TypeError(f"`{name}` of the op `{kind}` is a list and must be a tuple")


def check_made(values: Sequence[object], traces: Traces) -> None:
    """That values which a plug-in gives or reads are those of this network.

    Raises:
        TypeError: one is no value.
        ValueError: one was made elsewhere.
    """
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"`lower` gave {type(value).__name__}, and no value")
        if not traces.knows(value):
            raise ValueError("a value that no op of this network made")


def _check_plain(name: str, value: object) -> None:
    if value is None or isinstance(value, bool | int | float | str):
        return
    if not isinstance(value, list | tuple):
        raise TypeError(f"the field `{name}` became {type(value).__name__}, which is no plain data")
    for entry in value:
        _check_plain(name, entry)


def _place(error: BaseException, block: type[Block]) -> str:
    """The innermost line of the plug-in's own package that an exception passed: `ghost, line 12`."""
    package = block.__module__.partition(".")[0]
    found = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] == package:
            found = f"`{module}`, line {line}"
    return found
