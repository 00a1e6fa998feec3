"""A picture of a network: every option in one checked value, and what can be painted with it.

The command line, the API and docs extensions all pass their options through `picture`, so that a wrong one is
answered in the same words everywhere. Rejected: keyword arguments handed down through every stage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict, TypeVar

from netspec.analysis.difference import Difference
from netspec.diagnostics import Diagnostic
from netspec.emit.drawing_record import drawing_record
from netspec.emit.gv import gv
from netspec.emit.gv_painted import gv_painted
from netspec.emit.mermaid import mermaid
from netspec.emit.outline import outline
from netspec.emit.page import Sheet, page
from netspec.emit.palette import Theme
from netspec.emit.raster import Engine, raster
from netspec.emit.records import to_json
from netspec.emit.svg import svg
from netspec.errors import UsageError
from netspec.files import write_file
from netspec.graph import Graph, Node
from netspec.layout import Direction, layout
from netspec.layout.boxes import Layout, View
from netspec.limits import Limits
from netspec.messages.suggest import suggest
from netspec.view import Annotate, Detail, Level, view
from netspec.view.compared import compared
from netspec.view.detail import DEFAULT_LIMITS
from netspec.view.faults import NOTHING_BROKEN

Choice = TypeVar("Choice", bound=StrEnum)


class Options(TypedDict, total=False):
    """The options of a picture, as plain text.

    Attributes:
        level: `overview` (one node per layer of the top level), `blocks` or `full` (every op); without it
            `blocks`, in Mermaid `overview`.
        only: the path of a layer that is the whole picture: `inception_3a`.
        expand: a pattern, or several, of layers to show one level deeper: `inception_3*`.
        fold: neighbours of one block with other widths become one frame with a table.
        annotate: the numbers on boxes: `default`, `shape`, `params`, `macs`, `all` or `none`.
        direction: the way of the stream, `TB` (down) or `LR` (to the right).
        wrap: a long trunk in columns that begin with a stage.
        theme: `light`, `dark`, `auto` (as the page around it) or `mono`; without it `light`, in a page or
            notebook `auto`.
        engine: who lays it out, `netspec` or Graphviz' own `dot`.
    """

    level: str
    only: str | None
    expand: str | Sequence[str]
    fold: bool
    annotate: str
    direction: str
    wrap: bool
    theme: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is shown, which way it flows, in which colours, and who lays it out.

    `given` are the names of the options that were asked for; a form of output may have a default of its own
    for the others.
    """

    detail: Detail = field(default_factory=Detail)
    direction: Direction = Direction.TB
    wrap: bool = False
    theme: Theme = Theme.LIGHT
    engine: Engine = Engine.NETSPEC
    given: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """A picture of a graph. It is laid out when the first document is made, and only once."""

    graph: Graph
    picture: Picture
    broken: Mapping[Node, Diagnostic] = field(default_factory=lambda: NOTHING_BROKEN)
    """Of a sketch: the nodes of layers with errors."""
    difference: Difference | None = None
    """What is different from another network, which is drawn with this one."""

    def __repr__(self) -> str:
        """`<Drawing of small: blocks, TB>`; `save` and `to_svg` make documents of it."""
        return (
            f"<Drawing of {self.graph.name}: {self.picture.detail.level}, {self.picture.direction}>"
        )

    @cached_property
    def view(self) -> View:
        """Boxes, frames and edges with their words.

        Raises:
            UsageError: `only` or `expand` finds no layer (NS506).
        """
        if self.difference is not None:
            return compared(self.difference, self.picture.detail)
        return view(self.graph, self.picture.detail, self.broken)

    @cached_property
    def layout(self) -> Layout:
        """The same with their places.

        Raises:
            UsageError: `only` or `expand` finds no layer (NS506).
        """
        return layout(self.view, self.picture.direction, wrap=self.picture.wrap)

    @property
    def notes(self) -> tuple[str, ...]:
        """What who asked for the picture should know."""
        return self.view.notes

    def at(self, level: Level) -> Drawing:
        """The same at a level."""
        if self.picture.detail.level is level:
            return self
        detail = replace(self.picture.detail, level=level)
        return replace(self, picture=replace(self.picture, detail=detail))

    def to_svg(self) -> str:
        """The SVG document.

        Raises:
            UsageError: `dot` is to lay it out, and is missing or fails (NS504).
        """
        if self.picture.engine is Engine.DOT:
            return self._painted("svg").decode()
        return svg(self.layout, self.picture.theme)

    def to_gv(self) -> str:
        """The Graphviz document.

        Raises:
            UsageError: `dot` is to lay it out, and is missing or fails (NS504).
        """
        if self.picture.engine is Engine.DOT:
            return self._painted("gv").decode()
        return gv(self.layout, self.picture.theme)

    def to_png(self) -> bytes:
        """A PNG image, painted by Graphviz.

        Raises:
            UsageError: Graphviz is missing or fails (NS504).
        """
        return self._painted("png")

    def to_pdf(self) -> bytes:
        """A PDF document of one page, painted by Graphviz.

        Raises:
            UsageError: Graphviz is missing or fails (NS504).
        """
        return self._painted("pdf")

    def to_text(self) -> str:
        """A picture made of characters, for terminals.

        Raises:
            UsageError: `dot` is to lay it out (NS506).
        """
        self._refuse_dot("text")
        return outline(self.view)

    def to_mermaid(self) -> str:
        """A Mermaid flowchart, for Markdown; it shows the overview unless a level is asked for.

        Raises:
            UsageError: `dot` is to lay it out (NS506).
        """
        self._refuse_dot("Mermaid")
        shown = self if "level" in self.picture.given else self.at(Level.OVERVIEW)
        return mermaid(shown.view, self.picture.direction, self.picture.theme)

    def to_json(self) -> str:
        """Boxes, frames and edges with their places, for other programs.

        Raises:
            UsageError: `dot` is to lay it out (NS506).
        """
        self._refuse_dot("JSON")
        return to_json(drawing_record(self.layout))

    def to_html(self) -> str:
        """A page with all levels to choose from, zoom and search, which needs no network.

        Raises:
            UsageError: `dot` is to lay it out (NS506).
        """
        self._refuse_dot("HTML")
        sheets = [Sheet(level, self.at(level).layout) for level in Level]
        return page(sheets, self.picture.detail.level, self._theme_in_page)

    def save(self, path: str | Path) -> None:
        """Write the picture to a file; the end of its name says as what.

        Raises:
            UsageError: there is no such form (NS506), the file cannot be written (NS503), or Graphviz,
                which it needs, is missing or fails (NS504).
        """
        file = Path(path)
        write_file(file, form_of(file)(self))

    def _repr_html_(self) -> str:
        """The picture in a notebook: with a name of its own, since a notebook is one page."""
        if self.picture.engine is Engine.DOT:
            return self.to_svg()
        theme = self._theme_in_page
        mark = hashlib.sha256(svg(self.layout, theme).encode()).hexdigest()[:8]
        shown = replace(self.view, name=f"{self.view.name}-{mark}")
        return svg(replace(self.layout, view=shown), theme)

    def _repr_svg_(self) -> str:
        """The picture, for what a notebook is converted to."""
        return self.to_svg()

    def _refuse_dot(self, form: str) -> None:
        if self.picture.engine is Engine.DOT:
            raise UsageError(
                "NS506",
                f"`engine` cannot be `dot` in {form}, which Graphviz does not write",
                help="`dot` lays out .svg, .gv, .png and .pdf",
            )

    @property
    def _theme_in_page(self) -> Theme:
        return self.picture.theme if "theme" in self.picture.given else Theme.AUTO

    def _painted(self, form: str) -> bytes:
        """What Graphviz makes of it."""
        own = self.picture.engine is Engine.DOT
        document = (gv if own else gv_painted)(self.layout, self.picture.theme)
        return raster(document, form, self.picture.detail.limits, engine=self.picture.engine)


FORMS: Mapping[str, Callable[[Drawing], str | bytes]] = MappingProxyType(
    {
        ".svg": Drawing.to_svg,
        ".gv": Drawing.to_gv,
        ".png": Drawing.to_png,
        ".pdf": Drawing.to_pdf,
        ".html": Drawing.to_html,
        ".mmd": Drawing.to_mermaid,
        ".txt": Drawing.to_text,
        ".json": Drawing.to_json,
    }
)
"""The end of a file's name -> what makes its content."""


def form_of(file: Path) -> Callable[[Drawing], str | bytes]:
    """What makes the content of a file of that name.

    Raises:
        UsageError: the end of its name is that of no picture (NS506).
    """
    if file.suffix.lower() in FORMS:
        return FORMS[file.suffix.lower()]
    *others, last = FORMS
    raise UsageError(
        "NS506",
        f"`{file}` does not end in {', '.join(others)} or {last}",
        help="the end of the name decides what is drawn",
    )


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
        engine=_choice(options, "engine", Engine.NETSPEC),
        given=frozenset(options),
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
