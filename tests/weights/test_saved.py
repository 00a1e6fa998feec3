"""A weights file carries its spec: it opens alone, tells of a change, and is written whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import netspec
from netspec.errors import SpecError, UsageError
from netspec.weights.record import KEY, Record, fingerprint
from netspec.weights.report import WeightsError
from tests.weights.networks import SPEC, same, small, values

MAIN = """\
netspec: 1
name: main
import: [../blocks/unit.yaml]
params: {width: 4, deep: false}
input: [3, 8, 8]
layers:
  - unit: {name: body, channels: $width, repeat: 2}
  - conv: {when: $deep, out_channels: $width, kernel_size: 1}
  - gap
  - flatten
variants:
  wide: {width: 8, deep: true}
"""
UNIT = """\
import: [inner.yaml]
blocks:
  unit:
    params: {channels: int}
    layers: [thin: $channels]
"""
INNER = """\
blocks:
  thin: {conv: {kernel_size: 3, padding: same, norm: batch_norm, activation: relu}}
"""
FILES = {"specs/main.yaml": MAIN, "blocks/unit.yaml": UNIT, "blocks/inner.yaml": INNER}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A spec that imports a file that imports another."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def record_in(file: Path) -> Record:
    with safe_open(file, framework="pt") as opened:
        return Record.model_validate_json(opened.metadata()[KEY])


def write_record(file: Path, text: str) -> None:
    """The same tensors with another record."""
    save_file(load_file(file), file, metadata={KEY: text})


def test_a_file_opens_without_the_spec_and_all_that_it_imports(project: Path) -> None:
    given = {"width": 6}
    net = netspec.load(project / "specs/main.yaml", variant="wide", params=given, input=[3, 9, 9])
    model = net.compile(seed=1)
    file = project / "out/main.safetensors"
    net.save_weights(model, file, metadata={"epoch": "3"})
    for folder in ("specs", "blocks"):
        shutil.rmtree(project / folder)
    again, opened = netspec.open_weights(file)
    assert (again.name, again.variant) == (net.name, "wide")
    assert again.graph.input.shape == (3, 9, 9)
    assert fingerprint(again.graph) == fingerprint(net.graph)
    assert again.source() == net.source()
    assert same(values(opened), values(model))
    x = torch.randn(2, 3, 9, 9)
    assert torch.equal(opened.eval()(x), model.eval()(x))
    assert record_in(file).files == FILES


def test_a_network_from_text_or_data_is_saved_too(tmp_path: Path) -> None:
    data = {"netspec": 1, "name": "d", "input": [4], "layers": [{"linear": 2}]}
    for net in (small(num_classes=3), netspec.loads(data)):
        model = net.compile(seed=1)
        net.save_weights(model, tmp_path / "a.safetensors")
        _, opened = netspec.open_weights(tmp_path / "a.safetensors")
        assert same(values(opened), values(model))


def test_heads_and_dtypes_are_those_of_the_file(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    net.save_weights(net.compile(heads=False, dtype=torch.bfloat16), file)
    _, model = netspec.open_weights(file)
    assert not hasattr(model, "side")
    assert {one.dtype for one in model.parameters()} == {torch.bfloat16}
    assert model.state_dict()["stem.norm.num_batches_tracked"].dtype == torch.int64
    assert all(one.requires_grad and one.is_leaf for one in model.parameters())
    _, model = netspec.open_weights(file, dtype=torch.float32)
    assert {one.dtype for one in model.parameters()} == {torch.float32}
    target = net.compile(heads=False)
    net.load_weights(target, file)
    assert {one.dtype for one in target.parameters()} == {torch.float32}


def test_other_programs_read_the_file_as_any_other(tmp_path: Path) -> None:
    net = small()
    model = net.compile(seed=1)
    net.save_weights(model, tmp_path / "a.safetensors")
    assert same(load_file(tmp_path / "a.safetensors"), values(model))


@pytest.mark.slow
def test_the_bytes_are_the_same_in_another_process(tmp_path: Path) -> None:
    net = small()
    words = {str(number): '\x1b"\\é\n' for number in range(9)}
    net.save_weights(net.compile(seed=1), tmp_path / "a.safetensors", metadata=words)
    program = (
        "import netspec, sys\n"
        f"net = netspec.loads({SPEC!r}, params={{}})\n"
        f"net.save_weights(net.compile(seed=1), sys.argv[1], metadata={words!r})\n"
    )
    other = tmp_path / "b.safetensors"
    subprocess.run([sys.executable, "-c", program, str(other)], check=True)
    assert other.read_bytes() == (tmp_path / "a.safetensors").read_bytes()
    with safe_open(other, framework="pt") as opened:
        assert words.items() <= opened.metadata().items()


def test_a_changed_spec_is_told(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    net.save_weights(net.compile(), file)
    record = record_in(file)
    text = SPEC.replace("activation: relu", "activation: gelu", 1)
    changed = record.model_copy(update={"files": {record.spec: text}})
    write_record(file, changed.text)
    with pytest.raises(UsageError, match="was changed: its hash is another"):
        netspec.open_weights(file)
    write_record(file, changed.sealed.text)  # whoever changes the hash too builds another network
    with pytest.raises(UsageError, match="builds another network here than in netspec"):
        netspec.open_weights(file)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "[" * 100_000, '{"version": 3}', '{"files": {"a": 1}}']
)
def test_a_record_that_is_none_is_one_error(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    save_file(small().compile().state_dict(), file, metadata={KEY: text})
    for read in (netspec.open_weights, lambda path: small().load_weights(small().compile(), path)):
        with pytest.raises(UsageError, match=r"the spec inside `.*` cannot be read") as caught:
            read(file)
        assert caught.value.code == "NS512"


def test_a_strangers_record_reaches_no_file_and_meets_the_limits(project: Path) -> None:
    file = project / "a.safetensors"
    net = netspec.load(project / "specs/main.yaml")
    net.save_weights(net.compile(), file)
    record = record_in(file)

    def refused(**update: object) -> str:
        write_record(file, record.model_copy(update=update).sealed.text)
        with pytest.raises((SpecError, UsageError)) as caught:
            netspec.open_weights(file)
        return str(caught.value)

    assert "no such file" in refused(files={"specs/main.yaml": MAIN})  # on the disk it still is
    for path in ("/etc/passwd", "../../../../etc/x.yaml", "~/x.yaml", "file:///x.yaml"):
        assert "NS307" in refused(
            files={"specs/main.yaml": MAIN.replace("../blocks/unit.yaml", path)}
        )
    assert "is missing" in refused(spec="other.yaml")
    bomb = MAIN.replace("repeat: 2", "repeat: 1000000")
    assert "NS115" in refused(files={**FILES, "specs/main.yaml": bomb})
    assert "NS202" in refused(params={"nothing": 1})
    assert "NS206" in refused(params={"width": None})
    assert "NS109" in refused(files={**FILES, "blocks/inner.yaml": "blocks: {a: 1, a: 2}"})


def test_weights_of_another_spec_are_told_where_their_shapes_fit(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    net.save_weights(net.compile(), file)
    other = netspec.loads(SPEC.replace("activation: relu", "activation: gelu", 1))
    report = other.load_weights(other.compile(), file)
    assert report.complete
    (note,) = report.notes
    assert "a.safetensors was saved from another network, small of <spec>" in note
    worded = netspec.loads(SPEC.replace("name: small\n", "name: small\ndoc: Words.\n"))
    assert worded.load_weights(other.compile(), file).notes == ()


def test_a_file_without_a_spec_needs_one(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    save_file(small().compile().state_dict(), file)
    with pytest.raises(UsageError, match="holds weights and no spec"):
        netspec.open_weights(file)


def test_a_spec_that_claims_more_than_is_in_the_file_takes_no_memory(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    net.save_weights(net.compile(), file)
    record = record_in(file)
    text = "netspec: 1\nname: huge\ninput: [100000]\nlayers: [linear: 1000000]\n"  # 400 GB
    claim = {"files": {record.spec: text}, "network": fingerprint(netspec.loads(text).graph)}
    write_record(file, record.model_copy(update={"params": {}, **claim}).sealed.text)
    with pytest.raises(WeightsError, match="has nothing for"):
        netspec.open_weights(file)


def test_tied_weights_and_other_layouts_are_written_out(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    model = net.compile(seed=1).to(memory_format=torch.channels_last)
    model.get_submodule("top").weight = model.get_submodule("body.conv").weight
    net.save_weights(model, file)
    _, opened = netspec.open_weights(file)
    assert same(values(opened), values(model))


def test_a_model_without_memory_or_of_another_network_is_not_saved(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    with pytest.raises(UsageError, match="there is nothing to save"):
        net.save_weights(net.compile(device="meta"), file)
    with pytest.raises(UsageError, match="not one of `small`"):
        net.save_weights(small(num_classes=3).compile(), file)
    with pytest.raises(UsageError, match=r"does not end in \.safetensors"):
        net.save_weights(net.compile(), tmp_path / "a.pt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    net, file = small(), tmp_path / "a.safetensors"
    net.save_weights(net.compile(seed=1), file)
    before = file.read_bytes()
    program = (
        "import resource, signal, sys, netspec\n"
        f"net = netspec.loads({SPEC!r})\n"
        "model = net.compile(seed=2)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    net.save_weights(model, sys.argv[1])\n"
        "except netspec.UsageError as error:\n"
        "    sys.exit(error.code)\n"
    )
    command = [sys.executable, "-B", "-c", program, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "NS503"
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.safetensors"]


def test_the_fingerprint_is_of_what_is_computed() -> None:
    assert fingerprint(small().graph) == fingerprint(small(num_classes=5).graph)
    others = [
        SPEC.replace("activation: relu", "activation: gelu", 1),
        SPEC.replace("stem", "root"),
        SPEC.replace("input: [3, 12, 12]", "input: [3, 14, 14]"),
        SPEC.replace("{name: side, ", "{name: side, train_only: false, "),
    ]
    hashes = {fingerprint(netspec.loads(text).graph) for text in (SPEC, *others)}
    assert len(hashes) == 1 + len(others)
