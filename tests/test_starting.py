"""`netspec new`: what it writes is right, and comes from an installed wheel too."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import netspec
from netspec import UsageError
from netspec.starting import shipped, start

ROOT = Path(__file__).parent.parent
SPECS = sorted((ROOT / "specs").glob("*.yaml"))


def test_the_start_is_right_and_so_are_its_variants() -> None:
    text = start("mynet")
    net = netspec.loads(text)
    assert (net.name, net.variants) == ("mynet", ("mynet_wide",))
    assert (
        netspec.loads(text, variant="mynet_wide").graph.parameter_count > net.graph.parameter_count
    )
    assert netspec.loads(text, params={"num_classes": 3}).graph.outputs[0].value.shape == (3,)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_copy_differs_in_its_name_only(spec: Path) -> None:
    lines = spec.read_text(encoding="utf-8").splitlines()
    copy = start("other", spec.stem).splitlines()
    changed = [(old, new) for old, new in zip(lines, copy, strict=True) if old != new]
    assert changed == [(f"name: {netspec.load(spec).name}", "name: other")]


def test_all_specs_are_shipped() -> None:
    assert list(shipped()) == [spec.stem for spec in SPECS]


def test_an_unknown_spec_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean resnet"):
        start("x", "resnt")


@pytest.mark.slow
def test_an_installed_wheel_has_the_specs(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = [
        *pip,
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        tmp_path / "source",
    ]
    copy = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(copy, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (ROOT / name).exists():
            target = tmp_path / "source" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_symlink():
                target.symlink_to((ROOT / name).readlink())
            else:
                target.write_bytes((ROOT / name).read_bytes())
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")  # a wheel is installed by unpacking it
    assert {f"netspec/specs/{spec.name}" for spec in SPECS} | {"netspec/schema.json"} <= names
    assert not any(name.startswith(("tests/", "specs/")) for name in names)
    script = (
        "import sys, netspec; from netspec.cli import main;"
        "assert 'installed' in netspec.__file__, netspec.__file__; main()"
    )
    for arguments in (
        ["new", "mynet", "--from", "resnet"],
        ["check", "mynet.yaml"],
        ["draw", "mynet.yaml", "-o", "mynet.html"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, 'installed'); {script}", *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
