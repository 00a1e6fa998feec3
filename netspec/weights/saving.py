"""A network's weights as a `.safetensors` file that says which network they are of."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.errors import UsageError
from netspec.files import replacing
from netspec.graph import Graph
from netspec.reading import Written
from netspec.weights.loading import places_of
from netspec.weights.record import KEY, record_of
from netspec.weights.refusing import SUFFIX
from netspec.weights.sources import check_module, require_safetensors, unwrapped

if TYPE_CHECKING:
    import torch
    from torch import nn


def save_weights(
    graph: Graph,
    model: nn.Module,
    path: str | Path,
    *,
    written: Written | None,
    metadata: Mapping[str, str],
    inputs: Sequence[Path] = (),
) -> None:
    """Write the weights of a module of `graph`, whole or not at all.

    Raises:
        UsageError: the module is not one of this network (NS511) or has no memory (NS512), the file has
            another suffix (NS506), cannot be written (NS503) or is one of `inputs` (NS505).
    """
    require_safetensors()
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    check_module(model, "save_weights")
    path = Path(path)
    if path.suffix != SUFFIX:
        raise UsageError(
            "NS506", f"`{path}` does not end in {SUFFIX}", help=f"write -o {path.stem}{SUFFIX}"
        )
    target = unwrapped(model)
    heads = _has_heads(graph, {place.tensor.unit for place in places_of(graph, target)})
    state = _own_memory(target.state_dict(), graph.name)
    told = {"format": "pt", **metadata}
    if written is not None:
        told[KEY] = record_of(graph, written, heads=heads).text
    with replacing(path, inputs=inputs) as temporary:
        try:
            save_file(state, temporary, metadata=told)
        except SafetensorError as error:
            raise OSError(str(error)) from error
        _sort_metadata(temporary)


def _sort_metadata(path: Path) -> None:
    """Write the metadata in the order of its keys: safetensors has another order in each process."""
    with path.open("r+b") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        metadata = dict(sorted(header.pop("__metadata__").items()))
        ordered = {"__metadata__": metadata, **header}
        text = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False).encode()
        if len(text) > length:
            raise AssertionError("safetensors writes its header in another way")
        file.seek(8)
        file.write(text.ljust(length))


def _has_heads(graph: Graph, paths: set[str]) -> bool:
    """Whether a module has its training-only heads; true for a network without any."""
    optional = set(graph.nodes) - set(graph.without_training_heads().nodes)
    weighted = {node.path for node in optional if node.op.parameters()}
    return weighted <= paths


def _own_memory(state: Mapping[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """The tensors on the CPU, each with memory of its own: tied weights are written twice.

    Raises:
        UsageError: one has no memory (NS512).
    """
    found: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for key, tensor in state.items():
        if tensor.is_meta:
            raise UsageError(
                "NS512",
                f"`{key}` of `{name}` is on the device meta: there is nothing to save",
                help="netspec.materialize(model), or load weights",
            )
        own = tensor.detach().cpu().contiguous()
        memory = own.untyped_storage().data_ptr()
        if memory in seen or own.untyped_storage().nbytes() != own.numel() * own.element_size():
            own = own.clone()
        seen.add(memory)
        found[key] = own
    return found
