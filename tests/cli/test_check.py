"""`netspec check`: folders, sure fixes, warnings as errors, and the forms for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Run

TYPOS = SMALL.replace("conv:", "cnov:").replace("gap", "gpa")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str = SMALL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_folder_stands_for_the_specs_below_it(run: Run, folder: Path) -> None:
    write(folder / "nets/b.yaml")
    write(folder / "nets/deep/a.yml")
    write(folder / "nets/.hidden/c.yaml", TYPOS)
    write(folder / "nets/workflow.yaml", "on: push\n")
    write(folder / "nets/notes.txt", TYPOS)
    (folder / "nets/link").symlink_to(folder / "nets/deep", target_is_directory=True)
    done = run("check", "nets")
    assert (done.code, done.out) == (
        0,
        "nets/b.yaml: ok\nnets/deep/a.yml: ok\n2 specs, 2 networks: ok\n",
    )


def test_a_spec_that_is_no_yaml_is_found_in_a_folder(run: Run, folder: Path) -> None:
    write(folder / "nets/bad.yaml", SMALL.replace("]", ""))
    assert "error[NS104]" in run("check", "nets").err


def test_a_folder_without_a_spec_is_a_wrong_path(run: Run, folder: Path) -> None:
    write(folder / "docs/workflow.yaml", "on: push\n")
    done = run("check", "docs")
    assert done.code == 2
    assert "error[NS501]: `docs` holds no spec" in done.err


def test_fix_prints_the_diff_then_writes(run: Run, folder: Path) -> None:
    file = write(folder / "net.yaml", TYPOS)
    done = run("check", "--fix", "net.yaml")
    assert done.code == 0
    assert file.read_text() == SMALL
    assert "-  - cnov: {name: conv1" in done.out
    assert "+  - conv: {name: conv1" in done.out
    assert done.out.index("+  - gap") < done.out.index("net.yaml: 2 fixes applied")
    assert done.out.endswith("net.yaml: ok\n")


def test_fix_leaves_what_is_not_sure(run: Run, folder: Path) -> None:
    """Quotes around a number may be meant: the fix is proposed, and not applied."""
    file = write(folder / "net.yaml", SMALL.replace("kernel_size: 3", "kernel_size: '3'"))
    before = file.read_bytes()
    done = run("check", "--fix", "net.yaml")
    assert done.code == 1
    assert "write `3` without quotes" in done.err
    assert "applied" not in done.out
    assert file.read_bytes() == before


def test_fix_never_writes_a_key_twice(run: Run, folder: Path) -> None:
    file = write(
        folder / "net.yaml", SMALL.replace("kernel_size: 3", "kernel_size: 3, kernal_size: 5")
    )
    before = file.read_bytes()
    assert run("check", "--fix", "net.yaml").code == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_fix_changes_nothing_else(run: Run, folder: Path, ends: str, mark: str) -> None:
    """Line ends, a byte order mark and comments stay; a link is still a link."""
    text = mark + ("# cnov in a comment\n" + TYPOS).replace("\n", ends)
    real = write(folder / "real.yaml", text)
    (folder / "net.yaml").symlink_to(real)
    assert run("check", "--fix", "net.yaml").code == 0
    wanted = mark + ("# cnov in a comment\n" + SMALL).replace("\n", ends)
    assert real.read_bytes() == wanted.encode()
    assert (folder / "net.yaml").is_symlink()


def test_fix_leaves_standard_input_alone(run: Run, folder: Path) -> None:
    done = run("check", "--fix", "-", stdin=TYPOS)
    assert done.code == 1
    assert "fixes" not in done.out + done.err


def test_github_annotations_cannot_be_forged(run: Run, folder: Path) -> None:
    evil = SMALL.replace("- gap", '- "gpa\\n::error file=x::boo"')
    write(folder / "net.yaml", evil)
    done = run("check", "net.yaml", "--error-format", "github")
    lines = done.out.splitlines()
    assert done.code == 1
    assert sum(line.startswith("::") for line in lines) == 1
    assert lines[0].startswith("::error file=net.yaml,line=8,col=5,")


def test_sarif_and_json_hold_standard_output_alone(run: Run, folder: Path) -> None:
    write(folder / "good.yaml")
    write(folder / "bad.yaml", TYPOS)
    sarif = run("check", "good.yaml", "bad.yaml", "--error-format", "sarif")
    record = json.loads(sarif.out)
    assert sarif.code == 1
    assert record["version"] == "2.1.0"
    assert {one["ruleId"] for one in record["runs"][0]["results"]} == {"NS201"}
    assert (
        json.loads(run("check", "good.yaml", "--error-format", "sarif").out)["runs"][0]["results"]
        == []
    )
    assert (
        len(json.loads(run("check", "bad.yaml", "--error-format", "json").out)["diagnostics"]) == 2
    )


def test_an_unreadable_path_outweighs_errors(run: Run, folder: Path) -> None:
    """Exit code 2, and every spec that can be read is reported all the same."""
    write(folder / "bad.yaml", TYPOS)
    done = run("check", "bad.yaml", "nowhere.yaml")
    assert done.code == 2
    assert "NS501" in done.err
    assert "NS201" in done.err


# Warnings


STRANGE = SMALL.replace("10}", "10, unused: 1}", 1)


def test_a_warning_is_printed_and_no_error(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run("check", "net.yaml")
    assert (done.code, done.out) == (0, "net.yaml: ok (1 warning)\n")
    assert done.err.startswith("warning[NS902]: the parameter `unused` is never read\n")


def test_strict_makes_an_error_of_a_warning(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run("check", "--strict", "net.yaml")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[NS902]: the parameter `unused` is never read\n")


def test_an_allowed_warning_is_none_under_strict_too(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE.replace(" 1}", " 1}  # netspec: allow NS902: for later"))
    done = run("check", "--strict", "net.yaml")
    assert (done.code, done.out, done.err) == (0, "net.yaml: ok\n", "")


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("concise", "net.yaml:3:27: warning[NS902]: the parameter `unused` is never read"),
        ("github", "::warning file=net.yaml,line=3,col=27,"),
        ("json", '"severity": "warning"'),
        ("sarif", '"level": "warning"'),
    ],
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_every_form_says_that_it_is_a_warning(
    run: Run, folder: Path, command: str, form: str, found: str
) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run(command, "net.yaml", "--error-format", form)
    assert done.code == 0
    assert found in (done.err if form == "concise" else done.out)


def test_build_tells_warnings_and_writes(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run("build", "net.yaml")
    assert done.code == 0
    assert done.err.startswith("warning[NS902]")
    assert "wrote" in done.out


def test_build_for_programs_says_the_rest_elsewhere(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run("build", "net.yaml", "--error-format", "json")
    assert [one["code"] for one in json.loads(done.out)["diagnostics"]] == ["NS902"]
    assert "wrote" in done.err
    write(folder / "net.yaml", TYPOS)
    done = run("build", "net.yaml", "--error-format", "json")
    assert done.code == 1
    assert [one["code"] for one in json.loads(done.out)["diagnostics"]] == ["NS201", "NS201"]


def test_build_that_is_strict_writes_nothing(run: Run, folder: Path) -> None:
    write(folder / "net.yaml", STRANGE)
    done = run("build", "--strict", "net.yaml", "-o", "out")
    assert done.code == 1
    assert done.err.startswith("error[NS902]")
    assert not (folder / "out").exists()


def test_a_warning_in_a_file_that_two_specs_import_is_told_once(run: Run, folder: Path) -> None:
    write(folder / "unit.yaml", "blocks:\n  unit: {params: {stride: 1}, layers: [tanh]}\n")
    for name in ("a", "b"):
        text = SMALL.replace("input:", "import: [unit.yaml]\ninput:").replace(
            "gap", "unit\n  - gap"
        )
        write(folder / f"{name}.yaml", text)
    done = run("check", "a.yaml", "b.yaml", "--error-format", "concise")
    assert done.err.count("NS902") == 1


def test_a_file_of_blocks_has_warnings_of_its_own(run: Run, folder: Path) -> None:
    write(folder / "unit.yaml", "blocks:\n  unit: {params: {stride: 1}, layers: [tanh]}\n")
    done = run("check", "unit.yaml")
    assert (done.code, done.out) == (0, "unit.yaml: ok (1 block, 1 warning)\n")
    assert "warning[NS902]: the field `stride` of the block `unit`" in done.err


def test_several_specs_end_in_a_count(run: Run, folder: Path) -> None:
    write(folder / "nets/a.yaml")
    write(folder / "nets/b.yaml", f"{SMALL}variants: {{wide: {{num_classes: 20}}}}\n".replace(
        "expect: {params: 314, shape: [10]}\n", ""
    ))  # fmt: skip
    assert run("check", "nets").out.endswith("\n2 specs, 3 networks: ok\n")
    write(folder / "nets/c.yaml", SMALL.replace("\nlayers", "\nlet: {unused: 3}\nlayers"))
    assert run("check", "nets").out.endswith("\n3 specs, 4 networks: ok, 1 warning\n")
    strict = run("check", "nets", "--strict")
    assert (strict.code, strict.out.splitlines()[-1]) == (1, "1 of 3 specs have errors")
    write(folder / "nets/d.yaml", TYPOS)
    done = run("check", "nets", "nowhere.yaml")
    assert done.code == 2
    assert done.out.endswith("\n1 of 5 specs have errors, 1 cannot be read\n")
    assert "specs" not in run("check", "nets/a.yaml").out.replace("nets/", "")


def test_programs_get_no_count(run: Run, folder: Path) -> None:
    write(folder / "nets/a.yaml")
    write(folder / "nets/b.yaml", TYPOS)
    assert len(json.loads(run("check", "nets", "--error-format", "json").out)["diagnostics"]) == 2
