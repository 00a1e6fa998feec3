"""The fence in real Markdown with SuperFences, and in a real MkDocs build."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown import Markdown
from pymdownx.superfences import SuperFencesException

from netspec.ext.markdown import formatter, validator

ROOT = Path(__file__).parent.parent.parent
SPEC = "netspec: 1\nname: small\ninput: [3, 8, 8]\nlayers: [gap, flatten, linear: 2]\n"


def rendered(text: str, *extensions: str) -> str:
    fence = {"name": "netspec", "class": "netspec", "format": formatter, "validator": validator}
    md = Markdown(
        extensions=["pymdownx.superfences", *extensions],
        extension_configs={"pymdownx.superfences": {"custom_fences": [fence]}},
    )
    return md.convert(text)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return file


def test_a_fence_holds_a_spec_or_names_one(spec: Path) -> None:
    for fence in (f"```netspec\n{SPEC}```", f'```netspec file="{spec}"\n```'):
        page = rendered(f"Before.\n\n{fence}\n\nAfter.")
        assert page.startswith('<p>Before.</p>\n<figure class="netspec"><div')
        assert page.count("<svg ") == 1
        assert "global avgpool" in page
        assert page.endswith("</figure>\n<p>After.</p>")


def test_options_are_those_of_draw(spec: Path) -> None:
    fence = f'```netspec file="{spec}" only="linear_1" fold caption="A <b>" alt="Words" theme="dark"\n```'
    page = rendered(fence)
    assert "A &lt;b&gt;</figcaption>" in page
    assert ">Words</desc>" in page
    assert "var(--ns" not in page
    assert "gap_1" not in page


def test_attribute_lists_give_options_classes_and_an_id(spec: Path) -> None:
    fence = f'``` {{.netspec .wide #net file="{spec}" direction=LR set="input=1"}}\n```'
    with pytest.raises(SuperFencesException, match="no parameter `input`"):
        rendered(fence, "attr_list")
    page = rendered(fence.replace(' set="input=1"', ""), "attr_list")
    assert '<figure class="netspec wide" id="net">' in page


def test_ids_are_unique_in_a_page(spec: Path) -> None:
    page = rendered(f"```netspec\n{SPEC}```\n\n" * 3 + f'```netspec file="{spec}"\n```\n')
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert page.count("<svg ") == 4
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("```netspec\nnetspec: 1\nname: x\ninput: [3, 8, 8]\nlayers: [gapp]\n```", "--> <netspec fence>:4:10"),
        ('```netspec file="BAD"\n```', "bad.yaml:4:10"),
        ('```netspec file="nowhere.yaml"\n```', "error[NS501]: cannot read `nowhere.yaml`"),
        ('```netspec file="SMALL" levl="full"\n```', "did you mean `level`?"),
        ('```netspec file="SMALL" level="ful"\n```', "did you mean `full`?"),
        ('```netspec file="SMALL" fold="maybe"\n```', "`fold` is true or false, not `maybe`"),
        ('```netspec file="SMALL"\nnetspec: 1\n```', "holds a spec, or names one by `file`"),
        ("```netspec\n```", "holds a spec, or names one by `file`"),
    ],
)  # fmt: skip
def test_what_is_wrong_ends_the_build(spec: Path, fence: str, said: str) -> None:
    """SuperFences prints a fence as code after any other exception."""
    bad = spec.with_name("bad.yaml")
    bad.write_text(SPEC.replace("gap", "gapp"), encoding="utf-8")
    with pytest.raises(SuperFencesException) as caught:
        rendered(fence.replace("BAD", str(bad)).replace("SMALL", str(spec)))
    assert said in str(caught.value)


@pytest.mark.slow
def test_the_site_in_examples_is_built_by_mkdocs(tmp_path: Path) -> None:
    command = ["-m", "mkdocs", "build", "-q", "--strict", "-f", "examples/mkdocs/mkdocs.yml"]
    done = subprocess.run(
        [sys.executable, *command, "-d", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert page.count("<svg ") == 2
    assert "An inception module.</figcaption>" in page
