"""How messages write what they quote: values as one writes them in YAML, lists of choices, plurals.

Everything that comes from a spec passes through `code` or `value`: control characters are escaped, long
text is shortened, and a backtick inside cannot end the quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from netspec.blocks import BlockValue, BranchList, LayerList
from netspec.diagnostics.printable import columns, printable
from netspec.messages.suggest import suggest
from netspec.shape import Shape, spell

LONGEST = 60
"""Characters of a quoted value; longer ones are cut with an ellipsis."""

LONGEST_ADVICE = 400
"""The same for what a message proposes to write."""

WAY_LINE = 80
"""Columns of a note that shows the steps of a shape."""

Step = tuple[str, Shape]
"""A layer, and the shape that it gives."""

_AXES = {1: "F", 2: "CxL", 3: "CxHxW", 4: "CxDxHxW"}


def code(text: str, most: int = LONGEST) -> str:
    r"""Text of a spec in backticks, escaped and shortened.

    >>> code("conv"), code("a`b\x07")
    ('`conv`', '`a\\x60b\\x07`')
    """
    safe = printable(text).replace("`", "\\x60")
    return f"`{safe if len(safe) <= most else safe[: most - 3] + '...'}`"


def written(text: str) -> str:
    """What to write instead, in backticks: long enough to be copied whole."""
    return code(text, LONGEST_ADVICE)


def value(data: object) -> str:
    """A value as YAML writes it, in backticks.

    >>> value(True), value("64"), value([3, None])
    ('`true`', '`"64"`', '`[3, null]`')
    """
    return code(_yaml(data))


def _yaml(data: object) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, str):
        return f'"{data}"'
    if isinstance(data, BlockValue):
        return data.name
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(_yaml, data)) + "]"
    if isinstance(data, LayerList | BranchList):
        return "[...]"
    return str(data)


def flow(data: object) -> str:
    """A value as one writes it in braces: names without quotes, `{conv: 96}` as a layer in a list.

    >>> flow([{"conv": 96}, "relu"])
    '[conv: 96, relu]'
    """
    if isinstance(data, str):
        return data
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(flow_item, data)) + "]"
    return _yaml(data)


def flow_item(data: object) -> str:
    """One item of a list in brackets: a mapping of one key needs no braces there."""
    if isinstance(data, Mapping) and len(data) == 1:
        return flow(data).removeprefix("{").removesuffix("}")
    return flow(data)


def kind(data: object) -> str:
    """What a value is, with its article.

    >>> kind(3), kind(None), kind({"a": 1})
    ('a number', 'null', 'a mapping')
    """
    if data is None:
        return "null"
    for types, words in _KINDS:
        if isinstance(data, types):
            return words
    return "a value of another kind"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a truth value"),
    ((int, float), "a number"),
    (str, "text"),
    (BlockValue, "a block"),
    (Mapping, "a mapping"),
    ((list, tuple, LayerList, BranchList), "a list"),
)


def got(data: object) -> str:
    """What was received: kind and value, without saying null twice.

    >>> got("64"), got(None), got(3)
    ('text `"64"`', '`null`', '`3`')
    """
    if isinstance(data, str):
        return f"text {value(data)}"
    return value(data)


def choices(words: Iterable[object], joiner: str = "or") -> str:
    """`a`, `b` or `c`.

    >>> choices(["max", "avg"])
    '`max` or `avg`'
    """
    return join([code(str(word)) for word in words], joiner)


def join(parts: Sequence[str], joiner: str = "and") -> str:
    """Parts with commas, and `joiner` before the last: 96, 96 and 128."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joiner} {parts[-1]}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 channel`, `2 channels`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def number_word(number: int) -> str:
    """Small numbers as words, as sentences have them."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if 0 <= number < len(words) else str(number)


def axes(shape: Shape) -> str:
    """The letters of a shape's axes: `CxHxW`."""
    return _AXES.get(len(shape), "x".join("?" * len(shape)))


def way_note(steps: Sequence[Step], before: str = "", keep: str = "") -> str:
    """`input 3x32x32 -> ... -> conv_7 64x8x8`: the first step, where the size changes, the last one.

    Steps that keep the size are left out, the oldest first, while the line behind `before` is longer
    than `WAY_LINE`; others only where it would take two. The step called `keep`, or that holds it, stays.

    >>> way_note([("input", (3, 8, 8)), ("a", (4, 8, 8)), ("b", (4, 4, 4))])
    'input 3x8x8 -> a 4x8x8 -> b 4x4x4'
    """
    width = WAY_LINE - len("  = note: ") - columns(before)
    last = len(steps) - 1
    turns = {n for n in range(1, last) if steps[n][1][1:] != steps[n - 1][1][1:]}
    kept = {0, last}
    kept |= {n for n, (path, _) in enumerate(steps) if f"{keep}.".startswith(f"{path}.")}
    order = sorted(set(range(last)) - kept, key=lambda number: (number in turns, number))
    lengths = [columns(_step(step)) + len(" -> ") for step in steps]
    length = sum(lengths)
    dropped: set[int] = set()
    for number in order:
        if length <= width + WAY_LINE * (number in turns):
            break
        dropped.add(number)
        length -= lengths[number]
        length += len("... -> ") * (1 - len({number - 1, number + 1} & dropped))
    shown = [_step(step) if n not in dropped else "..." for n, step in enumerate(steps)]
    return " -> ".join(key for key, group in groupby(shown) for _ in _once(key, group))


def _once(key: str, group: Iterable[str]) -> Iterable[str]:
    """Gaps side by side are one gap."""
    return [key] if key == "..." else group


def _step(step: Step) -> str:
    return printable(f"{step[0]} {spell(step[1])}")


def trail_note(trail: Sequence[Step]) -> tuple[str, ...]:
    """How the shape came about: `shape so far (CxHxW): input 3x32x32 -> stem 64x32x32`."""
    if len(trail) < 2:
        return ()
    title = f"shape so far ({axes(trail[0][1])}): "
    return (title + way_note(trail, title),)


def raised(limit: str) -> tuple[str, ...]:
    """The note of a limit that was passed: who can raise it; none for what is no limit of ours."""
    if not limit:
        return ()
    way = f"`--limit {limit}=N`, `limits=`"
    return (f"a limit can be raised by the caller ({way}), never by the spec",)


def did_you_mean(word: str, known: Sequence[str]) -> tuple[str, ...]:
    """A help line with names near `word`."""
    near = suggest(word, known)
    return (f"did you mean {choices(near)}?",) if near else ()


def only_guess(word: str, known: Sequence[str]) -> str | None:
    """The one name near `word`, as a fix; None when there are several, or none."""
    near = suggest(word, known)
    return near[0] if len(near) == 1 else None
