"""What Graphviz makes of a document."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET

from tests.conftest import require_program

SPACE = "{http://www.w3.org/2000/svg}"
TOOLTIP = "{http://www.w3.org/1999/xlink}title"


def painted(program: str, document: str, *options: str) -> ET.Element:
    """The SVG that Graphviz makes of a document, without a word of complaint."""
    done = subprocess.run(
        [require_program(program), *options, "-Tsvg"],
        input=document.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stderr, done.stderr.decode()
    return ET.fromstring(done.stdout)


def seen(text: str) -> str:
    """What a reader sees: no spaces without width, spaces for no-break spaces, and backslashes."""
    return text.replace("\u200b", "").replace("\xa0", " ").replace("\u29f5", "\\")
