"""What is right and looks wrong: activations on logits, biases before norms, padding, relus without effect."""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import warnings

# Logits


LOGITS = """
params: {{num_classes: 10}}
layers:
  - conv: {{out_channels: 16, kernel_size: 3, activation: relu}}
  - {last}
  - gap
  - flatten
"""


@pytest.mark.parametrize(
    "last",
    [
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: relu}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: relu6}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: hardswish}",
        "nin_block: {out_channels: $num_classes, kernel_size: 3}",
        "sequential: [conv: {out_channels: $num_classes, kernel_size: 1}, dropout: 0.5, relu]",
        "conv: {out_channels: $num_classes, kernel_size: 3, norm: batch_norm, activation: {softmax: {dim: 1}}}",
    ],
)
def test_an_activation_on_the_logits_is_told(last: str) -> None:
    assert [code for code, *_ in warnings(LOGITS.format(last=last))] == ["NS907"]


@pytest.mark.parametrize(
    "last",
    [
        "conv: {out_channels: $num_classes, kernel_size: 1}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: sigmoid}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: tanh}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: leaky_relu}",
        "conv: {out_channels: $num_classes, kernel_size: 1, activation: {log_softmax: {dim: 1}}}",
        # a single number is a count, or a probability
        "conv: {out_channels: 1, kernel_size: 1, activation: relu}",
        # features: the bodies of VGG, ResNet, MobileNet and SqueezeNet
        "conv: {out_channels: $num_classes, kernel_size: 3, activation: relu}",
        "conv: {out_channels: $num_classes, kernel_size: 1, norm: batch_norm, activation: relu6}",
        "residual: {activation: relu, layers: [conv: {out_channels: 16, kernel_size: 1}]}",
        "concat: [[conv: {out_channels: 8, kernel_size: 1, activation: relu}], []]",
    ],
)
def test_what_classes_or_features_may_have_is_not_told(last: str) -> None:
    assert [one for one in warnings(LOGITS.format(last=last)) if one[0] != "NS902"] == []


CLASSES = {
    "by the width": "- linear: $num_classes\n  - relu",
    "by an expression": "- linear: $(num_classes + 1)\n  - relu",
    "by a parameter that reads it": "- ending: $num_classes",
    "by the layer": "- linear: {name: classifier, out_features: 12}\n  - relu",
    "by the group": "- sequential: {name: label_head, layers: [linear: 12, relu]}",
    "by the output": "- linear: 12\n  - relu: {name: end}\noutputs: {logits: end}",
    "by a softmax": "- linear: 12\n  - softmax: 1",
}


@pytest.mark.parametrize("by", CLASSES)
def test_a_classifier_is_known_by_its_names(by: str) -> None:
    end = CLASSES[by]
    allowed = "blocks: {ending: {params: {out: int}, layers: [linear: $out, relu]}}"
    body = f"params: {{num_classes: 12}}\n{allowed}\nlayers:\n  - gap\n  - flatten\n  {end}"
    assert "NS907" in [code for code, *_ in warnings(body)]


@pytest.mark.parametrize(
    "end",
    [
        "- linear: 64\n  - relu\n  - linear: 3072\n  - relu",  # an autoencoder
        "- linear: {name: counts, out_features: 4}\n  - relu",
        "- linear: $features\n  - relu: {name: embedding}",
    ],
)
def test_what_is_not_called_classes_may_end_in_a_relu(end: str) -> None:
    params = "params: {features: 12}\n" * ("$" in end)
    assert warnings(f"{params}layers:\n  - flatten\n  {end}") == []


@pytest.mark.parametrize(("width", "told"), [(10, True), (100, True), (1000, True), (64, False)])
def test_an_image_that_becomes_as_many_numbers_as_a_known_data_set_has_classes(
    width: int, told: bool
) -> None:
    body = f"layers:\n  - flatten\n  - linear: {width}\n  - relu"
    assert [code for code, *_ in warnings(body)] == ["NS907"] * told


def test_a_map_is_no_classifier() -> None:
    assert warnings("layers: [conv: {out_channels: 8, kernel_size: 1, activation: relu}]") == []


