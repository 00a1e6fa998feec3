"""Source -> running classes: the one file that may import torch, and only inside its functions.

The text is executed as it stands, in a module named after its hash, so that building twice shares the
classes and that tracebacks show the generated lines. A pickle holds the text, once, and the state: it
opens in any process that has netspec. Rejected: an import hook that finds modules by name, for a pickle
would then depend on what the process had built before.
"""

from __future__ import annotations

import hashlib
import linecache
import sys
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, SupportsIndex

from netspec.emit.interface import Interface, interfaces
from netspec.emit.python_source import class_name as root_class_name
from netspec.emit.python_source import python_source
from netspec.errors import UsageError
from netspec.graph import Graph
from netspec.shape import Shape

if TYPE_CHECKING:
    import torch
    from torch import nn

PREFIX = "netspec_generated_"
_BATCH = 2  # batch norm over a map of one pixel needs more than one sample


@dataclass(frozen=True, slots=True)
class ShapeMismatch:
    """A scope whose real results have other shapes than the inferred ones, without the batch."""

    path: str
    inferred: tuple[Shape, ...]
    real: tuple[Shape, ...]


def compile_graph(
    graph: Graph,
    *,
    device: str | torch.device | None = None,
    dtype: torch.dtype | None = None,
    seed: int | None = None,
    init: bool = True,
    heads: bool = True,
) -> nn.Module:
    """The network as a module with fresh weights; without `heads`, training-only heads are left out.

    With a `seed` the weights are made on the CPU, so that they are the same on every device, and the
    caller's random numbers go on as before. Without `init` parameters hold what was in memory, for
    weights that are loaded next; the statistics of batch norms are never left so.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    kept = graph if heads else graph.without_training_heads()
    cls = load_root(kept, python_source(kept))
    return build(cls, device=device, dtype=dtype, seed=seed, init=init)


def load_root(graph: Graph, source: str) -> type[nn.Module]:
    """The class of the whole network in its `source`.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    return load_class(source, root_class_name(graph))


def build(
    cls: type[nn.Module],
    *,
    device: str | torch.device | None,
    dtype: torch.dtype | None,
    seed: int | None,
    init: bool,
) -> nn.Module:
    """A network of the class `cls`; the options are those of `compile_graph`.

    Raises:
        UsageError: `dtype` is none of torch's (NS506).
    """
    import torch

    if dtype is not None and not isinstance(dtype, torch.dtype):
        raise UsageError(
            "NS506", f"`dtype` is a `{type(dtype).__name__}`", help="give one such as torch.float16"
        )
    where = torch.device(device) if device is not None else torch.get_default_device()
    if where.type != "meta" and not init:
        with torch.device("meta"):
            empty = cls()
        empty = empty.to(dtype=dtype).to_empty(device=where)
        for part in empty.modules():
            if isinstance(part, torch.nn.modules.batchnorm._NormBase):  # noqa: SLF001 - all batch norms
                part.reset_running_stats()
        return empty
    maker = where if seed is None else torch.device("cpu")
    there = maker != torch.get_default_device()  # under a device, torch looks at every call
    with maker if there else nullcontext(), _seeded(seed):
        network = cls()
    made_there = seed is None and dtype is None
    return network if made_there else network.to(device=where, dtype=dtype)


def check_size(graph: Graph, device: str | torch.device | None, most: int) -> None:
    """Refuse a network that would not fit into memory, before any of it is taken; on meta none is.

    Raises:
        UsageError: it has more than `most` parameters (NS506), or torch is not installed (NS502).
    """
    _require_torch()
    import torch

    where = torch.device(device) if device is not None else torch.get_default_device()
    if where.type != "meta" and graph.parameter_count > most:
        found = f"`{graph.name}` has {graph.parameter_count:,} parameters"
        raise UsageError(
            "NS506",
            f"{found}, and a network of more than {most:,} is not built",
            help='allow more by --limit build_parameters=N or limits=, or compile(device="meta")',
        )


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    """Random numbers of the CPU from `seed` on; afterwards those of before."""
    if seed is None:
        yield
        return
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def materialize(network: nn.Module, device: str | torch.device, *, seed: int | None = None) -> None:
    """Give a network without memory (`device="meta"`) its memory and its weights, in place.

    `to_empty()` alone leaves garbage in parameters and in the buffers of batch norms.

    Raises:
        UsageError: torch is not installed (NS502), or a part of it has memory (NS506).
    """
    _require_torch()
    import torch

    filled = [key for key, tensor in network.state_dict().items() if not tensor.is_meta]
    if filled:
        raise UsageError(
            "NS506",
            f"`{filled[0]}` has memory already, and would lose its weights",
            help="`model.to(device)` moves a model; materialize fills one from device meta",
        )
    where = torch.device(device)
    network.to_empty(device=where if seed is None else "cpu")
    with _seeded(seed):
        reset_parameters(network)
    network.to(device=where)


