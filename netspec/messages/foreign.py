"""Words of other libraries -> ours: what PyTorch, Keras, Caffe and YOLO files call a layer or a field.

People write what they know. A word in these tables is answered with ours; nothing is accepted under two
names, so that every spec reads alike. Names that differ only in case, underscores or `2d` need no row.
Rejected: asking for distance alone, which takes `fc` for nothing and `deconv` for `conv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from netspec.messages.foreign_layers import BLOCKS

_AXES = re.compile(r"(?<=[a-z])[123]d")
_WINDOW = re.compile(r"(?i)([a-z_]*?(?:conv|pool)(?:[123]d)?)_?(\d{1,2})x(\d{1,2})")

_NO_RECURRENCE = "recurrent and attention layers are no part of netspec; a plug-in can bring blocks"

ABSENT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("lstm", "gru", "rnn", "embedding"), _NO_RECURRENCE),
        **dict.fromkeys(("multiheadattention", "attention", "selfattention"), _NO_RECURRENCE),
        **dict.fromkeys(("transformer", "transformerencoder", "transformerblock"), _NO_RECURRENCE),
        **dict.fromkeys(("crossentropyloss", "mseloss", "loss"), "a loss belongs to training"),
        **dict.fromkeys(
            ("input", "inputlayer"), "leave it out: the shape of the input stands once, at the top"
        ),
        "pixelshuffle": "it is not there; `upsample` and `conv_transpose` make maps larger",
        "scale": "leave it out: `batch_norm` has a scale and a shift",
        "softmaxwithloss": "leave it out: a loss belongs to training, and takes the logits",
        "previous": "a merge reads layers by name: `- add: {from: [previous, other]}`",
    }
)
"""Layers of others that no block does (as `key` spells them), and why."""

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "out_channels": (
            *("filters", "channels", "num_filters", "n_filters", "nb_filter", "num_output", "out"),
            *(
                "out_ch",
                "outc",
                "cout",
                "c_out",
                "c2",
                "c",
                "ch",
                "features",
                "out_features",
                "out_planes",
                "planes",
                "width",
            ),
            *("num_channels_out", "output_channels", "units", "oc", "nf"),
        ),
        "out_features": (
            *("units", "num_output", "out", "size", "classes", "num_classes", "out_channels"),
            *("features", "neurons", "output", "output_size", "hidden", "width", "filters"),
        ),
        "kernel_size": (
            *("kernel", "size", "k", "ks", "ksize", "filter_size", "pool_size", "window"),
            *("kernel_shape", "kernels", "kernal_size", "filter", "window_size"),
        ),
        "stride": ("strides", "s", "step", "subsample", "stride_size"),
        "padding": ("pad", "p", "border_mode", "pads", "paddings"),
        "dilation": ("dilation_rate", "rate", "atrous", "dilations", "dilate"),
        "groups": ("group", "g", "num_groups", "n_groups"),
        "bias": ("use_bias", "bias_term", "has_bias", "with_bias"),
        "activation": (
            "act",
            "activation_fn",
            "nonlinearity",
            "act_fn",
            "activation_layer",
            "relu",
        ),
        "norm": (
            *("bn", "batch_norm", "norm_layer", "normalizer_fn", "use_bn", "batch_normalize"),
            *("normalization", "batchnorm", "norm_type"),
        ),
        "multiplier": ("depth_multiplier",),
        "p": ("rate", "dropout_ratio", "prob", "probability", "drop_rate", "drop_prob", "ratio"),
        "dim": ("axis",),
        "scale_factor": ("scale", "factor", "size", "ratio"),
        "mode": ("interpolation", "type", "pool"),
        "output_size": ("size", "out", "output"),
        "eps": ("epsilon",),
        "affine": ("scale", "elementwise_affine"),
        "negative_slope": ("alpha", "slope"),
        "size": ("local_size", "n", "depth_radius"),
        "init_value": ("gamma", "init_values", "layer_scale_init_value"),
        "dims": ("order", "permutation", "perm", "axes"),
        "shape": ("target_shape", "size"),
        "layers": ("body", "modules", "blocks", "main", "block"),
        "shortcut": ("skip", "downsample", "projection"),
        "reduction": ("ratio", "r", "reduction_ratio", "se_ratio"),
        "branches": ("paths", "inputs", "towers"),
        "expansion": ("expand_ratio", "expand", "expansion_factor", "t"),
        "conv1x1": ("1x1", "branch1x1"),
        "conv3x3": ("3x3", "branch3x3"),
        "conv5x5": ("5x5", "branch5x5"),
        "pool_proj": ("pool", "proj", "pool_channels"),
        "name": ("id", "title", "label", "top"),
        "from": (
            "input",
            "inputs",
            "bottom",
            "source",
            "src",
            "input_layer",
            "inbound_nodes",
            "tensors",
        ),
        "repeat": ("repeats", "times", "number", "num_layers", "num_blocks", "count", "depth"),
        "when": ("if", "condition", "enabled"),
        "init": ("initializer", "kernel_initializer"),
        "doc": ("comment", "description", "note"),
    }
)
"""Our field -> what others call it."""

COPY = ("i", "j", "k", "n", "idx", "ix", "number", "num", "copy", "count", "step", "iteration")
"""What others call the number of a copy, which is `index`."""

WITH_LAYERS: Mapping[str, str] = MappingProxyType(
    {"residual_basic": "residual", "residual_bottleneck": "residual"}
)
"""A block whose layers are fixed -> the one that takes layers of your own."""

INFERRED = (
    *("in_channels", "in_features", "num_features", "num_channels", "in_planes", "inplanes"),
    *(
        "input_dim",
        "input_channels",
        "in_ch",
        "c1",
        "in",
        "in_size",
        "num_input",
        "normalized_shape",
    ),
)
"""What others write of the input, and netspec infers."""

_INITIALISED = "weights are initialised as in PyTorch, and `init:` says otherwise"
_REGULARISED = "regularisation belongs to training"

NEEDLESS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(INFERRED, "the channels and features of the input are inferred"),
        "inplace": "netspec works in place wherever that is safe",
        "trainable": "every parameter is trained; freezing is up to the training code",
        **dict.fromkeys(("weight_filler", "bias_filler", "bias_initializer"), _INITIALISED),
        **dict.fromkeys(("kernel_regularizer", "bias_regularizer", "weight_decay"), _REGULARISED),
        "device": "the device is chosen when the network is built",
        "dtype": "the dtype is chosen when the network is built",
        "data_format": "shapes are always channels first",
        "input_shape": "the input stands once, at the top: `input: [3, 224, 224]`",
        "return_indices": "a layer gives its value alone",
    }
)
"""Fields of others that a spec has no use for, and why."""

TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("integer", "int32", "int64"), "int"),
        **dict.fromkeys(("number", "double", "float32"), "float"),
        **dict.fromkeys(("string", "str"), "text"),
        **dict.fromkeys(("list", "array", "tuple"), "[int]"),
        "boolean": "bool",
    }
)
"""A type of others -> ours."""

INFERS = ("batch_norm", "instance_norm", "layer_norm", "channel_norm")
"""Blocks whose one positional argument in PyTorch is inferred here."""

FIELDS_OF: Mapping[tuple[str, str], str] = MappingProxyType(
    {("UpSampling2D", "size"): "scale_factor"}
)
"""A layer of others, and a field of it that means another of ours than its name says."""

VALUES: Mapping[tuple[str, str], object] = MappingProxyType(
    {
        ("padding", "same"): "same",
        ("padding", "valid"): 0,
        ("mode", "max"): "max",
        ("mode", "ave"): "avg",
        ("from", "data"): "input",
    }
)
"""Our field, and a word of others in small letters -> our value."""

SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("he_normal", "msra", "he", "kaiming", "kaiming_normal_"), "kaiming_normal"
        ),
        **dict.fromkeys(("he_uniform", "kaiming_uniform_"), "kaiming_uniform"),
        **dict.fromkeys(("glorot_uniform", "glorot", "xavier_uniform_"), "xavier_uniform"),
        **dict.fromkeys(("glorot_normal", "xavier_normal_"), "xavier_normal"),
        **dict.fromkeys(("gaussian", "random_normal"), "normal"),
        "truncated_normal": "trunc_normal",
        "random_uniform": "uniform",
    }
)
"""An initialisation of others -> ours."""

TRUTHS: Mapping[str, str] = MappingProxyType({"norm": "batch_norm", "activation": "relu"})
"""A block value that was switched on by `true` -> the usual one."""

POSITIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "conv": ("out_channels", "kernel_size", "stride", "padding"),
        "group_norm": ("groups", "num_channels"),
        "depthwise_conv": ("kernel_size", "stride", "padding"),
        "separable_conv": ("out_channels", "kernel_size", "stride", "padding"),
        "conv_transpose": ("out_channels", "kernel_size", "stride", "padding"),
        "linear": ("out_features",),
        "max_pool": ("kernel_size", "stride", "padding"),
        "avg_pool": ("kernel_size", "stride", "padding"),
        "dropout": ("p",),
        "upsample": ("scale_factor",),
        "adaptive_avg_pool": ("output_size",),
        "inception": ("conv1x1", "conv3x3", "conv3x3", "conv5x5", "conv5x5", "pool_proj"),
    }
)
"""Our block -> its fields in the order in which others give them without names, inputs left out.

