"""The options of a picture: checked, and the same from Python and from the command line."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

import netspec
from netspec.limits import Limits
from netspec.pictures import Drawing, Options, picture
from netspec.view import Annotate, Level
from tests import graphs
from tests.emit.pictures import ROOT, networks

GOOGLENET = netspec.load(ROOT / "specs/googlenet.yaml")


@pytest.mark.parametrize(
    ("options", "message", "help_"),
    [
        ({"level": "block"}, "`level` cannot be `block`", "did you mean `blocks`?"),
        (
            {"level": "deep"},
            "`level` cannot be `deep`",
            "it is one of `overview`, `blocks` and `full`",
        ),
        ({"direction": "RL"}, "`direction` cannot be `RL`", "it is one of `TB` and `LR`"),
        ({"theme": 3}, "`theme` cannot be `3`", None),
        ({"annotate": None}, "`annotate` cannot be a NoneType", None),
        ({"wrap": "yes"}, "`wrap` is true or false, not `yes`", None),
        ({"only": ["a"]}, "`only` is the path of a layer, not a list", None),
        ({"expand": [3]}, "`expand` is a pattern or a list of patterns, not a list", None),
        ({"levle": "full"}, "pictures have no option `levle`", "did you mean `level`?"),
        ({"only": "incption_3a"}, "`only`: no layer has the path `incption_3a`", None),
        (
            {"only": "nowhere"},
            "`only`: no layer has the path `nowhere`",
            (
                "the layers of the top level are `conv1`, `max_pool_1`, `lrn_1`, `conv2_reduce`, "
                "`conv2`, `lrn_2`, `max_pool_2`, `inception_3a`, `inception_3b`, `max_pool_3`, "
                "`inception_4a` and 13 more"
            ),
        ),
        ({"only": ""}, "`only`: no layer has the path ``", None),
        ({"expand": "nowhere*"}, "`expand`: no layer matches the pattern `nowhere*`", None),
    ],
)
def test_a_wrong_option_is_answered(
    options: dict[str, object], message: str, help_: str | None
) -> None:
    with pytest.raises(netspec.UsageError) as caught:
        Drawing(GOOGLENET.graph, picture(options)).to_svg()
    assert caught.value.code == "NS506"
    assert caught.value.message == message
    assert help_ is None or caught.value.help == help_


def test_a_misspelt_path_is_answered_with_near_ones() -> None:
    with pytest.raises(netspec.UsageError, match="did you mean `inception_3a`"):
        GOOGLENET.to_svg(only="incption_3a")


@pytest.mark.parametrize(
    "options",
    [
        {"level": "overview"},
        {"level": "full"},
        {"only": "inception_3a"},
        {"level": "overview", "expand": "inception_3*"},
        {"expand": ["inception_3a", "aux1*"]},
        {"fold": True},
        *({"annotate": str(each)} for each in Annotate if each is not Annotate.DEFAULT),
        {"direction": "LR"},
        {"wrap": True},
        {"theme": "dark"},
        {"theme": "auto"},
        {"theme": "mono"},
    ],
    ids=str,
)
def test_every_option_changes_the_picture(options: Options) -> None:
    plain, changed = GOOGLENET.to_svg(), GOOGLENET.to_svg(**options)
    ET.fromstring(changed)
    assert changed != plain
    assert changed == GOOGLENET.to_svg(**options)
    if options.get("theme") != "auto":  # Graphviz knows nothing of the page around it
        assert GOOGLENET.to_gv(**options) != GOOGLENET.to_gv()


def test_the_module_figure_of_the_paper() -> None:
    drawing = GOOGLENET.draw(only="inception_3a")
    boxes = [placed.box for placed in drawing.layout.boxes]
    assert [box.label for box in boxes] == [
        "conv 1×1",
        "conv 1×1",
        "conv 3×3",
        "conv 1×1",
        "conv 5×5",
        "maxpool 3×3",
        "conv 1×1",
        "input",
        "concat",
        "output",
    ]
    assert drawing.layout.view.title == "googlenet: inception_3a"
    assert drawing.layout.view.description == (
        "Input 192 · 28×28. At 28×28: conv1x1, conv3x3_reduce, conv3x3, conv5x5_reduce, conv5x5, pool, "
        "pool_proj and concat. Output 256 · 28×28. 163.7k parameters, 128.0M multiply-accumulates."
    )


def test_a_picture_above_the_limits_shows_less_and_says_so() -> None:
    limits = Limits(diagram_nodes=60, diagram_edges=80)
    drawing = Drawing(GOOGLENET.graph, picture({"level": "full"}, limits))
    (note,) = drawing.notes
    whole = GOOGLENET.draw(level="full").layout
    assert note == (
        f"the picture would have {len(whole.boxes)} nodes and {len(whole.edges)} edges; "
        "above 60 nodes or 80 edges it shows less"
    )
    assert len(drawing.layout.boxes) == len(GOOGLENET.draw(level="overview").layout.boxes)
    assert f"{note[:1].upper()}{note[1:]}." in drawing.layout.view.description


def test_a_long_chain_is_drawn_in_stretches() -> None:
    graph = graphs.chain(3_000)
    drawing = Drawing(graph, picture({}))
    assert drawing.notes
    shown = [placed.box for placed in drawing.layout.boxes]
    assert 100 < len(shown) <= 2_000
    assert shown[1].label == "conv_1 … conv_3.activation, 3 layers"
    assert sum(each.label.endswith("layers") for each in shown) == 1_000
    few = Limits(diagram_nodes=40, diagram_edges=30)
    small = Drawing(graph, replace(picture({}, few)))
    assert len(small.layout.boxes) <= 40
    assert len(small.layout.edges) <= 30


def test_a_picture_within_the_limits_has_no_notes() -> None:
    assert not GOOGLENET.draw(level="full").notes


def test_expand_shows_one_level_more() -> None:
    overview = GOOGLENET.draw(level="overview", expand="inception_3*").layout
    assert [placed.frame.id for placed in overview.frames] == ["inception_3a", "inception_3b"]
    net = networks()["residual"]
    frames = [placed.frame for placed in net.draw(expand="rest.1").layout.frames]
    assert [(frame.id, frame.copies) for frame in frames] == [
        ("first", 1),
        ("rest.0", 1),
        ("rest.1", 1),
        ("rest.2", 1),
    ]
    whole = {placed.box.id for placed in net.draw(level="overview").layout.boxes}
    assert whole == {"output first", "input", "first", "rest", "output rest"}
    opened = net.draw(level="overview", expand="rest.1").layout
    assert [placed.frame.id for placed in opened.frames] == ["rest.1"]


def test_fold_makes_one_frame_with_a_table_of_widths() -> None:
    frames = {placed.frame.id: placed.frame for placed in GOOGLENET.draw(fold=True).layout.frames}
    table = frames["inception_3a"].table
    assert table == (
        (
            "",
            "conv1x1",
            "conv3x3_reduce",
            "conv3x3",
            "conv5x5_reduce",
            "conv5x5",
            "pool_proj",
            "out",
            "params",
        ),
        ("inception_3a", "64", "96", "128", "16", "32", "32", "256", "163.7k"),
        ("inception_3b", "128", "128", "192", "32", "96", "64", "480", "388.7k"),
    )
    assert frames["inception_3a"].note == "192 → 480 · 28×28 · 552.4k"
    assert frames["inception_4b"].copies == 3
    assert not frames["inception_4a"].table  # a head reads what it gives


def test_copies_whose_channels_grow_are_one_frame() -> None:
    """DenseNet's 58 layers are four frames; a box says from where to where its channels grow."""
    net = netspec.load(ROOT / "specs/densenet.yaml")
    layout = net.draw(annotate="all").layout
    frames = [placed.frame for placed in layout.frames if placed.frame.copies > 1]
    assert [frame.copies for frame in frames] == [6, 12, 24, 16]
    assert frames[0].title == "dense_layer_1 ×6"
    first = [scope for scope in net.graph.scopes.values() if scope.path == "dense_layer_1"]
    params = sum(node.op.parameter_count for node in first[0].nodes())
    assert params == 335_040
    assert frames[0].note.startswith("64 → 256 · 56×56 · 335.0k params · ")
    boxes = {placed.box.id: placed.box.detail for placed in layout.boxes}
    assert boxes["dense_layer_1.0.concat_1"] == "96 … 256"
    assert boxes["dense_layer_1.0.conv_1"] == "128 · BN, ReLU"  # costs differ, and are left out
    assert boxes["dense_layer_1.0.conv_2"].startswith("32\n36.9k params · ")
    opened = net.draw(expand="dense_layer_1.3").layout.frames
    copies = [placed.frame.copies for placed in opened if "dense_layer_1" in placed.frame.id]
    assert copies == [3, 1, 2]
    table = net.draw(fold=True).layout.frames[0].frame.table
    assert [row[0] for row in table] == ["", *(f"dense_layer_1.{at}" for at in range(6))]


