"""A `netspec` fence for pymdownx SuperFences: the picture of a spec in Markdown, and so in MkDocs.

    markdown_extensions:
      - pymdownx.superfences:
          custom_fences:
            - name: netspec
              class: netspec
              format: !!python/name:netspec.ext.markdown.formatter
              validator: !!python/name:netspec.ext.markdown.validator

The fence holds the spec, or names it: `netspec file="specs/googlenet.yaml" level="overview"`, by its way from
the folder in which the site is built. SuperFences takes any other exception for "no fence of mine" and prints
the text as code, so everything that is wrong is a `SuperFencesException`, which ends the build.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from netspec.errors import NetspecError, UsageError
from netspec.ext.figures import OPTIONS, figure, open_file, told
from netspec.limits import Limits
from netspec.messages.suggest import suggest
from netspec.reading import document
from netspec.source import Project

_OF_THE_FENCE = frozenset({"caption", "file"})
_INLINE = "<netspec fence>"


def validator(
    language: str,  # noqa: ARG001 - the signature of SuperFences
    inputs: Mapping[str, object],
    options: dict[str, object],
    attrs: dict[str, object],  # noqa: ARG001
    md: Markdown,  # noqa: ARG001
) -> bool:
    """Take over the options of a fence.

    Raises:
        SuperFencesException: there is no such option.
    """
    known = OPTIONS | _OF_THE_FENCE
    for name, value in inputs.items():
        if name not in known:
            near = suggest(name, sorted(known))
            words = (
                f"did you mean `{near[0]}`?" if near else f"options are {', '.join(sorted(known))}"
            )
            error = UsageError("NS506", f"a netspec fence has no option `{name}`", help=words)
            raise SuperFencesException(told(error))
        options[name] = "" if value is True else str(value)
    return True


def formatter(
    source: str,
    language: str,  # noqa: ARG001 - the signature of SuperFences
    class_name: str,
    options: Mapping[str, str],
    md: Markdown,
    classes: Sequence[str] = (),
    id_value: str = "",
    **rest: Any,  # noqa: ARG001
) -> str:
    """The figure of a fence, as HTML.

    Raises:
        SuperFencesException: the spec is wrong, or cannot be read, or an option is wrong.
    """
    try:
        return _html(source, options, md, " ".join(filter(None, (class_name, *classes))), id_value)
    except NetspecError as error:
        raise SuperFencesException(told(error)) from error


def _html(source: str, options: Mapping[str, str], md: Markdown, classes: str, id_: str) -> str:
    limits, file = Limits(), options.get("file")
    if (file is None) == (not source.strip()):
        message = "a netspec fence holds a spec, or names one by `file`"
        raise UsageError(
            "NS506", message, help="one of the two" if file else 'write file="net.yaml"'
        )
    path = None if file is None else Path(file)
    read = document(source, _INLINE, limits) if path is None else open_file(path, limits)
    chosen = {name: value for name, value in options.items() if name in OPTIONS}
    found = figure(read, Project(path, limits), chosen)
    kind = f' class="{escape(classes)}"' if classes else ""
    anchor = f' id="{escape(id_)}"' if id_ else ""
    words = options.get("caption")
    caption = f'<figcaption style="text-align:center">{escape(words)}</figcaption>' if words else ""
    return f"<figure{kind}{anchor}>{found.html(_free(found.name, md))}{caption}</figure>"


def _free(name: str, md: Markdown) -> str:
    """`name`, or with a number when an earlier picture of the page has it: ids are unique in a page."""
    stash = "\n".join(block for block in md.htmlStash.rawHtmlBlocks if isinstance(block, str))
    taken = set(re.findall(r'<svg [^>]*\bid="([^"]*)"', stash))
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
