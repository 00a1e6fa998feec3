"""Sentences about values of the wrong type, with what was meant where that can be told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netspec.blocks import BLOCKS
from netspec.messages import foreign, translation
from netspec.messages.calls import called
from netspec.messages.declaring import usual
from netspec.messages.page import Said
from netspec.messages.suggest import suggest
from netspec.messages.words import (
    choices,
    code,
    count,
    did_you_mean,
    flow,
    got,
    join,
    number_word,
    value,
    written,
)

_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARITHMETIC = re.compile(r"[\w.]+(?:\s*[-+*/%]\s*[\w.]+)+")
_TEMPLATE = re.compile(r"\{\{([\w .+*/-]+)\}\}")
_DIVISION = re.compile(r"(?<!/)/(?!/)")
_TRUTH = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
} | {"none": "false"}


def subject(block: str, field: str) -> str:
    """Whose value it is: `kernel_size` of `conv`, or a parameter."""
    if block == "params":
        return f"parameter {code(field)}"
    if not field:
        return code(block) if block else "the value"
    return f"{code(field)} of {code(block)}" if " " not in block and block else code(field)


def meant_number(received: object, *, whole: bool) -> str | None:
    """What was meant instead of a number, when that can be told."""
    if isinstance(received, float) and whole and received.is_integer():
        return str(int(received))
    if isinstance(received, list) and len(received) == 1 and type(received[0]) is int:
        return str(received[0])
    return _meant_by_text(received.strip(), whole=whole) if isinstance(received, str) else None


def _meant_by_text(text: str, *, whole: bool) -> str | None:
    """The same for a number in quotes, arithmetic without its brackets, a percentage, a template."""
    if (_INTEGER if whole else _NUMBER).fullmatch(text):
        return text
    if whole and re.fullmatch(r"[-+]?\d+\.0*", text):
        return text.partition(".")[0]
    if not whole and (percent := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text)):
        return f"{float(percent[1]) / 100:g}"
    if not whole and re.fullmatch(r"\d+,\d+", text):
        return text.replace(",", ".")
    if "$" in text and _ARITHMETIC.fullmatch(plain := re.sub(r"\$(?=\w)", "", text)):
        text = plain
    if _ARITHMETIC.fullmatch(text):
        rounded = _DIVISION.sub("//", text) if whole else text
        return f"$({rounded})" if rounded == text or re.search("[A-Za-z_]", text) else None
    template = _TEMPLATE.fullmatch(text)
    if template is not None:
        name = template[1].strip()
        return f"${name}" if name.isidentifier() else f"$({name})"
    return None


def number(
    block: str,
    field: str,
    received: object,
    words: str,
    *,
    whole: bool = False,
    in_scope: Sequence[str] = (),
    text: str = "",
) -> Said:
    """No number; `in_scope` are the names that an expression could read, `text` is that of the expression."""
    meant = meant_number(received, whole=whole)
    advice: tuple[str, ...] = ()
    if isinstance(received, float) and whole and _DIVISION.search(text):
        rounded = "" if received.is_integer() else "to round down, "
        meant = _DIVISION.sub("//", text)
        advice = (f"{rounded}write {written(meant)}",)
    elif meant is not None:
        quotes = " without quotes" * (meant == received)
        advice = (f"write {written(meant)}{quotes}",)
    elif isinstance(received, bool):
        advice = (f"write {written(str(int(received)))} if you mean the number",)
    elif isinstance(received, str) and received in in_scope:
        meant = f"${received}"
        advice = (f"to read its value, write {written(meant)}",)
    elif isinstance(received, str) and (near := suggest(received, in_scope)):
        advice = (f"did you mean {choices([f'${name}' for name in near])}?",)
    elif isinstance(received, str) and (other := _of_another(block, field, received)):
        advice = (other,)
    elif isinstance(received, str) and received.isidentifier() and block not in ("", "params"):
        declared = written(f"params: {{{received}: {flow(usual(field))}}}")
        advice = (f"for a parameter, declare it by {declared}, and write {code('$' + received)}",)
    return Said(
        message=f"{subject(block, field)} must be {words}, got {got(received)}",
        label=f"expected {words}",
        help=advice,
        fix=meant,
    )


def _of_another(block: str, field: str, word: str) -> str | None:
    """Help about a word that belongs to another field of the block, or is a block itself."""
    other = translation.field_with_choice(block, word)
    if other is not None:
        line = f"- {block}: {{{field}: {flow(usual(field))}, {other}: {word}}}"
        return f"{code(word)} is a {code(other)}: {written(line)}"
    own = foreign.block(word, tuple(BLOCKS))
    if own is None or own == block:
        return None
    fields = {name: usual(name) for name in translation.required(own)}
    line = f"- {own}: {flow(fields)}" if fields else f"- {own}"
    return f"{code(own)} is a block of its own: {written(line)}"


def int_type(
    *,
    received: object,
    block: str = "",
    field: str = "",
    in_scope: Sequence[str] = (),
    text: str = "",
    alone: bool = True,
    order: Sequence[str] = (),
    **_: object,
) -> Said:
    """No whole number; `alone` it stands behind the block, without the name of its field.

    `order` are the parameters of a block of the file.
    """
    said = number(
        block, field, received, "a whole number", whole=True, in_scope=in_scope, text=text
    )
    if not alone and isinstance(received, list) and len(received) > 1:
        line = f"- for_each: {{over: {flow(received)}, as: width, layers: [...]}}"
        advice = f"for a copy with each of them: {written(line)}, and read `$width`"
        return Said(message=said.message, label=said.label, help=(advice,))
    layer = _all_fields(block, received, order)
    if layer is None:
        return said
    listed = isinstance(received, list) and not isinstance(received[0], dict)
    why = "the features of its input are inferred: write" if listed else "write"
    each = "give each field its name:" if "{" in layer else why
    advice = f"{each} {written('- ' + layer)}"
    return Said(message=said.message, label=said.label, help=(advice,))


def _all_fields(block: str, received: object, order: Sequence[str]) -> str | None:
    """The layer that was meant by a bare value that holds several fields, as a list or a call."""
    is_call = isinstance(received, str) and re.search(r"[=,(]", received)
    if order and (is_call or (isinstance(received, list) and received)):
        return called(block, received, order)
    if isinstance(received, list | tuple) and len(received) > 1:
        return translation.fields_in_order(block, received)
    if isinstance(received, str) and re.search(r"[=,]", received):
        return translation.assigned(block, received)
    return None


def float_type(
    *,
    received: object,
    block: str = "",
    field: str = "",
    in_scope: Sequence[str] = (),
    **_: object,
) -> Said:
    """No number."""
    return number(block, field, received, "a number", whole=False, in_scope=in_scope)


def bool_type(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Neither true nor false."""
    meant = _TRUTH.get(received.lower()) if isinstance(received, str) else None
    if received == "none":
        meant = "false"
    if isinstance(received, str) and received.lower() in ("true", "false"):
        meant = received.lower()
    elif isinstance(received, int) and received in (0, 1):
        meant = str(bool(received)).lower()
    note = "`yes`, `no`, `on` and `off` are text in YAML 1.2"
    is_word = isinstance(received, str) and received.lower() in _TRUTH
    return Said(
        message=f"{subject(block, field)} must be `true` or `false`, got {got(received)}",
        label="expected `true` or `false`",
        notes=(note,) if is_word else (),
        help=(f"write {written(meant)}",) if meant else (),
        fix=meant,
    )


