"""`netspec explain`: the page of a code as text, and all pages as Markdown."""

from __future__ import annotations

import textwrap

from netspec.messages import CODES, PAGES
from netspec.messages.page import Page

WIDTH = 80


def explain(code: str) -> str:
    """The page of a code: the rule, a wrong example and a right one. Raises KeyError for an unknown code."""
    page = CODES[code]
    lines = [f"{page.code}: {page.title}", "", *_paragraphs(page)]
    for title, example in _examples(page):
        lines += ["", title, "", textwrap.indent(example, "    ", lambda _: True)]
    return "\n".join(lines) + "\n"


def explain_all() -> str:
    """All pages as one Markdown document, in the order of their codes."""
    lines = [
        "# Error codes",
        "",
        "Every error has a code, and a code never changes its meaning.",
        "`netspec explain NS402` shows one page, without a network.",
    ]
    for page in PAGES:
        lines += ["", f"## {page.code}: {page.title}", "", *_paragraphs(page)]
        for title, example in _examples(page):
            lines += ["", title, "", f"```{page.language}", example, "```"]
    return "\n".join(lines) + "\n"


def _examples(page: Page) -> list[tuple[str, str]]:
    """A wrong example, a right one, and the files that both import."""
    files = [(f"`{name}`, which they import:", text) for name, text in page.beside.items()]
    return [("Wrong:", page.wrong), ("Right:", page.right), *files]


def _paragraphs(page: Page) -> list[str]:
    lines: list[str] = []
    for paragraph in page.explanation.split("\n\n"):
        lines += [""] * bool(lines)
        words = " ".join(paragraph.split())
        lines += textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines
