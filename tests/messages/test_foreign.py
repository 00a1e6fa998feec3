"""Words of other libraries: every target exists, no word is ours already, and layers come out as ours."""

from __future__ import annotations

import pytest

import netspec
from netspec.blocks import BLOCKS, COMMON
from netspec.elaborate.definitions import Library
from netspec.messages import foreign, foreign_keys, translation
from netspec.messages.foreign_layers import BLOCKS as BLOCK_WORDS
from netspec.spec import KEYS

FIELDS = {field for name in BLOCKS for field in Library().accepts(name)}


@pytest.mark.parametrize("title", BLOCK_WORDS, ids=lambda title: title or "common")
def test_every_word_for_a_layer_leads_to_a_block(title: str) -> None:
    table = BLOCK_WORDS[title]
    assert set(table.values()) <= set(BLOCKS)
    assert set(table) & set(BLOCKS) == set()
    for word, own in table.items():
        assert foreign.block(word, tuple(BLOCKS)) == own, word


def test_every_word_for_a_field_leads_to_a_field() -> None:
    assert set(foreign.FIELDS) <= FIELDS | set(COMMON)
    for own, words in foreign.FIELDS.items():
        assert own not in words
        assert len(set(words)) == len(words)
        assert {foreign.field(word, [own]) for word in words} <= {own}


def test_every_word_for_a_section_leads_to_one() -> None:
    assert set(foreign_keys.SECTIONS) <= set(KEYS)
    words = [word for words in foreign_keys.SECTIONS.values() for word in words]
    assert len(words) == len(set(words))
    assert not set(words) & {*KEYS, *foreign_keys.TRAINING}
    assert not set(foreign_keys.TRAINING) & set(KEYS)


def test_what_is_left_out_is_no_field() -> None:
    """A field that a block has is never called needless there: it is found before the table is asked."""
    assert not set(foreign.NEEDLESS) & (FIELDS | set(COMMON))


def test_fields_in_order_are_fields_of_their_block() -> None:
    for block, order in foreign.POSITIONAL.items():
        assert set(order) <= {*Library().accepts(block), *foreign.INFERRED}


def test_block_values_that_stand_for_true_are_blocks() -> None:
    assert set(foreign.TRUTHS.values()) <= set(BLOCKS)
    assert set(foreign.TRUTHS) <= FIELDS


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Conv2d", {"out_channels": 8, "kernel_size": 3}, "conv: {out_channels: 8, kernel_size: 3}"),
        ("Conv2D", {"filters": 8, "kernel_size": 3, "padding": "valid"},
         "conv: {out_channels: 8, kernel_size: 3, padding: 0}"),
        ("nn.Conv2d(3, 8, 3, padding=1)", None,
         "conv: {out_channels: 8, kernel_size: 3, padding: 1}"),
        ("nn.MaxPool2d(3, stride=2)", None, "max_pool: {kernel_size: 3, stride: 2}"),
        ("InnerProduct", {"num_output": 10, "name": "fc8"}, "linear: {out_features: 10, name: fc8}"),
        ("Dropout", 0.5, "dropout: 0.5"),
        ("BatchNorm2d", {"num_features": 64}, "batch_norm"),
        ("Conv2d", {"out_channels": 8, "kernel_size": 3, "bias": False, "activation": "ReLU()"},
         "conv: {out_channels: 8, kernel_size: 3, bias: false, activation: relu}"),
        ("LSTM", {"units": 3}, None),
        ("Conv2d", {"out_channels": 8, "unheard_of": 1}, None),
        ("Conv2d", {"out_channels": "$(max(8, 16))", "kernel_size": 3}, None),
        ("nn.Conv2d(a + b, 3)", None, None),
    ],
)  # fmt: skip
def test_a_layer_of_others_as_ours(name: str, value: object, expected: str | None) -> None:
    """Nothing is proposed where a word is unknown or a value would need quotes."""
    assert translation.layer(name, value) == expected


@pytest.mark.parametrize("table", BLOCK_WORDS.values(), ids=lambda table: next(iter(table)))
def test_a_word_of_others_is_answered_with_ours(table: dict[str, str]) -> None:
    """The whole way, from the text to the help of the message."""
    for word, own in table.items():
        text = f"netspec: 1\nname: example\ninput: [3, 32, 32]\nlayers:\n  - {word}\n"
        with pytest.raises(netspec.SpecError) as caught:
            netspec.loads(text)
        (found,) = caught.value.diagnostics
        assert found.code == "NS201"
        assert f"`{own}`" in found.help[0]