A field that stands there several times is a list. Inception has the order of GoogLeNet's Table 1.
"""


INSTEAD: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("depthwise_conv", "out_channels"): (
            "a depthwise convolution keeps the channels of its input",
            "separable_conv",
        ),
    }
)
"""A block and a field that it cannot have -> why, and the block that does it with that field."""


def key(name: str) -> str:
    """A name without module path, call, case and underscores: `nn.Max_Pool2d()` is `maxpool2d`."""
    if name.isidentifier():
        return name.replace("_", "").lower()
    last = name.partition("(")[0].strip().rpartition(".")[2]
    return re.sub(r"[\s_-]", "", last).lower()


def short(name: str) -> str:
    """The same without the number of axes: `maxpool`."""
    return _AXES.sub("", key(name))


def window(name: str) -> tuple[str, object]:
    """A name without the kernel in it, and the kernel: `conv3x3` is `conv` with 3; None without one."""
    found = _WINDOW.fullmatch(name)
    if key(name) in ("pointwise", "pointwiseconv"):
        return "conv", 1
    if found is None:
        return name, None
    sizes = [int(size) for size in found.groups()[1:]]
    return found[1], sizes[0] if len(set(sizes)) == 1 else sizes


def block(name: str, known: Sequence[str]) -> str | None:
    """Our block for a name of others: alike but for its spelling, or in a table."""
    name, _ = window(name)
    there = {own: own for own in known}
    tables = [pair for table in BLOCKS.values() for pair in table.items()]
    for spelling in (key, short):
        wanted = spelling(name)
        for other, own in (*there.items(), *tables):
            if own in there and spelling(other) == wanted:
                return own
    return None


def library(name: str) -> str:
    """Whose word it is; empty for a word that many use."""
    for title, table in BLOCKS.items():
        if any(short(other) == short(name) for other in table):
            return title
    return ""


def needless(name: str, known: Sequence[str]) -> str:
    """Why a block with these fields has no use for a field of others; empty for one that it may miss."""
    widths = ("out_channels", "out_features")
    if not set(widths) & set(known) and field(name, widths) and field(name, known) is None:
        return NEEDLESS["in_channels"] if set(known) & {"eps", "momentum"} else ""
    return NEEDLESS.get(name, "")


def are_names(value: object) -> bool:
    """Whether a value can be names of layers: a text, or a list of texts."""
    return all(isinstance(one, str) for one in (value if isinstance(value, list) else [value]))


def field(name: str, known: Sequence[str], value: object = None) -> str | None:
    """Our field for one of others, among `known` ones; texts name layers, and no branches."""
    plain = name.lower().replace("-", "_")
    for own, others in FIELDS.items():
        if plain in others and own in known and not (own == "branches" and are_names(value)):
            return own
    return plain if plain in known and plain != name else None
