"""Weights into a module of a network: everything is decided and checked, then copied, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from netspec.emit.torch_module import materialize
from netspec.errors import UsageError
from netspec.graph import Graph
from netspec.messages.suggest import suggest
from netspec.shape import Shape
from netspec.source import Document
from netspec.weights.execution import order_of_execution
from netspec.weights.fitting import Place, flattened_map
from netspec.weights.key_map import read_key_map
from netspec.weights.pairing import Pairing, Pairs, by_name, by_order, transfers
from netspec.weights.record import fingerprint, read_record
from netspec.weights.report import Report
from netspec.weights.settings import differing_settings
from netspec.weights.sources import Source, check_module, opened, unwrapped
from netspec.weights.telling import misfit, other_module
from netspec.weights.tensors import TensorInfo, Unit, by_key, units_of
from netspec.weights.transfer import Outcome, Transfer

if TYPE_CHECKING:
    import torch
    from torch import nn

By = Literal["name", "order"]
"""How weights are paired when no key map says it."""

_ORDER_OF_DICT = (
    "the order is that of the state dict, in which modules were registered; the order in which they "
    "run can be another one: read the pairs, or give the module itself"
)


@dataclass(frozen=True, slots=True)
class Request:
    """How weights are to be paired: by a key map, where there is one.

    `shape` is the input (C, H, W) of the run that finds an order.
    """

    by: By = "name"
    key_map: Document | None = None
    partial: bool = False
    prefix: str = ""
    shape: Shape | None = None
    keep_dtypes: bool = False
    """A model without memory takes the dtypes of the source."""


def load_weights(graph: Graph, model: nn.Module, source: object, request: Request) -> Report:
    """Load the weights of `source` into `model`, a module of `graph`; all of them, or as far as they fit.

    Raises:
        WeightsError: they do not fit; nothing was loaded (NS511).
        SpecError: the key map has errors (NS514).
        UsageError: the source cannot be read, or an argument has a wrong value (NS501, 506, 511, 512).
    """
    _check_by(request.by)
    check_module(model, "load_weights")
    target = unwrapped(model)
    places = places_of(graph, target)
    with opened(source, request.prefix) as found:
        pairs, notes = _pairs(graph, places, found, request)
        pairing = Pairing(pairs, found.tensors, _groups(found))
        state = target.state_dict()
        decided = tuple(_looked_into(one, found, state) for one in transfers(places, pairing))
        how = "key map" if request.key_map is not None else request.by
        report = Report(graph.name, found.name, how, decided)
        report = replace(report, notes=(*notes, *_notes(report, graph, target, found)))
        if (not request.partial and not report.complete) or not report.loaded:
            raise misfit(report, found, partial=request.partial)
        _copy(target, found, report, keep_dtypes=request.keep_dtypes)
    return report


def places_of(graph: Graph, model: nn.Module) -> tuple[Place, ...]:
    """Every tensor of a network's state dict, in the order in which the network runs.

    Raises:
        UsageError: the model is not one of this network (NS511).
    """
    infos = [_info(key, tensor) for key, tensor in model.state_dict().items()]
    units = {unit.path: unit for unit in units_of(infos)}
    places: list[Place] = []
    optional = set(graph.nodes) - set(graph.without_training_heads().nodes)
    for node in graph.nodes:
        unit = units.pop(node.path, None)
        wanted = {parameter.name: parameter.shape for parameter in node.op.parameters()}
        if unit is None:
            if wanted and node not in optional:
                raise other_module(graph.name, node.path, wanted, None)
            continue
        shapes = {tensor.name: tensor.shape for tensor in unit.tensors}
        if any(shapes.get(name) != shape for name, shape in wanted.items()):
            raise other_module(graph.name, node.path, wanted, shapes)
        flattened = flattened_map(graph, node)
        places += [Place(tensor, node.op, flattened) for tensor in unit.tensors]
    for path, unit in units.items():
        raise other_module(graph.name, path, None, {one.name: one.shape for one in unit.tensors})
    return tuple(places)


def _info(key: str, tensor: torch.Tensor) -> TensorInfo:
    return TensorInfo(key, tuple(tensor.shape), _name(tensor.dtype))


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _check_by(by: str) -> None:
    known = get_args(By)
    if by not in known:
        near = suggest(by, known) or known
        raise UsageError(
            "NS506",
            f"weights cannot be paired by `{by}`",
            help=f"give by={' or by='.join(map(repr, near))}",
        )


def _pairs(
    graph: Graph, places: Sequence[Place], source: Source, request: Request
) -> tuple[Pairs, tuple[str, ...]]:
    """Key in the model -> key in the source, and what has to be told of how they were found."""
    if request.key_map is not None:
        mine = by_key(place.tensor for place in places)
        return read_key_map(request.key_map, mine, by_key(source.tensors)), ()
    if request.by == "name":
        return by_name(places, source.tensors), ()
    units = units_of(place.tensor for place in places)
    if source.module is not None:
        shape = request.shape or graph.input.shape
        return by_order(units, executed(source, source.module, shape)), ()
    if source.is_file:
        raise UsageError(
            "NS511",
            f"`{source.name}` has no order: safetensors sorts its tensors",
            help="pair by name or by a key map, or load it into its own module and give that",
        )
    return by_order(units, units_of(source.tensors)), (_ORDER_OF_DICT,)


def executed(source: Source, module: nn.Module, shape: Shape) -> tuple[Unit, ...]:
    """The units of a module in the order of its run; those that are never called come not at all."""
    units = {unit.path: unit for unit in units_of(source.tensors)}
    paths = order_of_execution(module, shape, source.name)
    inner = [path.removeprefix(source.prefix) for path in paths if path.startswith(source.prefix)]
    return tuple(units[path] for path in inner if path in units)


def _groups(source: Source) -> Mapping[str, int]:
    """The groups of the convolutions of a module, by the keys of their weights."""
    if source.module is None:
        return {}
    return {
        f"{path.removeprefix(source.prefix)}.weight": part.groups
        for path, part in source.module.named_modules()
        if isinstance(getattr(part, "groups", None), int) and path.startswith(source.prefix)
    }


def _looked_into(one: Transfer, source: Source, state: Mapping[str, torch.Tensor]) -> Transfer:
    """The same, or unfit where a value is no number, or is too large for the model's dtype."""
    if not one.outcome.loaded or one.source_key is None or one.key is None:
        return one
    values = source.read(one.source_key)
    if not values.is_floating_point():
        return one
    wrong = int((~values.isfinite()).sum())
    if wrong:
        reason = f"{wrong:,} of {values.numel():,} values are not finite"
        return replace(one, outcome=Outcome.UNFIT, reason=reason)
    dtype = state[one.key].dtype
    wrong = 0 if dtype == values.dtype else int((~values.to(dtype).isfinite()).sum())
    if wrong:
        reason = f"{wrong:,} of {values.numel():,} values are too large for {_name(dtype)}"
        return replace(one, outcome=Outcome.UNFIT, reason=reason)
    return one


