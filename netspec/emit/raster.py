"""A Graphviz document -> PNG, PDF and more, painted by Graphviz where it is installed.

The document carries the positions, so `neato -n2` paints them and lays nothing out. The `graphviz` package's
own `render` was rejected: it has no time limit, and a `dot` that hangs, or that starts other programs,
would keep netspec waiting; here the whole process group is ended.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from enum import StrEnum

from netspec.errors import UsageError
from netspec.limits import Limits

_DPI = 192  # two pixels for a point of the layout: sharp on today's screens
_INSTALL = "install Graphviz (apt install graphviz, brew install graphviz), or give DOT_BINARY"
_MOST_WORDS = 300
_DATE = re.compile(rb"/CreationDate \(D:[^()]*\)")
"""What would make each PDF another one; blanks in its place keep every offset."""


class Engine(StrEnum):
    """Who lays the picture out."""

    NETSPEC = "netspec"  # the positions in the document hold
    DOT = "dot"  # Graphviz' own


_NEEDS = {Engine.NETSPEC: "a .{}", Engine.DOT: "--engine dot"}


def raster(document: str, form: str, limits: Limits, *, engine: Engine = Engine.NETSPEC) -> bytes:
    """Paint a Graphviz document; `form` is `png`, `pdf`, `svg` or `gv`.

    Raises:
        UsageError: Graphviz is missing, fails, or takes longer than `limits.dot_seconds` (NS504).
    """
    program = os.environ.get("DOT_BINARY") or "dot"
    found = shutil.which(program)
    if found is None:
        raise UsageError(
            "NS504",
            f"{_NEEDS[engine].format(form)} needs Graphviz: no `{program}` found",
            help=_INSTALL,
        )
    layout = ["-Kdot"] if engine is Engine.DOT else ["-Kneato", "-n2"]
    command = [found, *layout, f"-T{form}", *([f"-Gdpi={_DPI}"] if form == "png" else [])]
    code, painted, words = _run(command, document.encode(), limits.dot_seconds)
    if code != 0 or not painted:
        said = " ".join(words.decode(errors="replace").split())[:_MOST_WORDS]
        reason = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        raise UsageError("NS504", f"`{program}` failed ({reason}): {said or 'it said nothing'}")
    return _DATE.sub(lambda found: b" " * len(found[0]), painted) if form == "pdf" else painted


def _run(command: list[str], given: bytes, seconds: int) -> tuple[int, bytes, bytes]:
    """Exit code, standard output and standard error; the process and all that it started end in time."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own Graphviz, without a shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError("NS504", f"cannot run `{command[0]}`: {reason}", help=_INSTALL) from error
    with process:
        try:
            painted, words = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise UsageError(
                "NS504",
                f"`{command[0]}` took longer than {seconds} s",
                help="draw less (--level overview), or allow more: --limit dot_seconds=60",
            ) from None
    return process.returncode, painted, words