def test_copies_of_several_sizes_stand_by_themselves() -> None:
    layers = [{"conv": {"out_channels": 8, "kernel_size": 1}}, {"max_pool": 2}]
    spec = {
        "netspec": 1,
        "name": "n",
        "input": [8, 16, 16],
        "blocks": {"half": {"layers": layers}},
        "layers": [{"half": {"name": "halves", "repeat": 3}}],
    }
    frames = [placed.frame for placed in netspec.loads(spec).draw().layout.frames]
    assert [(frame.title, frame.copies) for frame in frames] == [
        ("halves.0", 1),
        ("halves.1", 1),
        ("halves.2", 1),
    ]


def test_every_axis_of_a_stack_is_told() -> None:
    """The first axis of SKNet's stacked branches is no number of channels."""
    unit = "layer1.0.selective_kernel_1"
    layout = netspec.load(ROOT / "specs/sknet.yaml").draw(only="layer1.0").layout
    words = {
        placed.box.label: placed.box.detail
        for placed in layout.boxes
        if placed.box.id.startswith(f"{unit}.")
    }
    assert words["stack"] == "2 · 128×56×56"
    assert words["softmax"] == "2 · 128×1×1"
    assert words["mul"] == "2 · 128×56×56"


def test_equal_neighbours_fold_whoever_wrote_them() -> None:
    block = {"pair": {"layers": [{"conv": {"out_channels": 8, "kernel_size": 1}}, "relu"]}}
    named = [{"pair": {"name": name}} for name in ("a", "b", "c")]
    spec = {"netspec": 1, "name": "n", "input": [8, 4, 4], "blocks": block, "layers": named}
    (frame,) = (placed.frame for placed in netspec.loads(spec).draw().layout.frames)
    assert (frame.title, frame.copies) == ("a … c ×3", 3)


