"""Text in a field -> its value: expressions evaluated, null refused, places kept."""

from __future__ import annotations

from typing import Any

from netspec.blocks import BlockValue
from netspec.diagnostics import Span
from netspec.elaborate.environment import Binding, Env, Visible, near
from netspec.elaborate.reporting import Reported, Sink
from netspec.errors import ExpressionFault
from netspec.expressions import Expression, Reference, is_expression, parse
from netspec.graph import Poisoned
from netspec.limits import Limits
from netspec.records import record
from netspec.source import At


@record()
class Slot:
    """A field that was given: where, and what its expressions see. A preset's has a constant."""

    at: At | None
    env: Env
    constant: object = None
    lost: bool = False
    """Whether it is only likely to have been given, by defaults that could not be read."""


@record()
class Written:
    """The context of a block value: where it was written, its fields, and what they see."""

    at: At
    slots: dict[str, Slot]
    env: Env
    where: Span | None = None
    """Where the name stands, when it was computed at a place that is not the name itself."""

    @property
    def span(self) -> Span:
        """Where the name of the block stands."""
        if self.where is not None:
            return self.where
        return self.at.span if isinstance(self.at.data, str) else self.at.key_span


class Evaluator:
    """Evaluates places. Errors go to the sink; the caller gets `Reported`, or `Poisoned`."""

    def __init__(self, sink: Sink, limits: Limits) -> None:
        self._sink = sink
        self._limits = limits
        self._parsed: dict[str, Expression] = {}

    def plain(self, at: At, env: Env) -> Binding:
        """A number, text or list of them; with the place of the literal.

        Raises:
            Reported: it has an error, which has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        data = at.data
        if isinstance(data, str) and is_expression(data):
            return self._expression(at, env)
        if data is None:
            raise self._null(at, block=False)
        if isinstance(data, list):
            return Binding([self.plain(at / i, env).value for i in range(len(data))], at)
        if isinstance(data, dict):
            return Binding({key: self.plain(at / key, env).value for key in data}, at)
        return Binding(data, at)

    def block(self, at: At, env: Env) -> Binding:
        """The name of a block, or `{name: {fields}}`, bound to what it sees here.

        Raises:
            Reported: it has an error, which has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        data = at.data
        if data is None:
            raise self._null(at, block=True)
        if isinstance(data, str) and is_expression(data):
            found = self._expression(at, env)
            if isinstance(found.value, str):
                return Binding(BlockValue(found.value, Written(found.at or at, {}, env)), found.at)
            return found
        if isinstance(data, str):
            return Binding(BlockValue(data, Written(at, {}, env)), at)
        if isinstance(data, dict) and len(data) == 1:
            (name,) = data
            return self._with_fields(at / name, name, env)
        raise self._sink.report("block-value", at.span, received=data, field=_field(at))

    def _null(self, at: At, *, block: bool) -> Reported:
        empty = at.span.start == at.span.end
        values = {"field": _field(at), "inside": _field(at, above=1)}
        return self._sink.report("null", at.span, block=block, empty=empty, **values)

    def _with_fields(self, at: At, name: str, env: Env) -> Binding:
        if not isinstance(at.data, dict):
            values = {"received": {name: at.data}, "field": _field(at, above=1)}
            raise self._sink.report("block-value", at.span, **values)
        slots = {key: Slot(at / key, env) for key in at.data}
        if name == "none" and slots:
            key = next(iter(slots))
            raise self._sink.report(
                "unknown-field", (at / key).key_span, block=name, field=key, known=(), others=()
            )
        return Binding(BlockValue(name, Written(at, slots, env)), at)

    def named_block(self, text: str, at: At, place: At, env: Env) -> BlockValue:
        """The block that an item names by an expression: `- $block: {...}`, or `- $block`.

        Raises:
            Reported: it has an error, or is no block; that has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        if place is at:
            value = self.block(at, env).value
        else:
            found = self._evaluate(text, place, env, key=True)
            value = found.value
            if isinstance(value, str):
                where = None if found.at is not None else place.key_span
                return BlockValue(value, Written(found.at or at, {}, env, where))
        if not isinstance(value, BlockValue):
            span = at.span if place is at else place.key_span
            raise self._sink.report("block-value", span, received=value)
        return value

    def _expression(self, at: At, env: Env) -> Binding:
        found = self._evaluate(str(at.data), at, env)
        return found if found.at is not None else Binding(found.value, at)

    def _evaluate(self, text: str, at: At, env: Env, *, key: bool = False) -> Binding:
        """The value of an expression that stands at `at`, or is its key."""
        try:
            expression = self._parse(text)
            value = expression.evaluate(Visible(env))
        except ExpressionFault as fault:
            values = {"text": text, "path": at.path, **fault.values}
            values["below"] = _is_in_let(at, fault.values.get("name"))
            span = at.key_span if key else at.span
            part = _part(span, 0 if key else int(at.quoted), fault)
            unknown = fault.values["name"] if fault.rule == "unknown-name" else None
            labels = near(str(unknown), env.bindings) if unknown is not None else ()
            raise self._sink.report(fault.rule, part, labels, **values) from None
        return Binding(value, _literal(expression.reference, env))

    def _parse(self, text: str) -> Expression:
        found = self._parsed.get(text)
        if found is None:
            found = self._parsed[text] = parse(text, self._limits)
        return found

    def condition(self, at: At, env: Env) -> bool:
        """A `when:`.

        Raises:
            Reported: it is no bool, or has an error; that has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        value = self.plain(at, env).value
        if not isinstance(value, bool):
            raise self._sink.report("when-not-bool", at.span, received=value)
        return value

    def whole(self, at: At, env: Env, *, maximum: int, what: str) -> int:
        """A whole number from 0 to `maximum`, for `repeat`.

        Raises:
            Reported: it is none, or has an error; that has been reported.
            Poisoned: it reads a value that failed elsewhere.
        """
        found = self.plain(at, env)
        value = found.value
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            facts = {"what": what, "received": value, "in_scope": tuple(env.bindings)}
            raise self._sink.report("not-a-count", (found.at or at).span, **facts)
        if value > maximum:
            raise self._sink.report(
                "limit", (found.at or at).span, what=what, value=value, maximum=maximum
            )
        return value

    def try_plain(self, at: At, env: Env) -> Any:
        """As `plain`, but None after a reported error or with a poisoned value."""
        try:
            return self.plain(at, env).value
        except Poisoned:
            return None


def _field(at: At, above: int = 0) -> str:
    """The key that a value belongs to, `above` levels up; empty for an item of a list."""
    keys = at.path[: len(at.path) - above]
    return keys[-1] if keys and isinstance(keys[-1], str) else ""


def _is_in_let(at: At, name: object) -> bool:
    """Whether the `let` around this place computes a value of that name."""
    place = at.document.at()
    for key in at.path:
        place = place / key
        if key == "let" and isinstance(place.data, dict) and name in place.data:
            return True
    return False


def _part(span: Span, offset: int, fault: ExpressionFault) -> Span:
    """The columns of an expression that a fault is about; block scalars are pointed at whole."""
    if span.line != span.end_line:
        return span
    start = min(span.column + offset + fault.start, span.end_column - 1)
    end = min(span.column + offset + fault.end, span.end_column)
    return Span(span.file, span.line, start, span.line, max(end, start + 1))


def _literal(reference: Reference | None, env: Env) -> At | None:
    """The place of the literal that a plain reference reads, if it has one."""
    if reference is None or reference.name not in env.bindings:
        return None
    at = env.bindings[reference.name].at
    for index in reference.path:
        at = at.get(index) if at is not None else None
    return at
