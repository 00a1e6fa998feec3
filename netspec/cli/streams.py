"""Standard output and error: their reader may leave early (`netspec blocks | head -1`) or know few letters.

What nobody reads any more goes nowhere, and the command goes on: files are written, the module is verified, and
the exit code is the one that it would have had. Rejected: to end at once, with 0 (a check with errors would
be fine under `set -o pipefail`) or by the signal (a build would stop in the middle of its work).

A letter that the encoding of the stream has not is written as its number: never an error, nor lost.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Outlet(io.FileIO):
    """The raw end of a stream; once its reader has gone it leads nowhere."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            close(self)
            return memoryview(data).nbytes


def close(stream: io.IOBase | TextIO) -> None:
    """Send what is still to be written nowhere: its reader has gone, or its disk is full."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def outlive_readers() -> None:
    """Make the two streams of this process ones whose reader may leave; streams of a caller stay."""
    if sys.stdout is sys.__stdout__ and sys.stdout is not None:
        sys.stdout = _outlet(sys.stdout)
    if sys.stderr is sys.__stderr__ and sys.stderr is not None:
        sys.stderr = _outlet(sys.stderr)


def _outlet(stream: TextIO) -> TextIO:
    stream.flush()
    raw = io.BufferedWriter(_Outlet(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(
        raw, encoding=stream.encoding, errors="backslashreplace", line_buffering=stream.isatty()
    )
