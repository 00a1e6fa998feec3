"""Every command: what it prints, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SMALL, Run


def test_build_writes_the_five_files_and_says_so(run: Run, spec: Path, tmp_path: Path) -> None:
    done = run("build", spec, "-o", tmp_path / "out")
    assert done.code == 0, done.err
    folder = tmp_path / "out/small"
    names = {"small.py", "small.svg", "small.gv", "summary.txt", "graph.json"}
    assert {file.name for file in folder.iterdir()} == names
    assert all(name in done.out for name in names)
    assert "314 parameters" in done.out
    assert "verified" in done.out
    assert "times" in done.out
    ET.parse(folder / "small.svg")
    assert json.loads((folder / "graph.json").read_text())["netspec_graph"] == 1
    compile((folder / "small.py").read_text(), "small.py", "exec")
    assert (folder / "summary.txt").read_text() in done.out


def test_building_twice_gives_the_same_bytes(run: Run, spec: Path, tmp_path: Path) -> None:
    run("build", spec, "-o", tmp_path / "a")
    run("build", spec, "-o", tmp_path / "b")
    for file in (tmp_path / "a/small").iterdir():
        assert file.read_bytes() == (tmp_path / "b/small" / file.name).read_bytes()


def test_build_without_torch_writes_everything_else_and_ends_with_2(
    spec: Path, tmp_path: Path
) -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from netspec.cli import main\n"
        f"sys.argv = ['netspec', 'build', {str(spec)!r}, '-o', {str(tmp_path / 'out')!r}]\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "NS502" in done.stderr
    assert "torch" in done.stderr
    assert len(list((tmp_path / "out/small").iterdir())) == 5


def test_set_and_input_override_and_a_note_says_what_was_not_checked(run: Run, spec: Path) -> None:
    done = run("summary", spec, "--set", "num_classes=3", "--input", "3x16x16")
    assert done.code == 0
    assert "3x16x16" in done.out
    assert "251 parameters" in done.out
    assert "2 expectations were not checked" in done.err


def test_a_spec_may_come_from_standard_input(run: Run) -> None:
    assert run("check", "-", stdin=SMALL).out == "-: ok\n"
    done = run("check", "-", stdin=SMALL.replace("conv:", "cnov:"))
    assert done.code == 1
    assert "<stdin>:6:5" in done.err


def test_check_goes_on_after_a_spec_with_errors(run: Run, spec: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.replace("max_pool: 2", "max_pool: 64"), encoding="utf-8")
    done = run("check", bad, spec)
    assert done.code == 1
    assert f"{spec}: ok" in done.out
    assert "NS402" in done.err
    concise = run("check", bad, "--error-format", "concise")
    assert concise.err.startswith(f"{bad}:7:15: error[NS402]: ")
    record = json.loads(run("check", bad, "--error-format", "json").out)
    assert [entry["code"] for entry in record["diagnostics"]] == ["NS402"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "nowhere.yaml"), "NS501"),
        (("build", "/"), "NS501"),
        (("draw", str(ROOT / "specs/lenet5.yaml"), "-o", "picture.bmp"), "NS506"),
        (("check", str(ROOT / "specs/lenet5.yaml"), "--input", "big"), "NS506"),
        (("check", str(ROOT / "specs/lenet5.yaml"), "--set", "num_classes"), "NS506"),
        (("blocks", "cnov"), "NS506"),
        (("explain", "NS999"), "NS506"),
    ],
)
def test_usage_errors_end_with_2_and_a_code(
    run: Run, arguments: tuple[str, ...], code: str
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert done.err.startswith(f"error[{code}]: ")
    assert done.out == ""


def test_an_unknown_option_ends_with_2(run: Run) -> None:
    assert run("check", "--nonsense").code == 2


def test_a_wrong_setting_points_at_the_setting(run: Run, spec: Path) -> None:
    done = run("check", spec, "--set", "num_classes=ten")
    assert done.code == 1
    assert "--> --set:1:14" in done.err
    typo = run("check", spec, "--set", "num_clases=10")
    assert typo.code == 1
    assert "num_classes" in typo.err


def test_draw_writes_svg_and_gv(run: Run, spec: Path, tmp_path: Path) -> None:
    for name, start in (("a.svg", "<svg"), ("a.gv", "digraph")):
        assert run("draw", spec, "-o", tmp_path / name).code == 0
        assert start in (tmp_path / name).read_text()


def test_an_input_is_never_overwritten(run: Run, spec: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap.svg"
    trap.write_text(SMALL, encoding="utf-8")
    done = run("draw", trap, "-o", trap)
    assert done.code == 2
    assert "NS505" in done.err
    assert trap.read_text() == SMALL


def test_emit_prints_or_writes_the_source_that_compile_runs(
    run: Run, spec: Path, tmp_path: Path
) -> None:
    printed = run("emit", spec).out
    assert run("emit", spec, "-o", tmp_path / "net.py").code == 0
    assert (tmp_path / "net.py").read_text() == printed
    assert "import netspec" not in printed


def test_summary_has_four_formats(run: Run, spec: Path) -> None:
    assert "conv1" in run("summary", spec).out
    assert (
        run("summary", spec, "--format", "md").out.startswith("|")
        or "|" in run("summary", spec, "--format", "md").out
    )
    rows = list(csv.DictReader(run("summary", spec, "--format", "csv").out.splitlines()))
    assert rows
    record = json.loads(run("summary", spec, "--format", "json").out)
    totals = ["params", "macs", "peak_bytes", "saved_bytes", "smallest_input"]
    assert list(record) == ["name", "input", "outputs", *totals, "layers"]
    keys = ["path", "block", "input", "output", "params", "macs", "file", "line"]
    assert list(record["layers"][0])[: len(keys)] == keys
    assert record["layers"][0]["file"] == str(spec)
    assert record["layers"][0]["line"] == 6


def test_explain_and_blocks_have_pages(run: Run) -> None:
    assert "NS402" in run("explain", "ns402").out
    every = run("explain", "--all").out
    assert "NS101" in every
    assert "NS505" in every
    assert "out_channels" in run("blocks", "conv").out
    assert "inception" in run("blocks").out


def test_help_fits_80_columns_and_has_examples(run: Run) -> None:
    for command in ("build", "check", "summary", "draw", "emit", "blocks", "explain"):
        text = run(command, "--help").out
        assert "Example" in text
        assert all(len(line) <= 80 for line in text.splitlines()), command


def test_output_that_is_no_terminal_has_no_colour(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.replace("conv:", "cnov:"), encoding="utf-8")
    assert "\x1b" not in run("check", bad).err


def test_a_bug_of_ours_asks_for_a_report_and_ends_with_101(
    run: Run, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("netspec.cli.check.open_document", broken)
    done = run("check", spec)
    assert done.code == 101
    assert "Please report it" in done.err
    assert "Traceback" not in done.err


def test_every_shipped_spec_is_right(run: Run) -> None:
    specs = sorted((ROOT / "specs").glob("**/*.yaml"))
    assert len(specs) >= 3
    done = run("check", *specs)
    assert done.code == 0, done.err


def test_resnet_18_is_a_variant(run: Run) -> None:
    record = json.loads(
        run("summary", ROOT / "specs/resnet.yaml", "--variant", "resnet18", "--format", "json").out
    )
    assert record["params"] == 11_689_512


FAMILY = """\
netspec: 1
name: family
params: {width: 4}
variants:
  family_small: {width: 2, expect: {params: 56}}
  wide: {width: 8}
