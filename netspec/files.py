"""Writing files: whole or not at all, never over an input, never through a name out of a spec."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from netspec.errors import UsageError

_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


def slug(name: str) -> str:
    """A file name made of a spec's name: letters, digits, `_` and `-`; never a path or a device."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("-_") or "network"
    return f"{safe}_" if _RESERVED.fullmatch(safe) else safe


def folder_in(output: Path, name: str) -> Path:
    """The folder for a spec called `name` in `output`; a link of that name is not followed out of it.

    Raises:
        UsageError: it is a link that leads out of `output` (NS503).
    """
    folder = output / slug(name)
    if not folder.resolve().is_relative_to(output.resolve()):
        message = f"`{folder}` is a link that leads out of `{output}`"
        raise UsageError("NS503", message, help="remove the link, or give -o another folder")
    return folder


def write_file(path: Path, content: str | bytes, *, inputs: Sequence[Path] = ()) -> None:
    """Write `content` to a temporary file beside `path`, then rename: the old file stays whole until then.

    `inputs` are the spec and the files that it imports.

    Raises:
        UsageError: it cannot be written (NS503), or is one of `inputs` (NS505).
    """
    with replacing(path, inputs=inputs) as temporary:
        temporary.write_bytes(_bytes(content))


@contextmanager
def replacing(path: Path, *, inputs: Sequence[Path] = ()) -> Iterator[Path]:
    """A temporary file beside `path`, which takes its place when the block ends, and goes when it fails.

    Raises:
        UsageError: it cannot be written (NS503), or is one of `inputs` (NS505).
    """
    for number, source in enumerate(inputs):
        if _same_file(path, source):
            what = "is a file that is read for this" if number else "is the spec itself"
            raise UsageError("NS505", f"`{path}` {what}", help="give -o another file name")
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        _to_disk(temporary)
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if isinstance(error, FileExistsError):
            reason = f"`{path.parent}` is not a folder"
        raise UsageError("NS503", f"cannot write `{path}`: {reason}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until what was written is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def is_fresh(path: Path, content: str | bytes) -> bool:
    """Whether a file holds exactly `content`; one that is missing does not.

    Raises:
        UsageError: it is there and cannot be read (NS501).
    """
    try:
        return path.read_bytes() == _bytes(content)
    except FileNotFoundError:
        return False
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError("NS501", f"cannot read `{path}`: {reason}") from error


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.exists() and other.exists() and one.samefile(other)
    except OSError:
        return False


def _mode(path: Path) -> int:
    """The permissions of a file that is replaced; those that the umask leaves for a new one."""
    with suppress(FileNotFoundError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            return status.st_mode & 0o777
    return 0o666 & ~_umask()


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