def load_class(source: str, class_name: str) -> type[nn.Module]:
    """The class `class_name` of `source`; the same text gives the same class while a network lives.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    _require_torch()
    name = PREFIX + hashlib.sha256(source.encode()).hexdigest()[:16]
    module = sys.modules.get(name)
    if module is None:
        module = _Generated(name, source)
        module.execute()
    found: type[nn.Module] = getattr(module, class_name)
    return found


def check_on_meta(graph: Graph) -> list[ShapeMismatch]:
    """Run the module without memory and compare what each scope gives with the inferred shapes.

    Empty when all agree. Training-only heads are checked by a second run, in training.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    _require_torch()
    import torch

    with torch.device("meta"):
        network = compile_graph(graph)
        sample = torch.empty(_BATCH, *graph.input.shape)
    real: dict[str, tuple[Shape, ...]] = {}
    scopes = {path: face for path, face in interfaces(graph).items() if path}

    def watch(path: str, module: nn.Module) -> None:
        module.register_forward_hook(lambda _module, _args, out: real.update({path: _shapes(out)}))

    for path, module in network.named_modules():
        if path in scopes:
            watch(path, module)
    heads = len(graph.inference_outputs) < len(graph.outputs)
    outputs: dict[str, Shape] = {}
    for training in (False, True) if heads else (False,):
        result = network.train(training)(sample)
        by_name = result if isinstance(result, dict) else {graph.inference_outputs[0].name: result}
        outputs.update({name: tuple(value.shape[1:]) for name, value in by_name.items()})
    inferred = {out.name: tuple(out.value.shape) for out in graph.outputs}
    wrong = [
        ShapeMismatch(name, (shape,), (outputs[name],))
        for name, shape in inferred.items()
        if outputs[name] != shape
    ]
    return [*_compare(scopes, real), *wrong]


def reset_parameters(module: nn.Module) -> None:
    """Initialise everything anew: parameters and the buffers of batch norms, as the spec says.

    For a network that was built under `torch.device("meta")` and got its memory from `to_empty()`,
    which leaves garbage in both. On a part of a network, PyTorch's own initialisation is used: the
    spec's is kept by the root.

    Raises:
        UsageError: torch is not installed (NS502).
    """
    _require_torch()
    for part in reversed(list(module.modules())):  # the root, which replays `init:`, is the last
        reset = getattr(part, "reset_parameters", None)  # torch's convention, not on every module
        if callable(reset):
            reset()


def _require_torch() -> None:
    try:
        import torch  # noqa: F401 - only whether it is there
    except ModuleNotFoundError as error:
        raise UsageError(
            "NS502", "torch is not installed", help='pip install "netspec-compiler[torch]"'
        ) from error
    except (
        ImportError,
        OSError,
    ) as error:  # a library of it is missing, or was built for another system
        reason = str(error).partition("\n")[0]
        raise UsageError("NS502", f"torch is installed and cannot be loaded: {reason}") from error


def _shapes(output: object) -> tuple[Shape, ...]:
    """The shapes of what a module gave, without the batch; a head outside training gives None."""
    values: Any = output if isinstance(output, tuple) else (output,)
    return tuple(tuple(value.shape[1:]) for value in values if value is not None)


def _compare(
    scopes: Mapping[str, Interface], real: Mapping[str, tuple[Shape, ...]]
) -> list[ShapeMismatch]:
    found: list[ShapeMismatch] = []
    for path, shapes in real.items():
        inferred = tuple(tuple(value.shape) for value in scopes[path].results)
        if shapes != inferred:
            found.append(ShapeMismatch(path, inferred, shapes))
    return found


class _Generated(ModuleType):
    """The module of one text. It is in `sys.modules` while an object of one of its classes lives."""

    def __init__(self, name: str, source: str) -> None:
        super().__init__(name, source.split("\n", 1)[0].strip('"'))
        self.__file__ = f"<{name}>"
        self.source = source
        self.living = 0

    def execute(self) -> None:
        """Run the text and enter the module and its lines where Python looks for them."""
        exec(compile(self.source, str(self.__file__), "exec"), self.__dict__)  # noqa: S102 - our own text
        self._enter()
        for value in list(vars(self).values()):
            if isinstance(value, type) and value.__module__ == self.__name__:
                _adopt(self, value)

    def born(self, instance: object) -> None:
        """Count an object, and forget it when it goes."""
        if self.living == 0:
            self._enter()
        self.living += 1
        weakref.finalize(instance, self._died).atexit = False

    def _enter(self) -> None:
        lines = self.source.splitlines(keepends=True)
        linecache.cache[str(self.__file__)] = (len(self.source), None, lines, str(self.__file__))
        sys.modules.setdefault(self.__name__, self)

    def _died(self) -> None:
        self.living -= 1
        if self.living == 0 and sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
            linecache.cache.pop(str(self.__file__), None)


def _adopt(module: _Generated, cls: type[nn.Module]) -> None:
    """Give a generated class what its text does not say: a lifetime, and how to be copied and pickled."""

    def new(kind: type[nn.Module], *_arguments: object, **_named: object) -> nn.Module:
        instance = super(cls, kind).__new__(kind)
        module.born(instance)
        return instance

    def reduce(self: nn.Module, protocol: SupportsIndex) -> object:
        if type(self) is not cls:  # a subclass of somebody's own is found by its own name
            return super(cls, self).__reduce_ex__(protocol)
        return _rebuild, (module.source, cls.__name__), self.__dict__

    setattr(cls, "__new__", staticmethod(new))  # noqa: B010 - mypy forbids the plain assignment
    setattr(cls, "__reduce_ex__", reduce)  # noqa: B010 - mypy forbids the plain assignment


def _rebuild(source: str, class_name: str) -> nn.Module:
    """An empty object of a generated class: what a pickle and `deepcopy` start from."""
    cls = load_class(source, class_name)
    return cls.__new__(cls)
