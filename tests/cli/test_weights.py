"""`netspec weights`: the report, the files, and that nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

import netspec
from netspec.cli import application
from netspec.errors import UsageError
from tests.weights.networks import SPEC, same, small, values


def run(*words: str) -> str:
    """Standard output of `netspec weights ...`; errors come through."""
    done = CliRunner().invoke(application(), ["weights", *words], catch_exceptions=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Inside it, `net.yaml` and `five.safetensors` with its weights."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(SPEC)
    run("net.yaml", "--seed", "1", "-o", "five.safetensors")
    return tmp_path


def test_new_weights_are_those_of_the_seed(folder: Path) -> None:
    assert same(load_file(folder / "five.safetensors"), values(small().compile(seed=1)))


def test_what_is_in_a_file_fits_eighty_columns_and_json(folder: Path) -> None:
    text = run("five.safetensors")
    lines = text.splitlines()
    count = sum(one.numel() for one in small().compile().state_dict().values())
    assert lines[0] == f"five.safetensors  18 tensors, {count:,} values: 16 float32, 2 int64"
    assert lines[1] == f"network: small, from net.yaml, by netspec {netspec.__version__}"
    assert "  stem.conv.weight               8x3x3x3   float32" in lines
    assert max(map(len, lines)) <= 80
    data = json.loads(run("five.safetensors", "--format", "json"))
    assert data["values"] == count
    assert data["spec"]["files"] == {"net.yaml": SPEC}


def test_partial_transfer_with_its_report_and_key_map(folder: Path) -> None:
    words = ("net.yaml", "--set", "num_classes=7", "--from", "five.safetensors", "--partial")
    text = run(*words, "--write-key-map", "map.yaml", "-o", "seven.safetensors")
    assert text.splitlines()[:2] == [
        "small <- five.safetensors, by name",
        "loaded 14 of 18 tensors: 14 matched",
    ]
    assert "  classifier.weight  7x8 here, 5x8 there" in text
    assert text.endswith("wrote map.yaml\nwrote seven.safetensors\n")
    assert max(map(len, text.splitlines())) <= 80
    net, model = netspec.open_weights("seven.safetensors")
    assert net.graph.outputs[0].value.shape == (7,)
    stem = load_file("five.safetensors")["stem.conv.weight"]
    assert torch.equal(model.state_dict()["stem.conv.weight"], stem)
    again = json.loads(run(*words, "--key-map", "map.yaml", "--format", "json"))
    assert again["counts"]["matched"] == 14
    assert again["by"] == "key map"


def test_without_heads_they_are_left_over(folder: Path) -> None:
    run("net.yaml", "--no-heads", "-o", "main.safetensors")
    assert not any(key.startswith("side.") for key in load_file("main.safetensors"))
    with pytest.raises(UsageError, match=r"has nothing for `side"):
        run("net.yaml", "--from", "main.safetensors")
    assert "loaded 16 of 16" in run("net.yaml", "--no-heads", "--from", "main.safetensors")


def test_a_prefix(folder: Path) -> None:
    wrapped = {f"module.{key}": value for key, value in load_file("five.safetensors").items()}
    save_file(wrapped, "wrapped.safetensors")
    assert "18 matched" in run("net.yaml", "--from", "wrapped.safetensors", "--prefix", "module.")


@pytest.mark.parametrize(("words", "code", "said"), [
    (["net.yaml"], "NS506", "nothing to do"),
    (["net.yaml", "-o", "a.pt"], "NS506", "does not end in .safetensors"),
    (["five.safetensors", "--from", "x.safetensors"], "NS506", "is a weights file and no spec"),
    (["net.yaml", "--from", "five.safetensors", "-o", "./five.safetensors"], "NS505", "is the source itself"),
    (["net.yaml", "--from", "five.safetensors", "--write-key-map", "net.yaml"], "NS505", "is the spec itself"),
    (["no.safetensors"], "NS501", "no such file"),
    (["old.pt"], "NS512", "is a pickle"),
    (["net.yaml", "five.safetensors"], "NS506", "1 argument too many"),
    (["net.yaml", "--from", "five.safetensors", "--key-map", "no.yaml"], "NS501", "no such file"),
])  # fmt: skip
def test_usage(words: list[str], code: str, said: str, folder: Path) -> None:
    before = (folder / "five.safetensors").read_bytes()
    with pytest.raises(UsageError) as caught:
        run(*words)
    assert caught.value.code == code
    assert said in caught.value.message
    assert (folder / "five.safetensors").read_bytes() == before