@pytest.mark.parametrize(
    ("annotate", "detail", "note"),
    [
        ("default", "128 · ReLU", "192 → 256 · 28×28 · 163.7k"),
        ("shape", "128 · ReLU", "192 → 256 · 28×28"),
        ("params", "ReLU\n110.7k params", "163.7k params"),
        ("macs", "ReLU\n86.7M MACs", "128.0M MACs"),
        (
            "all",
            "128 · ReLU\n110.7k params · 86.7M MACs",
            "192 → 256 · 28×28 · 163.7k params · 128.0M MACs",
        ),
        ("none", "ReLU", ""),
    ],
)
def test_annotations(annotate: str, detail: str, note: str) -> None:
    layout = GOOGLENET.draw(annotate=annotate).layout
    (box,) = [each.box for each in layout.boxes if each.box.id == "inception_3a.conv3x3"]
    (frame,) = [each.frame for each in layout.frames if each.frame.id == "inception_3a"]
    assert (box.detail, frame.note) == (detail, note)


def test_left_to_right_is_wide_and_top_to_bottom_is_high() -> None:
    down, right = GOOGLENET.draw().layout, GOOGLENET.draw(direction="LR").layout
    assert down.height > 2 * down.width
    assert right.width > 2 * right.height
    wrapped = GOOGLENET.draw(wrap=True).layout
    assert 0.5 < wrapped.width / wrapped.height < 2


def test_levels_are_nested() -> None:
    counts = [len(GOOGLENET.draw(level=level).layout.boxes) for level in Level]
    assert counts == sorted(counts)
    assert len(set(counts)) == 3
