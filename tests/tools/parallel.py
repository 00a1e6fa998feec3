"""One process of several, run as `python -m tests.tools.parallel KIND RANK WORLD FILE`.

It trains for a few steps on its share of the batch and writes the losses of all, averaged. KIND is `ddp` or
`fsdp`; the first process writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

from tests.tools.networks import GROUP_NORM, images, tools

STEPS = 3
BATCH = 4
SHARDED = ("units.0", "units.1", "mix", "select")


def model() -> nn.Module:
    return tools(norm=GROUP_NORM).compile(seed=0).train()


def loss(outputs: dict[str, Tensor], labels: Tensor) -> Tensor:
    weights = {"main": 1.0, "side": 0.3}
    losses = [
        weights[name] * nn.functional.cross_entropy(one, labels) for name, one in outputs.items()
    ]
    return torch.stack(losses).sum()


def train(network: nn.Module, rank: int = 0, world: int = 1) -> list[float]:
    """The losses of the whole batch, step by step, of which this process sees its share."""
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    share = slice(rank * BATCH // world, (rank + 1) * BATCH // world)
    x, labels = images(BATCH)[share], torch.arange(BATCH)[share] % 5
    seen = []
    for _ in range(STEPS):
        value = loss(network(x), labels)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        total = value.detach().clone()
        if world > 1:
            dist.all_reduce(total)
        seen.append(total.item() / world)
    return seen


def main() -> None:
    kind, rank, world, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"file://{file}.meeting", rank=rank, world_size=world
    )
    network = model()
    if kind == "ddp":
        network = DistributedDataParallel(network)
    else:
        mesh = init_device_mesh("cpu", (world,))
        for path in SHARDED:
            fully_shard(network.get_submodule(path), mesh=mesh)
        fully_shard(network, mesh=mesh)
    seen = train(network, rank, world)
    if rank == 0:
        file.write_text(json.dumps(seen))
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
