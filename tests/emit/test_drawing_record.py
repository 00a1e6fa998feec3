"""The drawing as JSON: the promised keys, and every place of the layout."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.emit.pictures import networks


@pytest.mark.parametrize("name", ["inception"])
def test_golden_files(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"drawing/{name}.json", networks()[name].draw().to_json())


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", ["lenet5", "inception", "residual"])
def test_it_has_what_the_layout_has(name: str, direction: str) -> None:
    drawing = networks()[name].draw(direction=direction)
    layout = drawing.layout
    record = json.loads(drawing.to_json())
    assert record["netspec_drawing"] == 1
    assert (record["width"], record["height"]) == (layout.width, layout.height)
    for placed, box in zip(layout.boxes, record["boxes"], strict=True):
        assert (box["id"], box["kind"], box["label"]) == (
            placed.box.id,
            placed.box.kind,
            placed.box.label,
        )
        assert [box[key] for key in ("x", "y", "width", "height")] == pytest.approx(
            [placed.x, placed.y, placed.width, placed.height], abs=0.05
        )
    frames = {frame["id"]: frame for frame in record["frames"]}
    assert list(frames) == [placed.frame.id for placed in layout.frames]
    boxes = {box["id"]: box for box in record["boxes"]}
    for inner in (*boxes.values(), *frames.values()):
        outer = frames[inner["frame"]] if inner["frame"] is not None else {"x": 0, "y": 0, **record}
        assert outer["x"] <= inner["x"]
        assert outer["y"] <= inner["y"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
    for edge in record["edges"]:
        for end, (x, y) in (("source", edge["points"][0]), ("target", edge["points"][-1])):
            box = boxes[edge[end]]
            assert box["x"] <= x <= box["x"] + box["width"]
            assert box["y"] <= y <= box["y"] + box["height"]