def test_what_another_layer_reads_too_is_a_feature_and_no_logits() -> None:
    body = """
        layers:
          - gap
          - flatten
          - linear: 64
          - relu: {name: embedding}
          - linear: {name: head, out_features: 10}
        outputs: {features: embedding, main: head}
        """
    assert warnings(body) == []


# Biases, padding, relu, constants


@pytest.mark.parametrize(
    ("norm", "told"),
    [
        ("batch_norm", True),
        ("instance_norm", True),
        ("group_norm: 8", True),
        ("group_norm: 4", False),  # the mean of two channels leaves their difference
        ("lrn: 5", False),
    ],
)
def test_a_bias_is_told_where_the_norm_takes_it_away(norm: str, told: bool) -> None:
    body = f"layers: [conv: {{out_channels: 8, kernel_size: 3}}, {norm}]"
    assert warnings(body) == [("NS908", 1, "conv")] * told


def test_a_bias_that_something_else_reads_too_counts() -> None:
    body = """
    layers:
      - conv: {name: a, out_channels: 8, kernel_size: 3}
      - batch_norm: {name: b}
      - add: {from: [a, b]}
    """
    assert warnings(body) == []


def test_a_conv_with_a_norm_has_no_bias_to_tell_of() -> None:
    assert warnings("layers: [conv: {out_channels: 8, kernel_size: 3, norm: batch_norm}]") == []


def test_a_bias_in_defaults_is_told_once_where_it_is_written() -> None:
    body = """
    defaults: {conv: {kernel_size: 3, bias: true, norm: batch_norm}}
    layers: [conv: 8, conv: 8, conv: 16]
    """
    assert warnings(body) == [("NS908", 1, "true")]
    assert warnings(body.replace("conv: 16", "conv: {out_channels: 16, norm: none}")) == []


@pytest.mark.parametrize(
    ("size", "layer", "told"),
    [
        (1, "conv: {out_channels: 8, kernel_size: 3, padding: 1}", True),
        (2, "conv: {out_channels: 8, kernel_size: 3, padding: 1}", False),  # every weight is used
        (2, "conv: {out_channels: 8, kernel_size: 5, padding: 2}", True),
        (8, "conv: {out_channels: 8, kernel_size: 3, padding: 6, dilation: 6}", False),
        (4, "conv: {out_channels: 8, kernel_size: 3, padding: 6, dilation: 6}", True),
        (1, "conv: {out_channels: 8, kernel_size: 1}", False),
        (1, "max_pool: {kernel_size: 3, padding: 1}", False),  # a pool has no weights
        (4, "conv: {out_channels: 8, kernel_size: 5, padding: 3, padding_mode: reflect}", False),
    ],
)
def test_weights_on_padding(size: int, layer: str, told: bool) -> None:
    body = f"input: [3, {size}, {size}]\nlayers: [{layer}]"
    assert [code for code, *_ in warnings(body)] == ["NS909"] * told


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ("relu, relu", True),
        ("sigmoid, max_pool: 2, relu", True),
        (
            "relu, concat: [[], [gap, upsample: {size: 32}]], relu",
            False,
        ),  # interpolation is not asked
        ("relu, concat: [[], [max_pool: {kernel_size: 3, stride: 1, padding: 1}]], relu", True),
        ("relu, relu6", False),
        ("relu, batch_norm, relu", False),
        ("tanh, relu", False),
        ("relu, residual: {activation: relu, layers: [tanh]}", False),
    ],
)
def test_a_relu_that_changes_nothing(layers: str, told: bool) -> None:
    assert [code for code, *_ in warnings(f"layers: [{layers}]")] == ["NS910"] * told


def test_a_relu_at_the_start_of_a_block_may_be_needed_by_one_use() -> None:
    body = """
    blocks: {unit: {layers: [relu, conv: {out_channels: 3, kernel_size: 1}]}}
    layers: [relu, unit, unit]
    """
    assert warnings(body) == []


@pytest.mark.parametrize("p", [0, 0.5, 0.999])
def test_a_probability_below_one_is_a_setting(p: float) -> None:
    assert warnings(f"layers: [dropout: {float(p)}]") == []