input: [3, 8, 8]
layers: [conv: {out_channels: $width, kernel_size: 3}]
"""


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """A spec with variants."""
    file = tmp_path / "family.yaml"
    file.write_text(FAMILY, encoding="utf-8")
    return file


def test_every_command_takes_a_variant(run: Run, family: Path, tmp_path: Path) -> None:
    done = run("build", family, "--variant", "family_small", "-o", tmp_path / "out")
    assert done.code == 0, done.err
    assert (tmp_path / "out/family_small/family_small.py").is_file()
    assert run("build", family, "--variant", "wide", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out/family_wide/family_wide.svg").is_file()
    assert "224 parameters" in run("summary", family, "--variant", "wide").out
    assert "class FamilyWide" in run("emit", family, "--variant", "wide").out
    assert run("draw", family, "--variant", "wide", "-o", tmp_path / "wide.svg").code == 0
    assert run("check", family, "--variant", "wide").out == f"{family}: ok\n"


def test_check_covers_all_variants(run: Run, family: Path) -> None:
    assert run("check", family).out == f"{family}: ok (2 variants)\n"
    family.write_text(FAMILY.replace("params: 56", "params: 57"), encoding="utf-8")
    done = run("check", family)
    assert done.code == 1
    assert "= note: in variant `family_small`" in done.err


def test_list_shows_the_variants(run: Run, family: Path) -> None:
    done = run("list", family)
    assert done.out.splitlines() == [
        str(family),
        "  (defaults)    112 parameters  3,888 MACs",
        "  family_small   56 parameters  1,944 MACs",
        "  wide          224 parameters  7,776 MACs",
    ]


def test_new_writes_a_spec_that_builds(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "mynet").out == "wrote mynet.yaml; netspec build mynet.yaml\n"
    assert run("build", "mynet.yaml").code == 0
    again = run("new", "mynet")
    assert (again.code, again.err.splitlines()[0]) == (
        2, "error[NS505]: `mynet.yaml` is there already"
    )  # fmt: skip
    assert run("new", "copy", "--from", "resnet").code == 0
    assert run("check", "copy.yaml").code == 0
    for arguments in ([], ["a b"], ["class"], ["../x y"]):
        assert run("new", *arguments).code == 2
    assert "googlenet" in run("new", "--list").out.splitlines()


def test_schema_knows_the_blocks_of_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "blocks.yaml"
    file.write_text("blocks: {unit: {params: {size: int}, layers: [relu]}}\n", encoding="utf-8")
    assert '"layer_conv"' in run("schema").out
    assert '"layer_unit"' not in run("schema").out
    assert '"layer_unit"' in run("schema", file).out


def test_blocks_shows_the_blocks_of_a_file_in_the_form_of_built_in_ones(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "blocks:\n"
        "  unit:\n"
        "    doc: A convolution and its activation.\n"
        "    params: {channels: {type: int, min: 1, doc: Its filters.}, act: {type: block, default: relu}}\n"
        "    layers: [conv: {out_channels: $channels, kernel_size: 3, activation: $act}]\n"
        "  pointwise: {doc: It mixes channels., conv: {kernel_size: 1}}\n",
        encoding="utf-8",
    )
    assert run("blocks", "unit", file).out.splitlines()[:9] == [
        "unit",
        "────",
        "A convolution and its activation.",
        "",
        "Fields",
        "  channels  int, min 1, required",
        "            Its filters.",
        "  act       block, default relu",
        "",
    ]
    assert f"Source: {file}, line 2." in run("blocks", "unit", file).out.replace("\n", " ")
    page = run("blocks", "pointwise", file).out
    assert "`conv` with kernel_size: 1.\n\nIt mixes channels." in page
    assert "two ints, default 1" in page or "default 1" in page
    assert run("blocks", file).out.splitlines() == [
        "unit       A convolution and its activation.",
        "pointwise  `conv` with kernel_size: 1.",
    ]
    assert run("blocks", "conv", file).out == run("blocks", "conv").out
    assert "did you mean unit?" in run("blocks", "unti", file).err


def test_expand_prints_a_spec_that_builds_the_same(run: Run, family: Path) -> None:
    done = run("expand", family, "--variant", "family_small")
    assert done.out.splitlines()[:3] == ["netspec: 1", "name: family_small", "input: [3, 8, 8]"]
    assert "params: 56" in done.out
    assert run("check", "-", stdin=done.out).out == "-: ok\n"


def test_draw_shows_a_spec_with_errors_when_asked_to(run: Run, spec: Path, tmp_path: Path) -> None:
    """The errors are printed all the same, and it ends with 1."""
    file, picture = tmp_path / "wrong.yaml", tmp_path / "wrong.svg"
    file.write_text(SMALL.replace("max_pool: 2", "max_pool: 99"), encoding="utf-8")
    assert run("draw", file, "-o", picture).code == 1
    assert not picture.exists()
    done = run("draw", file, "-o", picture, "--even-if-broken")
    assert done.code == 1
    assert done.out == f"wrote {picture}\n"
    assert done.err.startswith("error[NS402]: ")
    assert picture.read_text().count('"ns-box ns-broken"') == 1
    fine = run("draw", spec, "-o", picture, "--even-if-broken")
    assert (fine.code, fine.err) == (0, "")
    assert "ns-broken" not in picture.read_text()


def test_draw_writes_nothing_for_text_that_is_no_spec(run: Run, tmp_path: Path) -> None:
    file, picture = tmp_path / "wrong.yaml", tmp_path / "wrong.svg"
    for text in ("layers: [", "netspec: 1\nname: x\ninput: [3, 8, 8]\n"):
        file.write_text(text, encoding="utf-8")
        done = run("draw", file, "-o", picture, "--even-if-broken")
        assert done.code == 1
        assert done.err.startswith("error[NS")
        assert not picture.exists()
