"""Imports that must not be followed, read for ever, or opened at all: answered at their line, in time."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.catalogue import HEAD
from tests.hostile.isolation import Isolation
from tests.hostile.test_catalogue import codes, survived

BLOCKS = "blocks: {u: {layers: [relu]}}\n"

REFUSED = {
    "../outside.yaml": "it lies outside",
    "/etc/passwd": "it is absolute",
    "/dev/stdin": "it is absolute",
    "~/x.yaml": "is not expanded",
    "https://example.org/x.yaml": "never fetched",
    "file:///etc/x.yaml": "never fetched",
    "C:/x.yaml": "names a drive",
    "link_out.yaml": "a link leads out",
    "device.yaml": "a link leads out",
    "loop.yaml": "links go in a circle",
    "fifo.yaml": "not a plain file",
    "socket.yaml": "not a plain file",
    "folder.yaml": "it is a folder",
    "missing.yaml": "no such file",
    "blocks.txt": "does not end in .yaml",
    '""': "it is empty",
    '"a\\0b.yaml"': "a control character",
    '"a\\nb.yaml"': "a control character",
    '"\\e[31m.yaml"': "a control character",
    f'"{"a/" * 3_000}x.yaml"': "no such file",
    f'"{"x" * 300}.yaml"': "file name too long",
}
"""What stands under `import:`, and words of the answer."""


@pytest.fixture(scope="module")
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    outside = tmp_path_factory.mktemp("files")
    (outside / "outside.yaml").write_text(BLOCKS)
    folder = outside / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "folder.yaml").mkdir()
    (folder / "blocks.txt").write_text(BLOCKS)
    (folder / "link_out.yaml").symlink_to(outside / "outside.yaml")
    (folder / "device.yaml").symlink_to("/dev/zero")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(folder / "fifo.yaml")
    bound = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # the address of a socket has at most 107 bytes
    bound.bind("socket.yaml")
    os.chdir(here)
    running = Isolation(folder)
    yield running
    running.close()
    bound.close()


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_imported_is_told_at_its_line(path: str, isolation: Isolation) -> None:
    (isolation.folder / "spec.yaml").write_text(f"{HEAD}import: [{path}]\nlayers: [relu]\n")
    outcome = isolation.run("check", "spec.yaml")
    survived(outcome)
    assert (outcome.code, codes(outcome)) == (1, ("NS307",)), outcome.err
    assert REFUSED[path] in " ".join(outcome.err.split())
    assert "--> spec.yaml:4:10" in outcome.err


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_shown(length: int, isolation: Isolation) -> None:
    for number in range(length):
        text = (
            f"import: [c{(number + 1) % length}.yaml]\nblocks: {{b{number}: {{layers: [relu]}}}}\n"
        )
        (isolation.folder / f"c{number}.yaml").write_text(text)
    (isolation.folder / "spec.yaml").write_text(f"{HEAD}import: [c0.yaml]\nlayers: [b0]\n")
    outcome = isolation.run("check", "spec.yaml")
    survived(outcome)
    assert (outcome.code, codes(outcome)) == (1, ("NS309",)), outcome.err
    assert "`c0.yaml` imports itself" in outcome.err


def test_an_error_in_an_imported_file_stands_there(isolation: Isolation) -> None:
    (isolation.folder / "bad.yaml").write_text("blocks:\n  u:\n    layers:\n      - cnov: 3\n")
    (isolation.folder / "spec.yaml").write_text(f"{HEAD}import: [bad.yaml]\nlayers: [u]\n")
    outcome = isolation.run("check", "spec.yaml")
    survived(outcome)
    assert codes(outcome) == ("NS201",)
    assert "--> bad.yaml:4:9" in outcome.err


def test_a_socket_is_no_spec(isolation: Isolation) -> None:
    outcome = isolation.run("check", "socket.yaml")
    survived(outcome)
    assert (outcome.code, codes(outcome)) == (2, ("NS501",)), outcome.err
