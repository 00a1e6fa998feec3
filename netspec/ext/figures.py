"""A picture for a page of documentation: a spec and options as text in; SVG, Graphviz and plain text out.

Options mean what they mean on the command line, and are checked by the same code. Rejected: writing SVG files
beside the page (an inline picture follows the theme switch of the page, and leaves no stale files).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from netspec.cli.opening import given_by
from netspec.diagnostics.render import render_full
from netspec.emit.gv_painted import gv_painted
from netspec.emit.palette import Theme
from netspec.emit.svg import svg
from netspec.errors import NetspecError, SpecError, UsageError
from netspec.layout.boxes import Layout
from netspec.limits import Limits
from netspec.network import Network, network
from netspec.pictures import Drawing, Options, picture
from netspec.reading import document, read_file
from netspec.source import Document, Project

FLAGS = frozenset({"fold", "wrap"})
"""Options that are given or not, without a value."""

OF_THE_NETWORK = frozenset({"variant", "set", "input"})
"""Options that choose the network; `set` holds one or more `name=value`, each on its line or before a `;`."""

OF_THE_PICTURE = frozenset(Options.__annotations__) - {"engine"}
"""Options that `netspec draw` has too; the layout is always ours, as a docs builder may have no Graphviz."""

OPTIONS = frozenset({*OF_THE_NETWORK, *OF_THE_PICTURE, "alt"})
"""All of them; `alt` replaces the description that is made from the network."""


@dataclass(frozen=True)
class Figure:
    """A network and its picture; `alt` says what is in it."""

    network: Network
    drawing: Drawing
    alt: str

    @property
    def name(self) -> str:
        """What its ids begin with, unless the page has another picture of that name."""
        return self._layout.view.name

    def html(self, name: str) -> str:
        """The picture for the text of a page; its ids begin with `name`, which no other id may.

        It shrinks with its column as far as its words stay legible; beyond that it can be scrolled.
        """
        drawn = replace(self._layout, view=replace(self._layout.view, name=name))
        picture = svg(drawn, self.drawing.picture.theme, inline=True)
        return f'<div style="overflow-x:auto">{picture}</div>'

    def graphviz(self) -> str:
        """The document of which Graphviz paints the same picture."""
        return gv_painted(self._layout, self.drawing.picture.theme)

    def text(self) -> str:
        """The picture made of characters."""
        return self.drawing.to_text()

    def table(self) -> str:
        """The network as a table, without the characters that LaTeX's fonts lack."""
        return self.network.summary()

    @cached_property
    def _layout(self) -> Layout:
        drawn = self.drawing.layout
        return replace(drawn, view=replace(drawn.view, description=self.alt))


def open_file(path: Path, limits: Limits) -> Document:
    """Read a spec, which messages call by its way from the working folder, where it is below that.

    Raises:
        SpecError: with every error of the text.
        UsageError: it cannot be read (NS501).
    """
    shown = os.path.relpath(path)
    name = str(path) if shown.startswith("..") else shown
    return document(read_file(Path(name), limits), name, limits)


def figure(
    read: Document, project: Project, options: Mapping[str, str], theme: Theme = Theme.AUTO
) -> Figure:
    """Check a read spec and draw it; `theme` holds where the options name none.

    Raises:
        SpecError: with every error of the spec.
        UsageError: an option is unknown, has a wrong value, or finds no layer (NS506).
    """
    limits = project.limits
    settings = [each for each in re.split(r"[;\n]", options.get("set", "")) if each.strip()]
    given = given_by(settings, options.get("input"), options.get("variant"), limits)
    net = network(read, given, limits, project)
    wanted: dict[str, object] = {"theme": theme.value}
    for name, value in options.items():
        if name in FLAGS:
            wanted[name] = _flag(name, value)
        elif name == "expand":
            wanted[name] = re.split(r"[,\s]+", value.strip())
        elif name not in OF_THE_NETWORK and name != "alt":
            wanted[name] = value
    drawing = Drawing(net.graph, picture(wanted, limits))
    alt = options.get("alt") or drawing.layout.view.description
    return Figure(net, drawing, alt)


def _flag(name: str, value: str) -> bool:
    """A flag is set by standing there: alone, as `fold=fold` in an attribute list, or as `true`."""
    words = {"": True, name: True, "true": True, "false": False}
    if value not in words:
        raise UsageError("NS506", f"`{name}` is true or false, not `{value}`")
    return words[value]


def told(error: NetspecError) -> str:
    """The whole message, as the command line prints it."""
    if isinstance(error, SpecError):
        return render_full(error.diagnostics)
    if isinstance(error, UsageError):
        help_ = f"\n  = help: {error.help}" if error.help else ""
        return f"error[{error.code}]: {error.message}{help_}"
    return str(error)
