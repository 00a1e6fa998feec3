"""The Sphinx directive `.. netspec:: specs/googlenet.yaml`, with the options of `netspec draw`.

HTML gets an inline SVG, LaTeX a PDF, every other builder a picture made of characters. The doctree holds all
forms, so that builders can share it; which one is taken is decided when a page is written. Graphviz is asked
for the PDF only, and without it LaTeX gets the table, with a warning. An error in the spec is an error of the
page, with its place in both, so that `sphinx-build -W` fails.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from netspec import __version__
from netspec.emit.palette import Theme
from netspec.emit.raster import raster
from netspec.errors import NetspecError, UsageError
from netspec.ext.figures import FLAGS, OPTIONS, Figure, figure, open_file, told
from netspec.limits import Limits
from netspec.reading import document
from netspec.source import Project

_LIMITS = Limits()
_FORMAT = 1  # of what a doctree holds: counts up when that changes

logger = logging.getLogger(__name__)


class netspec_picture(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """A picture in all its forms: `html`, `graphviz`, `text`, `table`, and `alt`."""


class NetspecDirective(SphinxDirective):
    """Draws the spec that its argument names (as other directives name files), or that is its content."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], object]]] = {
        **dict.fromkeys(sorted(OPTIONS - FLAGS), directives.unchanged_required),
        **dict.fromkeys(sorted(FLAGS), directives.flag),
        "caption": directives.unchanged_required,
        "class": directives.class_option,
        "name": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """The picture, in a figure when it has a caption.

        Raises:
            DirectiveError: the spec is wrong, or cannot be read, or an option is wrong.
        """
        project = Project(self._path(), _LIMITS)
        try:
            found = self._figure(project)
        except NetspecError as error:
            raise self.error(told(error)) from error
        finally:
            for file in project.files:
                self.env.note_dependency(str(file))
        for warning in found.network.warnings:
            place = f"{warning.primary.span}: {warning.message}"
            logger.warning(
                place, location=self.get_location(), type="netspec", subtype=warning.code
            )
        for note in found.drawing.notes:
            logger.info("%s: %s", self.get_location(), note)
        return self._nodes(found)

    def _path(self) -> Path | None:
        """The spec; None when it stands in the page."""
        if bool(self.arguments) == bool(self.content):
            both = "not both" if self.arguments else "there is neither"
            raise self.error(f"netspec: give the path of a spec or its text; {both}")
        if not self.arguments:
            return None
        _, path = self.env.relfn2path(self.arguments[0])
        return Path(path)

    def _figure(self, project: Project) -> Figure:
        options = {
            name: str(value or "") for name, value in self.options.items() if name in OPTIONS
        }
        if project.spec is not None:
            read = open_file(project.spec, project.limits)
        else:
            page, before = self.content.info(0)
            lines = "\n" * (before or 0) + "\n".join(self.content)
            read = document(lines, str(page), project.limits)
        return figure(read, project, options, Theme(self.config.netspec_theme))

    def _nodes(self, found: Figure) -> list[nodes.Node]:
        name = nodes.make_id(f"{self.env.docname}-{found.name}")
        number = self.env.new_serialno(f"netspec-{name}")
        name = f"{name}-{number + 1}" if number else name
        drawn = netspec_picture(
            "",
            html=found.html(name),
            graphviz=found.graphviz(),
            text=found.text(),
            table=found.table(),
            alt=found.alt,
        )
        around: nodes.Element = nodes.container("", drawn)
        if "caption" in self.options:
            around = nodes.figure("", drawn)
            words, messages = self.parse_inline(self.options["caption"], lineno=self.lineno)
            around += nodes.caption(self.options["caption"], "", *words)
            around += messages
        around["classes"] += ["netspec", *self.options.get("class", [])]
        self.set_source_info(around)
        self.add_name(around)
        return [around]


class PictureForBuilder(SphinxPostTransform):
    """Takes the form that the builder can show."""

    default_priority = 8

    def run(self, **kwargs: object) -> None:  # noqa: ARG002 - the signature of transforms
        """Replace every picture."""
        for node in list(self.document.findall(netspec_picture)):
            node.replace_self(self._form(node))

    def _form(self, node: netspec_picture) -> nodes.Element:
        if self.app.builder.format == "html":
            return nodes.raw("", node["html"], format="html")
        if self.app.builder.format == "latex":
            try:
                return self._image(node)
            except UsageError as error:
                words = f"{told(error)}\nthe table of the network stands in place of its picture"
                logger.warning(words, location=node.parent, type="netspec", subtype=error.code)
                return nodes.literal_block(node["table"], node["table"], language="none")
        return nodes.literal_block(node["text"], node["text"], language="none")

    def _image(self, node: netspec_picture) -> nodes.image:
        """A PDF, painted once for each picture, beside the doctrees."""
        digest = hashlib.sha256(node["graphviz"].encode()).hexdigest()[:20]
        file = Path(self.app.doctreedir) / "netspec" / f"netspec-{digest}.pdf"
        if not file.exists():
            painted = raster(node["graphviz"], "pdf", _LIMITS)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(painted)
        self.env.images.add_file(self.env.docname, str(file))
        candidates: Mapping[str, str] = {"application/pdf": str(file)}
        return nodes.image("", alt=node["alt"], uri=str(file), candidates=candidates)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx for `extensions = ["netspec.ext.sphinx"]`."""
    app.add_config_value("netspec_theme", Theme.AUTO.value, "env", str)
    app.add_node(netspec_picture)
    app.add_directive("netspec", NetspecDirective)
    app.add_post_transform(PictureForBuilder)
    return {
        "version": __version__,
        "env_version": _FORMAT,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
