"""Words of others for the keys of a spec, of a block and of `expect`; `foreign` has those of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "input": ("input_shape", "input_size", "shape", "inputs", "input_dim", "image_size"),
        "layers": (
            "body",
            "model",
            "network",
            "net",
            "backbone",
            "architecture",
            "layer",
            "modules",
        ),
        "name": ("title", "id", "model_name", "arch"),
        "doc": ("description", "comment", "about", "summary"),
        "params": ("parameters", "hparams", "hyperparameters", "args", "config", "variables"),
        "blocks": ("definitions", "functions", "macros", "components"),
        "outputs": ("output", "heads"),
        "netspec": ("version", "spec", "language"),
        "import": ("imports", "include", "includes"),
        "defaults": ("default",),
        "expect": ("expected", "check", "assert"),
        "init": ("initialization", "initialisation", "weights"),
    }
)
"""Our key at the top of a spec -> what others call it."""

EXPECTATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "params": ("parameters", "param", "num_params", "n_params", "param_count", "weights"),
        "shape": ("output", "output_shape", "out_shape", "out", "output_size"),
        "shapes": ("outputs", "output_shapes"),
        "macs": ("flops", "mac", "madds", "mult_adds", "multiply_adds", "mul_adds", "ops"),
    }
)
"""Our key of `expect` -> what others call it."""

TRAINING = (
    *("batch_size", "loss", "optimizer", "epochs", "lr", "learning_rate", "dataset", "scheduler"),
    *(
        "compile",
        "callbacks",
        "fit",
        "metrics",
        "seed",
        "device",
        "train",
        "training",
        "data",
        "batch",
    ),
)
"""Keys that belong to training, which a spec says nothing about."""


def section(name: str, known: Sequence[str], where: str = "the spec") -> str | None:
    """Our key of a spec, a block or `expect` for one of others, among `known` ones."""
    plain = name.lower()
    table = EXPECTATIONS if where == "expect" else SECTIONS
    return next((own for own, others in table.items() if plain in others and own in known), None)
