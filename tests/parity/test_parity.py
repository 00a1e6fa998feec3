"""The zoo against torchvision and timm: parameters, MACs, and outputs with the same healthy weights.

Parameters and MACs are compared for all of them; outputs for
a member of each structure, since a deeper member of a family repeats the same blocks (`outputs=False` in
the table says which are left out: the suite has to end in minutes on two cores).
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import netspec
from netspec.graph import Graph
from netspec.graph.smallest import smallest_input
from netspec.ops import Concat
from tests.emit.evaluation import evaluate
from tests.parity.comparing import copy_in_order, difference, make_healthy, without_noise
from tests.parity.references import REFERENCES, Library, Published
from tests.zoo import SPECS, Member

LIBRARIES = {member: ref for member, ref in REFERENCES.items() if isinstance(ref, Library)}
WITH_OUTPUTS = [member for member, library in LIBRARIES.items() if library.outputs]
HEADS = {
    ("googlenet_bn", None): {"main": "logits", "aux1": "aux_logits1", "aux2": "aux_logits2"},
    ("inception_v3", None): {"main": "logits", "aux": "aux_logits"},
}
"""Members with auxiliary heads: our names and torchvision's of what comes out in training."""
CONCATENATING = [
    ("densenet", "densenet121"), ("googlenet_bn", None), ("inception_v4", None),
    ("squeezenet", "squeezenet1_1"),
]  # fmt: skip
IMAGE = 64
"""Height and width of the images, or the smallest that the network takes."""


def load(member: Member, *, image: int | None = None) -> netspec.Network:
    spec, variant = member
    reference = REFERENCES[member]
    params = reference.params if isinstance(reference, Library) else {}
    given = None if image is None else (3, image, image)
    return netspec.load(SPECS / f"{spec}.yaml", variant=variant, params=params, input=given)


@pytest.mark.parametrize("member", REFERENCES, ids=str)
def test_parameters_and_macs_are_those_of_the_reference(member: Member) -> None:
    """The flop counter counts two operations for each multiply-accumulate."""
    graph, reference = load(member).graph, REFERENCES[member]
    if isinstance(reference, Published):
        assert (graph.parameter_count, graph.macs) == (reference.params, reference.macs)
        return
    with torch.device("meta"):
        model = reference.make().eval()
        image = torch.empty(1, *graph.input.shape)
    with FlopCounterMode(display=False) as counter:
        model(image)
    assert graph.parameter_count == sum(p.numel() for p in model.parameters())
    assert 2 * graph.macs == counter.get_total_flops()


def pair(member: Member) -> tuple[nn.Module, nn.Module, Graph, Tensor]:
    """The library's network, ours with the same weights, our graph with all heads, and images."""
    graph = load(member).graph
    smallest = smallest_input(graph.input, graph.nodes)
    size = IMAGE if smallest is None else max(IMAGE, smallest[1])
    network = load(member, image=size)
    x = torch.randn(4, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.device("meta"):
        reference = LIBRARIES[member].make()
    make_healthy(reference.to_empty(device="cpu"), x)
    ours = network.compile(init=False)
    copied = copy_in_order(reference, ours, x, training=member in HEADS)
    assert copied == sum(bool(node.op.parameters()) for node in network.graph.nodes)
    return reference, ours.eval(), network.graph, x


@pytest.mark.slow
@pytest.mark.parametrize("member", WITH_OUTPUTS, ids=str)
def test_outputs_are_those_of_the_library(member: Member) -> None:
    """In inference, and in training with every auxiliary output; swapped inputs of a merge are noticed."""
    reference, ours, graph, x = pair(member)
    with torch.no_grad():
        wanted = reference(x)
        assert difference(ours(x), wanted) < 1e-4
        if member in CONCATENATING:
            merge = next(node.path for node in graph.nodes if isinstance(node.op, Concat))
            main = graph.without_training_heads()
            swapped = evaluate(main, ours.state_dict(), x, swap=merge)["main"]
            assert difference(swapped, wanted) > 1e-1
        if member in HEADS:
            got, wanted = without_noise(ours).train()(x), without_noise(reference).train()(x)
            for name, field in HEADS[member].items():
                assert difference(got[name], getattr(wanted, field)) < 1e-4, name
