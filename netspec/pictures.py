"""A picture of a network: every option in one checked value, and what can be painted with it.

The command line, the API and docs extensions all pass their options through `picture`, so that a wrong one is
answered in the same words everywhere. Rejected: keyword arguments handed down through every stage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypedDict, TypeVar

from netspec.emit.gv import gv
from netspec.emit.palette import Theme
from netspec.emit.svg import svg
from netspec.errors import UsageError
from netspec.graph import Graph
from netspec.layout import Direction, layout
from netspec.layout.boxes import Layout
from netspec.limits import Limits
from netspec.messages.suggest import suggest
from netspec.view import Annotate, Detail, Level, view
from netspec.view.detail import DEFAULT_LIMITS

Choice = TypeVar("Choice", bound=StrEnum)


class Options(TypedDict, total=False):
    """The options of a picture, as plain text.

    Attributes:
        level: `overview` (one node per layer of the top level), `blocks` or `full` (every op).
        only: the path of a layer that is the whole picture: `inception_3a`.
        expand: a pattern, or several, of layers to show one level deeper: `inception_3*`.
        fold: neighbours of one block with other widths become one frame with a table.
        annotate: the numbers on boxes: `default`, `shape`, `params`, `macs`, `all` or `none`.
        direction: the way of the stream, `TB` (down) or `LR` (to the right).
        wrap: a long trunk in columns that begin with a stage.
        theme: `light`, `dark`, `auto` (as the page around it) or `mono`.
    """

    level: str
    only: str | None
    expand: str | Sequence[str]
    fold: bool
    annotate: str
    direction: str
    wrap: bool
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is shown, which way it flows, and in which colours."""

    detail: Detail = field(default_factory=Detail)
    direction: Direction = Direction.TB
    wrap: bool = False
    theme: Theme = Theme.LIGHT


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph. It is laid out when the first document is made, and only once."""

    graph: Graph
    picture: Picture

    @cached_property
    def layout(self) -> Layout:
        """Boxes, frames and edges with their places.

        Raises:
            UsageError: `only` or `expand` finds no layer (NS506).
        """
        picture = self.picture
        return layout(view(self.graph, picture.detail), picture.direction, wrap=picture.wrap)

    @property
    def notes(self) -> tuple[str, ...]:
        """What who asked for the picture should know."""
        return self.layout.view.notes

    def svg(self) -> str:
        """The SVG document."""
        return svg(self.layout, self.picture.theme)

    def gv(self) -> str:
        """The Graphviz document."""
        return gv(self.layout, self.picture.theme)


def picture(options: Mapping[str, object], limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Check the options.

    Raises:
        UsageError: there is no such option, or it cannot have that value (NS506).
    """
    for name in options:
        if name not in Options.__annotations__:
            raise _wrong(f"pictures have no option `{name}`", name, sorted(Options.__annotations__))
    return Picture(
        detail=Detail(
            level=_choice(options, "level", Level.BLOCKS),
            only=_text(options.get("only"), "only"),
            expand=_patterns(options.get("expand", ())),
            fold=_flag(options, "fold"),
            annotate=_choice(options, "annotate", Annotate.DEFAULT),
            limits=limits,
        ),
        direction=_choice(options, "direction", Direction.TB),
        wrap=_flag(options, "wrap"),
        theme=_choice(options, "theme", Theme.LIGHT),
    )


def _choice(options: Mapping[str, object], name: str, default: Choice) -> Choice:
    value = options.get(name, default)
    choices = {str(choice): choice for choice in type(default)}
    if isinstance(value, str) and value in choices:
        return choices[value]
    raise _wrong(f"`{name}` cannot be {_spelled(value)}", str(value), list(choices))


def _flag(options: Mapping[str, object], name: str) -> bool:
    value = options.get(name, False)
    if isinstance(value, bool):
        return value
    raise UsageError("NS506", f"`{name}` is true or false, not {_spelled(value)}")


def _text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise UsageError("NS506", f"`{name}` is the path of a layer, not {_spelled(value)}")


def _patterns(value: object) -> tuple[str, ...]:
    patterns = [value] if isinstance(value, str) else value
    if isinstance(patterns, Sequence) and all(isinstance(each, str) for each in patterns):
        return tuple(patterns)
    raise UsageError("NS506", f"`expand` is a pattern or a list of patterns, not {_spelled(value)}")


def _wrong(message: str, word: str, choices: Sequence[str]) -> UsageError:
    near = suggest(word, choices)
    if near:
        return UsageError("NS506", message, help=f"did you mean `{near[0]}`?")
    *others, last = (f"`{choice}`" for choice in choices)
    return UsageError("NS506", message, help=f"it is one of {', '.join(others)} and {last}")


def _spelled(value: object) -> str:
    return f"`{value}`" if isinstance(value, str | int | float) else f"a {type(value).__name__}"
