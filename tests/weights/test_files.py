"""Weight files are hostile input: each of these is one clear error with a code, and loads nothing."""

from __future__ import annotations

import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

import netspec
from netspec.errors import UsageError
from netspec.weights.report import WeightsError
from tests.weights.networks import same, small, values

FLOATS = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def file_of(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


HOSTILE = {
    "nothing": b"",
    "half a length": b"\x10\x00",
    "a header larger than the file": struct.pack("<Q", 1 << 60) + b"{}",
    "a pickle": b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01K\x01s.",
    "a zip": b"PK\x03\x04" + bytes(60),
    "no JSON": file_of(b'{"a":'),
    "nesting": file_of(b"[" * 100_000),
    "a list": file_of([1, 2]),
    "content cut off": file_of({"a": FLOATS}, bytes(4)),
    "content left over": file_of({"a": FLOATS}, bytes(12)),
    "negative shape": file_of({"a": {**FLOATS, "shape": [-2]}}, bytes(8)),
    "overflowing shape": file_of({"a": {**FLOATS, "shape": [1 << 62, 1 << 62]}}, bytes(8)),
    "shape without content": file_of({"a": {**FLOATS, "shape": [3]}}, bytes(8)),
    "two tensors on one place": file_of({"a": FLOATS, "b": FLOATS}, bytes(8)),
    "unknown dtype": file_of({"a": {**FLOATS, "dtype": "Q32"}}, bytes(8)),
    "metadata that is no text": file_of({"__metadata__": {"a": 1}}),
    "an escape in the header": file_of(b'{"\x1b[31m'),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_is_not_whole_is_refused_in_one_line(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    file.write_bytes(data)
    target = small().compile(seed=0)
    before = values(target)
    with pytest.raises(UsageError) as caught:
        small().load_weights(target, file)
    assert caught.value.code == "NS512"
    said = caught.value.message
    pickled = data.startswith((b"PK", b"\x80"))
    assert ("a pickle, as torch" if pickled else "is not a whole safetensors file") in said
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300
    assert same(values(target), before)


def test_a_whole_file_with_other_tensors_is_refused_by_their_shapes(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    file.write_bytes(
        file_of(
            {"stem.conv.weight": FLOATS, "\x1b[31m": {**FLOATS, "data_offsets": [8, 16]}}, bytes(16)
        )
    )
    with pytest.raises(WeightsError, match="8x3x3x3 here, 2 there") as caught:
        small().load_weights(small().compile(), file)
    assert "\x1b" not in str(caught.value.report)
    assert "\x1b" not in json.dumps(caught.value.report.record())
    save_file({}, file)
    with pytest.raises(WeightsError, match="has nothing for"):
        small().load_weights(small().compile(), file)


def test_every_byte_of_a_header_may_be_wrong(tmp_path: Path) -> None:
    """A file of the right kind with one byte changed loads or is refused, and nothing else."""
    whole = tmp_path / "whole.safetensors"
    net = small()
    save_file(net.compile(seed=1).state_dict(), whole)
    data = whole.read_bytes()
    length = 8 + struct.unpack("<Q", data[:8])[0]
    target = net.compile(seed=0)
    file = tmp_path / "a.safetensors"
    codes: list[str] = []
    for place in range(0, length, 7):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :])
        try:
            net.load_weights(target, file)
        except UsageError as error:
            codes.append(error.code)
    assert set(codes) == {"NS511", "NS512"}
    assert len(codes) > 0.9 * length / 7


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".ckpt", ".bin", ".pkl"])
def test_pickles_are_refused_unopened_with_a_way_to_convert_them(
    suffix: str, tmp_path: Path
) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    file = tmp_path / f"model{suffix}"
    torch.save(Trap(), file)
    with pytest.raises(UsageError) as caught:
        small().load_weights(small().compile(), file)
    assert caught.value.code == "NS512"
    assert "weights_only=True" in str(caught.value.help)
    assert not (tmp_path / "sprung").exists()


def test_a_pickle_under_the_name_of_another_file_is_called_one(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    for zipped in (True, False):
        torch.save(small().compile().state_dict(), file, _use_new_zipfile_serialization=zipped)
        with pytest.raises(UsageError, match="a pickle, as torch") as caught:
            small().load_weights(small().compile(), file)
        assert '"a_converted.safetensors"' in str(caught.value.help)


def test_one_of_several_files_and_the_list_of_them_are_answered_with_a_join(tmp_path: Path) -> None:
    state = small().compile(seed=1).state_dict()
    half = len(state) // 2
    files = [tmp_path / f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    save_file(dict(list(state.items())[:half]), files[0])
    save_file(dict(list(state.items())[half:]), files[1])
    index = tmp_path / "model.safetensors.index.json"
    index.write_text("{}")
    for path, said in [(files[0], "it is one of 2 files"), (index, "it lists the files")]:
        with pytest.raises(UsageError) as caught:
            small().load_weights(small().compile(), path)
        help_ = str(caught.value.help)
        assert help_.startswith(said)
    program = help_.split("`")[1]
    names: dict[str, Any] = {"files": files}
    exec(program, names)  # noqa: S102 - what the help says works
    assert small().load_weights(small().compile(), names["state"]).complete


@pytest.mark.parametrize(("source", "said"), [
    ("torchvison:resnet18", "did you mean torchvision:resnet18?"),
    ("hub:resnet18", "did you mean torchvision:resnet18 or timm:resnet18?"),
    ("resnet18", "--from torchvision:MODEL or --from timm:MODEL"),
    ("timm:resnet18", "in Python its module"),
    ("wieghts.safetensors", "did you mean `weights.safetensors`?"),
    ("net.h5", "`safetensors.torch.save_file(state_dict, path)` writes one"),
])  # fmt: skip
def test_what_was_meant_by_a_path_is_said(
    source: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_file({}, "weights.safetensors")
    Path("net.h5").write_bytes(b"")
    with pytest.raises(UsageError) as caught:
        small().load_weights(small().compile(), source)
    assert said in str(caught.value.help)


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.safetensors"
    os.mkfifo(fifo)
    folder = tmp_path / "folder.safetensors"
    folder.mkdir()
    missing = tmp_path / "no.safetensors"
    kinds = {fifo: "is not a plain file", folder: "is a folder", missing: "no such file"}
    for path, said in kinds.items():
        with pytest.raises(UsageError, match=said) as caught:
            small().load_weights(small().compile(), path)
        assert caught.value.code == "NS501"
    with pytest.raises(UsageError, match="does not end in"):
        small().load_weights(small().compile(), tmp_path / "model.h5")


def test_a_file_has_no_order(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    save_file(small().compile().state_dict(), file)
    with pytest.raises(UsageError, match="has no order"):
        small().load_weights(small().compile(), file, by="order")


def test_without_safetensors_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.safetensors"
    net = small()
    net.save_weights(net.compile(), file)
    monkeypatch.setitem(sys.modules, "safetensors", None)  # as Python marks what cannot be imported
    for use in (
        lambda: net.load_weights(net.compile(), file),
        lambda: net.save_weights(net.compile(), file),
        lambda: netspec.open_weights(file),
    ):
        with pytest.raises(UsageError) as caught:
            use()
        assert caught.value.code == "NS502"
        assert caught.value.message == "safetensors is not installed"
