"""Models out of files: of a spec, and of a weights file, in which the spec stands so that none is needed.

The spec of a stranger's file is read with the limits of every spec, and nothing in it runs. Memory is
taken only for tensors that are in the file and have the shapes that the spec infers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.errors import UsageError
from netspec.limits import Limits
from netspec.network import DEFAULT_LIMITS, Network, load, network
from netspec.plugins import Registry, enable
from netspec.reading import document, given
from netspec.source import Bundle
from netspec.weights.loading import Request, load_weights
from netspec.weights.record import Record, fingerprint, read_record
from netspec.weights.sources import file_source

if TYPE_CHECKING:
    import torch  # noqa: TID251 - for type checkers only
    from torch import nn  # noqa: TID251 - for type checkers only


def compile(  # noqa: A001 - netspec.compile is what people look for
    path: str | Path,
    *,
    params: Mapping[str, object] | None = None,
    input: Sequence[int] | None = None,  # noqa: A002 - the key of the spec
    variant: str | None = None,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    seed: int | None = None,
    init: bool = True,
    heads: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    plugins: Sequence[str] = (),
) -> nn.Module:
    """Read a spec file and make it a `torch.nn.Module`: `load(path, ...).compile(...)`.

    What is read: `params` are values for the spec's parameters, `variant` names one of its variants, `input`
    is another input shape without the batch; `limits` and `plugins` as in `load`. What is made: `device`,
    `dtype`; the same `seed` gives the same weights; `init=False` skips the weights, for those that are
    loaded next; without `heads` the training-only heads are left out.

    The module is an ordinary one: `torch.compile`, `torch.export` and `torch.jit.trace` take it, copies and
    pickles work. The old `torch.jit.script` does not know `super().forward`, which a convolution with an
    activation calls.

    Raises:
        SpecError: with every error of the spec.
        UsageError: the file cannot be read (NS501), torch is not installed (NS502), a plug-in cannot be
            used (NS507), or an argument is of a wrong type (NS506).

    Example:
        >>> model = compile("specs/lenet5.yaml", params={"num_classes": 3}, seed=0)
        >>> model.linear_3
        Linear(in_features=84, out_features=3, bias=True)
    """
    net = load(path, params=params, input=input, variant=variant, limits=limits, plugins=plugins)
    return net.compile(device=device, dtype=dtype, seed=seed, init=init, heads=heads)


def materialize(
    model: nn.Module, device: str | torch.device = "cpu", *, seed: int | None = None
) -> nn.Module:
    """Give a model that was compiled with `device="meta"` memory and weights, in place; returns it.

    Every parameter and every buffer is filled: `to_empty()` alone leaves garbage in them.

    Raises:
        UsageError: torch is not installed (NS502), or the model has memory already (NS506).
    """
    from netspec.emit.torch_module import materialize as fill

    fill(model, device, seed=seed)
    return model


def open_weights(
    path: str | Path,
    *,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    limits: Limits = DEFAULT_LIMITS,
    plugins: Sequence[str] = (),
) -> tuple[Network, nn.Module]:
    """The network and the model of a file that `save_weights` wrote; no spec file is needed.

    The model has the dtypes of the file, unless `dtype` is given, and is in training as a new one is.
    `plugins` are installed packages whose blocks its spec uses: a file never enables code by itself.

    Raises:
        UsageError: the file cannot be read (NS501), is broken, changed or holds no spec (NS512),
            or a plug-in cannot be used (NS507).
        SpecError: the spec in it has errors.
        WeightsError: the weights in it are not those of its spec (NS511).
    """
    with file_source(Path(path)) as source:
        record = read_record(source.metadata, source.name)
        if record is None:
            raise UsageError(
                "NS512",
                f"`{path}` holds weights and no spec: it was not written by netspec",
                help="give the spec: netspec.load(spec).load_weights(model, path)",
            )
        net = network_of(record, source.name, limits, enable(plugins))
        model = net.compile(device="meta", heads=record.heads)
        load_weights(net.graph, model, source, Request(keep_dtypes=True))
    model.to(device=device, dtype=dtype)
    return net, model


def network_of(record: Record, name: str, limits: Limits, registry: Registry) -> Network:
    """The network that a file's record describes.

    Raises:
        SpecError: the spec in it has errors.
        UsageError: the spec is not in it, or builds another network than the saved one (NS512).
    """
    text = record.files.get(record.spec)
    if text is None:
        raise UsageError("NS512", f"the spec inside `{name}` is missing", help="load its spec file")
    bundle = Bundle(record.files, record.spec, limits)
    read = document(text, record.spec, limits)
    made = given(record.params, record.input, limits, record.variant)
    net = network(read, made, limits, bundle, registry)
    if fingerprint(net.graph) != record.network:
        raise UsageError(
            "NS512",
            f"the spec inside `{name}` builds another network here than in netspec {record.version}",
            help="give the spec file that belongs to this netspec, and load the weights by name",
        )
    return net
