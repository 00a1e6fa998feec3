"""`netspec diff`: two specs, two variants, a picture, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SMALL, Run

RESNET = str(ROOT / "specs/resnet.yaml")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    file = tmp_path / "other.yaml"
    file.write_text(SMALL.replace("out_channels: 8", "out_channels: 16"), encoding="utf-8")
    file.write_text(file.read_text().replace("expect: {params: 314, shape: [10]}\n", ""))
    return file


def test_two_specs(run: Run, spec: Path, other: Path) -> None:
    done = run("diff", spec, other)
    assert (done.code, done.err) == (0, "")
    assert f"--- {spec}\n+++ {other}\n" in done.out
    assert "~ conv1  conv 3×3, ReLU\n    out_channels: 8 -> 16\n" in done.out
    assert "\n  classifier  linear\n" not in done.out
    assert (
        "\n  classifier  linear\n    params: 90 -> 170\n" in run("diff", spec, other, "--all").out
    )


def test_two_variants_in_three_spellings(run: Run) -> None:
    by_option = run("diff", RESNET, "--variant", "resnet34", "--variant", "resnet50")
    by_name = run("diff", f"{RESNET}@resnet34", f"{RESNET}@resnet50")
    mixed = run("diff", f"{RESNET}@resnet34", "--variant", "resnet50")
    assert by_option.code == 0
    assert by_option.out == by_name.out == mixed.out
    assert "parameters     21,797,672     25,557,032    +3,759,360" in by_option.out
    assert "~ layer1  basic ×3 -> bottleneck ×3" in by_option.out


def test_json_is_all_that_standard_output_holds(
    run: Run, spec: Path, other: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "diff.svg"
    done = run("diff", spec, other, "--format", "json", "-o", picture)
    record = json.loads(done.out)
    assert not record["same"]
    assert record["layers"][0]["fields"] == {"out_channels": [8, 16]}
    assert done.err == f"wrote {picture}\n"
    assert '"ns-box ns-changed"' in picture.read_text()


def test_it_ends_with_1_for_a_difference_only_when_asked_to(
    run: Run, spec: Path, other: Path
) -> None:
    assert run("diff", spec, other).code == 0
    assert run("diff", spec, other, "--exit-code").code == 1
    assert run("diff", spec, spec, "--exit-code").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.yaml",), "one spec has nothing to be compared with"),
        (("a.yaml", "b.yaml", "c.yaml"), "these are 3 specs"),
        (("a.yaml", "--variant", "x", "--variant", "y", "--variant", "z"), "these are 3 variants"),
        (("a.yaml@x", "--variant", "y", "--variant", "z"), "these are 3 variants"),
        (("a.yaml@x", "b.yaml", "--variant", "y"), "a variant is given both by `@` and by `--variant`"),
        (("-", "-"), "standard input can be read only once"),
        (("a.yaml", "b.yaml", "-o", "diff.bmp"), "does not end in"),
    ],
)  # fmt: skip
def test_wrong_use(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("diff", *arguments)
    assert done.code == 2
    assert done.err.startswith("error[NS506]: ")
    assert said in done.err


def test_a_spec_with_errors_ends_with_1_and_tells_them(
    run: Run, spec: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SMALL.replace("gap", "gapp"), encoding="utf-8")
    done = run("diff", spec, wrong)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[NS201]")


def test_the_specs_are_never_overwritten(run: Run, spec: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap.svg"
    trap.write_text(SMALL, encoding="utf-8")
    assert run("diff", spec, trap, "-o", trap).code == 2
    assert trap.read_text() == SMALL
