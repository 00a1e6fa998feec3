"""Imports: blocks from other files, closed with their own defaults, and never from outside the project."""

from __future__ import annotations

import os
import socket
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import netspec
from netspec import Limits, SpecError
from netspec.checking import check
from netspec.diagnostics import Diagnostic
from netspec.network import load, loads
from netspec.reading import document, given
from netspec.source import Project
from tests.elaborate.speaking import under

HEAD = "netspec: 1\nname: net\ninput: [3, 32, 32]\n"
Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes files into a project whose root is `root/`; gives the path of `root/specs/net.yaml`."""
    root = tmp_path / "root"
    (root / "specs").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    monkeypatch.chdir(root)

    def make(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            file = root / "specs" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            body = textwrap.dedent(text).lstrip("\n")
            file.write_text(HEAD + body if name == "net.yaml" else body, encoding="utf-8")
        return Path("specs/net.yaml")

    return make


def told(spec: Path, limits: Limits | None = None) -> list[Diagnostic]:
    with pytest.raises(SpecError) as caught:
        load(spec, limits=limits or Limits())
    return list(caught.value.diagnostics)


def places(spec: Path, limits: Limits | None = None) -> list[tuple[str, str, int, str]]:
    """(code, file, line, text under it) of every diagnostic."""
    return [
        (d.code, d.primary.span.file.name, d.primary.span.line, under(d.primary))
        for d in told(spec, limits)
    ]


def test_an_imported_block_is_used_like_an_own_one(write: Write) -> None:
    spec = write(
        {
            "net.yaml": "import: [blocks/unit.yaml]\nlayers: [unit: 8, unit: {out: 4, repeat: 2}]",
            "blocks/unit.yaml": """
                blocks:
                  unit:
                    params: {out: int}
                    layers: [conv: {out_channels: $out, kernel_size: 1}, relu]
            """,
        }
    )
    graph = load(spec).graph
    assert [node.path for node in graph.nodes][:2] == ["unit_1.conv_1", "unit_1.relu_1"]
    assert graph.parameter_count == (3 * 8 + 8) + (8 * 4 + 4) + (4 * 4 + 4)


def test_defaults_stay_in_the_file_that_declares_them(write: Write) -> None:
    spec = write(
        {
            "net.yaml": """
                import: [unit.yaml]
                defaults: {conv: {kernel_size: 5, bias: false}, pointwise: {stride: 2}}
                layers: [conv: 2, unit, pointwise: 3]
            """,
            "unit.yaml": """
                defaults: {conv: {kernel_size: 3, padding: same}}
                blocks:
                  unit: {layers: [conv: 2]}
                  pointwise: {conv: {kernel_size: 1}}
            """,
        }
    )
    ops = [node.op for node in load(spec).graph.nodes]
    assert [(op.kernel_size, op.padding, op.bias) for op in ops] == [  # type: ignore[attr-defined]
        ((5, 5), (0, 0), False),
        ((3, 3), (1, 1), True),
        ((1, 1), (0, 0), True),
    ]
    assert ops[2].stride == (2, 2), "defaults reach a preset under the name that is written here"  # type: ignore[attr-defined]


def test_a_preset_means_the_same_in_every_file(write: Write) -> None:
    """The block that it stands for is looked up where the preset is written."""
    spec = write(
        {
            "net.yaml": """
                import: [unit.yaml]
                blocks: {inner: {layers: [sigmoid]}}
                layers: [unit, inner]
            """,
            "unit.yaml": """
                import: [deep.yaml]
                blocks: {unit: {inner: {}}}
            """,
            "deep.yaml": "blocks: {inner: {layers: [relu]}}",
        }
    )
    kinds = [node.op.label() for node in load(spec).graph.nodes]
    assert kinds == ["ReLU", "sigmoid"]


def test_what_an_import_imports_stays_there(write: Write) -> None:
    spec = write(
        {
            "net.yaml": "import: [a.yaml]\nlayers: [outer, inner]",
            "a.yaml": "import: [b.yaml]\nblocks: {outer: {layers: [inner]}}",
            "b.yaml": "blocks: {inner: {layers: [relu]}}",
        }
    )
    assert places(spec) == [("NS201", "specs/net.yaml", 5, "inner")]


def test_a_diamond_is_fine_and_read_once(write: Write) -> None:
    spec = write(
        {
            "net.yaml": "import: [a.yaml, sub/b.yaml]\nlayers: [left, right]",
            "a.yaml": "import: [sub/base.yaml]\nblocks: {left: {layers: [base]}}",
            "sub/b.yaml": "import: [base.yaml]\nblocks: {right: {layers: [base]}}",
            "sub/base.yaml": "blocks: {base: {layers: [relu]}}",
        }
    )
    assert len(load(spec).graph.nodes) == 2
    text = (spec.parent / "sub/base.yaml").read_text().replace("relu", "rleu")
    (spec.parent / "sub/base.yaml").write_text(text)
    assert places(spec) == [("NS201", "specs/sub/base.yaml", 1, "rleu")]


def test_blocks_of_one_name_in_two_files_are_two_blocks(write: Write) -> None:
    spec = write(
        {
            "net.yaml": "import: [a.yaml]\nblocks: {unit: {layers: [outer]}}\nlayers: [unit]",
            "a.yaml": "import: [b.yaml]\nblocks: {outer: {layers: [unit]}}",
            "b.yaml": "blocks: {unit: {layers: [relu]}}",
        }
    )
    assert [node.path for node in load(spec).graph.nodes] == ["unit_1.outer_1.unit_1.relu_1"]


def test_paths_go_up_inside_the_project_and_not_out_of_it(write: Write, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("blocks: {b: {layers: [relu]}}\n")
    spec = write({"net.yaml": "import: [../blocks/b.yaml]\nlayers: [b]"})
    blocks = tmp_path / "root/blocks"
    blocks.mkdir()
    (blocks / "b.yaml").write_text("blocks: {b: {layers: [relu]}}\n")
    assert len(load(spec).graph.nodes) == 1
    for name in ("outside", "nothing"):  # whether there is such a file is not told
        spec = write({"net.yaml": f"import: [../../{name}.yaml]\nlayers: [b]"})
        (found,) = told(spec)
        assert (found.code, found.message) == (
            "NS307", f"`../../{name}.yaml` is not in the project: it lies outside"
        )  # fmt: skip


def test_without_a_mark_the_project_is_the_folder_of_the_spec(tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    (tmp_path / "b.yaml").write_text("blocks: {b: {layers: [relu]}}\n")
    spec = folder / "net.yaml"
    spec.write_text(HEAD + "import: [../b.yaml]\nlayers: [b]\n")
    assert Project(spec).root() == Path(os.path.realpath(folder))
    assert [d.code for d in told(spec)] == ["NS307"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("''", "it is empty"),
        ("/etc/blocks.yaml", "it is absolute"),
        ("~/blocks.yaml", "`~` is not expanded"),
        ("https://example.org/blocks.yaml", "it is a URL"),
        ("'file:blocks.yaml'", "it is a URL"),
        ("'C:\\blocks.yaml'", "it is a URL or names a drive"),
        ("'blocks\\unit.yaml'", "separated by"),
        ("../../.ssh/id_rsa", "does not end in .yaml"),
        ("$path", "does not end in .yaml"),
        ("missing.yaml", "there is no such file"),
        ("folder.yaml", "it is a folder"),
        ("fifo.yaml", "not a plain file"),
        ("socket.yaml", "not a plain file"),
        ("loop.yaml", "links go in a circle"),
        ("out.yaml", "a link leads out of it"),
        ("device.yaml", "a link leads out of it"),
        ("disguise.yaml", "leads to a file that does not end in .yaml"),
        ("net.yaml/b.yaml", "not a directory"),
    ],
)
def test_what_cannot_be_imported(write: Write, tmp_path: Path, path: str, words: str) -> None:
    spec = write({"net.yaml": f"import: [{path}]\nlayers: [b, conf: 3]"})
    (tmp_path / "outside.yaml").write_text("blocks: {b: {layers: [relu]}}\n")
    (spec.parent / "secret.env").write_text("TOKEN=1\n")
    (spec.parent / "folder.yaml").mkdir()
    os.mkfifo(spec.parent / "fifo.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("specs/socket.yaml")
    (spec.parent / "loop.yaml").symlink_to("loop.yaml")
    (spec.parent / "out.yaml").symlink_to(tmp_path / "outside.yaml")
    (spec.parent / "device.yaml").symlink_to("/dev/zero")
    (spec.parent / "disguise.yaml").symlink_to("secret.env")
    (found,) = told(spec)  # and no error about `b` and `conf`, which may have come from there
    assert found.code == "NS307"
    assert words in found.message
    assert found.primary.span.line == 4


def test_a_file_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run as root here, who may read everything, so the refusal is put in where it would come."""
    spec = write({"net.yaml": "import: [b.yaml]\nlayers: [b]", "b.yaml": "blocks: {}"})
    real = os.open

    def refusing(path: object, *rest: object) -> int:
        if str(path).endswith("b.yaml"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(os, "open", refusing)
    (found,) = told(spec)
    assert found.message == "`b.yaml` cannot be imported: permission denied"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_refused_with_its_path(write: Write, length: int) -> None:
    files = {
        f"f{number}.yaml": f"import: [f{(number + 1) % length}.yaml]\nblocks: {{b{number}: {{layers: [relu]}}}}"
        for number in range(length)
    }
    spec = write({"net.yaml": "import: [f0.yaml]\nlayers: [b0]", **files})
    (found,) = told(spec)
    assert found.code == "NS309"
    assert found.primary.span.file.name == f"specs/f{length - 1}.yaml"
    if length == 3:
        assert found.notes == (
            "the way around: `specs/f0.yaml` -> `specs/f1.yaml` -> `specs/f2.yaml` -> `specs/f0.yaml`",
        )


def test_a_spec_cannot_be_imported_not_even_itself(write: Write) -> None:
    spec = write(
        {"net.yaml": "import: [other.yaml]\nlayers: [relu]", "other.yaml": HEAD + "layers: [relu]"}
    )
    (found,) = told(spec)
    assert (found.code, found.primary.span.file.name) == ("NS307", "specs/other.yaml")
    spec = write({"net.yaml": "import: [net.yaml]\nlayers: [relu]"})
    (found,) = told(spec)
    assert (found.code, found.message) == ("NS309", "`specs/net.yaml` imports itself")


@pytest.mark.parametrize(
    ("extra", "where"),
    [
        ("import: [a.yaml, b.yaml]", "b.yaml"),
        ("import: [a.yaml, a.yaml]", "a.yaml"),
        ("import: [a.yaml]\nblocks: {unit: {layers: [relu]}}", "a.yaml"),
    ],
)
def test_a_name_from_two_places_is_an_error(write: Write, extra: str, where: str) -> None:
    one = "blocks: {unit: {layers: [relu]}, other: {layers: [relu]}}"
    spec = write({"net.yaml": f"{extra}\nlayers: [unit]", "a.yaml": one, "b.yaml": one})
    (found,) = told(spec)
    assert (found.code, under(found.primary)) == ("NS308", where)
    assert found.secondary[0].text == "`unit` comes from here too"


@pytest.mark.parametrize(
    ("section", "text"),
    [("a.yaml", "a.yaml"), ("{a: 1}", "{a: 1}"), ("[3]", "3"), ("[[a.yaml]]", "[a.yaml]")],
)
def test_import_is_a_list_of_paths(write: Write, section: str, text: str) -> None:
    spec = write({"net.yaml": f"import: {section}\nlayers: [relu]"})
    assert places(spec) == [("NS307", "specs/net.yaml", 4, text)]


def test_errors_in_an_imported_file_stand_there(write: Write) -> None:
    spec = write(
        {
            "net.yaml": "import: [b.yaml]\nlayers: [unit: {size: 64}, nothing]",
            "b.yaml": """
                params: {x: 3}
                defaults: {conf: {stride: 2}, conv: {strid: 2}}
                blocks:
                  unit: {params: {size: int}, layers: [max_pool: $size]}
                  wrong: {layers: [relu: {slope: 3}]}
            """,
        }
    )
    assert places(spec) == [
        ("NS202", "specs/b.yaml", 1, "params"),
        ("NS201", "specs/b.yaml", 2, "conf"),
        ("NS202", "specs/b.yaml", 2, "strid"),
        ("NS402", "specs/b.yaml", 4, "$size"),
        ("NS201", "specs/net.yaml", 5, "nothing"),
    ]
    use = told(spec)[3].secondary[-1]
    assert (use.span.file.name, use.span.line) == ("specs/net.yaml", 5)
    assert use.text == "in `unit` used here with size=64"


def test_text_errors_in_an_imported_file_stand_there(write: Write) -> None:
    spec = write({"net.yaml": "import: [b.yaml]\nlayers: [unit]", "b.yaml": "blocks: {unit: [\n"})
    assert {(code, file) for code, file, *_ in places(spec)} == {("NS104", "specs/b.yaml")}


def test_imports_are_limited(write: Write) -> None:
    chain = {f"f{n}.yaml": f"import: [f{n + 1}.yaml]" for n in range(20)}
    spec = write(
        {"net.yaml": "import: [f0.yaml]\nlayers: [relu]", **chain, "f20.yaml": "blocks: {}"}
    )
    (found,) = told(spec)
    assert (found.message, found.primary.span.file.name) == (
        "more than 16 levels of imports",
        "specs/f15.yaml",
    )
    assert load(spec, limits=Limits(import_depth=21)).graph.nodes

    many = {f"m{n}.yaml": "blocks: {}" for n in range(5)}
    spec = write({"net.yaml": f"import: [{', '.join(many)}]\nlayers: [relu]", **many})
    messages = {d.message for d in told(spec, Limits(import_files=3))}
    assert messages == {"more than 3 imported files"}

    large = {f"l{n}.yaml": f"doc: {'x' * 900}" for n in range(3)}
    spec = write({"net.yaml": f"import: [{', '.join(large)}]\nlayers: [relu]", **large})
    (found,) = told(spec, Limits(import_bytes=2_000))
    assert found.message == "more than 2000 bytes over all imported files"
    (found, *_) = told(spec, Limits(file_bytes=500))
    assert found.code == "NS115"


def test_text_without_a_file_imports_nothing() -> None:
    with pytest.raises(SpecError) as caught:
        loads(HEAD + "import: [b.yaml]\nlayers: [b]\n")
    (found,) = caught.value.diagnostics
    assert (found.code, found.help) == (
        "NS307", ("save the spec as a file, or write the blocks under `blocks:`",)
    )  # fmt: skip


def test_a_file_of_blocks_is_checked_by_itself(write: Write) -> None:
    spec = write({"b.yaml": "blocks: {unit: {layers: [rleu, conv: {out_chanels: 3}]}}"})
    file = spec.with_name("b.yaml")
    limits = Limits()
    read = document(file.read_bytes(), str(file), limits)
    found = check(read, given(None, None, limits), limits, Project(file, limits))
    assert [d.code for d in found.diagnostics] == ["NS201", "NS202"]
    with pytest.raises(SpecError, match="this is a file of blocks, and no network"):
        load(file)


def test_a_link_to_a_spec_imports_from_where_the_spec_is(write: Write, tmp_path: Path) -> None:
    spec = write(
        {"net.yaml": "import: [b.yaml]\nlayers: [b]", "b.yaml": "blocks: {b: {layers: [relu]}}"}
    )
    link = tmp_path / "link.yaml"
    link.symlink_to(spec.resolve())
    assert netspec.load(link).graph.nodes
