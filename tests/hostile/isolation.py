"""Runs `netspec` on hostile specs, each in a process of its own, and measures it.

Started as a program: imports the command line once, then forks for each line of standard input, so that a
case costs milliseconds and its time and memory are its own. A crash of a case ends only its process.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CPU_SECONDS, ADDRESS_SPACE = 20, 2 << 30  # far above what is asserted: they end what would not end


@dataclass(frozen=True)
class Outcome:
    """How one run ended: exit code (negative: a signal), what it printed, and what it took."""

    code: int
    out: str
    err: str
    cpu_seconds: float
    peak_megabytes: float


class Isolation:
    """The program of this module, running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.isolation"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        )

    def run(self, *arguments: str, stdin: bytes = b"") -> Outcome:
        """`netspec ARGUMENTS` in a process of its own, in this folder."""
        given, out, err = (self.folder / name for name in (".stdin", ".stdout", ".stderr"))
        given.write_bytes(stdin)
        assert self._process.stdin
        assert self._process.stdout
        request = {"arguments": arguments, "folder": str(self.folder)}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        text = [file.read_text(errors="replace") for file in (out, err)]
        for file in (given, out, err):
            file.unlink()
        return Outcome(answer["code"], text[0], text[1], answer["cpu"], answer["peak"])

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _serve() -> None:
    import netspec.cli
    import netspec.emit.table
    import netspec.network  # noqa: F401 - what every case needs is loaded before the fork

    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _case(request["arguments"], request["folder"])
        began = time.monotonic()
        _, status, usage = os.wait4(child, 0)
        answer = {
            "code": os.waitstatus_to_exitcode(status),
            "cpu": min(usage.ru_utime + usage.ru_stime, time.monotonic() - began),
            "peak": usage.ru_maxrss / 1024,
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _case(arguments: list[str], folder: str) -> None:
    import netspec.cli

    os.chdir(folder)
    for number, (name, flags) in enumerate(
        [
            (".stdin", os.O_RDONLY),
            (".stdout", os.O_WRONLY | os.O_CREAT),
            (".stderr", os.O_WRONLY | os.O_CREAT),
        ]
    ):
        os.dup2(os.open(name, flags, 0o600), number)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    sys.argv = ["netspec", *arguments]
    code = 70
    with contextlib.suppress(BaseException):
        try:
            netspec.cli.main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
