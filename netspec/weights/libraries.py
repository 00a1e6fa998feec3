"""The weights of other libraries: `torchvision:resnet18`, `timm:resnet18.a1_in1k`.

The library builds its own module and fetches its own weights, into its own cache; netspec opens no
connection. So the module is there too, and its order of execution, and what it expects of its input: that
is told, since netspec builds what the spec says and no step before it.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from netspec.diagnostics.printable import printable
from netspec.errors import UsageError
from netspec.messages import words
from netspec.weights.refusing import LIBRARIES
from netspec.weights.sources import Source, module_source

if TYPE_CHECKING:
    from torch import nn

_LONGEST = 200


def names_library(text: str) -> bool:
    """Whether a text names the weights of a library: `torchvision:resnet18`."""
    return text.partition(":")[0] in LIBRARIES and ":" in text


def library_source(text: str) -> Source:
    """The module of a library with its pretrained weights.

    `library:model`; for torchvision also `library:model:WEIGHTS`.

    Raises:
        UsageError: the library is not installed (NS502), or has no such model or weights, or they cannot
            be fetched (NS513).
    """
    library, _, rest = text.partition(":")
    name, _, weights = rest.partition(":")
    make = _torchvision if library == "torchvision" else _timm
    module, notes = make(_library(library), name, weights)
    return module_source(module.eval(), text, tuple(notes))


def _library(name: str) -> Any:
    """The library itself, untyped: its calls are looked up by name.

    Raises:
        UsageError: it is not installed (NS502), or breaks at import, as one built for another torch (NS513).
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UsageError(
            "NS502", f"{error.name} is not installed", help=f"pip install {name}"
        ) from error
    except Exception as error:
        raise UsageError(
            "NS513",
            f"`{name}` breaks at import: {_words(error)}",
            help=f"install the {name} that was built for this torch",
        ) from error


def _torchvision(library: Any, name: str, weights: str) -> tuple[nn.Module, list[str]]:
    models = library.models
    known = models.list_models()
    if name not in known:
        raise _unknown("model", name, "torchvision", known)
    choices = models.get_model_weights(name)
    if weights and weights not in choices.__members__:
        raise _unknown("weights", weights, f"torchvision:{name}", list(choices.__members__))
    chosen = choices[weights] if weights else next(iter(choices), None) and choices.DEFAULT
    if chosen is None:
        raise _unknown("weights", "DEFAULT", f"torchvision:{name}", [])
    file = chosen.url.rpartition("/")[2]
    with _fetching("torchvision", name, f"put {file} into $TORCH_HOME/hub/checkpoints"):
        module = models.get_model(name, weights=chosen)
    notes = [f"the source's weights are {chosen!s}"]
    told = " ".join(str(chosen.transforms()).split()).replace("( ", "(").replace(" )", ")")
    notes += [f"the source was trained on input as {told}"]
    if getattr(module, "transform_input", False):
        notes.append(
            "the source changes its input itself (transform_input), from ImageNet's mean and deviation "
            "to 0.5 and 0.5; the network does not: normalise with mean 0.5 and std 0.5 instead"
        )
    return module, notes


def _timm(library: Any, name: str, weights: str) -> tuple[nn.Module, list[str]]:
    if weights:
        raise UsageError(
            "NS513",
            f"timm names weights behind a period, not as `{printable(weights)}`",
            help=f"timm:{name}.TAG, such as timm:resnet18.a1_in1k",
        )
    if not library.is_model(name):
        raise _unknown("model", name, "timm", library.list_models())
    with _fetching("timm", name, "put the files into the cache of huggingface_hub"):
        module = library.create_model(name, pretrained=True)
    told = module.pretrained_cfg
    parts = [
        f"{key} {told[key]}"
        for key in ("input_size", "mean", "std", "interpolation")
        if key in told
    ]
    notes = [f"the source was trained on input with {', '.join(parts)}"] if parts else []
    return module, notes


@contextlib.contextmanager
def _fetching(library: str, name: str, help_: str) -> Iterator[None]:
    """Progress goes to standard error; whatever goes wrong is one line.

    Raises:
        UsageError: it went wrong (NS513).
    """
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except Exception as error:
        raise UsageError(
            "NS513",
            f"{library} cannot give the weights of `{name}`: {_words(error)}",
            help=f"is there a network? without one, {help_}",
        ) from error


def _words(error: Exception) -> str:
    """The first line of somebody's error, safe to print."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return printable(lines[0])[:_LONGEST]


def _unknown(what: str, name: str, where: str, known: Sequence[str]) -> UsageError:
    near = words.did_you_mean(name, known)
    listed = f"there are {', '.join(known[:10])}" if known and len(known) <= 10 else None
    plural = f"no {what}" if what == "weights" else f"no {what} called"
    return UsageError(
        "NS513", f"`{where}` has {plural} {words.code(name)}", help=near[0] if near else listed
    )