def _notes(report: Report, graph: Graph, model: nn.Module, source: Source) -> Iterator[str]:
    yield from source.notes
    record = read_record(source.metadata, source.name)
    if record is not None and record.network != fingerprint(graph):
        yield (
            f"{source.name} was saved from another network, {record.name} of {record.spec}: settings "
            "without weights, such as strides and activations, may differ"
        )
    if source.module is not None:
        yield from differing_settings(report, model, source.module, source.prefix)


def _copy(model: nn.Module, source: Source, report: Report, *, keep_dtypes: bool) -> None:
    """Copy what was decided; a model without memory gets it first, or takes that of the source."""
    import torch

    loaded = {one.key: one.source_key for one in report.loaded if one.key and one.source_key}
    state = model.state_dict()
    if all(tensor.is_meta for tensor in state.values()) and loaded.keys() == state.keys():
        taken = {
            key: _taken(source.read(loaded[key]), tensor, keep_dtypes=keep_dtypes)
            for key, tensor in state.items()
        }
        model.load_state_dict(taken, assign=True)
        return
    if any(tensor.is_meta for tensor in state.values()):
        materialize(model, "cpu")
        state = model.state_dict()
    with torch.no_grad():
        for key, source_key in loaded.items():
            state[key].copy_(source.read(source_key).reshape(state[key].shape))


def _taken(values: torch.Tensor, like: torch.Tensor, *, keep_dtypes: bool) -> torch.Tensor:
    """Values in memory of their own."""
    own = values.detach().reshape(like.shape)
    return own.clone() if keep_dtypes else own.to(like.dtype, copy=True)
