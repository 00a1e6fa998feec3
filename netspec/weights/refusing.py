"""What a path that leads to no weights file is answered with. Nothing is opened, but to see what it is not."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from netspec.errors import UsageError
from netspec.messages.suggest import suggest
from netspec.messages.words import join

SUFFIX = ".safetensors"
LIBRARIES = ("torchvision", "timm")
PICKLES = (".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".tar")

_INDEX = f"{SUFFIX}.index.json"
_CONVERT = (
    "if you trust where it comes from: `from safetensors.torch import save_file; "
    'save_file(torch.load("{name}", weights_only=True), "{stem}.safetensors")`'
)
_JOIN = (
    "`from safetensors.torch import load_file; "
    "state = dict(item for file in files for item in load_file(file).items())` joins them: give that"
)
_PICKLED = (b"PK\x03\x04", b"\x80")
"""What torch.save writes begins with: a zip, and before version 1.6 a bare pickle."""


def is_weights(path: str) -> bool:
    """Whether a path is meant as a file of weights, not as a spec."""
    return Path(path).suffix in (SUFFIX, *PICKLES) or path.endswith(_INDEX)


def check_kind(path: Path) -> None:
    """That it is a plain file, and by its name no pickle.

    Raises:
        UsageError: it is a pickle or something else (NS512), or is not there (NS501).
    """
    if path.suffix in PICKLES:
        raise UsageError(
            "NS512",
            f"`{path}` is a pickle: opening one runs whatever its author wrote; only .safetensors "
            "files are read",
            help=_CONVERT.format(name=path.name, stem=path.stem),
        )
    if path.suffix != SUFFIX and not path.is_dir():
        raise UsageError("NS512", f"`{path}` does not end in {SUFFIX}", help=_instead(path))
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise unreadable(path, error) from error
    if not stat.S_ISREG(mode):
        what = "is a folder" if stat.S_ISDIR(mode) else "is not a plain file"
        raise UsageError("NS501", f"`{path}` {what}", help="give the path of a .safetensors file")


def _instead(path: Path) -> str:
    """What to give instead of a path with another ending."""
    if path.name.endswith(_INDEX):
        return f"it lists the files that hold the weights: {_JOIN}"
    library, colon, model = str(path).partition(":")
    if colon and library not in LIBRARIES:
        near = join([f"{name}:{model}" for name in suggest(library, LIBRARIES) or LIBRARIES], "or")
        return f"did you mean {near}?"
    if colon or not path.exists():
        return (
            "give a .safetensors file, or the weights of a library: --from torchvision:MODEL or "
            "--from timm:MODEL, in Python its module"
        )
    return "`safetensors.torch.save_file(state_dict, path)` writes one"


def shard_help(name: str) -> str | None:
    """What to do with one of several files; None for a whole one."""
    found = re.search(r"-\d+-of-0*(\d+)\.", name)
    if found is None or found[1] == "1":
        return None
    return f"it is one of {found[1]} files: {_JOIN}"


def unreadable(path: Path, error: OSError) -> UsageError:
    """That a file cannot be read, and which one beside it was meant."""
    reason = (error.strerror or str(error)).lower()
    near: tuple[str, ...] = ()
    if isinstance(error, FileNotFoundError) and path.parent.is_dir():
        near = suggest(path.stem, sorted(one.stem for one in path.parent.glob(f"*{SUFFIX}")))
    places = join([f"`{path.with_name(name + SUFFIX)}`" for name in near], "or")
    return UsageError(
        "NS501", f"cannot read `{path}`: {reason}", help=f"did you mean {places}?" if near else None
    )


def not_whole(path: Path, reason: str) -> UsageError:
    """That safetensors' reader refuses a file."""
    with path.open("rb") as file:
        pickled = file.read(4).startswith(_PICKLED)
    if pickled:
        said = f"`{path}` is no safetensors file but a pickle, as torch.save writes them"
        stem = f"{path.stem}_converted"
        return UsageError("NS512", said, help=_CONVERT.format(name=path.name, stem=stem))
    return UsageError(
        "NS512",
        f"`{path}` is not a whole safetensors file: {reason}",
        help="fetch or save it again",
    )
