"""What weights can come from: a state dict, a module, or a `.safetensors` file, all as one thing.

A file of a stranger is hostile input: it is opened by safetensors' own reader, which checks the header
against the file before anything is believed, and nothing of it is run. Pickles are refused by name, before
they are opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netspec.diagnostics.printable import printable
from netspec.errors import UsageError
from netspec.messages.words import join
from netspec.weights.refusing import check_kind, not_whole, unreadable
from netspec.weights.tensors import TensorInfo

if TYPE_CHECKING:
    import torch
    from torch import nn

_DTYPES: Mapping[str, str] = {
    "F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64", "BOOL": "bool",
    "U8": "uint8", "I8": "int8", "I16": "int16", "I32": "int32", "I64": "int64",
}  # fmt: skip
_LONGEST = 160


@dataclass(frozen=True)
class Source:
    """Tensors by key, and how to get one; `module` where it has an order of execution.

    `metadata` is a file's, `notes` are what its user has to know, such as how the input is normalised.
    """

    name: str
    tensors: tuple[TensorInfo, ...]
    read: Callable[[str], torch.Tensor]
    module: nn.Module | None = None
    is_file: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    prefix: str = ""
    """What was taken off its keys."""


@contextmanager
def opened(source: object, prefix: str = "") -> Iterator[Source]:
    """A source of any kind; of a file, while the block runs. With a prefix only keys that begin so count.

    Raises:
        UsageError: it cannot be read (NS501), or is no source of weights (NS512), or no key begins with
            the prefix (NS506).
    """
    import torch

    if isinstance(source, str | Path):
        with file_source(Path(source)) as found:
            yield _below(found, prefix)
    elif isinstance(source, Source):
        yield _below(source, prefix)
    elif isinstance(source, torch.nn.Module):
        inner = source if prefix else unwrapped(source)
        yield _below(module_source(inner, type(inner).__name__), prefix)
    elif isinstance(source, Mapping):
        yield _below(_dict_source(source), prefix)
    else:
        raise UsageError(
            "NS512",
            f"weights cannot come from a `{type(source).__name__}`",
            help="give a state dict, a module, or the path of a .safetensors file",
        )


def module_source(module: nn.Module, name: str, notes: tuple[str, ...] = ()) -> Source:
    """The tensors of a module.

    Raises:
        UsageError: it has no memory (NS512).
    """
    state = module.state_dict()
    if any(tensor.is_meta for tensor in state.values()):
        raise UsageError(
            "NS512", f"`{name}` is on the device meta: it has no weights", help="load it first"
        )
    return Source(name, _infos(state), state.__getitem__, module, notes=notes)


def _dict_source(state: Mapping[object, object]) -> Source:
    """The tensors of a state dict, in its order."""
    import torch

    kept: dict[str, torch.Tensor] = {}
    for key, tensor in state.items():
        if isinstance(key, str) and isinstance(tensor, torch.Tensor):
            kept[key] = tensor
            continue
        what = f"`{printable(str(key))[:60]}` is no tensor but of type `{type(tensor).__name__}`"
        inner = [f'source["{name}"]' for name, part in state.items() if _is_state_dict(part)]
        hint = f"a checkpoint holds the state dict inside: give {join(inner, 'or')}"
        raise UsageError("NS512", f"this is no state dict: {what}", help=hint if inner else None)
    return Source("the state dict", _infos(kept), kept.__getitem__)


def _is_state_dict(part: object) -> bool:
    """Whether it is a mapping of names to tensors."""
    import torch

    return (
        isinstance(part, Mapping)
        and len(part) > 0
        and all(isinstance(key, str) for key in part)
        and all(isinstance(tensor, torch.Tensor) for tensor in part.values())
    )


def check_module(model: object, what: str) -> None:
    """That weights go into, or come from, a module.

    Raises:
        UsageError: it is something else (NS506).
    """
    import torch

    if not isinstance(model, torch.nn.Module):
        raise UsageError(
            "NS506",
            f"`{what}` was given a value of type `{type(model).__name__}` for its module",
            help=f"the module comes first: net.{what}(model, ...), with what net.compile() gave",
        )


def unwrapped(model: nn.Module) -> nn.Module:
    """The network inside `torch.compile`'s, DataParallel's and DistributedDataParallel's wrappers."""
    import torch

    while True:
        if isinstance(model, torch.nn.DataParallel | torch.nn.parallel.DistributedDataParallel):
            model = model.module
        elif isinstance(inner := getattr(model, "_orig_mod", None), torch.nn.Module):
            model = inner
        else:
            return model


def _infos(state: Mapping[str, torch.Tensor]) -> tuple[TensorInfo, ...]:
    return tuple(TensorInfo(key, tuple(one.shape), _dtype(one)) for key, one in state.items())


def _dtype(tensor: torch.Tensor) -> str:
    import torch

    name = str(tensor.dtype).removeprefix("torch.")
    return name if tensor.layout is torch.strided else f"sparse {name}"


@contextmanager
def file_source(path: Path) -> Iterator[Source]:
    """The tensors of a `.safetensors` file, while the block runs.

    Raises:
        UsageError: it cannot be read (NS501), is a pickle or no whole safetensors file (NS512), or
            safetensors is not installed (NS502).
    """
    check_kind(path)
    require_safetensors()
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as file:
            infos = tuple(_file_info(file.get_slice(key), key) for key in file.keys())  # noqa: SIM118 - no mapping
            yield Source(
                path.name, infos, file.get_tensor, is_file=True, metadata=file.metadata() or {}
            )
    except SafetensorError as error:
        reason = printable(str(error).removeprefix("Error while deserializing header: "))
        raise not_whole(path, reason[:_LONGEST]) from error
    except OSError as error:
        raise unreadable(path, error) from error


def require_safetensors() -> None:
    """That torch and safetensors are there.

    Raises:
        UsageError: one is not installed (NS502).
    """
    try:
        import safetensors  # noqa: F401 - only whether they are there
        import torch  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(
            "NS502", f"{error.name} is not installed", help='pip install "netspec-compiler[torch]"'
        ) from error


def _file_info(part: object, key: str) -> TensorInfo:
    shape, dtype = part.get_shape(), part.get_dtype()  # type: ignore[attr-defined] # safetensors has no types
    return TensorInfo(key, tuple(shape), _DTYPES.get(dtype, dtype))


def _below(source: Source, prefix: str) -> Source:
    """The tensors whose keys begin with `prefix`, without it."""
    if not prefix:
        return source
    kept = tuple(
        replace(one, key=one.key.removeprefix(prefix))
        for one in source.tensors
        if one.key.startswith(prefix)
    )
    if not kept:
        first = printable(source.tensors[0].key) if source.tensors else "nothing"
        raise UsageError(
            "NS506",
            f"no key of `{source.name}` begins with `{printable(prefix)}`",
            help=f"the first is `{first}`",
        )
    read = source.read
    return replace(source, tensors=kept, read=lambda key: read(prefix + key), prefix=prefix)