def string_type(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """No text."""
    simple = isinstance(received, bool | int | float)
    quoted = f'"{flow(received)}"'
    return Said(
        message=f"{subject(block, field)} must be text, got {got(received)}",
        label="expected text",
        help=(f"quote it: {written(quoted)}",) if simple else (),
        fix=quoted if simple else None,
    )


def text_type(*, what: str, received: object, **_: object) -> Said:
    """A section that must be text."""
    return string_type(received=received, field=what)


def size(
    *,
    received: object,
    words: Sequence[str] = (),
    example: Sequence[int] = (3, 3),
    block: str = "",
    field: str = "",
    in_scope: Sequence[str] = (),
    **_: object,
) -> Said:
    """Neither a number, nor one for each axis, nor one of the words."""
    forms = ["a whole number", "a list of them", *map(code, words)]
    if "keep" in words:  # it stands for one axis
        forms = ["a whole number", "a list of them and `keep`"]
    label = f"expected {join(forms, 'or')}"
    name = subject(block, field)
    if isinstance(received, list | tuple) and not 1 <= len(received) <= 3:
        axes = f"one number for each axis, for example {value(list(example))}"
        amount = count(len(received), "entry", "entries")
        return Said(
            message=f"{name} has {amount}, and at most three axes"
            if received
            else f"{name} is an empty list",
            label=axes,
        )
    advice, fix = _meant_size(received, words)
    if not fix and isinstance(received, str) and words and (near := did_you_mean(received, words)):
        return Said(message=f"{name} cannot be {got(received)}", label=label, help=near)
    said = number(block, field, received, "a whole number", whole=True, in_scope=in_scope)
    return Said(
        message=f"{name} must be {join(forms, 'or')}, got {got(received)}",
        label=label,
        help=(advice,) if advice else said.help,
        fix=fix or said.fix,
    )


_KEPT = ("none", "null", "same", "keep", "-1", "auto", "~")
"""What others write for an axis that stays as it is."""


def _meant_size(received: object, words: Sequence[str]) -> tuple[str, str | None]:
    """What others mean by `SAME`, `valid`, `3x3` and `(3, 3)`: what to write, and the value alone."""
    text = received.lower() if isinstance(received, str) else ""
    if "keep" in words and isinstance(received, list | tuple):
        meant = flow(["keep" if str(one).lower() in _KEPT else one for one in received])
        return (
            (f"write {written(meant)}: `keep` leaves an axis as it is", meant)
            if "keep" in meant
            else ("", None)
        )
    if text in words:
        return f"write {code(text)}", text
    if words and text == "valid":
        return "write `0`, which is what `valid` means", "0"
    pair = re.fullmatch(r"(\d+)\s*[x×]\s*(\d+)", text)
    if pair or re.fullmatch(r"\(\s*\d+(\s*,\s*\d+)*\s*,?\s*\)", text):
        numbers = re.findall(r"\d+", text)
        same = pair is not None and len(set(numbers)) == 1
        meant = numbers[0] if same else f"[{', '.join(numbers)}]"
        return f"write {code(meant)}", meant
    return "", None


def axes(*, received: object, block: str = "", field: str = "", **_: object) -> Said:
    """Neither an axis nor a list of axes."""
    said = number(block, field, received, "a whole number", whole=True)
    return Said(
        message=f"{subject(block, field)} must be an axis or a list of axes, got {got(received)}",
        label="expected whole numbers from 1 up",
        help=said.help if not isinstance(received, list | tuple) else (),
        fix=said.fix,
    )


def sizes(*, received: object, maximum: int, block: str = "", field: str = "", **_: object) -> Said:
    """No list of sizes."""
    form = f"a list of 1 to {maximum} sizes"
    return Said(
        message=f"{subject(block, field)} must be {form}, got {got(received)}",
        label=f"expected {form}",
        notes=("a shape leaves out the batch",),
    )


def widths(
    *, received: object, names: Sequence[str], block: str = "", field: str = "", **_: object
) -> Said:
    """Not the list of channel counts that a branch needs."""
    form = f"[{', '.join(names)}]"
    many = number_word(len(names))
    return Said(
        message=f"{subject(block, field)} must be {many} whole numbers, {code(form)}, "
        f"got {got(received)}",
        label=f"expected {code(form)}",
        help=(f"list the channels of its {many} convolutions in order{_reduced(field, received)}",),
    )


def _reduced(field: str, received: object) -> str:
    """An example for a branch of two convolutions: the first one with half of the channels."""
    if not isinstance(received, int) or isinstance(received, bool) or not field:
        return ""
    return f", for example {code(f'{field}: [{max(received // 2, 1)}, {received}]')}"


def whole_number(*, what: str, received: object, in_scope: Sequence[str] = (), **_: object) -> Said:
    """A `repeat` that is no count."""
    said = number("", what, received, "a whole number", whole=True, in_scope=in_scope)
    return Said(
        message=f"{code(what)} must be a whole number from 0 up, got {got(received)}",
        label="expected a whole number from 0 up",
        help=said.help,
        fix=said.fix,
    )
