"""Fixtures for every test: golden files with one flag, and what a machine must have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.installed import EFFICIENT, install

# Each of the workers has a core; threads of torch that wait for each other on shared ones take far longer.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Shared cores stall now and then: a slow example is no finding, and no test asserts a time. A developer's run
# draws examples anew, and finds what nobody found; with `CI` set a commit has the same answer each time.
settings.register_profile("netspec", deadline=None)
settings.register_profile(
    "netspec-ci", deadline=None, derandomize=True, print_blob=True, database=None
)
settings.load_profile("netspec-ci" if os.environ.get("CI") else "netspec")

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("table/lenet5.txt", text)`: the text equals the file, byte for byte."""

    def check(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        assert file.exists(), f"no golden file {name}: run pytest --update-golden and read it"
        assert text == file.read_bytes().decode(), (
            f"{name} differs: read the change, then --update-golden"
        )

    return check


@pytest.fixture
def efficient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The example plug-in, installed in a folder on the path: its name."""
    folder = tmp_path / "site"
    folder.mkdir()
    install(EFFICIENT, folder)
    monkeypatch.syspath_prepend(folder)
    yield EFFICIENT.name
    sys.modules.pop("netspec_efficient", None)


def require_program(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where everything is required."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("NETSPEC_REQUIRE_ALL") == "1":
            pytest.fail(f"`{name}` is missing, and NETSPEC_REQUIRE_ALL=1")
        pytest.skip(
            f"`{name}` is not installed"
        )  # the product works without it, this test does not
    return found


def require_npm(file: str) -> Path:
    """A file of an npm package, installed beside the checks or for the whole machine; as `require_program`."""
    npm = require_program("npm")
    done = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False)
    for folder in (ROOT / ".ci/node/node_modules", Path(done.stdout.strip())):
        if (folder / file).exists():
            return folder / file
    package = file.partition("/")[0]
    if os.environ.get("NETSPEC_REQUIRE_ALL") == "1":
        pytest.fail(f"`{package}` is missing, and NETSPEC_REQUIRE_ALL=1")
    pytest.skip(f"`{package}` is not installed (npm install -g {package})")  # only tests need it
