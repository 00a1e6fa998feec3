"""Limits can be raised by the caller and only there, within what Python's stack can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import pytest

from netspec import Limits, SpecError, UsageError, loads
from netspec.cli.opening import limits_of
from netspec.diagnostics import Diagnostic
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
        assert loads(net.expand(), limits=limits).graph.nodes


def test_a_network_of_too_many_parameters_takes_no_memory() -> None:
    """A spec of five lines can ask for more memory than there is; on meta it has none."""
    text = "netspec: 1\nname: huge\ninput: [1000000, 100, 100]\nlayers:\n"
    net = loads(f"{text}  - conv: {{out_channels: 1000000, kernel_size: 100}}\n")
    with pytest.raises(UsageError, match="10,000,000,001,000,000 parameters"):
        net.compile()
    assert next(net.compile(device="meta").parameters()).is_meta
    small = f"{HEAD}layers: [conv: {{out_channels: 4, kernel_size: 1}}]\n"
    with pytest.raises(UsageError, match="more than 15 is not built"):
        loads(small, limits=Limits(build_parameters=15)).compile(init=False)
    assert loads(small, limits=Limits(build_parameters=16)).compile()


def test_a_flat_spec_may_be_longer_than_a_file_of_others() -> None:
    doc = "x" * 60_000
    blocks = f"blocks: {{b: {{layers: [conv: {{out_channels: 3, kernel_size: 1, doc: {doc}}}]}}}}\n"
    text = loads(f"{HEAD}{blocks}layers: [b: {{name: u, repeat: 20}}]\n").expand()
    assert len(text) > Limits().file_bytes


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


OVER = {
    "conv: {out_channels: 1000001, kernel_size: 1}": "1000001",
    "nin_block: {out_channels: 1000001, kernel_size: 1}": "1000001",
    "nin_block: {out_channels: [8, 1000001, 8], kernel_size: 1}": "1000001",
    "conv: {out_channels: 1000001, kernel_size: 1, norm: batch_norm}": "1000001",
    "conv: {out_channels: 3, kernel_size: 1025, padding: 1024}": "1025",
    "conv: {out_channels: 3, kernel_size: 1, padding: [[0, 1], [0, 2000]]}": "2000",
    "max_pool: {kernel_size: 2, stride: 3000}": "3000",
    "adaptive_avg_pool: 1025": "1025",
    "sequential: [flatten, linear: 3000000000]": "3000000000",
    "sequential: [flatten, reshape: [3000000000]]": "3000000000",
    "split: {chunks: 300}": "300",
    "split: {sizes: [1000001, rest]}": "1000001",
}
"""Layers with one number that is over its limit, and that number."""

RAISED = Limits(channels=2_000_000, window=4_096, features=1 << 40, merge_inputs=512)


def findings(text: str, limits: Limits) -> Sequence[Diagnostic]:
    try:
        loads(text, limits=limits)
    except SpecError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize("layer", OVER)
def test_a_raised_limit_reaches_the_fields_of_blocks(layer: str) -> None:
    """Under the default the number is told; under a raised one it is not (what it leads to may be)."""
    text = f"{HEAD}layers: [{layer}]\n"
    told = findings(text, Limits())
    assert [(one.code, OVER[layer] in one.message) for one in told] == [("NS205", True)]
    assert "NS205" not in {one.code for one in findings(text, RAISED)}


@pytest.mark.parametrize("name", ["channels", "features", "window"])
def test_a_lowered_limit_reaches_the_fields_of_blocks(name: str) -> None:
    layer = {
        "channels": "conv: {out_channels: 40, kernel_size: 1}",
        "features": "sequential: [flatten, linear: 40]",
        "window": "conv: {out_channels: 1, kernel_size: 40, padding: 30}",
    }[name]
    text = f"{HEAD}layers: [{layer}]\n"
    assert loads(text, limits=Limits(**{name: 40})).graph.nodes
    with pytest.raises(SpecError, match=r"at most 39|from 1 to 39"):
        loads(text, limits=Limits(**{name: 39}))
