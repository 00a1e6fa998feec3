"""What can go wrong, as types.

Low levels raise *facts* (a rule that was broken, and the numbers); only `elaborate` and `messages`
turn a fact into a located sentence. So an op never knows about files, and no sentence is written twice.

    NetspecError              everything netspec raises on purpose
    ├── SpecError             the spec is wrong; carries located diagnostics        exit code 1
    └── UsageError            usage, files, missing programs or packages            exit code 2

    Fact                      internal: a broken rule, its place and its numbers
    ├── Misfit                raised by ops: shapes and numbers that do not go together
    └── ExpressionFault       raised by expressions: where inside the text, and why
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netspec.diagnostics import Diagnostic


class NetspecError(Exception):
    """Base of every error that netspec raises on purpose."""


class SpecError(NetspecError):
    """The spec has errors; `diagnostics` holds them in the order of the file.

    `layers` is how many layers were built to find them.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], layers: int = 0) -> None:
        self.diagnostics = tuple(diagnostics)
        self.layers = layers
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        from netspec.diagnostics.render import render_full

        return "\n" + render_full(self.diagnostics)


class UsageError(NetspecError):
    """Something outside the spec: usage, files, missing programs or packages.

    `code` is an NS5xx code, `message` one line, `help` what to do about it.
    """

    def __init__(self, code: str, message: str, *, help: str | None = None) -> None:  # noqa: A002 - the field's name
        self.code = code
        self.message = message
        self.help = help
        super().__init__(message)

    def __str__(self) -> str:
        tail = f" ({self.help})" if self.help else ""
        return f"{self.code}: {self.message}{tail}"


class Fact(Exception):  # noqa: N818 - a fact, not yet an error; it never reaches a user
    """A broken rule and the numbers that show it; the place is added higher up."""

    def __init__(self, rule: str, **values: object) -> None:
        self.rule = rule
        self.values = values
        super().__init__(rule, values)


class Misfit(Fact):
    """Shapes and fields that do not go together, raised by an op.

    `field` names the PyTorch argument at fault (`kernel_size`), or is None when the input is.
    """

    def __init__(self, rule: str, field: str | None = None, **values: object) -> None:
        super().__init__(rule, **values)
        self.field = field


class ExpressionFault(Fact):
    """Text that is no expression, or cannot be evaluated; `start` and `end` count characters of it."""

    def __init__(self, rule: str, start: int, end: int, **values: object) -> None:
        super().__init__(rule, **values)
        self.start = start
        self.end = end
