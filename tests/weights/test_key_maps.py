"""Key maps: written from a report, read by a person, and read back with every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from netspec.errors import SpecError
from netspec.weights.report import WeightsError
from tests.weights.networks import ByHand, same, small, values

MAP = """\
# Left the keys of the model, right those of the source; a module stands for its tensors.
key_map: 1
model: small
source: ByHand
keys:
  stem.conv: conv1
  stem.norm: bn1
  body.conv: conv2
  body.norm: bn2
  side.linear_1: aux
  top: features.top
  classifier: fc
"""


def test_a_report_writes_a_map_that_loads_the_same(tmp_path: Path) -> None:
    net, source = small(), ByHand()
    by_order, by_map = net.compile(seed=0), net.compile(seed=1)
    report = net.load_weights(by_order, source, by="order")
    file = tmp_path / "map.yaml"
    report.write_key_map(file)
    assert file.read_text() == MAP
    assert net.load_weights(by_map, source.state_dict(), key_map=file).complete
    assert same(values(by_map), values(by_order))


def test_what_was_not_loaded_stands_in_comments(tmp_path: Path) -> None:
    net, source = small(num_classes=7), ByHand()
    report = net.load_weights(net.compile(), source, by="order", partial=True)
    text = report.key_map()
    assert "#   classifier.weight <- fc.weight: 7x8 here, 5x8 there\n" in text
    assert "  classifier" not in text.partition("# Not loaded:")[0]
    file = tmp_path / "map.yaml"
    file.write_text(text)
    again = net.load_weights(net.compile(), source, key_map=file, partial=True)
    assert len(again.loaded) == len(report.loaded)


def test_a_line_may_name_a_tensor_and_a_module_may_be_read_twice(tmp_path: Path) -> None:
    net, source = small(), ByHand()
    file = tmp_path / "map.yaml"
    text = MAP.replace(
        "  classifier: fc\n", "  classifier.weight: fc.weight\n  classifier.bias: aux.bias\n"
    )
    file.write_text(text)
    model = net.compile(seed=0)
    with pytest.raises(WeightsError, match=r"`fc\.bias` .* has no place"):
        net.load_weights(model, source, key_map=file)
    net.load_weights(model, source, key_map=file, partial=True)
    assert torch.equal(model.state_dict()["classifier.bias"], source.aux.bias)


def test_shapes_are_checked_as_ever(tmp_path: Path) -> None:
    net = small()
    file = tmp_path / "map.yaml"
    file.write_text(MAP.replace("stem.conv: conv1", "stem.conv: conv2"))
    with pytest.raises(WeightsError, match="8x3x3x3 here, 8x8x3x3 there"):
        net.load_weights(net.compile(), ByHand(), key_map=file)


WRONG = """\
key_map: 2
modle: small
keys:
  stem.conv: conv3
  stem.nrom: bn1
  body.conv: 3
  body.norm: fc.weight
  top: features.top
  top.bias: features.top.bias
"""


def test_all_mistakes_of_a_map_are_told_at_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(WRONG)
    with pytest.raises(SpecError) as caught:
        small().load_weights(small().compile(), ByHand(), key_map="map.yaml")
    found = [
        (one.primary.span.line, one.primary.span.column, one.message)
        for one in caught.value.diagnostics
    ]
    assert found == [
        (1, 10, "this netspec reads version 1 of key maps, not `2`"),
        (2, 1, "a key map has no key `modle`"),
        (4, 14, "the source has no weight `conv3`"),
        (5, 3, "the model has no weight `stem.nrom`"),
        (6, 14, "`body.conv` comes from the name of a weight, got `3`"),
        (7, 14, "`fc.weight` is a tensor and `body.norm` is a module"),
        (9, 3, "`top.bias` is given twice"),
    ]
    assert {one.code for one in caught.value.diagnostics} == {"NS514"}
    assert "did you mean `stem.norm`?" in str(caught.value)


@pytest.mark.parametrize("text", ["[1]", "keys: [a]", "key_map: 1", "keys: null"])
def test_a_map_without_keys_is_none(text: str, tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text)
    with pytest.raises(SpecError, match="a key map has a mapping `keys`"):
        small().load_weights(small().compile(), ByHand(), key_map=file)


def test_a_map_is_read_with_the_limits_and_errors_of_every_yaml_file(tmp_path: Path) -> None:
    file = tmp_path / "map.yaml"
    file.write_text("keys: {stem: a, stem: b}")
    with pytest.raises(SpecError) as caught:
        small().load_weights(small().compile(), ByHand(), key_map=file)
    assert [one.code for one in caught.value.diagnostics] == ["NS109"]
