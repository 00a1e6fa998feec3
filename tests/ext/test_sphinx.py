"""The directive in real Sphinx builds of a small site."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import require_program

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.slow  # each test is a Sphinx build or two

CONF = """\
import sys

project = "site"
extensions = ["netspec.ext.sphinx"]
numfig = True


def loads_no_torch(app, error):
    assert error is not None or "torch" not in sys.modules


def setup(app):
    app.connect("build-finished", loads_no_torch)
"""

BLOCKS = "blocks:\n  stage: {params: {n: int}, layers: [conv: {out_channels: $n, kernel_size: 3}, gap]}\n"

SPEC = """\
netspec: 1
name: small
doc: A small one.
params: {width: 4}
import: [blocks.yaml]
input: [3, 16, 16]
layers:
  - stage: $width
"""

PAGE = """\
Site
====

.. netspec:: specs/small.yaml
   :level: full
   :caption: The *small* one.
   :name: fig-small

As in :numref:`fig-small`.

.. netspec:: /specs/small.yaml
   :set: width=5
   :alt: Five <channels> & a mean.
   :theme: mono
   :fold:

.. netspec::
   :direction: LR
   :class: wide

   netspec: 1
   name: flow
   input: [3, 16, 16]
   layers:
     - gap
"""


@dataclass(frozen=True)
class Site:
    """A small site on disk."""

    folder: Path

    def build(
        self, builder: str, *options: str, code: int = 0, environment: dict[str, str] | None = None
    ) -> str:
        """Build it with warnings as errors; gives what Sphinx says."""
        command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-b", builder, *options]
        done = subprocess.run(
            [*command, ".", f"_{builder}"],
            cwd=self.folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def page(self, builder: str, suffix: str) -> str:
        return (self.folder / f"_{builder}" / f"index.{suffix}").read_text(encoding="utf-8")

    def write(self, text: str) -> None:
        (self.folder / "index.rst").write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "specs").mkdir()
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    (tmp_path / "specs/small.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "specs/blocks.yaml").write_text(BLOCKS, encoding="utf-8")
    (tmp_path / "index.rst").write_text(PAGE, encoding="utf-8")
    return Site(tmp_path)


def test_html_has_inline_pictures_that_share_no_id(site: Site) -> None:
    site.build("html")
    page = site.page("html", "html")
    assert page.count("<svg ") == 3
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(set(ids)) == len(ids)
    assert "The <em>small</em> one." in page
    assert 'href="#fig-small"><span class="std std-numref">Fig. 1</span>' in page
    assert ">Five &lt;channels&gt; &amp; a mean.</desc>" in page
    assert ">A small one. Input 3 · 16×16." in page
    assert page.count("prefers-color-scheme") == 2, (
        "the theme is that of the page, or as it is asked for"
    )
    assert 'class="netspec wide docutils container"' in page


def test_text_has_pictures_made_of_characters(site: Site) -> None:
    site.build("text")
    page = site.page("text", "txt")
    assert re.search(r"conv 3×3 +4 · 14×14", page)
    assert re.search(r"conv 3×3 +5 · 14×14", page), "`set` holds in the second"
    assert page.count("global avgpool") == 3


@pytest.mark.needs_dot
def test_latex_has_pdfs(site: Site) -> None:
    require_program("dot")
    site.build("latex")
    (source,) = (site.folder / "_latex").glob("site.tex")
    names = re.findall(
        r"sphinxincludegraphics\{\{([\w-]+)\}\.pdf\}", source.read_text(encoding="utf-8")
    )
    assert len(names) == 3
    for name in names:
        assert (site.folder / "_latex" / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_latex_without_graphviz_has_tables_and_says_so(site: Site) -> None:
    words = site.build("latex", code=1, environment={"DOT_BINARY": "/nowhere/dot"})
    assert (
        "index.rst:4: WARNING: error[NS504]: a .pdf needs Graphviz: no `/nowhere/dot` found"
        in words
    )
    assert words.count("the table of the network stands in place of its picture") == 3
    (source,) = (site.folder / "_latex").glob("site.tex")
    assert "global avgpool" in source.read_text(encoding="utf-8")


def test_an_error_has_its_place_in_the_spec_and_in_the_page(site: Site) -> None:
    spec = site.folder / "specs/small.yaml"
    spec.write_text(SPEC.replace("- stage", "- stagee"), encoding="utf-8")
    words = site.build("html", code=1)
    assert "index.rst:4: ERROR: error[NS201]: there is no block `stagee`" in words
    assert "--> specs/small.yaml:8:5" in words
    assert "did you mean `stage`?" in words


def test_an_error_in_the_page_has_its_line(site: Site) -> None:
    site.write(PAGE.replace("- gap", "- gapp"))
    words = site.build("html", code=1)
    line = PAGE.splitlines().index("     - gap") + 1
    assert re.search(rf"--> \S*index\.rst:{line}:", words)


WRONG = {
    ".. netspec:: specs/small.yaml\n   :level: ful\n": "did you mean `full`?",
    ".. netspec:: specs/small.yaml\n   :only: stage_2\n": "no layer has the path `stage_2`",
    ".. netspec:: specs/small.yaml\n   :set: width\n": "`--set width` has no value",
    ".. netspec:: specs/small.yaml\n   :levl: full\n": 'unknown option: "levl"',
    ".. netspec:: specs/none.yaml\n": "cannot read `specs/none.yaml`: no such file",
    ".. netspec::\n": "give the path of a spec or its text; there is neither",
    ".. netspec:: specs/small.yaml\n\n   netspec: 1\n": "give the path of a spec or its text; not both",
}


def test_wrong_options_are_errors_of_the_page(site: Site) -> None:
    page = "Site\n====\n"
    lines = []
    for directive in WRONG:
        lines.append(page.count("\n") + 2)
        page += f"\n{directive}"
    site.write(page)
    words = site.build("dummy", code=1)
    for line, said in zip(lines, WRONG.values(), strict=True):
        (error,) = re.findall(rf"index\.rst:{line}: ERROR: .*(?:\n(?!.*index\.rst:).*)*", words)
        assert said in error


def test_a_change_of_an_imported_file_draws_its_pages_anew(site: Site) -> None:
    site.build("html")
    assert "4 · 14×14" in site.page("html", "html")
    assert "0 changed, 0 removed" in site.build("html")
    blocks = site.folder / "specs/blocks.yaml"
    blocks.write_text(BLOCKS.replace("kernel_size: 3", "kernel_size: 5"), encoding="utf-8")
    later = blocks.stat().st_mtime + 10
    os.utime(blocks, (later, later))
    assert "1 changed" in site.build("html")
    assert "4 · 12×12" in site.page("html", "html")
