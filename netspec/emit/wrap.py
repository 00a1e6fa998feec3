"""Breaks statements over lines as `ruff format` does at 88 columns, so that it leaves our text alone.

Only the forms that generated files hold: calls, lists, dicts, generators, sums. A bracket that does
not fit puts its inside on one line of its own, and if that does not fit one entry per line with a
comma at the end. Rejected: running a formatter, which would be a dependency of every build.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass

WIDTH = 88
STEP = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """Text that is never broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """`open entry, entry close`; `exploded` keeps one entry per line even where all would fit."""

    open: str
    entries: tuple[Doc, ...]
    close: str
    comma: str = ","
    exploded: bool = False


@dataclass(frozen=True, slots=True)
class Chained:
    """Operands with one operator between."""

    operator: str
    operands: tuple[Doc, ...]


@dataclass(frozen=True, slots=True)
class Prefixed:
    """`stride=2`, `*(...)`, `"main": x`: text that stays before its value."""

    prefix: str
    doc: Doc


Doc = Atom | Bracket | Chained | Prefixed


def flat(doc: Doc) -> str:
    """The text on one line."""
    match doc:
        case Atom(text):
            return text
        case Bracket(start, entries, close, comma):
            return start + f"{comma} ".join(map(flat, entries)) + close
        case Chained(operator, operands):
            return f" {operator} ".join(map(flat, operands))
        case Prefixed(prefix, inner):
            return prefix + flat(inner)


def statement(indent: int, prefix: str, doc: Doc, suffix: str = "") -> list[str]:
    """The lines of `prefix doc suffix`, where `prefix` is `x = ` or `return ` or nothing."""
    if _fits(indent, prefix, doc, suffix):
        return [_line(indent, prefix + flat(doc) + suffix)]
    head = doc.open if isinstance(doc, Bracket) else ""
    crowded = indent + len(prefix + head) > WIDTH or not isinstance(doc, Bracket)
    empty = isinstance(doc, Bracket) and not doc.entries
    if prefix and (crowded or empty) and (not empty or _fits(indent + STEP, "", doc, "")):
        inside = _layout(indent + STEP, "", doc, "")
        return [_line(indent, f"{prefix}("), *inside, _line(indent, f"){suffix}")]
    return _layout(indent, prefix, doc, suffix)


def _layout(indent: int, prefix: str, doc: Doc, suffix: str) -> list[str]:
    if _fits(indent, prefix, doc, suffix):
        return [_line(indent, prefix + flat(doc) + suffix)]
    match doc:
        case Prefixed(more, inner):
            return _layout(indent, prefix + more, inner, suffix)
        case Chained(operator, operands):
            first, *rest = operands
            lines = _layout(indent, prefix, first, "" if rest else suffix)
            for place, operand in enumerate(rest, 1):
                end = suffix if place == len(rest) else ""
                lines += _layout(indent, f"{operator} ", operand, end)
            return lines
        case Bracket(start, entries, close) if entries:
            inside = _inside(indent + STEP, doc)
            return [_line(indent, prefix + start), *inside, _line(indent, close + suffix)]
        case _:
            return [_line(indent, prefix + flat(doc) + suffix)]


def _inside(indent: int, doc: Bracket) -> list[str]:
    joined = f"{doc.comma} ".join(map(flat, doc.entries))
    one_line = indent + len(joined) <= WIDTH and not any(map(_exploded, doc.entries))
    if one_line and not doc.exploded:
        return [_line(indent, joined)]
    lone = len(doc.entries) == 1 and not doc.exploded
    lines: list[str] = []
    for entry in doc.entries:
        lines += _layout(indent, "", entry, "" if lone else doc.comma)
    return lines


def _exploded(doc: Doc) -> bool:
    match doc:
        case Atom():
            return False
        case Bracket(entries=entries, exploded=exploded):
            return exploded or any(map(_exploded, entries))
        case Chained(operands=operands):
            return any(map(_exploded, operands))
        case Prefixed(doc=inner):
            return _exploded(inner)


def _fits(indent: int, prefix: str, doc: Doc, suffix: str) -> bool:
    return not _exploded(doc) and indent + len(prefix) + len(flat(doc)) + len(suffix) <= WIDTH


def _line(indent: int, text: str) -> str:
    return " " * indent + text


def literal(value: object) -> str:
    """Plain data as the formatter writes it: text in double quotes."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple | list):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def parse(text: str) -> Doc:
    """The structure of an expression, as far as a line may be broken in it."""
    return _doc(ast.parse(text, mode="eval").body, text)


def _doc(tree: ast.expr, text: str) -> Doc:
    match tree:
        case ast.Call(func=func, args=args, keywords=keywords):
            named = [
                Prefixed(f"{keyword.arg}=", _doc(keyword.value, text))
                for keyword in keywords
                if keyword.arg is not None
            ]
            places = [_doc(argument, text) for argument in args]
            return Bracket(f"{_source(func, text)}(", (*places, *named), ")")
        case ast.List(elts=entries):
            return Bracket("[", tuple(_doc(entry, text) for entry in entries), "]")
        case ast.BinOp(op=ast.Add() | ast.Mult()) if not _source(tree, text).startswith("("):
            return Chained("+" if isinstance(tree.op, ast.Add) else "*", _operands(tree, text))
        case _:
            return Atom(_source(tree, text))


def _operands(tree: ast.BinOp, text: str) -> tuple[Doc, ...]:
    """`a + b + c` as three: a sum of 256 values is one level, not 256."""
    operands: list[ast.expr] = []
    left: ast.expr = tree
    while isinstance(left, ast.BinOp) and type(left.op) is type(tree.op):
        operands.append(left.right)
        left = left.left
    operands.append(left)
    return tuple(_doc(operand, text) for operand in reversed(operands))


def _source(tree: ast.expr, text: str) -> str:
    return ast.get_source_segment(text, tree) or text
