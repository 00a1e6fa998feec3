"""A path that leads nowhere is answered with the file that was meant, and with none where none is near."""

from __future__ import annotations

from pathlib import Path

import pytest

import netspec
from netspec.nearby import meant
from netspec.starting import shipped_names
from tests.cli.conftest import ROOT

FILES = ("specs/googlenet.yaml", "specs/vgg.yaml", "specs/old/unet.yml", "net.yaml", "notes.md")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("netspec: 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("spec/googlenet.yaml", "specs/googlenet.yaml"),
        ("specs/google.yaml", "specs/googlenet.yaml"),
        ("specs/googlenet", "specs/googlenet.yaml"),
        ("specs/googlenet.yml", "specs/googlenet.yaml"),
        ("googlenet", "specs/googlenet.yaml"),
        ("./spces/odl/unet.yml", "specs/old/unet.yml"),
        ("specs/old/unet.yaml", "specs/old/unet.yml"),
        ("ent.yaml", "net.yaml"),
        ("specs/../specs/vggg.yaml", "specs/../specs/vgg.yaml"),
    ],
)
def test_a_file_near_it_is_meant(given: str, expected: str) -> None:
    assert meant(Path(given)) == f"did you mean `{expected}`?"
    assert Path(expected).is_file()


def test_an_absolute_path_is_answered_with_one(folder: Path) -> None:
    assert meant(folder / "spec/vgg.yaml") == f"did you mean `{folder}/specs/vgg.yaml`?"


@pytest.mark.parametrize("given", ["resnet", "resnet.yaml", "specs/resnet.yaml", "rsenet"])
def test_what_is_not_there_and_ships_with_netspec_can_be_copied(given: str) -> None:
    assert meant(Path(given)) == "netspec ships `resnet`: netspec new mynet --from resnet"
    assert "resnet" in shipped_names()


@pytest.mark.parametrize("given", ["x", "notes", "wholly/else.yaml", "/", "models/resnet.yaml"])
def test_nothing_is_guessed_where_nothing_is_near(given: str) -> None:
    assert meant(Path(given)) is None


def test_a_text_is_sent_to_loads_and_a_path_to_load() -> None:
    text = (ROOT / "specs/lenet5.yaml").read_text(encoding="utf-8")
    for given in (text, "netspec: 1"):
        with pytest.raises(netspec.UsageError) as caught:
            netspec.load(given)
        assert "netspec.loads" in (caught.value.help or "")
        assert "\n" not in caught.value.message
        assert len(caught.value.message) < 500
    for path in ("net.yaml", "specs/my net.yml", Path("net.yaml")):
        with pytest.raises(netspec.UsageError) as caught:
            netspec.loads(path)  # type: ignore[arg-type]
        assert caught.value.help == "netspec.load reads a file"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: netspec.load({"netspec": 1}),
            "`load` takes the path of a spec file, got a mapping",
        ),
        (lambda: netspec.load(None), "`load` takes the path of a spec file, got `NoneType`"),
        (lambda: netspec.compile(3), "`load` takes the path of a spec file, got `int`"),
        (lambda: netspec.loads(3), "`loads` takes the text of a spec, or a mapping, got `int`"),
        (
            lambda: netspec.load("net.yaml", params=["a"]),
            "`params` takes a mapping of names to values, got `list`",
        ),
        (
            lambda: netspec.load("net.yaml", limits={"repeat": 3}),
            "`limits` takes netspec.Limits, got a mapping",
        ),
        (
            lambda: netspec.load("net.yaml", plugins="one"),
            "`plugins` is a list of names, got the text `one`",
        ),
    ],
)
def test_an_argument_of_a_wrong_type_is_said_in_one_sentence(call: object, said: str) -> None:
    Path("net.yaml").write_text((ROOT / "specs/lenet5.yaml").read_text(encoding="utf-8"))
    with pytest.raises(netspec.UsageError) as caught:
        call()  # type: ignore[operator]
    assert (caught.value.code, caught.value.message) == ("NS506", said)


def test_help_shows_no_numbers_of_limits() -> None:
    assert repr(netspec.Limits()) == "Limits()"
    assert repr(netspec.Limits(repeat=2_000, layers=60_000)) == "Limits(repeat=2000, layers=60000)"
