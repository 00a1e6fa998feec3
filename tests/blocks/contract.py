"""What every block owes its reader, whoever wrote it: built in, a preset, in YAML, or from a plug-in.

A `Subject` is a block with its worked example and, for a block in YAML, the sections that define it. The
checks read the finished network only, so they hold for all four kinds alike.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import yaml
from torch import Tensor, nn

from netspec import Network, loads
from netspec.blocks import BLOCKS, Block, Example, Preset
from netspec.graph import Node
from netspec.shape import Shape

BATCH = 2


@dataclass(frozen=True)
class Subject:
    """A block under contract: `sections` define it when it is written in YAML, `plugin` has it elsewhere."""

    name: str
    example: Example
    sections: str = ""
    plugin: str | None = None

    def spec(self, layers: str | None = None) -> str:
        """A whole spec around the example, or around other layers.

        A network ends in one value: several are joined, so that each of them is read.
        """
        body = (self.example.layers if layers is None else layers).rstrip("\n")
        end = "\n- concat" if len(self.outputs) > 1 else ""
        head = f"netspec: 1\nname: contract\ninput: {list(self.example.input)}\n"
        return f"{head}{self.sections}layers:\n{body}{end}\n"

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """The shapes that the example promises."""
        return as_shapes(self.example.output)

    def network(self) -> Network:
        """The network of the example."""
        return loads(self.spec(), name=self.name, plugins=[self.plugin] if self.plugin else [])


def as_shapes(output: Shape | tuple[Shape, ...]) -> tuple[Shape, ...]:
    """One shape or several -> several."""
    one = [size for size in output if isinstance(size, int)]
    return (tuple(one),) if one else tuple(s for s in output if isinstance(s, tuple))


def built_in(name: str) -> Subject:
    """The subject of a block in the registry."""
    return Subject(name, BLOCKS[name].example)


def block_class(name: str) -> type[Block]:
    """The class behind a name: a preset's is that of its block."""
    entry = BLOCKS[name]
    if isinstance(entry, Preset):
        return block_class(entry.block)
    return entry


def example_fields(name: str) -> dict[str, Any]:
    """The fields of the example's last layer; a bare value stands under its field."""
    item = yaml.safe_load(BLOCKS[name].example.layers)[-1]
    if isinstance(item, str):
        return {}
    (value,) = item.values()
    bare = block_class(name).bare_field
    fields = value if isinstance(value, dict) else {bare: value}
    return {key: entry for key, entry in fields.items() if key != "name"}


def layer_text(name: str, fields: Mapping[str, object], **raw: str) -> tuple[str, dict[str, int]]:
    """A layer with a line for each field, `raw` as it stands; and the place of each line in it."""
    kept = {key: json.dumps(value) for key, value in fields.items() if key not in raw}
    lines = {key: f"    {key}: {text}" for key, text in {**kept, **raw}.items()}
    text = "\n".join([f"- {name}:", *lines.values()]) if lines else f"- {name}"
    return text, {key: place for place, key in enumerate(lines, 1)}


# The checks


def check_example(subject: Subject) -> None:
    """The worked example is a valid network with the shape that it says."""
    graph = subject.network().graph
    assert graph.input.shape == subject.example.input
    (main,) = graph.inference_outputs
    if len(subject.outputs) == 1:
        assert main.value.shape == subject.outputs[0]
    else:
        joined = graph.producers[main.value]
        assert tuple(value.shape for value in joined.inputs) == subject.outputs


def check_picture(subject: Subject) -> None:
    """A picture names it: every op has a label, and the first one's words stand in the drawing."""
    network = subject.network()
    labels = [node.op.label() for node in network.graph.nodes]
    assert all(label.strip() == label != "" for label in labels)
    drawn = "".join(ET.fromstring(network.to_svg()).itertext())
    assert not labels or any(label in drawn for label in labels), (labels, drawn)


def check_source(subject: Subject) -> None:
    """The emitted module runs, on meta and with numbers, and is as large as the table says."""
    network = subject.network()
    for device in ("meta", "cpu"):
        with torch.device(device):
            module = network.compile().eval()
            inputs = torch.ones(BATCH, *subject.example.input)
        assert count(module) == network.graph.parameter_count
        with torch.no_grad():
            check_outputs(subject, module(inputs), network.graph.nodes)


def count(module: nn.Module) -> int:
    """The trainable scalars of a module."""
    return sum(parameter.numel() for parameter in module.parameters())


def check_outputs(subject: Subject, result: Tensor, nodes: tuple[Node, ...]) -> None:
    """What came out has the shape that the example promises, and holds numbers."""
    if len(subject.outputs) == 1:
        assert result.shape == (BATCH, *subject.outputs[0])
    else:
        assert result.shape == (BATCH, *nodes[-1].output.shape)
    assert result.is_meta or bool(torch.isfinite(result).all())
