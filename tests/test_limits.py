"""Limits can be raised by the caller and only there, within what Python's stack can hold."""

from __future__ import annotations

from dataclasses import fields

import pytest

from netspec import Limits, SpecError, UsageError, loads
from netspec.cli.opening import limits_of
from netspec.limits import CEILINGS

HEAD = "netspec: 1\nname: deep\ninput: [3, 8, 8]\n"


def nested(depth: int) -> str:
    body = "relu"
    for _ in range(depth):
        body = f"residual: {{layers: [{body}]}}"
    return f"{HEAD}layers: [{body}]\n"


def chained(depth: int) -> str:
    """Blocks that use each other, `depth` levels."""
    blocks = [f"  b{n}: {{layers: [b{n - 1}]}}\n" for n in range(1, depth)]
    return f"{HEAD}blocks:\n  b0: {{layers: [relu]}}\n{''.join(blocks)}layers: [b{depth - 1}]\n"


def expression(depth: int) -> str:
    return f"{HEAD}layers: [dropout: $({'(' * depth}0.5{')' * depth})]\n"


TEXTS = {
    "yaml_depth": lambda depth: f"{HEAD}doc: {'[' * depth}{']' * depth}\nlayers: [relu]\n",
    "block_depth": chained,
    "expression_depth": expression,
}


@pytest.mark.parametrize("name", TEXTS)
def test_at_its_ceiling_a_limit_on_nesting_still_ends_in_a_diagnostic(name: str) -> None:
    """One level more than allowed, and far more, are findings and no RecursionError."""
    limits = Limits(**{name: CEILINGS[name]}, expression_length=4_096)
    if name != "yaml_depth":  # there `doc` is no text, at any depth
        assert loads(TEXTS[name](CEILINGS[name] - 4), limits=limits).graph.nodes
    for depth in (CEILINGS[name] + 2, 400):
        with pytest.raises(SpecError):
            loads(TEXTS[name](depth), limits=limits)


def test_everything_that_reads_the_graph_holds_the_deepest_nesting() -> None:
    limits = Limits(block_depth=CEILINGS["block_depth"], yaml_depth=CEILINGS["yaml_depth"])
    for text in (nested(CEILINGS["block_depth"] - 2), chained(CEILINGS["block_depth"] - 1)):
        net = loads(text, limits=limits)
        assert net.summary()
        assert net.to_svg()
        assert net.to_gv()
        assert net.source()


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "7"])
def test_a_limit_is_a_whole_number_above_0(value: object) -> None:
    with pytest.raises(UsageError, match="whole number above 0"):
        Limits(repeat=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CEILINGS)
def test_a_limit_on_nesting_has_a_ceiling(name: str) -> None:
    with pytest.raises(UsageError, match=str(CEILINGS[name])):
        Limits(**{name: CEILINGS[name] + 1})
    assert getattr(Limits(), name) <= CEILINGS[name]


@pytest.mark.parametrize("field", [field.name for field in fields(Limits)])
def test_the_command_line_can_raise_every_limit(field: str) -> None:
    assert getattr(limits_of([f"{field}=7"]), field) == 7


@pytest.mark.parametrize(
    "setting", ["repeat", "repeat=", "repeat=many", "repeat=-1", "repeat=1e3", "repaet=3"]
)
def test_a_wrong_limit_on_the_command_line(setting: str) -> None:
    with pytest.raises(UsageError):
        limits_of([setting])


def test_a_message_says_how_to_raise_its_limit() -> None:
    text = f"{HEAD}layers: [relu: {{repeat: 1001}}]\n"
    with pytest.raises(SpecError) as caught:
        loads(text)
    (found,) = caught.value.diagnostics
    assert (found.message, found.primary.text) == (
        "more than 1000 copies by one `repeat`",
        "found 1001",
    )
    assert "--limit repeat=N" in found.notes[0]
    assert len(loads(text, limits=limits_of(["repeat=1001"])).graph.nodes) == 1001
