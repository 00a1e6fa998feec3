"""Sentences broken into lines, without breaking what is to be copied.

What stands in backticks is one word: half a line of YAML is of no use. Rejected: `textwrap`, which breaks
at every space and counts a wide letter as one column.
"""

from __future__ import annotations

import re

from netspec.diagnostics.printable import columns

_WORD = re.compile(r"(?:`[^`]*`|[^\s`])+|`")


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, but for single words that are longer; at least one line.

    >>> wrapped("use `kernel_size: 2` or smaller", 20)
    ['use `kernel_size: 2`', 'or smaller']
    """
    if columns(text) <= width:
        return [text]
    lines: list[str] = []
    for word in _WORD.findall(text):
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
