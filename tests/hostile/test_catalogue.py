"""Every broken or hostile spec is answered: the named code, bounded time and memory, never a traceback."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.catalogue import CASES, HEAD, Case, net
from tests.hostile.isolation import Isolation, Outcome
from tests.hostile.many import MANY
from tests.hostile.nastier import NASTIER

SECONDS, MEGABYTES = 2, 300
MOST_TEXT = 20_000
"""Characters of all that is printed, a line for each error."""
ALL = [*CASES, *NASTIER, *MANY]
_CODE = re.compile(r"(?:error|warning)\[(NS\d+)\]")


@pytest.fixture(scope="module")
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    running = Isolation(tmp_path_factory.mktemp("hostile"))
    yield running
    running.close()


def codes(outcome: Outcome) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CODE.findall(outcome.err)))


def survived(outcome: Outcome) -> None:
    """Bounded, and ended by us: no traceback, no bug report, no signal."""
    assert "Traceback" not in outcome.err + outcome.out
    assert outcome.code in (0, 1, 2), outcome.err[-2_000:]
    assert outcome.cpu_seconds < SECONDS  # a promise of the limits, not a measure of speed
    assert outcome.peak_megabytes < MEGABYTES
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", outcome.err)


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_hostile_spec_gets_its_code(case: Case, isolation: Isolation) -> None:
    spec = isolation.folder / "spec.yaml"
    spec.write_bytes(case.data)
    outcome = isolation.run("check", "spec.yaml", "--error-format", "concise", *case.arguments)
    survived(outcome)
    assert codes(outcome) == case.codes, outcome.err[:2_000]
    assert len(outcome.err) < MOST_TEXT
    assert (outcome.code == 0) == (case.fine or not case.codes)
    spec.unlink()
    assert not list(isolation.folder.iterdir()), "something was written"


def test_names_of_cases_are_unique() -> None:
    names = [case.name for case in ALL]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_every_form_survives_what_is_printed_back(form: str, isolation: Isolation) -> None:
    """Control, escape, bidi characters, rich markup and workflow commands come out as text."""
    name = "\\e[31m red \\x07 \\r [link=file:///x]y[/link] \\n::error ::x \\u202e <b> ]]> "
    text = net(f'- "{name}": 3', f'- linear: {{"{name}": 3, out_features: 2}}')
    outcome = isolation.run("check", "-", "--error-format", form, stdin=text.encode())
    survived(outcome)
    assert outcome.code == 1
    assert "\x1b" not in outcome.out + outcome.err
    assert "\n::error" not in outcome.out + outcome.err
    if form != "json":
        assert "[link=file:///x]" in outcome.err


@pytest.mark.parametrize("command", ["check", "summary", "draw", "emit", "build"])
@pytest.mark.parametrize("kind", ["folder", "fifo", "device", "missing", "dangling", "loop"])
def test_what_is_no_file_is_refused(
    command: str, kind: str, isolation: Isolation, tmp_path: Path
) -> None:
    path = tmp_path / "thing.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind != "missing":
        path.symlink_to({"device": "/dev/zero", "loop": "thing.yaml"}.get(kind, "nowhere.yaml"))
    output = ("-o", str(tmp_path / "out.svg")) if command == "draw" else ()
    outcome = isolation.run(command, str(path), *output)
    survived(outcome)
    assert outcome.code == 2
    assert codes(outcome) == ("NS501",), outcome.err
    assert len(list(tmp_path.iterdir())) == (kind != "missing"), "something was written"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(end: str, isolation: Isolation) -> None:
    text = "\ufeff" + net("- relu", "- cnov: 3").replace("\n", end)
    outcome = isolation.run("check", "-", "--error-format", "concise", stdin=text.encode())
    survived(outcome)
    assert outcome.err.startswith("<stdin>:6:5: error[NS201]")


def test_at_most_fifty_are_printed_and_the_rest_is_counted(isolation: Isolation) -> None:
    """`hundred_errors` has just one hundred; of ten thousand no more than two hundred are looked for."""
    texts = {case.name: case.data for case in ALL}
    for name, rest in {"hundred_errors": "50", "unknown_blocks": "at least 151"}.items():
        outcome = isolation.run("check", "-", "--error-format", "concise", stdin=texts[name])
        survived(outcome)
        assert outcome.err.splitlines()[50:] == [f"... and {rest} more errors"]


def test_a_spec_from_standard_input_has_the_same_limits(isolation: Isolation) -> None:
    for text in (net("- relu") + "# " + "x" * 5_000_000, "[" * 100_000, ""):
        outcome = isolation.run("check", "-", stdin=text.encode())
        survived(outcome)
        assert outcome.code == 1


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "CON", "-rf", "x/../../y", "x\\0y", "~", "."]
)
def test_a_name_never_becomes_a_path(name: str, isolation: Isolation, tmp_path: Path) -> None:
    text = HEAD.replace("name: x", f'name: "{name}"') + "layers: [gap]\n"
    spec = isolation.folder / "spec.yaml"
    spec.write_text(text)
    outcome = isolation.run("emit", "spec.yaml", "-o", str(tmp_path / "out.py"))
    survived(outcome)
    assert codes(outcome) == (() if name == "CON" else ("NS303",)), outcome.err
    assert [path.name for path in tmp_path.iterdir()] == (["out.py"] if name == "CON" else [])
    spec.unlink()
